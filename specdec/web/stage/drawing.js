/* Drawing of the stage where the playhead is: the views, when each is drawn, and the room that they take. */
import { say } from "../core/words.js";
import { prefersCalm } from "../dom/dom.js";
import { fly } from "./flight.js";
import { KEEP } from "./playhead.js";

/** @import { Chart } from "./chart.js" */
/** @import { How, Playhead } from "./playhead.js" */
/** @import { RoundView } from "./round.js" */
/** @import { Run } from "../core/types.js" */
/** @import { Subject } from "./subject.js" */
/** @import { TextSoFar } from "./text.js" */
/** @import { Totals } from "./totals.js" */
/** @import { Transport } from "./transport.js" */
/** @import { Why } from "./why.js" */
/** @typedef {ReturnType<typeof setTimeout>} Timer */
/** @typedef {{measure(): any, settle(seen: any): void}} View */
/** @typedef {{text: TextSoFar, round: RoundView, why: Why, chart: Chart, totals: Totals, transport: Transport,
 *   overview: HTMLElement}} Views */

const LATER = 40; // ms that the why-panel waits while the playhead is dragged
const CHART = 250; // ms between two drawings of a growing chart
const FLIGHT = 1.2; // beats that an accepted token travels to the text

export class Drawing {
  /** @type {Run} none until `begin` */
  run;
  /** @type {number | null} the round that is drawn */
  drawn = null;
  charted = false; // the chart was drawn for this run
  width = 0;
  /** @type {Timer | undefined} */
  charting;
  /** @type {Timer | undefined} */
  later;

  /** @param {HTMLElement} element @param {Views} views @param {Playhead} head @param {Subject} subject */
  constructor(element, views, head, subject) {
    this.element = element;
    this.views = views;
    this.head = head;
    this.subject = subject;
  }

  begin(run) {
    this.run = run;
    this.drawn = null;
    this.charted = false;
    this.views.text.clear();
    this.views.round.relax();
    this.makeRoom();
  }

  stop() {
    clearTimeout(this.charting);
    clearTimeout(this.later);
    clearTimeout(this.views.text.sweeping);
    this.run = /** @type {any} */ (null);
  }

  // More rounds of the run are there.
  grow() {
    const { views, run, head } = this;
    views.transport.scale(run.rounds.length); // reads the layout before anything is written
    views.text.build(run);
    if (head.live && this.charted) this.chartLater();
    else this.layout();
  }

  // Lazily (scrubbing, live rounds), the round and its why-panel follow in tasks of their own: no task blocks the page
  // for long, and what a newer step replaces is never drawn.
  /** @type {(ended: string, how: How) => void} `ended`: how the run ended, "" while it goes on */
  show(ended, { still = false, lazy = false }) {
    clearTimeout(this.later);
    const quiet = still || prefersCalm();
    this.showRun(ended);
    if (lazy) this.showLater(quiet);
    else {
      this.showRound(quiet);
      this.subject.explain();
      this.settle();
    }
    if (!quiet && this.head.beat === KEEP) this.fly();
  }

  showLater(quiet) {
    this.settle([this.views.text]);
    this.later = setTimeout(() => {
      this.showRound(quiet);
      this.settle([this.views.round]);
      this.later = setTimeout(() => this.showWhy(), LATER);
    }, 0);
  }

  // Text, chart, totals and transport.
  showRun(ended) {
    const { head, run } = this;
    const { text, chart, totals, transport } = this.views;
    const judged = head.beat >= 2 ? head.round + 1 : head.round;
    text.show(head.beat === KEEP ? head.round + 1 : head.round, head.beat === KEEP);
    text.end(ended ? say(`stage.mark_${ended}`) : "", Boolean(ended) && head.atEnd);
    chart.show(judged, head.round);
    totals.show(run, judged);
    transport.place(head, head.rounds);
  }

  showRound(quiet) {
    const { run, head } = this;
    const { round } = this.views;
    if (this.drawn !== head.round) {
      const focused = round.focusedPlace();
      round.draw(run, head.round);
      this.drawn = head.round;
      round.refocus(focused);
    }
    round.beat(run, head.beat, { still: quiet });
    this.subject.relight();
  }

  showWhy() {
    this.subject.explain();
    this.settle([this.views.why]);
  }

  // Everything is measured at once, after everything was written: one layout for each step.
  /** @param {View[]} views */
  settle(views = [this.views.round, this.views.why, this.views.text]) {
    const measured = views.map((view) => ({ view, seen: view.measure() }));
    for (const { view, seen } of measured) view.settle(seen);
  }

  // While a run plays, what is below a round keeps its place, so room is held for larger rounds.
  makeRoom() {
    this.views.text.whole(false);
    this.views.round.tree.rest(false);
  }

  // When it stops, no room is held any more.
  giveRoomBack() {
    const { round, why } = this.views;
    round.relax();
    round.tree.rest(true);
    why.relax();
    this.subject.explain();
    this.settle();
  }

  fontsChanged() {
    if (this.run) this.settle([this.views.round.refit(), this.views.text]);
  }

  resize() {
    if (!this.run || !this.element.clientWidth) return;
    if (this.width === this.element.clientWidth) return;
    this.layout();
    this.views.transport.scale(this.run.rounds.length);
    this.views.why.relax();
    this.showRound(true); // a narrow tree is drawn as a list
    this.settle();
    this.subject.explained = null; // the labels of the bar depend on the width
    this.showWhy();
  }

  // While rounds stream in, the chart is drawn only now and then.
  chartLater() {
    if (!this.charting) this.charting = setTimeout(() => this.layout(), CHART);
  }

  layout() {
    const { round, chart, overview } = this.views;
    clearTimeout(this.charting);
    this.charting = undefined;
    this.charted = true;
    this.width = this.element.clientWidth;
    if (!this.width) {
      chart.drawn = false; // in a hidden tab; `resize` follows when it is shown
      return;
    }
    round.layout(this.width, this.run);
    const isPlain = this.run.longest === 0; // no guesses, so nothing to draw
    chart.node.hidden = isPlain;
    overview.classList.toggle("is-plain", isPlain);
    if (isPlain) chart.drawn = false;
    else chart.draw(this.run, chart.node.clientWidth || this.width);
  }

  // Accepted tokens travel from their chips to their place in the text.
  fly() {
    const { round, text } = this.views;
    const flights = [...round.chips]
      .map(([key, chip]) => ({ chip, to: text.span(key) }))
      .filter(({ chip, to }) => to && chip.offsetParent);
    fly(this.element, flights, FLIGHT * this.head.beatMs);
  }
}
