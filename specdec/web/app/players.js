// The stage and the race as components of Gradio's page: their value is the newest message about a run (see Feed), and
// the server keeps what a message was lost of.
import { Feed } from "../core/feed.js";
import { mountRace } from "../race/race.js";
import { mountStage } from "../stage/stage.js";

/** @import { Ask, Player } from "../core/feed.js" */

// The run that the page opens with is whole; what comes later may still be growing.
/** @type {(player: Player, props: any, watch: any, server: any) => void} */
function follow(player, props, watch, server) {
  /** @type {Ask} */
  const ask = (run, first) => server.lines({ run, first });
  const feed = new Feed(player, ask);
  if (props.value) feed.take(props.value);
  watch("value", () => props.value && feed.take(props.value));
}

export const stage = (element, props, watch, onRunLive, server) => {
  const mounted = mountStage(element.querySelector(".specdec-stage"), { onRunLive });
  let opening = true; // a recording, whatever its source says
  const show = (ndjson) => {
    mounted.show(ndjson, opening ? { live: false } : {});
    opening = false;
  };
  if (!props.value) mounted.show("", { live: false });
  follow({ ...mounted, show }, props, watch, server);
};

export const race = (element, props, watch, onRunLive, server) => {
  const mounted = mountRace(element.querySelector(".specdec-race"), { onRunLive });
  follow(mounted, props, watch, server);
};
