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
//                      data-claim     same | differs | law | lossy | none   (only when done, as the next two)
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
import { drafterName } from "../core/methods.js";
import * as number from "../core/numbers.js";
import {
  clock,
  compare,
  complete,
  duration,
  follow,
  less,
  niceStep,
  PARTS,
  pace,
  roundsAt,
  tape,
  unfit,
} from "../core/race-numbers.js";
import { TraceReader } from "../core/trace.js";
import { told as messageOf, say } from "../core/words.js";
import { el, prefersCalm, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";
import { Axis } from "./axis.js";
import { Lane } from "./lane.js";
import { passesPanel, splitPanel, whyPanel } from "./panels.js";
import { difference, guessNote, reason, summary, times } from "./sentences.js";

/** @import { Tape } from "../core/race-numbers.js" */
/** @import { Run } from "../core/types.js" */
/** @typedef {{autoplay?: boolean, onRunLive?: (() => void) | null}} Options */

const SLICE = 12; // ms of one frame that reading a long stream may take
/** @type {Record<string, string>} */
const MARKS = { play: "play", pause: "pause", again: "correction" }; // again is the turning arrow
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
  time = 0; // seconds at the playhead
  speed = 1;
  chosen = "pace";
  playing = false;
  due = false; // whether it plays by itself once it is seen
  told = false;
  visible = false;
  width = 0;
  frame = 0;
  pending = 0;
  reading = 0;

  tag = el("span", { class: "tag" });
  source = el("span", { class: "race-source" });
  runLive = el(
    "button",
    {
      type: "button",
      class: "race-run-live quiet-button",
      hidden: true,
      on: { click: () => this.options.onRunLive?.() },
    },
    say("race.run_live"),
  );
  from = el("div", { class: "race-from" }, this.tag, this.source, this.runLive);
  problem = el("p", { class: "race-problem", role: "status", hidden: true });
  verdict = el("h2", { class: "race-verdict" });
  badge = el("span", { class: "race-badge", hidden: true });
  summary = el("p", { class: "race-summary", hidden: true });
  reason = el("p", { class: "race-reason", hidden: true });
  lanes = [new Lane("plain"), new Lane("speculative")];
  axis = new Axis();
  button = el("button", { class: "race-play", type: "button", on: { click: () => this.toggle() } });
  select = el("select", {
    class: "race-speed pick",
    "aria-label": say("race.speed"),
    on: { change: () => this.setSpeed() },
  });
  merged = el("li", { hidden: true }, say("race.merged"));
  controls = el(
    "div",
    { class: "race-controls" },
    this.button,
    el("span", { class: "picker" }, this.select, icon("next")),
    el("ul", { class: "race-key" }, [...PARTS, "dots"].map(legend), this.merged),
  );
  body = el(
    "div",
    { class: "race-body" },
    this.lanes.map((lane) => lane.root),
    this.axis.root,
    this.controls,
  );
  panels = el("div", { class: "race-panels", hidden: true });
  status = el("p", { class: "race-status heard", role: "status" });

  resized = new ResizeObserver(() => this.later());
  looked = new IntersectionObserver((entries) => {
    this.visible = entries[entries.length - 1].isIntersecting;
    this.begin();
  });

  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.options = options;
    this.offerSpeeds();
    this.root = element.classList.contains("specdec-race")
      ? element
      : element.appendChild(el("div", { class: "specdec specdec-race" }));
    const headline = el("div", { class: "race-headline" }, this.verdict, this.badge);
    const above = [this.from, this.problem, headline, this.summary, this.reason];
    this.root.replaceChildren(...above, this.body, this.panels, this.status);
    this.listen();
    this.render();
  }

  listen() {
    this.axis.root.addEventListener("keydown", (event) => this.key(event));
    for (const area of [this.axis.root, ...this.lanes.map((lane) => lane.track)]) {
      area.addEventListener("pointerdown", (event) => this.grab(event, area));
    }
    this.resized.observe(this.root);
    this.looked.observe(this.body);
  }

  destroy() {
    this.playing = false;
    for (const frame of [this.frame, this.pending, this.reading]) cancelAnimationFrame(frame);
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
      this.pause();
      this.tapes = [];
    }
    this.runs = runs;
    this.tapes = runs.map((run, i) => (this.tapes[i] ? follow(this.tapes[i]) : tape(run)));
    this.phase = phaseOf(this.tapes);
    if (this.phase === before) return;
    if (!this.running()) this.time = this.whole();
    this.offerSpeeds();
    this.due = this.phase === "done" && this.options.autoplay !== false && !prefersCalm();
    this.told = false;
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
    this.body.hidden = this.from.hidden = empty;
    this.headline();
    if (empty) return;
    this.provenance();
    this.layout();
    this.begin();
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
      : [this.time, this.time];
    const now = Math.min(whole, this.running() ? heads[this.tapes.length - 1] : this.time);
    const shown = this.lanes.map((lane, i) => lane.show(heads[i]));
    this.lanes.forEach((lane, i) => lane.tell(shown[i], heads[i], whole));
    const [plain, speculative] = shown.map(({ tokens }) => tokens);
    this.axis.show(now, say("race.axis_value", { time: clock(now, whole), plain, speculative }));
    this.root.dataset.time = now.toFixed(3);
    this.root.dataset.playing = String(this.playing);
    this.button.disabled = this.running();
    this.axis.root.setAttribute("aria-disabled", String(this.running()));
    const state = this.playing ? "pause" : !this.running() && this.time >= whole - 1e-9 ? "again" : "play";
    if (state === this.button.dataset.state) return;
    this.button.dataset.state = state;
    this.button.setAttribute("aria-label", say(`race.${state}`));
    this.button.replaceChildren(icon(MARKS[state]));
  }

  provenance() {
    const { target, hardware, source, created } = this.runs[0].header;
    if (document.activeElement === this.runLive && source !== "recorded") this.button.focus({ preventScroll: true });
    this.runLive.hidden = source !== "recorded" || !this.options.onRunLive;
    write(this.tag, say(source === "recorded" ? "race.recorded" : "race.live"));
    const sized = (name, size) => (size ? say("race.model", { name, size: number.parameters(size) }) : name);
    const models = [sized(target.name, target.parameters)];
    if (this.runs[1]) models.push(drafterName(this.runs[1].header));
    const mode = ["eager", "compiled", "graphs"].includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
    const machine = [hardware.name, hardware.dtype, ...mode].join(", ");
    const told = { models: models.join(" + "), machine, date: number.date(created) };
    write(this.source, say("race.source", told));
  }

  /* -- the headline -- */

  headline() {
    if (this.told) return;
    const done = this.phase === "done";
    for (const part of [this.badge, this.reason, this.panels]) part.replaceChildren();
    for (const name of ["speedup", "claim", "disturbed"]) delete this.root.dataset[name];
    if (done) this.tellResult();
    else this.tellStanding();
    for (const part of [this.badge, this.summary, this.reason, this.panels]) part.hidden = !part.textContent;
    this.told = done || this.phase === "stopped";
    write(
      this.status,
      this.running() ? this.verdict.textContent : `${this.verdict.textContent} ${this.summary.textContent}`,
    );
  }

  // Headline and sentence while there is nothing to compare yet, or nothing any more.
  tellStanding() {
    const [plain, speculative] = this.tapes;
    const last = speculative || plain;
    const lane =
      this.phase === "empty" ? "none" : speculative ? "speculative" : this.phase === "speculative" ? "next" : "plain";
    const stopped =
      this.phase === "stopped" ? (last.run.footer?.reason === "error" ? "failed" : "stopped") : "running";
    write(this.verdict, say(`race.${stopped}_${lane}`));
    const told = last && {
      n: last.ids.length,
      time: clock(duration(last), this.whole()),
      plain: clock(duration(plain), this.whole()),
    };
    const message = stopped === "failed" && last.run.footer?.message;
    write(this.summary, messageOf(message || "") || say(`race.${stopped}_${lane}_note`, told || {}));
  }

  tellResult() {
    const [plain, speculative] = this.tapes;
    const result = compare(plain, speculative);
    this.root.dataset.claim = result.claim;
    this.wearBadge(result);
    write(this.reason, difference(result, plain, speculative));
    if (result.disturbed) this.tellBusy(result);
    else this.tellSpeed(result);
  }

  // Of a race on a busy machine only what does not depend on its clocks.
  tellBusy(result) {
    this.root.dataset.disturbed = result.disturbed;
    write(this.verdict, say("race.busy"));
    write(this.summary, say(`race.busy_${result.disturbed}`));
    this.panels.append(passesPanel(result));
  }

  tellSpeed(result) {
    const { speedup, claim, same } = result;
    const speed = times(speedup);
    const pace = Number(speed) === 1 ? "even" : speedup > 1 ? "faster" : "slower";
    this.root.dataset.speedup = speedup.toFixed(4);
    const text = claim === "none" ? "" : say(`race.text_${claim}`, { position: same + 1 });
    const headline = text ? say(`race.${pace}`, { speed, text }) : say(`race.${pace}_alone`, { speed });
    write(this.verdict, headline);
    write(this.summary, summary(result));
    if (pace !== "faster") write(this.reason, [this.reason.textContent, reason(result)].filter(Boolean).join(" "));
    this.panels.append(splitPanel(result), passesPanel(result), whyPanel(result));
  }

  wearBadge({ claim, same, plain, speculative }) {
    this.badge.className = `race-badge is-${claim}`;
    if (claim === "same") this.badge.append(icon("accepted"), say("race.badge_same", { n: plain.tokens }));
    if (claim === "differs")
      this.badge.append(
        icon("rejected"),
        say("race.badge_differs", { n: same, total: Math.max(plain.tokens, speculative.tokens) }),
      );
    if (claim === "law") this.badge.append(say("race.badge_law"));
    if (claim === "lossy") this.badge.append(icon("lossy"), say("race.badge_lossy"));
  }

  /* -- time -- */

  begin() {
    if (!this.due || !this.visible || !this.width) return;
    this.due = false;
    this.time = 0;
    this.play();
  }

  play() {
    if (this.running() || this.phase === "empty") return;
    if (this.time >= this.whole() - 1e-9) this.time = 0;
    this.playing = true;
    let last = null;
    const step = (now) => {
      if (!this.playing) return;
      const passed = last === null ? 0 : Math.min(0.25, (now - last) / 1000);
      last = now;
      this.seek(this.time + passed * this.speed);
      if (this.time >= this.whole()) return this.pause();
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    this.show();
  }

  // A race is slowed, or hastened, until it can be followed, unless the reader asked for another speed.
  offerSpeeds() {
    const { kind, times } = pace(this.whole());
    const names = {
      pace: say(`race.speed_${kind}`, { times }),
      real: say("race.speed_real"),
      double: say("race.speed_double"),
    };
    const offered = Object.entries(names).filter(([value]) => value !== "real" || kind !== "real");
    this.select.replaceChildren(...offered.map(([value, name]) => el("option", { value }, name)));
    this.select.value = this.chosen === "real" && kind === "real" ? "pace" : this.chosen;
    this.setSpeed();
  }

  setSpeed() {
    const speeds = { pace: pace(this.whole()).speed, real: 1, double: 2 };
    this.chosen = /** @type {keyof typeof speeds} */ (this.select.value);
    this.speed = speeds[this.chosen];
  }

  pause() {
    cancelAnimationFrame(this.frame);
    if (!this.playing) return;
    this.playing = false;
    this.show();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(time) {
    if (this.running() || this.phase === "empty") return;
    this.time = Math.min(Math.max(0, time), this.whole());
    this.show();
  }

  grab(event, area) {
    if (event.button !== 0 || this.running()) return;
    const { left } = this.axis.root.getBoundingClientRect();
    const move = (at) => this.seek(((at.clientX - left) / this.width) * this.whole());
    const drop = () => {
      area.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) area.removeEventListener(name, drop);
    };
    event.preventDefault();
    this.axis.root.focus(/** @type {any} */ ({ preventScroll: true, focusVisible: false }));
    this.due = false;
    this.pause();
    area.setPointerCapture(event.pointerId);
    area.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) area.addEventListener(name, drop);
    move(event);
  }

  key(event) {
    const forward = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const tenth = { PageUp: 0.1, PageDown: -0.1 }[event.key];
    const edge = { Home: 0, End: this.whole() }[event.key];
    const plays = event.key === " ";
    if ((!forward && !tenth && edge === undefined && !plays) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.due = false;
    if (plays) return this.toggle();
    this.pause();
    this.seek(edge ?? (tenth ? this.time + tenth * this.whole() : this.neighbour(forward, event.shiftKey)));
  }

  // The next moment, forward or back, at which a lane wrote something; `rounds` asks for the speculative lane only.
  neighbour(direction, rounds) {
    const tapes = rounds ? this.tapes.slice(-1) : this.tapes;
    const found = tapes.map((tape) => {
      if (direction > 0) return tape.ends[roundsAt(tape, this.time)] ?? this.whole();
      return tape.ends[roundsAt(tape, this.time - 2e-9) - 1] ?? 0;
    });
    return direction > 0 ? Math.min(...found) : Math.max(...found);
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
