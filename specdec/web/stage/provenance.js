/* Where the run on the stage comes from: recorded or live, the machine and the models, and the key of its colours. */
import { originOf } from "../core/methods.js";
import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";
import { keyOf } from "./origin.js";

export class Provenance {
  tag = el("span", { class: "tag" });
  origin = el("span", { class: "origin" });
  key = el("div", { class: "key" });

  /** @param {(() => void) | undefined} onRunLive without it, there is no button that runs the prompt anew */
  constructor(onRunLive) {
    this.onRunLive = onRunLive;
    this.runLive = el(
      "button",
      {
        type: "button",
        class: "quiet-button run-live",
        "data-test": "run-live",
        hidden: true,
        on: { click: () => this.onRunLive?.() },
      },
      say("stage.run_live"),
    );
    this.node = el("div", { class: "provenance", "data-test": "provenance" }, this.tag, this.origin, this.runLive);
  }

  show(header, recorded) {
    write(this.tag, say(recorded ? "stage.recorded" : "stage.live"));
    this.tag.title = say(recorded ? "stage.recorded_title" : "stage.live_title");
    this.runLive.hidden = !(recorded && this.onRunLive);
    write(this.origin, originOf(header).join(" · "));
    this.key.replaceChildren(...keyOf(header));
  }
}
