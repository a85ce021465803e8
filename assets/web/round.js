// One round: what was guessed, how the target judged it, what it wrote itself.
// Three layouts of the same nodes, chosen by room and draft length: "columns", "rows" (narrow), "cells" (long drafts).
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, tell, write, number } = specdec;
  const BEATS = ["guess", "check", "judge", "keep"];
  const MOST_COLUMNS = 6;
  const MOST_ROWS = 8;

  specdec.BEATS = BEATS;

  // What happened in this round, told no further than the beat: [what was guessed, what the target did].
  specdec.sentences = (run, round, beat) => {
    const n = round.draft.length;
    const lookup = run.header.drafter.name === "lookup" ? "_lookup" : "";
    const kept = round.draft.filter((token) => token.verdict === "accepted").length;
    if (run.header.drafter.name === "none") return [say(beat < 3 ? "stage.plain_pass" : "stage.plain_round"), ""];
    if (beat === 0) return [n ? say(`stage.guessing${lookup}`, { n }) : say(`stage.guessing${lookup}_none`), ""];
    if (beat === 1) return [n ? say("stage.checking", { n }) : say("stage.checking_none"), ""];
    const guessed = n ? say(`stage.guessed${lookup}`, { n }) : say(`stage.guessed${lookup}_none`);
    if (!round.final) return [guessed, kept ? say("stage.kept_ended", { n: kept }) : say("stage.kept_ended_none")];
    if (round.final.verdict === "plain") return [guessed, say("stage.wrote_plain")];
    if (round.final.verdict === "bonus") return [guessed, say("stage.kept_bonus", { n })];
    return [guessed, kept ? say("stage.kept_correction", { n: kept }) : say("stage.kept_none")];
  };

  // Under the guess: how likely it was to be kept, and the coin; or, without a coin, whether the two agreed.
  function numbers(token, rule) {
    if (token.verdict === "discarded") return [say("stage.not_judged")];
    if (rule === "greedy") return [say(token.verdict === "accepted" ? "stage.match" : "stage.mismatch")];
    if (token.accept_prob === null) return [];
    const parts = [say("stage.accept", { share: number.percent(token.accept_prob) })];
    if (token.coin !== null) parts.push(say("stage.coin", { coin: number.apart(token.coin, token.accept_prob)[0] }));
    return parts;
  }

  specdec.RoundView = class {
    constructor() {
      this.title = el("h2", { class: "round-title" });
      this.first = el("b");
      this.second = el("span");
      this.beats = BEATS.map((beat) => el("li", { class: "beat" }, say(`stage.beat_${beat}`)));
      this.grid = el("div", { class: "guesses", role: "group", "data-test": "round" });
      this.node = el("section", { class: "round" },
        el("div", { class: "round-head" }, this.title,
          el("p", { class: "sentence", "data-test": "sentence" }, this.first, " ", this.second),
          el("ol", { class: "beats", "aria-hidden": "true" }, this.beats)),
        this.grid);
      this.chips = new Map(); // key → button
      this.tallest = 0;
    }

    relax() {
      this.tallest = 0;
      this.grid.style.minHeight = "";
    }

    // A round's layout is a function of the room and of the longest draft of the run, so it does not change in play.
    layout(width, longest) {
      const columns = Math.max(5, longest + 1);
      const roomy = longest <= MOST_COLUMNS && width >= 150 + columns * 118;
      const layout = roomy ? "columns" : longest <= MOST_ROWS ? "rows" : "cells";
      if (this.grid.dataset.layout !== layout || this.columns !== columns || this.width !== width) {
        this.relax();
      }
      this.width = width;
      this.columns = columns;
      this.grid.dataset.layout = layout;
      this.grid.style.setProperty("--columns", columns);
      this.grid.classList.remove("is-tight");
    }

    draw(run, index) {
      const round = run.rounds[index];
      const { rule } = run.header.settings;
      const plain = run.header.drafter.name === "none";
      this.round = round;
      this.index = index;
      this.chips.clear();
      write(this.title, say("stage.round", { round: index + 1 }));
      const refused = round.draft.findIndex((token) => token.verdict === "rejected");
      const guesses = round.draft.map((token, i) => this.guess(token, i, rule));
      const place = refused >= 0 ? refused : round.draft.length;
      if (round.final) guesses.splice(round.final.verdict === "correction" ? place + 1 : guesses.length, 0, ...this.final(round, place, plain));
      this.bracket = el("div", { class: "bracket", hidden: !round.draft.length }, el("span", { class: "sweep" }));
      this.grid.replaceChildren(
        ...(plain ? [] : this.labels(run, round)), this.bracket, ...guesses, ...this.free(run, round));
      this.grid.dataset.plain = plain;
      this.node.classList.toggle("is-plain", plain);
      this.grid.dataset.drafted = round.draft.length;
      this.grid.style.setProperty("--n", round.draft.length);
      this.grid.classList.remove("is-tight");
    }

    labels(run, round) {
      const n = round.passes.draft;
      const drafting = n ? say("stage.guess_passes", { n, time: number.seconds(round.seconds.draft) })
        : say("stage.guess_no_pass", { time: number.seconds(round.seconds.draft) });
      const time = number.seconds(round.seconds.verify);
      const checking = round.passes.target === 1 ? say("stage.check_pass", { time }) : say("stage.check_passes", { n: round.passes.target, time });
      const row = (kind, title, note) => el("div", { class: `row-label row-${kind}` }, el("span", {}, title), el("small", {}, note));
      return [
        row("guesses", say(run.header.drafter.name === "lookup" ? "stage.row_lookup" : "stage.row_guesses"), drafting),
        row("checks", say("stage.row_checks"), checking),
        row("writes", say("stage.row_writes"), round.final ? say("stage.writes_same") : ""),
      ];
    }

    guess(token, i, rule) {
      const key = `${this.index}:${i}`;
      const chip = specdec.chip(token, token.verdict, { tag: "button", attributes: { type: "button", "data-token": key, "data-verdict": token.verdict } });
      this.chips.set(key, chip);
      const parts = numbers(token, rule);
      return el("div", { class: "guess", "data-verdict": token.verdict, style: `--i:${i}` },
        el("span", { class: "nth", "aria-hidden": "true" }, String(i + 1)), chip,
        el("span", { class: "verdict" }, specdec.mark(token.verdict), el("b", {}, say(`stage.${token.verdict}`))),
        el("span", { class: "numbers" }, parts.map((part, at) => el("span", {}, part + (at < parts.length - 1 ? ", " : "")))));
    }

    final(round, place, plain) {
      const token = round.final;
      const key = `${this.index}:f`;
      const label = say("stage.final_label", { token: specdec.spoken(token.piece), verdict: say(`stage.${token.verdict}`) });
      const chip = specdec.chip(token, token.verdict, {
        tag: "button", mark: token.verdict !== "plain", attributes: { type: "button", "data-token": key, "data-verdict": token.verdict, "aria-label": label },
      });
      this.chips.set(key, chip);
      const note = el("span", {});
      if (token.verdict === "correction") tell(note, "stage.in_place", { token: el("q", {}, specdec.piece(round.draft[place].piece, 24)) });
      else if (token.verdict === "bonus") write(note, say("stage.free_token", { n: round.draft.length }));
      else if (!plain) write(note, say("stage.alone_token"));
      const at = plain ? 0 : place;
      const late = at >= this.columns - 2 && at > 1;
      return [el("div", { class: "final", "data-verdict": token.verdict, style: `--i:${at}`, "data-late": late }, chip,
        el("div", { class: "final-note" }, el("b", { class: `of-${token.verdict}` }, say(`stage.${token.verdict}`)), " ", note))];
    }

    // What is at stake: the token that comes free when every guess is kept.
    free(run, round) {
      if (!round.draft.length || !round.final || round.draft.length > this.columns - 1) return [];
      const kept = round.final.verdict === "bonus";
      return [el("p", { class: "free", "data-kept": kept, style: `--i:${round.draft.length}` }, say("stage.free", { n: round.draft.length }))];
    }

    // Show no more than the beat has shown: a guess that waits for its verdict has none.
    beat(run, beat, { still }) {
      this.node.dataset.beat = BEATS[beat];
      this.node.classList.toggle("is-still", still);
      this.beats.forEach((item, i) => item.classList.toggle("is-now", i === beat));
      const [first, second] = specdec.sentences(run, this.round, beat);
      write(this.first, first);
      write(this.second, second);
      this.round.draft.forEach((token, i) => {
        const chip = this.chips.get(`${this.index}:${i}`);
        const judged = beat >= 2;
        chip.classList.toggle("is-pending", !judged);
        chip.classList.toggle(`is-${token.verdict}`, judged);
        const words = { token: specdec.spoken(token.piece), n: i + 1, of: this.round.draft.length, verdict: say(`stage.${token.verdict}`) };
        chip.setAttribute("aria-label", say(judged ? "stage.chip_label" : "stage.chip_pending", words));
      });
    }

    measure() {
      if (!this.round) return null;
      const { grid, round } = this;
      const columns = grid.dataset.layout === "columns";
      const own = round.final ? this.chips.get(`${this.index}:f`) : null;
      const first = columns && this.chips.get(`${this.index}:0`);
      const last = columns && this.chips.get(`${this.index}:${round.draft.length - 1}`);
      return {
        tight: columns && grid.scrollWidth > grid.clientWidth,
        bracket: last ? `${last.offsetLeft + last.offsetWidth - first.offsetLeft}px` : "",
        chip: own ? own.offsetWidth : 0,
        height: grid.offsetHeight,
      };
    }

    // The bracket ends with the last guess; the block never shrinks, so what stands below it stays where it is.
    settle(seen) {
      if (!seen) return;
      if (seen.tight) {
        this.grid.classList.add("is-tight");
        seen = { ...this.measure(), tight: false };
      }
      this.bracket.style.width = seen.bracket;
      this.grid.style.setProperty("--chip", `${seen.chip}px`);
      if (seen.height <= this.tallest) return;
      this.tallest = seen.height;
      this.grid.style.minHeight = `${seen.height}px`;
    }
  };
})();
