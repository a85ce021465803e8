// Accept on the left, reject on the right, the coin where it fell.
// Where the numbers under the bar stand, in px: side by side where they would touch, never past the ends.
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { clip } from "./parts.js";

const LABEL = 50;
function labelPlaces(accept, coin, room) {
  const [low, high] = [Math.min(accept, coin) * room, Math.max(accept, coin) * room];
  const touching = high - low < LABEL ? (LABEL - (high - low)) / 2 : 0;
  const most = room - LABEL / 2;
  const left = Math.min(Math.max(low - touching, LABEL / 2), most - LABEL);
  const right = Math.min(Math.max(high + touching, left + LABEL), most);
  return accept <= coin ? { accept: left, coin: right } : { accept: right, coin: left };
}

// Accept on the left, reject on the right, the coin where it fell.
export function coinBar(accept, coin, texts, room) {
  const at = (x) => `left:${clip(x) * 100}%`;
  const sure = accept >= 1;
  const places = sure
    ? { coin: Math.min(Math.max(coin * room, LABEL / 2), room - LABEL / 2) }
    : labelPlaces(accept, coin, room);
  const tick = (x, text, className = "") => el("span", { class: `tick ${className}`, style: `left:${x}px` }, text);
  const labels = Object.entries(places).map(([name, x]) => tick(x, el("b", {}, texts[name])));
  const free = (x) => Object.values(places).every((y) => Math.abs(x - y) > LABEL * 0.8);
  if (free(4)) labels.push(tick(0, "0", "begins"));
  if (free(room - 4)) labels.push(tick(room, "1", "ends"));
  return el(
    "div",
    { class: "coin", role: "img", "aria-label": say("stage.coin_bar", { coin: texts.coin, share: texts.accept }) },
    el(
      "div",
      { class: "coin-sides" },
      accept >= 0.1 || accept === 1 ? el("b", { class: "of-accepted" }, say("stage.side_accept")) : null,
      accept < 1
        ? el(
            "b",
            {
              class: "of-rejected",
              style: accept > 0.86 ? "right:0" : at(accept < 0.1 ? accept : Math.max(accept, 0.12)),
            },
            say("stage.side_reject"),
          )
        : null,
    ),
    el(
      "div",
      { class: "coin-track" },
      el("span", { class: "coin-accept", style: `width:${clip(accept) * 100}%` }),
      el("span", { class: "coin-reject", style: `left:${clip(accept) * 100}%` }),
      el("span", { class: "coin-head", style: at(coin) }, el("var", {}, "u")),
    ),
    el("div", { class: "coin-ticks" }, labels),
  );
}
