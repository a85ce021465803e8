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
import { BEATS, endingOf } from "../core/sentences.js";
import { instructive } from "../core/tokens.js";
import { el, prefersCalm, write } from "../dom/dom.js";
import { Announcer } from "./announcer.js";
import { Chart } from "./chart.js";
import { Drawing } from "./drawing.js";
import { Incoming } from "./incoming.js";
import { keyHandler } from "./keys.js";
import { KEEP, Playhead } from "./playhead.js";
import { Provenance } from "./provenance.js";
import { Redraw } from "./redraw.js";
import { RoundView } from "./round.js";
import { Subject } from "./subject.js";
import { TextSoFar } from "./text.js";
import { Totals } from "./totals.js";
import { Transport } from "./transport.js";
import { Why } from "./why.js";

/** @import { How } from "./playhead.js" */
/** @import { Run } from "../core/types.js" */
/** @typedef {{autoplay?: boolean, onRunLive?: () => void}} Options */

class Stage {
  // ---- construction

  noticeNode = el("p", { class: "notice", role: "status", "data-test": "notice", hidden: true });
  text = new TextSoFar();
  round = new RoundView();
  why = new Why({ onStep: (by) => this.subject.step(by), onRelease: () => this.subject.release() });
  chart = new Chart({ onRound: (index) => this.head.visit(index) });
  totals = new Totals();
  announcer = new Announcer();
  incoming = new Incoming({
    onRun: (run) => this.adopt(run),
    onRounds: () => this.redraw.soon(),
    onNotice: (sentence, tone) => this.notice(sentence, tone),
    hasRun: () => Boolean(this.run),
  });
  redraw = new Redraw(() => this.run && this.incoming.adopted && this.grow());
  head = new Playhead({
    onMove: (how) => this.render(how),
    onState: () => this.state(),
    onPlay: () => this.started(),
    onPause: () => this.announce(),
    isHeld: () => this.subject.isHeld(),
  });
  transport = new Transport({
    first: () => this.head.jump(0, 0),
    previous: () => this.head.step(-1),
    next: () => this.head.step(1),
    last: () => this.head.toEnd(),
    play: () => this.head.toggle(),
    scrub: (value) => this.head.scrub(value),
    speed: (factor) => this.setSpeed(factor),
  });
  overview = el("div", { class: "overview" }, this.chart.node, this.totals.node);

  /** @type {Run} none until one is adopted */
  run;
  ended = "";
  moving = false;
  /** @param {HTMLElement} element @param {Options} options */
  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.provenance = new Provenance(options.onRunLive);
    this.body = el(
      "div",
      { class: "stage-body", hidden: true },
      this.provenance.node,
      this.text.node,
      this.provenance.key,
      this.transport.node,
      this.round.node,
      this.why.node,
      this.overview,
    );
    element.classList.add("specdec", "specdec-stage");
    element.replaceChildren(this.noticeNode, this.body, this.announcer.node);
    this.subject = new Subject(element, this.round, this.why, this.head, {
      onChange: () => this.drawing.settle([this.why]),
      onVisit: (index) => this.head.visit(index),
      onReleased: () => this.transport.playButton.focus({ preventScroll: true }),
    });
    const { text, round, why, chart, totals, transport, overview } = this;
    const views = { text, round, why, chart, totals, transport, overview };
    this.drawing = new Drawing(element, views, this.head, this.subject);
    this.onFonts = () => this.drawing.fontsChanged();
    this.sizes = new ResizeObserver(() => this.drawing.resize());
    this.onKey = keyHandler({
      element,
      why: this.why.node,
      slider: this.transport.slider,
      head: this.head,
      subject: this.subject,
      stepRound: (by) => this.stepRound(by),
    });
    document.addEventListener("keydown", this.onKey);
    document.fonts.addEventListener("loadingdone", this.onFonts);
    this.sizes.observe(this.element);
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
    document.fonts.removeEventListener("loadingdone", this.onFonts);
    this.sizes.disconnect();
    this.head.stop();
    this.head.rounds = 0;
    this.incoming.stop();
    this.announcer.cancel();
    this.drawing.stop();
    this.run = this.subject.run = /** @type {any} */ (null);
    this.element.replaceChildren();
  }

  // ---- a run, and how it grows

  adopt(run) {
    this.run = this.subject.run = run;
    this.head.reset(this.incoming.isLive(run));
    this.subject.forget();
    this.body.hidden = false;
    this.drawing.begin(run);
    this.introduce(run);
    this.grow();
    this.why.relax();
    if (!this.head.live) this.open();
  }

  introduce({ header }) {
    // A live run of which no more will come is shown like a recorded one.
    const recorded = header.source === "recorded" || this.incoming.live === false;
    const hadFocus = document.activeElement === this.provenance.runLive;
    if (hadFocus && !recorded) this.transport.playButton.focus({ preventScroll: true });
    this.provenance.show(header, recorded);
  }

  // A finished run plays by itself once it is in view; readers who prefer reduced motion get its end.
  open() {
    const { head } = this;
    if (prefersCalm() || this.options.autoplay === false)
      return head.set(head.rounds - 1, KEEP, { still: true, silent: true });
    head.set(0, 0, { still: true, silent: true });
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (head.round === 0 && head.beat === 0) head.play();
    });
    seen.observe(this.element);
  }

  grow() {
    const { run, head } = this;
    const wasLive = head.live;
    head.live = this.incoming.isLive(run);
    head.rounds = run.rounds.length;
    this.drawing.grow();
    this.finish();
    if (wasLive && !head.live && head.following) this.land();
    else if (head.following) this.follow();
    else this.render({ still: true, lazy: true }, true);
    if (wasLive && !head.live) head.following = false;
    this.state();
  }

  // A run that was followed has ended: show the round that explains most of it, and the whole text.
  land() {
    this.head.following = false;
    this.text.whole(true);
    if (!this.subject.isHeld(true)) this.head.set(instructive(this.run), KEEP, { still: true, silent: true });
    this.announce(endingOf(this.run, false));
  }

  // Live rounds pull the playhead along, unless the reader looks at a token of this one.
  follow() {
    if (!this.subject.isHeld(true)) this.head.set(this.head.rounds - 1, KEEP, { still: true });
  }

  finish() {
    const { run, head } = this;
    this.ended = run.footer ? run.footer.reason : head.live ? "" : "cut";
    const sentence = endingOf(run, head.live);
    write(this.totals.ending, sentence);
    this.notice(this.ended === "error" || this.ended === "cut" ? sentence : "");
  }

  notice(sentence, tone = "loud") {
    this.noticeNode.hidden = !sentence;
    this.noticeNode.dataset.tone = tone;
    write(this.noticeNode, sentence);
    this.state();
  }

  announce(lead = "") {
    const { run, head } = this;
    this.announcer.tell(() => ({ run, round: head.round, beat: head.beat }), lead);
  }

  // ---- moves of the reader

  stepRound(by) {
    const onChart = this.chart.art.contains(document.activeElement);
    this.head.visit(this.head.round + by);
    if (onChart) this.chart.focusColumn(this.head.round);
  }

  setSpeed(speed) {
    this.head.setSpeed(speed);
    this.element.style.setProperty("--beat", `${this.head.beatMs}ms`);
  }

  started() {
    this.announcer.cancel();
    this.drawing.makeRoom();
    this.subject.over = false; // a pointer that already rests on a token does not hold anything up
  }

  // ---- where the playhead is

  /** `same`: the playhead did not move. @type {(how?: How, same?: boolean) => void} */
  render(how = {}, same = false) {
    this.drawing.show(this.ended, how);
    if (!same && !how.silent && !this.head.playing && !this.head.following) this.announce();
    this.state();
  }

  state() {
    const { element, run, head } = this;
    const data = element.dataset;
    data.state = !run ? "empty" : head.live && head.following ? "live" : head.playing ? "playing" : "paused";
    data.following = String(head.following);
    if (run) {
      data.round = String(head.round + 1);
      data.rounds = String(run.rounds.length);
      data.beat = BEATS[head.beat];
      data.ended = this.ended;
    }
    this.transport.moving(head.moving);
    const stopped = this.moving && !head.moving;
    this.moving = head.moving;
    if (stopped) this.drawing.giveRoomBack();
  }
}

export const mountStage = (element, options = {}) => {
  const stage = new Stage(element, options);
  return {
    show: (ndjson, choice) => stage.incoming.show(ndjson, choice?.live),
    append: (ndjson) => stage.incoming.append(ndjson),
    cut: () => stage.incoming.cut(),
    go: (round, beat) => stage.head.jump(round, beat),
    play: () => stage.head.play(),
    pause: () => stage.head.pause(),
    destroy: () => stage.destroy(),
  };
};
