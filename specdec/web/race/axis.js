// The axis below both lanes, which is the scrubber.
import { clock, niceStep } from "../core/race-numbers.js";
import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";

const SPACE = "\u00a0"; // between a number and its unit

/** @typedef {{time: number, mark: HTMLElement, text: HTMLElement, at: number, half: number}} Tick */

export class Axis {
  /** @type {number} */
  whole;
  /** @type {number} */
  width;
  /** @type {Tick} */
  end;
  /** @type {Tick[]} */
  ticks;

  constructor() {
    this.done = el("span", { class: "race-rail-done" });
    this.knob = el("span", { class: "race-knob" });
    this.scale = el("span", { class: "race-scale" });
    this.head = el("span", { class: "race-tick race-tick-head" });
    const parts = [el("span", { class: "race-rail" }), this.scale, this.done, this.knob, this.head];
    this.root = el(
      "div",
      { class: "race-axis", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-label": say("race.axis") },
      ...parts,
    );
  }

  // `ends`: whether the axis ends where a run did, or only somewhere ahead of it.
  draw(whole, width, ends) {
    [this.whole, this.width] = [whole, width];
    const step = niceStep(whole, Math.max(2, Math.floor(width / 150)));
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ticks = [this.tick(whole, clock(whole, whole), `race-tick ${ends ? "race-tick-end" : ""}`)];
    for (let i = 0; i * step < whole * (1 - 1e-9); i++) {
      ticks.push(this.tick(i * step, i ? `${(i * step).toFixed(digits)}${SPACE}s` : "0", "race-tick"));
    }
    this.scale.replaceChildren(...ticks.flatMap(({ mark, text }) => [mark, text]));
    for (const tick of ticks) tick.half = tick.text.offsetWidth / 2;
    for (const tick of ticks) {
      tick.at = this.inside((tick.time / whole) * width, tick.half);
      tick.text.style.left = `${tick.at}px`;
    }
    this.end = ticks[0];
    this.ticks = ticks.filter((tick) => tick === this.end || tick.at + tick.half + 10 <= this.end.at - this.end.half);
    for (const tick of ticks) if (!this.ticks.includes(tick)) tick.text.remove();
    this.root.setAttribute("aria-valuemax", whole.toFixed(3));
  }

  tick(time, label, className) {
    const mark = el("span", { class: "race-tick-mark" });
    mark.style.left = `${(time / this.whole) * this.width}px`;
    return { time, mark, at: 0, half: 0, text: el("span", { class: className }, label) };
  }

  inside(x, half) {
    return Math.min(Math.max(x, half), this.width - half);
  }

  show(time, words) {
    const x = (time / this.whole) * this.width;
    const at = this.inside(x, this.end.half);
    this.done.style.transform = `scaleX(${Math.max(0, x - 9) / this.width})`;
    this.knob.style.transform = `translateX(${x.toFixed(2)}px)`;
    this.head.style.left = `${at.toFixed(2)}px`;
    write(this.head, clock(time, this.whole));
    for (const tick of this.ticks)
      tick.text.classList.toggle("is-covered", Math.abs(tick.at - at) < tick.half + this.end.half + 8);
    this.root.setAttribute("aria-valuenow", time.toFixed(3));
    this.root.setAttribute("aria-valuetext", words);
  }
}
