/* The stage: one run, played round by round in the reader's browser.

 mountStage(element, {autoplay, onRunLive})
   → {show(ndjson, {live}), append(ndjson), cut(), go(round, beat), play(), pause(), destroy()}
 `show` begins a run with the lines that are there, `append` brings more of them, after `cut` no more will come.
 `live`: rounds are still coming. Left out, it is read from the trace (a live run without a footer).
 Rounds and beats count from 0 in `go`: go(6, 3) is "round 7, keep".

 Public hooks, kept stable for tests and pages:
   .specdec-stage           data-state   empty | playing | paused | live      data-round, data-rounds (counted from 1)
                            data-beat    guess | check | judge | keep         data-ended  "" | eos | length | … | cut
                            data-following true while live rounds pull the playhead along
   [data-test=notice]       the one sentence about an empty, broken, cut-off or failed run (role=status)
   [data-test=provenance]   tag and where the run comes from;  [data-test=run-live] the button
   [data-test=text]         prompt and committed tokens (.text-round.is-future is not yet written)
   [data-test=first|previous|play|next|last], [data-test=playhead] (range; 4 steps a round), [data-test=speed]
   [data-test=round] [data-test=sentence]   .chip[data-token="6:2"][data-verdict]  ("6:f": the target's own token)
   .guesses[data-layout]    columns | rows | cells | tree;  [data-test=tree-ledger] the counts of a tree's round
   [data-test=plan]         why this round drafts so far (only when the draft length is "auto")
   [data-test=mask-toggle]  folds out [data-test=mask], who sees whom: .mask-row[data-token]; [data-test=mask-reads]
   [data-test=why]          data-token, data-verdict; [data-test=why-previous|why-next|why-unpin]
   [data-test=chart] .column[data-first]
   [data-test=totals] [data-total=acceptance|per_pass|efficiency]  [data-test=ledger]
   [data-test=ending]       how the run ended;  [data-test=heard] the sentence for screen readers (aria-live)
   .is-lit                  the token the why-panel is about, wherever it stands */
import { originOf } from "../core/methods.js";
import { spoken } from "../core/pieces.js";
import { BEATS, sentences } from "../core/sentences.js";
import { isBranched } from "../core/shape.js";
import { instructive, keysOf, lookUp, neighbour, turning } from "../core/tokens.js";
import { TraceReader } from "../core/trace.js";
import { say, told } from "../core/words.js";
import { el, prefersCalm, write } from "../dom/dom.js";
import { Chart } from "./chart.js";
import { fly } from "./flight.js";
import { keyOf } from "./origin.js";
import { RoundView } from "./round.js";
import { TextSoFar } from "./text.js";
import { Totals } from "./totals.js";
import { Transport } from "./transport.js";
import { Why } from "./why.js";

/** @import { Run } from "../core/types.js" */
/** @typedef {{autoplay?: boolean, onRunLive?: () => void}} Options */
/** @typedef {ReturnType<typeof setTimeout>} Timer */
/** @typedef {{measure(): any, settle(seen: any): void}} View */

const KEEP = 3;
const BEAT = 250; // ms at 1×
const SLICE = 12; // ms of parsing before the page may breathe
const LATER = 40; // ms that the why-panel waits while the playhead is dragged
const CHART = 250; // ms between two drawings of a growing chart
const FRAME = 17; // ms
const REST = 3; // a growing run may be drawn for a quarter of the time, however long it is
const TOKEN = ".chip[data-token], .mask-row"; // what may have the focus and is a token
const SCROLLS = [" ", "Home", "End"]; // keys that scroll a page where nothing has the focus
const HEARD = 900; // ms between two sentences for screen readers

/** @type {(event: Event) => boolean} */
const isToken = ({ target }) => target instanceof Element && target.matches(TOKEN);

class Stage {
  // ---- what it is made of

  noticeNode = el("p", { class: "notice", role: "status", "data-test": "notice", hidden: true });
  tag = el("span", { class: "tag" });
  origin = el("span", { class: "origin" });
  runLive = el(
    "button",
    {
      type: "button",
      class: "quiet-button run-live",
      "data-test": "run-live",
      hidden: true,
      on: { click: () => this.options.onRunLive?.() },
    },
    say("stage.run_live"),
  );
  text = new TextSoFar();
  key = el("div", { class: "key" });
  round = new RoundView();
  why = new Why({ onStep: (by) => this.stepToken(by), onRelease: () => this.release() });
  chart = new Chart({ onRound: (index) => this.visit(index) });
  totals = new Totals();
  transport = new Transport({
    first: () => this.jump(0, 0),
    previous: () => this.step(-1),
    next: () => this.step(1),
    last: () => this.toEnd(),
    play: () => (this.playing || this.following ? this.pause() : this.play()),
    scrub: (value) => this.scrub(value),
    speed: (factor) => this.setSpeed(factor),
  });
  heard = el("p", { class: "heard", "aria-live": "polite", "data-test": "heard" });
  overview = el("div", { class: "overview" }, this.chart.node, this.totals.node);
  body = el(
    "div",
    { class: "stage-body", hidden: true },
    el("div", { class: "provenance", "data-test": "provenance" }, this.tag, this.origin, this.runLive),
    this.text.node,
    this.key,
    this.transport.node,
    this.round.node,
    this.why.node,
    this.overview,
  );

  /** @type {Run} nothing until one is adopted */
  run;
  reader = new TraceReader();
  at = { round: 0, beat: 0 };
  playing = false;
  live = false;
  following = false;
  /** @type {{hover: string | null, focus: string | null, pin: string | null}} */
  wished = { hover: null, focus: null, pin: null };
  speed = 1;
  growing = false;
  rested = 0; // until when the page has its rest from the last drawing
  charted = false;
  moving = false;
  adopted = false;
  over = false; // a pointer rests on a token
  ended = "";
  heardAt = 0;
  width = 0;
  /** @type {boolean | null | undefined} */
  liveAsked;
  /** @type {number | null} */
  drawn = null;
  /** @type {string | null} */
  explained = null;
  /** @type {Run} */
  explainedRun;
  /** @type {Timer | undefined} */
  timer;
  /** @type {Timer | undefined} */
  slice;
  /** @type {Timer | undefined} */
  hearing;
  /** @type {Timer | undefined} */
  charting;
  /** @type {Timer | undefined} */
  later;

  onKey = (/** @type {KeyboardEvent} */ event) => this.typed(event);
  onFonts = () => this.run && this.settle([this.round.refit(), this.text]);
  sizes = new ResizeObserver(() => this.resize());

  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.element = element;
    this.options = options;
    element.classList.add("specdec", "specdec-stage");
    element.replaceChildren(this.noticeNode, this.body, this.heard);
    this.listen();
  }

  listen() {
    const over = (event) => this.point("hover", event);
    const out = (event) => {
      if (!event.relatedTarget?.closest?.("[data-token]")) this.point("hover", null);
    };
    this.element.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") over(event);
    });
    this.element.addEventListener("pointerout", out);
    this.element.addEventListener("focusin", (event) => {
      if (isToken(event)) this.point("focus", event);
    });
    this.element.addEventListener("focusout", (event) => {
      if (isToken(event)) this.point("focus", null);
    });
    this.element.addEventListener("click", (event) => this.press(event));
    document.addEventListener("keydown", this.onKey);
    document.fonts.addEventListener("loadingdone", this.onFonts);
    this.sizes.observe(this.element);
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    this.sizes.disconnect();
    clearTimeout(this.timer);
    clearTimeout(this.slice);
    clearTimeout(this.hearing);
    clearTimeout(this.charting);
    clearTimeout(this.later);
    clearTimeout(this.text.sweeping);
    this.run = /** @type {any} */ (null);
    this.element.replaceChildren();
  }

  // ---- a trace comes in

  /** @type {(ndjson: string, choice?: {live?: boolean | null}) => void} */
  show(ndjson, { live } = {}) {
    this.reader.clear();
    this.adopted = false;
    this.liveAsked = live;
    this.append(ndjson);
  }

  append(ndjson) {
    this.reader.append(ndjson);
    this.read();
  }

  cut() {
    this.liveAsked = false;
    this.read();
  }

  isLive(run) {
    if (run.footer || run.header.source !== "live") return false;
    return this.liveAsked === undefined || this.liveAsked === null ? true : Boolean(this.liveAsked);
  }

  // Parse for a moment, show what is there, go on in the next slice: a long trace never holds the page.
  read() {
    clearTimeout(this.slice);
    const { reader } = this;
    const open = reader.runs[0] && this.isLive(reader.runs[0]);
    const more = reader.parse({ budget: SLICE, whole: !open && this.liveAsked !== true });
    const run = reader.runs[reader.runs.length - 1];
    if (more) this.slice = setTimeout(() => this.read(), 0);
    if (reader.error)
      return this.complain(
        this.run && !this.adopted ? say("stage.notice_kept", { sentence: reader.error }) : reader.error,
      );
    if (!run)
      return more ? undefined : this.complain(this.run ? say("stage.notice_empty_kept") : say("stage.notice_empty"));
    if (!run.rounds.length) return more ? undefined : this.barren(run);
    if (this.adopted) this.soon();
    else if (!more || this.isLive(run)) this.adopt(run);
  }

  // A run without rounds: wait for them, or say why there will be none.
  barren(run) {
    if (this.isLive(run)) return this.complain(say("stage.notice_reading"), "quiet");
    const why = run.footer && run.footer.reason !== "length" ? this.endingOf(run) : say("stage.notice_no_rounds");
    this.complain(this.run ? say("stage.notice_kept", { sentence: why }) : why);
  }

  complain(sentence, tone = "loud") {
    this.noticeNode.hidden = !sentence;
    this.noticeNode.dataset.tone = tone;
    write(this.noticeNode, sentence);
    this.state();
  }

  adopt(run) {
    this.adopted = true;
    this.run = run;
    this.stop();
    this.wished = { hover: null, focus: null, pin: null };
    this.drawn = null;
    this.body.hidden = false;
    this.charted = false;
    this.text.clear();
    this.round.relax();
    this.introduce(run);
    this.live = this.isLive(run);
    this.following = this.live;
    this.at = { round: 0, beat: 0 };
    this.text.whole(false);
    this.round.tree.rest(false);
    this.grow();
    this.why.relax();
    if (!this.live) this.open();
  }

  // A finished run plays by itself once it is seen; readers who ask for calm get its end, standing still.
  open() {
    if (prefersCalm() || this.options.autoplay === false)
      return this.set(this.run.rounds.length - 1, KEEP, { still: true, silent: true });
    this.set(0, 0, { still: true, silent: true });
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (this.at.round === 0 && this.at.beat === 0) this.play();
    });
    seen.observe(this.element);
  }

  // Rounds that arrive faster than they can be drawn are drawn together.
  soon() {
    if (this.growing) return;
    this.growing = true;
    this.drawRested();
  }

  drawRested() {
    const wait = this.rested - performance.now();
    if (wait > 0) setTimeout(() => this.drawRested(), wait);
    else requestAnimationFrame(() => this.draw());
  }

  draw() {
    const start = performance.now();
    if (start < this.rested) return this.drawRested();
    this.growing = false;
    if (!this.run || !this.adopted) return;
    this.grow();
    requestAnimationFrame(() => this.breathe(start)); // by then, layout and paint are over as well
  }

  breathe(start) {
    const now = performance.now();
    this.rested = now + REST * Math.max(0, now - start - FRAME);
  }

  grow() {
    const { run } = this;
    const wasLive = this.live;
    this.live = this.isLive(run);
    this.transport.scale(run.rounds.length); // reads the room before anything is written
    this.text.build(run);
    if (this.live && this.charted) this.chartLater();
    else this.layout();
    this.finish();
    if (wasLive && !this.live && this.following) this.land();
    else if (this.following) this.follow();
    else this.render({ still: true, same: true, lazy: true });
    if (wasLive && !this.live) this.following = false;
    this.state();
  }

  // A run that was followed has ended: the round that shows most of it, with the whole text in sight.
  land() {
    this.following = false;
    this.text.whole(true);
    if (!this.held(true)) this.set(instructive(this.run), KEEP, { still: true, silent: true });
    this.tellReader(this.endingOf(this.run));
  }

  // Pulled along by live rounds, unless the reader is looking at a token of this one.
  follow() {
    if (!this.held(true)) this.set(this.run.rounds.length - 1, KEEP, { still: true }); // one frame, all of it counted
  }

  held(byFocus) {
    if (this.over) return true;
    const focus = document.activeElement;
    return byFocus && (this.round.grid.contains(focus) || this.why.node.contains(focus));
  }

  // ---- what is said once a run

  introduce(run) {
    const { header } = run;
    const recorded = header.source === "recorded" || this.liveAsked === false; // a page that stands still is a record
    write(this.tag, say(recorded ? "stage.recorded" : "stage.live"));
    this.tag.title = say(recorded ? "stage.recorded_title" : "stage.live_title");
    if (document.activeElement === this.runLive && !recorded) this.transport.playButton.focus({ preventScroll: true });
    this.runLive.hidden = !(recorded && this.options.onRunLive);
    write(this.origin, originOf(header).join(" · "));
    this.key.replaceChildren(...keyOf(header));
  }

  endingOf(run) {
    if (!run.footer) return this.isLive(run) ? say("stage.ended_running") : say("stage.ended_cut");
    const { reason, message } = run.footer;
    if (reason === "error")
      return message ? say("stage.ended_error", { message: told(message) }) : say("stage.ended_error_unknown");
    const known = ["eos", "length", "stop", "cancelled"].includes(reason);
    return known ? say(`stage.ended_${reason}`, { limit: run.header.settings.max_new_tokens }) : reason;
  }

  finish() {
    const { run } = this;
    this.ended = run.footer ? run.footer.reason : this.live ? "" : "cut";
    const sentence = this.endingOf(run);
    write(this.totals.ending, sentence);
    this.complain(this.ended === "error" || this.ended === "cut" ? sentence : "");
  }

  // ---- the playhead

  // Every way to move the playhead ends here.
  set(round, beat, { still = false, lazy = false, silent = false } = {}) {
    const last = this.run.rounds.length - 1;
    this.at = { round: Math.min(Math.max(0, round), last), beat: Math.min(Math.max(0, beat), KEEP) };
    this.render({ still, lazy, silent });
  }

  atEnd() {
    return this.at.round === this.run.rounds.length - 1 && this.at.beat === KEEP;
  }

  // The reader moves: playing stops, and so does being pulled along.
  jump(round, beat, lazy = false) {
    if (!this.run) return;
    this.stop();
    this.following = false;
    this.set(round, beat, { still: true, lazy });
    this.state();
  }

  visit(index) {
    this.jump(index, KEEP);
  }

  step(by) {
    if (!this.run) return;
    const place = this.at.round * 4 + this.at.beat + by;
    if (place < 0 || place >= this.run.rounds.length * 4) return;
    this.stop();
    this.following = false;
    this.set(Math.floor(place / 4), place % 4, { still: by < 0 });
    this.state();
  }

  stepRound(by) {
    if (!this.run) return;
    const onChart = this.chart.art.contains(document.activeElement);
    this.jump(this.at.round + by, KEEP);
    if (onChart) this.chart.focusColumn(this.at.round);
  }

  toEnd() {
    if (!this.run) return;
    this.jump(this.run.rounds.length - 1, KEEP);
    this.following = this.live;
    this.state();
  }

  scrub(value) {
    if (!this.run) return;
    this.jump(Math.max(1, Math.round(value / 4)) - 1, KEEP, true);
  }

  // ---- playing

  play() {
    if (!this.run || this.playing) return;
    if (this.atEnd() && this.live) {
      this.following = true;
      return this.state();
    }
    clearTimeout(this.hearing);
    this.text.whole(false);
    this.round.tree.rest(false);
    if (this.atEnd()) this.set(0, 0, {});
    this.playing = true;
    this.over = false; // a pointer that already rests on a token holds nothing up
    this.state();
    this.schedule();
  }

  pause() {
    this.stop();
    this.following = false;
    this.state();
    this.tellReader();
  }

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), BEAT / this.speed);
  }

  beat() {
    if (!this.playing) return;
    if (this.held()) return this.schedule();
    if (this.atEnd()) {
      this.stop();
      this.following = this.live;
      return this.state();
    }
    const place = this.at.round * 4 + this.at.beat + 1;
    this.set(Math.floor(place / 4), place % 4, {});
    this.schedule();
  }

  setSpeed(speed) {
    this.speed = speed;
    this.element.style.setProperty("--beat", `${BEAT / speed}ms`);
    if (this.playing) this.schedule();
  }

  // ---- drawing where the playhead stands

  // Lazily (scrubbing, live rounds), the round and its why follow in tasks of their own: no task holds the page long,
  // and what a newer step overtakes is never drawn.
  render({ still = false, same = false, lazy = false, silent = false } = {}) {
    if (!this.run) return;
    clearTimeout(this.later);
    const quiet = still || prefersCalm();
    this.renderRun();
    if (lazy) {
      this.settle([this.text]);
      this.later = setTimeout(() => {
        this.renderRound(quiet);
        this.settle([this.round]);
        this.later = setTimeout(() => this.renderWhy(), LATER);
      }, 0);
    } else {
      this.renderRound(quiet);
      this.explain();
      this.settle();
    }
    if (!same && !silent && !this.playing && !this.following) this.tellReader();
    if (!quiet && this.at.beat === KEEP) this.fly();
    this.state();
  }

  // Text, chart, totals and transport.
  renderRun() {
    const { run, at } = this;
    const judged = at.beat >= 2 ? at.round + 1 : at.round;
    this.text.show(at.beat === KEEP ? at.round + 1 : at.round, at.beat === KEEP);
    this.text.end(this.ended ? say(`stage.mark_${this.ended}`) : "", Boolean(this.ended) && this.atEnd());
    this.chart.show(judged, at.round);
    this.totals.show(run, judged);
    this.transport.place(at, run.rounds.length);
  }

  renderRound(quiet) {
    const { run, at } = this;
    if (this.drawn !== at.round) {
      const focused = this.focusedPlace();
      this.round.draw(run, at.round);
      this.drawn = at.round;
      this.refocus(focused);
    }
    this.round.beat(run, at.beat, { still: quiet });
    this.light(this.explained ? this.subject() : null);
  }

  renderWhy() {
    this.explain();
    this.settle([this.why]);
  }

  // All that must be measured is measured at once, after everything was written: one layout a step.
  /** @param {View[]} views */
  settle(views = [this.round, this.why, this.text]) {
    const measured = views.map((view) => ({ view, seen: view.measure() }));
    for (const { view, seen } of measured) view.settle(seen);
  }

  // While a run plays, what stands below a round keeps its place; when it stops, no room is held for larger rounds.
  rest() {
    this.moving = false;
    this.round.relax();
    this.round.tree.rest(true);
    this.why.relax();
    this.explain();
    this.settle();
  }

  state() {
    const { element, run, at } = this;
    const data = element.dataset;
    data.state = !run ? "empty" : this.live && this.following ? "live" : this.playing ? "playing" : "paused";
    data.following = String(this.following);
    if (run) {
      data.round = String(at.round + 1);
      data.rounds = String(run.rounds.length);
      data.beat = BEATS[at.beat];
      data.ended = this.ended;
    }
    const moving = this.playing || (this.live && this.following);
    this.transport.moving(moving);
    if (this.moving && !moving) this.rest();
    this.moving = moving;
  }

  resize() {
    if (!this.run || !this.element.clientWidth) return;
    if (this.width === this.element.clientWidth) return;
    this.layout();
    this.transport.scale(this.run.rounds.length);
    this.why.relax();
    this.renderRound(true); // a tree that was a list is another drawing
    this.settle();
    this.explained = null; // the bar's labels depend on the room
    this.renderWhy();
  }

  // While rounds stream in, the chart is drawn anew only now and then.
  chartLater() {
    if (!this.charting) this.charting = setTimeout(() => this.layout(), CHART);
  }

  layout() {
    clearTimeout(this.charting);
    this.charting = undefined;
    this.charted = true;
    this.width = this.element.clientWidth;
    if (!this.width) {
      // in a tab that is not shown: resize comes when it is
      this.chart.drawn = false;
      return;
    }
    this.round.layout(this.width, this.run);
    this.chart.node.hidden = this.run.longest === 0;
    this.overview.classList.toggle("is-plain", this.run.longest === 0);
    if (this.chart.node.hidden)
      this.chart.drawn = false; // nothing was guessed, nothing to draw
    else this.chart.draw(this.run, this.chart.node.clientWidth || this.width);
  }

  // Kept tokens travel from their chips to their place in the text.
  fly() {
    const flights = [...this.round.chips]
      .map(([key, chip]) => ({ chip, to: this.text.span(key) }))
      .filter(({ chip, to }) => to && chip.offsetParent);
    fly(this.element, flights, (BEAT * 1.2) / this.speed);
  }

  // A sentence for screen readers on the round that the reader went to, or that a run's end leads to (`lead` says
  // which end); what plays by itself is not announced.
  tellReader(lead = "") {
    clearTimeout(this.hearing);
    const since = performance.now() - (this.heardAt || 0);
    const speak = () => {
      if (!this.run) return;
      const { round, beat } = this.at;
      const one = this.run.rounds[round];
      const tokens =
        beat < 2
          ? ""
          : keysOf(one, round)
              .map((key) => lookUp(this.run, key)?.token)
              .filter((token) => token.verdict !== "discarded" || !isBranched(one))
              .slice(0, 12)
              .map((token) =>
                say("stage.heard_token", { token: spoken(token.piece), verdict: say(`stage.${token.verdict}`) }),
              )
              .join(", ");
      const sentence = sentences(this.run, one, beat).join(" ").trim();
      this.heardAt = performance.now();
      const told = say("stage.heard", { round: round + 1, rounds: this.run.rounds.length, sentence, tokens });
      write(this.heard, `${lead} ${told}`.trim());
    };
    this.hearing = setTimeout(speak, Math.max(120, HEARD - since));
  }

  // ---- which token the panel is about

  // Pinned, else hovered or focused, else the one this round turns on.
  subject() {
    const { pin, hover, focus } = this.wished;
    for (const key of [hover, pin, focus]) if (key && lookUp(this.run, key)) return key;
    return turning(this.run, this.at, this.playing || (this.live && this.following));
  }

  explain() {
    const key = this.subject();
    const shown = `${key}|${this.wished.pin}|${this.at.round}`;
    if (this.explained !== shown || this.explainedRun !== this.run) {
      this.explained = shown;
      this.explainedRun = this.run;
      if (!key) this.why.wait(this.at.round);
      else {
        const near = (by) => {
          const other = neighbour(this.run, key, by);
          return other ? lookUp(this.run, other)?.token : null;
        };
        this.why.show(lookUp(this.run, key), near(-1), near(1), {
          pinned: this.wished.pin === key,
          here: this.at.round,
        });
      }
    }
    this.light(key);
  }

  light(key) {
    this.round.tell(key);
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll(".is-lit")))
      if (node.dataset.token !== key) node.classList.remove("is-lit");
    if (!key) return;
    for (const node of this.element.querySelectorAll(`[data-token="${key}"]`))
      if (node !== this.why.node) node.classList.add("is-lit");
  }

  // The arrows of the panel: the token beside, pinned, with its round on the stage.
  stepToken(by) {
    const key = this.subject();
    const next = key && neighbour(this.run, key, by);
    if (next) this.pinTo(next);
  }

  pinTo(key) {
    this.wished.pin = key;
    this.wished.hover = null;
    this.jump(Number(key.split(":")[0]), KEEP);
  }

  release() {
    const inside = this.why.pin === document.activeElement;
    this.wished.pin = null;
    this.explain();
    this.settle([this.why]);
    if (inside) this.transport.playButton.focus({ preventScroll: true });
  }

  point(kind, event) {
    if (!this.run) return;
    const node = event?.target.closest ? event.target.closest("[data-token]") : null;
    const key = node && node !== this.why.node && this.element.contains(node) ? node.dataset.token : null;
    if (kind === "hover") this.over = Boolean(key) && node.matches(".guesses .chip, .mask-row");
    if (this.wished[kind] === key) return;
    this.wished[kind] = key;
    if (kind === "focus" && key) this.wished.hover = null; // the keys move on from where a pointer rests
    this.explain();
    this.settle([this.why]);
  }

  press(event) {
    const node = this.run && event.target.closest("[data-token]");
    if (!node || node === this.why.node || node.closest(".chart")) return;
    const key = node.dataset.token;
    if (this.wished.pin === key) return this.release();
    if (Number(key.split(":")[0]) === this.at.round && node.matches(TOKEN)) {
      this.stop();
      this.following = false;
      this.wished.pin = key;
      this.explain();
      this.settle([this.why]);
      this.state();
    } else this.pinTo(key);
  }

  // When the round under a focused chip is replaced, focus stays at the same place in the row.
  focusedPlace() {
    const chip = document.activeElement;
    if (!chip || !this.round.grid.contains(chip)) return null;
    return [...this.round.chips.values()].indexOf(/** @type {HTMLElement} */ (chip));
  }

  refocus(place) {
    if (place === null) return;
    const chips = [...this.round.chips.values()];
    const chip = chips[Math.min(Math.max(0, place), chips.length - 1)];
    if (chip) chip.focus({ preventScroll: true });
  }

  // ---- keys

  mine(target) {
    if (this.element.contains(target)) return true;
    if (target !== document.body && target !== document.documentElement) return false;
    const box = this.element.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < window.innerHeight;
  }

  typed(event) {
    if (
      !this.run ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      !this.mine(event.target)
    )
      return;
    const { target } = event;
    const field = target.closest?.("input, textarea, select, [contenteditable]");
    if (field && field !== this.transport.slider) return;
    if (SCROLLS.includes(event.key) && !this.element.contains(target)) return; // they are the page's
    if (this.pressed(event, target)) event.preventDefault();
  }

  pressed({ key, shiftKey }, target) {
    const forward = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (forward && this.why.node.contains(target)) this.stepToken(forward);
    else if (forward && shiftKey) this.stepRound(forward);
    else if (forward) this.step(forward);
    else if (key === "Home") this.jump(0, 0);
    else if (key === "End") this.toEnd();
    else if (key === "Escape" && this.wished.pin) this.release();
    else if (key === " ") return this.space(target);
    else if (target === this.transport.slider && ["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(key))
      this.stepRound(/Up$/.test(key) ? 1 : -1);
    else if (key === "Enter" && target.matches(".column")) this.visit(Number(target.dataset.first));
    else if (key === "Enter" && target.matches(".mask-row")) this.pinTo(target.dataset.token);
    else return false;
    return true;
  }

  // Space plays, unless it belongs to a button that is no token.
  space(target) {
    const button = target.closest?.("button");
    if (button && !button.matches(".chip")) return false;
    if (target.matches?.(".column")) this.visit(Number(target.dataset.first));
    else if (this.playing || (this.live && this.following)) this.pause();
    else this.play();
    return true;
  }
}

export const mountStage = (element, options = {}) => {
  const stage = new Stage(element, options);
  return {
    show: (ndjson, choice) => stage.show(ndjson, choice),
    append: (ndjson) => stage.append(ndjson),
    cut: () => stage.cut(),
    go: (round, beat) => stage.jump(round, beat),
    play: () => stage.play(),
    pause: () => stage.pause(),
    destroy: () => stage.destroy(),
  };
};
