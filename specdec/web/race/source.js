// Where a race comes from: recorded or live, the models, the machine and the day.
import { drafterName } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";

/** @import { Run } from "../core/types.js" */

const MODES = ["eager", "compiled", "graphs"];
const sized = (name, size) => (size ? say("race.model", { name, size: number.parameters(size) }) : name);

export class Source {
  tag = el("span", { class: "tag" });
  text = el("span", { class: "race-source" });

  /** @param {(() => void) | null | undefined} onRunLive without it, there is no button that runs the prompt anew */
  constructor(onRunLive) {
    this.onRunLive = onRunLive;
    this.runLive = el(
      "button",
      { type: "button", class: "race-run-live quiet-button", hidden: true, on: { click: () => this.onRunLive?.() } },
      say("race.run_live"),
    );
    this.node = el("div", { class: "race-from" }, this.tag, this.text, this.runLive);
  }

  /** @type {(runs: Run[]) => void} */
  show(runs) {
    const [first, second] = runs;
    const { target, hardware, source, created } = first.header;
    const recorded = source === "recorded";
    this.runLive.hidden = !recorded || !this.onRunLive;
    write(this.tag, say(recorded ? "race.recorded" : "race.live"));
    const models = [sized(target.name, target.parameters), ...(second ? [drafterName(second.header)] : [])];
    const mode = MODES.includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
    const machine = [hardware.name, hardware.dtype, ...mode].join(", ");
    write(this.text, say("race.source", { models: models.join(" + "), machine, date: number.date(created) }));
  }
}
