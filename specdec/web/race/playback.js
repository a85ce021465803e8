// The clock of a race that is replayed: its time, its speed, and what the reader does to them.
import { pace, roundsAt } from "../core/race-numbers.js";
import { say } from "../core/words.js";
import { el } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

/** @import { Tape } from "../core/race-numbers.js" */
/** whole: the length of the axis in seconds; isOpen: there is a race, and no lane is being written; onTime: another
 *  moment is to be shown
 * @typedef {{whole(): number, isOpen(): boolean, tapes(): Tape[], onTime(): void}} Race */

const ROUNDING = 1e-9; // seconds
const LONGEST_FRAME = 0.25; // seconds; after a longer one the race does not jump
const MARKS = { play: "play", pause: "pause", again: "correction" }; // "correction" is a turning arrow

export class Playback {
  time = 0; // seconds at the playhead
  speed = 1;
  chosen = "pace";
  playing = false;
  due = false; // it will play by itself once it is in view
  frame = 0;

  button = el("button", { class: "race-play", type: "button", on: { click: () => this.toggle() } });
  select = el("select", {
    class: "race-speed pick",
    "aria-label": say("race.speed"),
    on: { change: () => this.setSpeed() },
  });

  /** @param {Race} race */
  constructor(race) {
    this.race = race;
  }

  get atEnd() {
    return this.time >= this.race.whole() - ROUNDING;
  }

  begin() {
    this.due = false;
    this.time = 0;
    this.play();
  }

  play() {
    if (!this.race.isOpen()) return;
    if (this.atEnd) this.time = 0;
    this.playing = true;
    let last = null;
    const step = (now) => {
      if (!this.playing) return;
      const passed = last === null ? 0 : Math.min(LONGEST_FRAME, (now - last) / 1000);
      last = now;
      this.seek(this.time + passed * this.speed);
      if (this.time >= this.race.whole()) return this.pause();
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    this.race.onTime();
  }

  pause() {
    cancelAnimationFrame(this.frame);
    if (!this.playing) return;
    this.playing = false;
    this.race.onTime();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
  }

  seek(time) {
    if (!this.race.isOpen()) return;
    this.time = Math.min(Math.max(0, time), this.race.whole());
    this.race.onTime();
  }

  // A race is slowed down or sped up until it can be followed, unless the reader asked for another speed.
  offerSpeeds() {
    const { kind, times } = pace(this.race.whole());
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
    const speeds = { pace: pace(this.race.whole()).speed, real: 1, double: 2 };
    this.chosen = /** @type {keyof typeof speeds} */ (this.select.value);
    this.speed = speeds[this.chosen];
  }

  // The button, as long as a lane is being written without effect.
  show(running) {
    this.button.disabled = running;
    const state = this.playing ? "pause" : !running && this.atEnd ? "again" : "play";
    if (state === this.button.dataset.state) return;
    this.button.dataset.state = state;
    this.button.setAttribute("aria-label", say(`race.${state}`));
    this.button.replaceChildren(icon(MARKS[state]));
  }

  key(event) {
    const forward = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const tenth = { PageUp: 0.1, PageDown: -0.1 }[event.key];
    const edge = { Home: 0, End: this.race.whole() }[event.key];
    const plays = event.key === " ";
    if ((!forward && !tenth && edge === undefined && !plays) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.due = false;
    if (plays) return this.toggle();
    this.pause();
    this.seek(edge ?? (tenth ? this.time + tenth * this.race.whole() : this.neighbour(forward, event.shiftKey)));
  }

  // The next moment, forward or back, at which a lane wrote something; with `rounds`, the speculative lane.
  neighbour(direction, rounds) {
    const tapes = rounds ? this.race.tapes().slice(-1) : this.race.tapes();
    const found = tapes.map((tape) => {
      if (direction > 0) return tape.ends[roundsAt(tape, this.time)] ?? this.race.whole();
      return tape.ends[roundsAt(tape, this.time - 2 * ROUNDING) - 1] ?? 0;
    });
    return direction > 0 ? Math.min(...found) : Math.max(...found);
  }

  // The reader drags the playhead over `area`, whose times begin at the left edge of the axis.
  grab(event, area, axis) {
    if (event.button !== 0 || !this.race.isOpen()) return;
    const { left, width } = axis.getBoundingClientRect();
    const move = (at) => this.seek(((at.clientX - left) / width) * this.race.whole());
    const drop = () => {
      area.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) area.removeEventListener(name, drop);
    };
    event.preventDefault();
    axis.focus(/** @type {any} */ ({ preventScroll: true, focusVisible: false }));
    this.due = false;
    this.pause();
    area.setPointerCapture(event.pointerId);
    area.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) area.addEventListener(name, drop);
    move(event);
  }
}
