// The Race: a plain and a speculative run of one prompt on one clock.
//
//   specdec.race(element, {autoplay: true, onRunLive: null}) → {update(ndjson), destroy()}
//   `element` may be the .specdec-race itself. A recorded race offers "Run it live" where `onRunLive` is given.
//   `update` takes the whole append-only stream: the lines of the plain run, then those of the speculative run. While
//   they come, the lanes fill; when the second footer is there, both replay from 0 at true speed.
//
// What pages and tests may hold on to:
//   .specdec-race      data-phase     empty | plain | speculative | done | stopped
//                      data-speedup   a number;  data-claim  same | differs | law | lossy | none   (only when done)
//                      data-playing   true | false;  data-time  seconds at the playhead
//   .race-problem      role=status: the one sentence about a stream that cannot be shown (hidden when all is well)
//   .race-verdict, .race-badge, .race-summary, .race-reason, .race-estimate     the headline and what belongs to it
//   .race-lane         data-lane plain | speculative;  data-written, data-total  tokens
//                      inside: .race-count; .race-written, the text that stands, for screen readers (a moment after the
//                      playhead rests); .race-ink and .race-all, what is seen of it (aria-hidden); .race-track svg
//   .race-axis         role=slider, aria-valuenow in seconds, aria-valuetext in words; keys: ← → the next token written
//                      in either lane, Shift+← → speculative rounds, PageUp/PageDown, Home, End, Space plays
//   button.race-run-live;  button.race-play   data-state play | pause | again;  select.race-speed  0.5 | 1 | 2
//   .race-split, .race-passes, .race-why     the three panels;  .race-why .race-panel-note  the division
//   .race-status       role=status, for screen readers: where the race stands
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, write, racing } = specdec;
  const { PARTS, complete, seconds, clock } = racing;
  const SPACE = "\u00a0";
  const SLICE = 12; // ms of one frame that reading a long stream may take
  const MARKS = { play: "play", pause: "pause", again: "correction" }; // again is the turning arrow

  // Two decimals below 2×, where the second one matters, one above.
  const speedDigits = (speedup) => (speedup < 1.995 ? 2 : 1);
  const times = (speedup) => speedup.toFixed(speedDigits(speedup));

  function milliseconds(value) {
    const ms = value * 1000;
    return `${ms.toFixed(ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0)}${SPACE}ms`;
  }

  /* ---- sentences about two finished runs ------------------------------------------------------------------ */

  function summary({ plain, speculative, tokensPerPass }) {
    const whole = Math.max(plain.seconds, speculative.seconds);
    const tokens = tokensPerPass.toFixed(1);
    const passes = tokens === "1.0" ? say("race.summary_passes_one") : say("race.summary_passes", { tokens });
    const told = { time: clock(speculative.seconds, whole), plain: clock(plain.seconds, whole) };
    if (plain.tokens === speculative.tokens) return `${say("race.summary", { ...told, n: plain.tokens })} ${passes}`;
    const each = { each: milliseconds(speculative.perToken), plain_each: milliseconds(plain.perToken) };
    return `${say("race.summary_lengths", { ...told, ...each, tokens: speculative.tokens, plain_tokens: plain.tokens })} ${passes}`;
  }

  // A piece within a sentence, whichever way it is written; white space by its name.
  const isolated = (piece) => `\u2068${specdec.spoken(piece)}\u2069`;

  // Where the texts part, what either wrote there, and what the target thought of the two (recorded in the plain run).
  function difference({ same, claim }, plain, speculative) {
    if (claim !== "differs") return "";
    const [a, b] = [plain, speculative].map((tape) => tape.tokens[same]);
    if (!a || !b) return say(a ? "race.ends_earlier_speculative" : "race.ends_earlier_plain", { n: same });
    const row = plain.run.rounds[racing.roundsAt(plain, plain.ends[plain.written.findIndex((n) => n > same)]) - 1].final;
    const [p, other] = [a, b].map(({ id }) => (row.top.find((entry) => entry[0] === id) || [])[2]);
    const said = say("race.first_difference", { position: same + 1, plain: isolated(a.piece), speculative: isolated(b.piece) });
    if (p === undefined || other === undefined) return said;
    const [first, second] = specdec.number.apart(p, other);
    return `${said} ${say("race.gap", { plain: first, speculative: second, dtype: plain.run.header.hardware.dtype })}`;
  }

  function reason({ plain, speculative }) {
    const { drafted, accepted, passes } = speculative;
    const draft = (speculative.draft / passes / plain.perPass).toFixed(2);
    const verify = (speculative.verify / passes / plain.perPass).toFixed(2);
    const guesses = drafted ? { share: specdec.number.percent(accepted / drafted), accepted, n: drafted } : null;
    return `${say("race.reason_cost", { draft, verify })} ${guesses ? say("race.reason_kept", guesses) : say("race.reason_unguessed")}`;
  }

  function estimate(result, run) {
    const best = racing.shorterDraft(run, result);
    if (!best) return "";
    const from = { alpha: best.alpha.toFixed(2), accepted: best.accepted, n: best.judged };
    if (best.speedup <= Math.max(1.005, result.speedup)) return say("race.estimate_none", from);
    return say("race.estimate", { ...from, length: best.length, speed: times(best.speedup) });
  }

  // How many guesses a round may have, and where they come from.
  function guessNote(header) {
    const { branching, draft_length: length } = header.settings;
    const source = say(`stage.source_${specdec.family(header)}`);
    if (Array.isArray(branching)) return say("race.note_tree", { n: racing.treeSize(branching), source });
    if (branching) return say("race.note_dynamic", { n: length, source });
    return length === "auto" ? say("race.note_auto", { source }) : say("race.note", { n: length, source });
  }

  /* ---- panels --------------------------------------------------------------------------------------------- */

  const panel = (name, title, ...children) =>
    el("section", { class: `race-panel race-${name}` }, el("h3", { class: "race-panel-title" }, title), ...children);
  const note = (text) => el("p", { class: "race-panel-note" }, text);

  function barRow(label, segments, longest, value) {
    const total = segments.reduce((sum, [, length]) => sum + length, 0);
    const shown = segments.filter(([, length]) => length > 0);
    const pieces = shown.map(([part, length]) => el("span", { class: `race-piece race-${part}`, style: `flex-grow: ${(100 * length) / total}` }));
    const bar = el("span", { class: "race-bar", style: `--share: ${total / longest}`, "aria-hidden": "true" }, ...pieces);
    const cell = el("span", { class: "race-row-cell" }, bar, el("b", {}, value));
    return el("p", { class: "race-row" }, el("span", { class: "race-row-label" }, label), cell);
  }

  function splitPanel({ plain, speculative }) {
    const longest = Math.max(plain.seconds, speculative.seconds);
    const row = (key, cost) => barRow(say(key), PARTS.map((part) => [part, cost[part]]), longest, clock(cost.seconds, longest));
    const short = speculative.seconds < 1;
    const [draft, verify, other] = PARTS.map((part) => (short ? (speculative[part] * 1000).toFixed(0) : speculative[part].toFixed(2)));
    const split = say("race.split_note", { draft: `${draft}${SPACE}${short ? "ms" : "s"}`, verify, other });
    return panel("split", say("race.split"), row("race.plain_short", plain), row("race.speculative_short", speculative), note(split));
  }

  function passesPanel({ plain, speculative }) {
    const total = (cost, key, quiet) => {
      const value = el("b", { class: "race-total-value" }, cost.tokensPerPass.toFixed(1));
      const from = el("span", { class: "race-total-note" }, say(key, { tokens: cost.tokens, n: cost.passes }));
      return el("p", { class: quiet ? "race-total is-quiet" : "race-total" }, value, from);
    };
    const pair = el("div", { class: "race-pair" }, total(speculative, "race.passes_speculative"), total(plain, "race.passes_plain", true));
    return panel("passes", say("race.passes"), pair);
  }

  // One plain pass beside one round, at mean costs; then the division that gives the speed-up.
  function whyPanel({ plain, speculative, speedup, roundCost, tokensPerPass }) {
    const [speed, tokens] = [times(speedup), tokensPerPass.toFixed(1)];
    const longest = Math.max(plain.perPass, speculative.perPass);
    const mean = (cost) => PARTS.map((part) => [part, cost[part] / cost.passes]);
    const [[, drafting], ...rest] = mean(speculative);
    const passes = speculative.draftPasses / speculative.passes;
    const guesses = Number.isInteger(passes) && passes > 0 && passes <= 8 ? passes : 1;
    const round = [...Array(guesses).fill(["draft", drafting / guesses]), ...rest];
    const decimals = racing.decimalsThatDivide(tokensPerPass, roundCost, speedup, speedDigits(speedup));
    const division = { cost: roundCost.toFixed(decimals), tokens: tokensPerPass.toFixed(decimals), speed };
    return panel(
      "why",
      say(roundCost > 1 && Number(speed) !== Number(tokens) ? "race.why" : "race.why_alone", { speed, tokens }),
      barRow(say("race.one_pass"), mean(plain), longest, milliseconds(plain.perPass)),
      barRow(say("race.one_round"), round, longest, milliseconds(speculative.perPass)),
      note(say("race.why_note", division)),
    );
  }

  /* ---- the view ------------------------------------------------------------------------------------------- */

  function phaseOf([plain, speculative]) {
    const last = speculative || plain;
    if (!plain) return "empty";
    if (last.run.footer && !complete(last)) return "stopped";
    if (speculative && speculative.run.footer) return "done";
    return plain.run.footer ? "speculative" : "plain";
  }

  class View {
    constructor(element, { autoplay = true, onRunLive = null } = {}) {
      Object.assign(this, { autoplays: autoplay, onRunLive, reader: new specdec.Reader(), runs: [], tapes: [], phase: "empty" });
      Object.assign(this, { time: 0, speed: 1, playing: false, due: false });
      this.build(element);
      this.listen();
      this.render();
    }

    build(element) {
      const hidden = (name, className, attributes = {}) => el(name, { class: className, hidden: true, ...attributes });
      this.tag = el("span", { class: "tag" });
      this.source = el("span", { class: "race-source" });
      this.runLive = hidden("button", "race-run-live quiet-button", { type: "button", on: { click: () => this.onRunLive() } });
      write(this.runLive, say("race.run_live"));
      this.from = el("div", { class: "race-from" }, this.tag, this.source, this.runLive);
      this.problem = hidden("p", "race-problem", { role: "status" });
      this.verdict = el("h2", { class: "race-verdict" });
      this.badge = hidden("span", "race-badge");
      this.summary = hidden("p", "race-summary");
      this.reason = hidden("p", "race-reason");
      this.estimate = hidden("p", "race-estimate");
      this.lanes = [new racing.Lane("plain"), new racing.Lane("speculative")];
      this.axis = new racing.Axis();
      this.body = el("div", { class: "race-body" }, ...this.lanes.map((lane) => lane.root), this.axis.root, this.controls());
      this.panels = hidden("div", "race-panels");
      this.status = el("p", { class: "race-status heard", role: "status" });
      const headline = el("div", { class: "race-headline" }, this.verdict, this.badge);
      const above = [this.from, this.problem, headline, this.summary, this.reason, this.estimate];
      this.root = element.classList.contains("specdec-race") ? element : element.appendChild(el("div", { class: "specdec specdec-race" }));
      this.root.replaceChildren(...above, this.body, this.panels, this.status);
    }

    controls() {
      this.button = el("button", { class: "race-play", type: "button" });
      const speeds = [["0.5", "half"], ["1", "real"], ["2", "double"]];
      const choices = speeds.map(([value, name]) => el("option", { value }, say(`race.speed_${name}`)));
      this.select = el("select", { class: "race-speed pick", "aria-label": say("race.speed") }, ...choices);
      this.select.value = "1";
      const key = [...PARTS, "dots"].map((part) => el("li", {}, el("span", { class: `race-swatch race-${part}` }), say(`race.key_${part}`)));
      this.merged = el("li", { hidden: true }, say("race.merged"));
      const picker = el("span", { class: "picker" }, this.select, specdec.mark("next"));
      return el("div", { class: "race-controls" }, this.button, picker, el("ul", { class: "race-key" }, ...key, this.merged));
    }

    listen() {
      this.button.addEventListener("click", () => this.toggle());
      this.select.addEventListener("change", () => { this.speed = Number(this.select.value); });
      this.axis.root.addEventListener("keydown", (event) => this.key(event));
      for (const area of [this.axis.root, ...this.lanes.map((lane) => lane.track)]) {
        area.addEventListener("pointerdown", (event) => this.grab(event, area));
      }
      this.resized = new ResizeObserver(() => this.later());
      this.resized.observe(this.root);
      this.looked = new IntersectionObserver((entries) => {
        this.visible = entries[entries.length - 1].isIntersecting;
        this.begin();
      });
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

    update(ndjson) {
      if (this.reader.feed(String(ndjson ?? "")) === "same") return;
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
      const unfit = racing.unfit(runs);
      const wrong = error || (unfit && say(unfit)) || (!runs.length && this.runs.length ? say("race.waiting") : "");
      const kept = wrong && runs.length && runs !== this.runs && this.runs.length ? ` ${say("race.kept")}` : "";
      write(this.problem, wrong + kept);
      this.problem.hidden = !wrong;
      if (runs.length && (runs === this.runs || !error) && !unfit) this.follow(runs);
      this.later();
    }

    follow(runs) {
      const before = runs === this.runs ? this.phase : null;
      if (before === null) {
        this.pause();
        this.tapes = [];
      }
      this.runs = runs;
      this.tapes = runs.map((run, i) => (this.tapes[i] ? racing.follow(this.tapes[i]) : racing.tape(run)));
      this.phase = phaseOf(this.tapes);
      if (this.phase === before) return;
      if (!this.running()) this.time = this.whole();
      this.due = this.phase === "done" && this.autoplays && !specdec.calm();
      this.told = false;
    }

    running() {
      return this.phase === "plain" || this.phase === "speculative";
    }

    // The length of the axis: the longer run; while the plain one goes on, a round number of seconds ahead of it.
    whole() {
      const longest = Math.max(0, ...this.tapes.map(seconds));
      if (this.phase !== "plain") return longest || 1;
      const step = racing.niceStep(Math.max(longest, 0.2), 1);
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
      const tapes = [this.tapes[0], this.tapes[1] || racing.tape({ rounds: [], footer: null })];
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
      if (!this.tapes[1]) return say(this.phase === "plain" ? "race.next" : this.phase === "speculative" ? "race.under_way" : "race.not_run");
      return guessNote(this.runs[1].header);
    }

    drawRests(whole) {
      const done = this.phase === "done";
      const [a, b] = this.tapes.map(seconds);
      const saved = done && this.tapes[0].ids.length === this.tapes[1].ids.length ? "race.saved" : "race.earlier";
      const time = done ? racing.less(Math.max(a, b), Math.min(a, b), whole) : "";
      this.lanes[0].drawRest(a, b, done && a < b ? say("race.earlier", { time }) : null);
      this.lanes[1].drawRest(b, a, done && b < a ? say(saved, { time }) : null);
    }

    show() {
      const whole = this.whole();
      const heads = this.running() ? [0, 1].map((i) => (this.tapes[i] ? seconds(this.tapes[i]) : 0)) : [this.time, this.time];
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
      this.button.replaceChildren(specdec.mark(MARKS[state]));
    }

    provenance() {
      const { target, hardware, source, created } = this.runs[0].header;
      this.runLive.hidden = source !== "recorded" || !this.onRunLive;
      write(this.tag, say(source === "recorded" ? "race.recorded" : "race.live"));
      const sized = (name, size) => (size ? say("race.model", { name, size: specdec.number.parameters(size) }) : name);
      const models = [sized(target.name, target.parameters)];
      if (this.runs[1]) models.push(specdec.drafterName(this.runs[1].header));
      const mode = ["eager", "compiled", "graphs"].includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
      const machine = [hardware.name, hardware.dtype, ...mode].join(", ");
      const told = { models: models.join(" + "), machine, date: specdec.number.date(created) };
      write(this.source, say("race.source", told));
    }

    /* -- the headline -- */

    headline() {
      if (this.told) return;
      const done = this.phase === "done";
      for (const part of [this.badge, this.reason, this.estimate, this.panels]) part.replaceChildren();
      delete this.root.dataset.speedup;
      delete this.root.dataset.claim;
      if (done) this.tellResult();
      else this.tellStanding();
      for (const part of [this.badge, this.summary, this.reason, this.estimate, this.panels]) part.hidden = !part.textContent;
      this.told = done || this.phase === "stopped";
      write(this.status, this.running() ? this.verdict.textContent : `${this.verdict.textContent} ${this.summary.textContent}`);
    }

    // Headline and sentence while there is nothing to compare yet, or nothing any more.
    tellStanding() {
      const [plain, speculative] = this.tapes;
      const last = speculative || plain;
      const lane = this.phase === "empty" ? "none" : speculative ? "speculative" : this.phase === "speculative" ? "next" : "plain";
      const stopped = this.phase === "stopped" ? (last.run.footer.reason === "error" ? "failed" : "stopped") : "running";
      write(this.verdict, say(`race.${stopped}_${lane}`));
      const told = last && { n: last.ids.length, time: clock(seconds(last), this.whole()), plain: clock(seconds(plain), this.whole()) };
      const message = stopped === "failed" && last.run.footer.message;
      write(this.summary, message || say(`race.${stopped}_${lane}_note`, told || {}));
    }

    tellResult() {
      const result = racing.compare(...this.tapes);
      const { speedup, claim } = result;
      const speed = times(speedup);
      const pace = Number(speed) === 1 ? "even" : speedup > 1 ? "faster" : "slower";
      Object.assign(this.root.dataset, { speedup: speedup.toFixed(4), claim });
      const text = claim === "none" ? "" : say(`race.text_${claim}`, { position: result.same + 1 });
      const headline = text ? say(`race.${pace}`, { speed, text }) : say(`race.${pace}_alone`, { speed });
      write(this.verdict, headline);
      this.wearBadge(result);
      write(this.summary, summary(result));
      const why = pace === "faster" ? "" : reason(result);
      write(this.reason, [difference(result, ...this.tapes), why].filter(Boolean).join(" "));
      write(this.estimate, pace === "faster" ? "" : estimate(result, this.runs[1]));
      this.panels.append(splitPanel(result), passesPanel(result), whyPanel(result));
    }

    wearBadge({ claim, same, plain, speculative }) {
      this.badge.className = `race-badge is-${claim}`;
      if (claim === "same") this.badge.append(specdec.mark("accepted"), say("race.badge_same", { n: plain.tokens }));
      if (claim === "differs") this.badge.append(specdec.mark("rejected"), say("race.badge_differs", { n: same, total: Math.max(plain.tokens, speculative.tokens) }));
      if (claim === "law") this.badge.append(say("race.badge_law"));
      if (claim === "lossy") this.badge.append(specdec.mark("lossy"), say("race.badge_lossy"));
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
      this.axis.root.focus({ preventScroll: true, focusVisible: false });
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
        if (direction > 0) return tape.ends[racing.roundsAt(tape, this.time)] ?? this.whole();
        return tape.ends[racing.roundsAt(tape, this.time - 2e-9) - 1] ?? 0;
      });
      return direction > 0 ? Math.min(...found) : Math.max(...found);
    }
  }

  specdec.race = (element, options = {}) => {
    const view = new View(element, options);
    return { update: (ndjson) => view.update(ndjson), destroy: () => view.destroy() };
  };
})();
