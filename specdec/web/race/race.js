// The Race: a plain and a speculative run of one prompt on one clock.
//
//   mountRace(element, {autoplay: true, onRunLive: null}) → {show(ndjson), append(ndjson), cut(), destroy()}
//   `element` may be the .specdec-race itself. A recorded race offers "Run it live" where `onRunLive` is given.
//   `show` begins a race with the lines that are there, `append` brings more of them: those of the plain run, then
//   those of the speculative run. While they come, the lanes fill; when the second footer is there, both replay from 0
//   at true speed. A race that no more will come of (`cut`) stays as it is.
//
// What pages and tests may hold on to:
//   .specdec-race      data-phase     empty | plain | speculative | done | stopped
//                      data-claim     same | differs | distribution | lossy | none   (only when done, as the next two)
//                      data-speedup   a number, or  data-disturbed  impossible | scattered: the machine was busy
//                      data-playing   true | false;  data-time  seconds at the playhead
//   .race-problem      role=status: the one sentence about a stream that cannot be shown (hidden when all is well)
//   .race-verdict, .race-badge, .race-summary, .race-reason     the headline and what belongs to it
//   .race-lane         data-lane plain | speculative;  data-written, data-total  tokens
//                      inside: .race-count; .race-written, the text that stands, for screen readers (a moment after
//                      the playhead rests); .race-ink and .race-all, what is seen of it (aria-hidden); .race-track svg
//   .race-axis         role=slider, aria-valuenow in seconds, aria-valuetext in words; keys: ← → the next token
//                      written in either lane, Shift+← → speculative rounds, PageUp/PageDown, Home, End; Space
//                      plays
//   button.race-run-live;  button.race-play   data-state play | pause | again
//   select.race-speed  pace | real | double
//   .race-split, .race-passes, .race-why     the three panels;  .race-why .race-panel-note  the division
//   .race-status       role=status, for screen readers: where the race stands
import { clock, complete, duration, follow, less, niceStep, PARTS, tape, unfit } from "../core/race-numbers.js";
import { TraceReader } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, prefersCalm, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";
import { Axis } from "./axis.js";
import { Headline } from "./headline.js";
import { Lane } from "./lane.js";
import { Playback } from "./playback.js";
import { guessNote } from "./sentences.js";
import { Source } from "./source.js";

/** @import { Tape } from "../core/race-numbers.js" */
/** @import { Run } from "../core/types.js" */
/** @typedef {{autoplay?: boolean, onRunLive?: (() => void) | null}} Options */

const SLICE = 12; // ms of one frame that reading a long stream may take
const NO_RUN = /** @type {Run} */ ({ rounds: /** @type {any[]} */ ([]), footer: null });

/** @type {(part: string) => HTMLElement} */
const legend = (part) => el("li", {}, el("span", { class: `race-swatch race-${part}` }), say(`race.key_${part}`));

/** @type {(tapes: Tape[]) => "empty" | "plain" | "speculative" | "done" | "stopped"} */
function phaseOf([plain, speculative]) {
  const last = speculative || plain;
  if (!plain) return "empty";
  if (last.run.footer && !complete(last)) return "stopped";
  if (speculative?.run.footer) return "done";
  return plain.run.footer ? "speculative" : "plain";
}
class View {
  reader = new TraceReader();
  /** @type {Run[]} */
  runs = [];
  /** @type {Tape[]} */
  tapes = [];
  phase = "empty";
  visible = false;
  width = 0;
  pending = 0;
  reading = 0;

  problem = el("p", { class: "race-problem", role: "status", hidden: true });
  playback = new Playback({
    whole: () => this.whole(),
    isOpen: () => !this.running() && this.phase !== "empty",
    tapes: () => this.tapes,
    onTime: () => this.show(),
  });
  lanes = [new Lane("plain"), new Lane("speculative")];
  axis = new Axis();
  merged = el("li", { hidden: true }, say("race.merged"));
  controls = el(
    "div",
    { class: "race-controls" },
    this.playback.button,
    el("span", { class: "picker" }, this.playback.select, icon("next")),
    el("ul", { class: "race-key" }, [...PARTS, "dots"].map(legend), this.merged),
  );
  body = el(
    "div",
    { class: "race-body" },
    this.lanes.map((lane) => lane.root),
    this.axis.root,
    this.controls,
  );

  resized = new ResizeObserver(() => this.later());
  looked = new IntersectionObserver((entries) => {
    this.visible = entries[entries.length - 1].isIntersecting;
    this.begin();
  });

  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.options = options;
    this.playback.offerSpeeds();
    this.source = new Source(options.onRunLive);
    this.root = element.classList.contains("specdec-race")
      ? element
      : element.appendChild(el("div", { class: "specdec specdec-race" }));
    this.headline = new Headline(this.root);
    const { verdict, badge, summary, reason, panels, status } = this.headline;
    const title = el("div", { class: "race-headline" }, verdict, badge);
    this.root.replaceChildren(this.source.node, this.problem, title, summary, reason, this.body, panels, status);
    this.listen();
    this.render();
  }

  listen() {
    this.axis.root.addEventListener("keydown", (event) => this.playback.key(event));
    for (const area of [this.axis.root, ...this.lanes.map((lane) => lane.track)]) {
      area.addEventListener("pointerdown", (event) => this.playback.grab(event, area, this.axis.root));
    }
    this.resized.observe(this.root);
    this.looked.observe(this.body);
  }

  destroy() {
    this.playback.stop();
    for (const frame of [this.pending, this.reading]) cancelAnimationFrame(frame);
    this.resized.disconnect();
    this.looked.disconnect();
    this.root.replaceChildren();
  }

  /* -- what came -- */

  restart(ndjson) {
    this.reader.clear();
    this.append(ndjson);
  }

  append(ndjson) {
    this.reader.append(ndjson);
    this.read();
  }

  // A long recording is read in slices; nothing of it replaces the race on show before all that came is read.
  read() {
    cancelAnimationFrame(this.reading);
    if (this.reader.parse({ budget: SLICE })) this.reading = requestAnimationFrame(() => this.read());
    else this.take();
  }

  take() {
    const { runs, error } = this.reader;
    const reason = unfit(runs);
    const wrong = error || (reason && say(reason)) || (!runs.length && this.runs.length ? say("race.waiting") : "");
    const kept = wrong && runs.length && runs !== this.runs && this.runs.length ? ` ${say("race.kept")}` : "";
    write(this.problem, wrong + kept);
    this.problem.hidden = !wrong;
    if (runs.length && (runs === this.runs || !error) && !reason) this.follow(runs);
    this.later();
  }

  follow(runs) {
    const before = runs === this.runs ? this.phase : null;
    if (before === null) {
      this.playback.pause();
      this.tapes = [];
    }
    this.runs = runs;
    this.tapes = runs.map((run, i) => (this.tapes[i] ? follow(this.tapes[i]) : tape(run)));
    this.phase = phaseOf(this.tapes);
    if (this.phase === before) return;
    if (!this.running()) this.playback.time = this.whole();
    this.playback.offerSpeeds();
    this.playback.due = this.phase === "done" && this.options.autoplay !== false && !prefersCalm();
    this.headline.final = false;
  }

  running() {
    return this.phase === "plain" || this.phase === "speculative";
  }

  // The length of the axis: the longer run; while the plain one goes on, a round number of seconds ahead of it.
  whole() {
    const longest = Math.max(0, ...this.tapes.map(duration));
    if (this.phase !== "plain") return longest || 1;
    const step = niceStep(Math.max(longest, 0.2), 1);
    return (Math.floor(longest / step) + 1) * step;
  }

  /* -- drawing -- */

  // Several updates or sizes within one frame are drawn once.
  later() {
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => this.render());
  }

  render() {
    const empty = this.phase === "empty";
    this.root.dataset.phase = this.phase;
    this.body.hidden = this.source.node.hidden = empty;
    this.headline.show(this.phase, this.tapes, this.whole());
    if (empty) return;
    this.introduce();
    this.layout();
    this.begin();
  }

  introduce() {
    const hadFocus = document.activeElement === this.source.runLive;
    this.source.show(this.runs);
    if (hadFocus && this.runs[0].header.source !== "recorded") this.playback.button.focus({ preventScroll: true });
  }

  layout() {
    this.width = this.axis.root.clientWidth;
    if (!this.width) return; // in a tab that is not open
    const whole = this.whole();
    const tapes = [this.tapes[0], this.tapes[1] || tape(NO_RUN)];
    this.lanes[1].text.style.minHeight = this.running() ? `${this.lanes[0].text.offsetHeight}px` : "";
    const merged = this.lanes.map((lane, i) => lane.draw(tapes[i], this.width / whole, this.width));
    this.merged.hidden = !merged.some(Boolean);
    this.axis.draw(whole, this.width, this.phase !== "plain");
    write(this.lanes[0].note, say("race.plain_note"));
    write(this.lanes[1].note, this.drafterNote());
    this.drawRests(whole);
    this.show();
  }

  drafterNote() {
    if (!this.tapes[1])
      return say(
        this.phase === "plain" ? "race.next" : this.phase === "speculative" ? "race.under_way" : "race.not_run",
      );
    return guessNote(this.runs[1].header);
  }

  drawRests(whole) {
    const done = this.phase === "done" && !this.root.dataset.disturbed;
    const [a, b] = this.tapes.map(duration);
    const saved = done && this.tapes[0].ids.length === this.tapes[1].ids.length ? "race.saved" : "race.earlier";
    const time = done ? less(Math.max(a, b), Math.min(a, b), whole) : "";
    this.lanes[0].drawRest(a, b, done && a < b ? say("race.earlier", { time }) : null);
    this.lanes[1].drawRest(b, a, done && b < a ? say(saved, { time }) : null);
  }

  show() {
    const whole = this.whole();
    const heads = this.running()
      ? [0, 1].map((i) => (this.tapes[i] ? duration(this.tapes[i]) : 0))
      : [this.playback.time, this.playback.time];
    const now = Math.min(whole, this.running() ? heads[this.tapes.length - 1] : this.playback.time);
    const shown = this.lanes.map((lane, i) => lane.show(heads[i]));
    this.lanes.forEach((lane, i) => lane.tell(shown[i], heads[i], whole));
    const [plain, speculative] = shown.map(({ tokens }) => tokens);
    this.axis.show(now, say("race.axis_value", { time: clock(now, whole), plain, speculative }));
    this.root.dataset.time = now.toFixed(3);
    this.root.dataset.playing = String(this.playback.playing);
    this.axis.root.setAttribute("aria-disabled", String(this.running()));
    this.playback.show(this.running());
  }

  // It plays by itself once it is in view.
  begin() {
    if (this.playback.due && this.visible && this.width) this.playback.begin();
  }
}

export const mountRace = (element, options = {}) => {
  const view = new View(element, options);
  return {
    show: (ndjson) => view.restart(ndjson),
    append: (ndjson) => view.append(ndjson),
    cut() {},
    destroy: () => view.destroy(),
  };
};
