// Why a token was accepted, rejected, discarded, or where the target's own token comes from: a sentence, the formula
// with this token's numbers, the coin on its bar, what followed, and p, q and residual of the largest tokens there.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, tell, write, number } = specdec;

  const P = (x) => el("b", { class: "of-p" }, number.prob(x));
  const Q = (x) => el("b", { class: "of-q" }, number.prob(x));
  const U = () => el("var", {}, "u");
  const sentence = (key, values) => tell(el("p", { class: "why-sentence" }), key, values);
  const formula = (...parts) => el("p", { class: "formula" }, parts);
  const small = (token, verdict = token.verdict) => specdec.chip(token, verdict, { mark: verdict !== "plain", small: true });
  const clip = (x) => Math.min(1, Math.max(0, x));

  // The token under `key` ("6:2" a guess, "6:f" the target's own) and what stood around it.
  specdec.lookUp = (run, key) => {
    const [index, place] = key.split(":");
    const round = run.rounds[Number(index)];
    if (!round) return null;
    const token = place === "f" ? round.final : round.draft[Number(place)];
    if (!token) return null;
    return {
      key, token, round, index: Number(index), rule: run.header.settings.rule,
      copied: run.header.drafter.name === "lookup", alone: run.header.drafter.name === "none",
      refused: round.draft.find((guess) => guess.verdict === "rejected"),
    };
  };

  // The tokens of a round as the arrows walk them: the guesses, then what the target wrote.
  specdec.keysOf = (round, index) => {
    const keys = round.draft.map((_, i) => `${index}:${i}`);
    return round.final ? [...keys, `${index}:f`] : keys;
  };

  // Which token the target ranked first, when the recorded rows can say so.
  function firstChoice(about) {
    if (about.token.verdict === "accepted" || about.token.verdict !== "rejected") return about.token;
    return about.round.final && about.round.final.verdict === "correction" ? about.round.final : null;
  }

  function minimum(p, q, share) {
    const letters = el("span", { class: "formula-letters" }, "min(1, ", el("i", {}, "p"), "/", el("i", {}, "q"), ")", el("span", { class: "sign" }, "="));
    return formula(letters, "min(1, ", P(p), " / ", Q(q), ")", el("span", { class: "sign" }, "="), el("b", {}, share));
  }

  // Where the numbers under the bar stand, in px: side by side where they would touch, never past the ends.
  const LABEL = 50;
  function labelPlaces(accept, coin, room) {
    const [low, high] = [Math.min(accept, coin) * room, Math.max(accept, coin) * room];
    const touching = high - low < LABEL ? (LABEL - (high - low)) / 2 : 0;
    const most = room - LABEL / 2;
    const left = Math.min(Math.max(low - touching, LABEL / 2), most - LABEL);
    const right = Math.min(Math.max(high + touching, left + LABEL), most);
    return accept <= coin ? { accept: left, coin: right } : { accept: right, coin: left };
  }

  // Accept on the left, reject on the right, the coin where it fell.
  function coinBar(accept, coin, texts, room) {
    const at = (x) => `left:${clip(x) * 100}%`;
    const sure = accept >= 1;
    const places = sure ? { coin: Math.min(Math.max(coin * room, LABEL / 2), room - LABEL / 2) } : labelPlaces(accept, coin, room);
    const tick = (x, text, className = "") => el("span", { class: `tick ${className}`, style: `left:${x}px` }, text);
    const labels = Object.entries(places).map(([name, x]) => tick(x, el("b", {}, texts[name])));
    const free = (x) => Object.values(places).every((y) => Math.abs(x - y) > LABEL * 0.8);
    if (free(4)) labels.push(tick(0, "0", "begins"));
    if (free(room - 4)) labels.push(tick(room, "1", "ends"));
    return el("div", { class: "coin", role: "img", "aria-label": say("stage.coin_bar", { coin: texts.coin, share: texts.accept }) },
      el("div", { class: "coin-sides" },
        accept >= 0.1 || accept === 1 ? el("b", { class: "of-accepted" }, say("stage.side_accept")) : null,
        accept < 1 ? el("b", { class: "of-rejected", style: accept > 0.86 ? "right:0" : at(accept < 0.1 ? accept : Math.max(accept, 0.12)) }, say("stage.side_reject")) : null),
      el("div", { class: "coin-track" },
        el("span", { class: "coin-accept", style: `width:${clip(accept) * 100}%` }),
        el("span", { class: "coin-reject", style: `left:${clip(accept) * 100}%` }),
        el("span", { class: "coin-head", style: at(coin) }, el("var", {}, "u"))),
      el("div", { class: "coin-ticks" }, labels));
  }

  function judgedByCoin(about) {
    const { token, round, copied } = about;
    const sure = token.target_prob >= token.draft_prob;
    const gave = copied ? (sure ? "gave_copied_sure" : "gave_copied") : sure ? "gave_more" : "gave_less";
    const texts = token.coin === null ? null : number.apart(token.coin, token.accept_prob);
    const share = texts ? texts[1] : number.prob(token.accept_prob);
    const parts = [
      sentence(`stage.${gave}`, { q: Q(token.draft_prob), p: P(token.target_prob) }),
      minimum(token.target_prob, token.draft_prob, share),
    ];
    if (!texts) return parts;
    parts.push(coinBar(token.accept_prob, token.coin, { coin: texts[0], accept: share }, about.room));
    const words = { u: U(), coin: texts[0], share, token: small(token), residual: el("b", { class: "of-residual" }, say("stage.residual")) };
    if (token.verdict === "accepted") return [...parts, sentence("stage.coin_below", words)];
    if (!round.final) return [...parts, sentence("stage.coin_not_below_end", words)];
    const rest = el("span", { class: "formula-inline" }, "max(0, ", el("i", {}, "p"), " − ", el("i", {}, "q"), ")");
    return [...parts, sentence("stage.coin_not_below", { ...words, formula: rest, token: small(round.final) })];
  }

  function judgedByRank(about) {
    const { token, copied } = about;
    const choice = firstChoice(about);
    const agree = token.verdict === "accepted";
    const kind = agree ? "match" : choice ? "mismatch" : "mismatch_other";
    const words = { token: small(token), p: P(token.target_prob), q: Q(token.draft_prob) };
    if (choice) Object.assign(words, { choice: small(choice), best: P(choice.target_prob) });
    const after = agree ? "greedy_kept" : choice ? "greedy_refused" : "greedy_refused_end";
    return [
      sentence(`stage.greedy_${copied ? "copied_" : ""}${kind}`, words),
      el("p", { class: `verdict-line of-${token.verdict}` }, specdec.mark(token.verdict), el("b", {}, say(agree ? "stage.equal" : "stage.differ"))),
      sentence(`stage.${after}`, choice ? { choice: small(choice) } : {}),
    ];
  }

  function neverJudged(about) {
    const { token, refused, copied } = about;
    return [
      refused ? sentence("stage.behind", { token: small(refused) }) : sentence("stage.behind_end"),
      sentence(copied ? "stage.behind_bars_copied" : "stage.behind_bars", { p: P(token.target_prob), q: Q(token.draft_prob) }),
    ];
  }

  function corrected(about) {
    const { token, refused, rule } = about;
    if (rule === "greedy") {
      return [
        sentence("stage.from_greedy", { token: small(refused), choice: small(token), p: P(token.target_prob) }),
        sentence("stage.greedy_same_pass"),
      ];
    }
    const row = token.top.find((entry) => entry[0] === token.id);
    const key = token.coin === null ? "from_residual_no_coin" : "from_residual";
    const parts = [sentence(`stage.${key}`, { token: small(refused), u: U(), coin: token.coin === null ? "" : number.prob(token.coin) })];
    if (row && row[2] > row[3]) {
      const letters = el("span", { class: "formula-letters" }, "max(0, ", el("i", {}, "p"), " − ", el("i", {}, "q"), ")", el("span", { class: "sign" }, "="));
      parts.push(formula(letters, "max(0, ", P(row[2]), " − ", Q(row[3]), ")", el("span", { class: "sign" }, "="), el("b", {}, number.prob(row[2] - row[3]))));
    }
    const share = row ? el("b", { class: "of-residual" }, number.percent(row[4])) : "";
    if (row) parts.push(sentence("stage.residual_share", { token: small(token), share, p: P(token.target_prob) }));
    return parts;
  }

  function added(about) {
    const { token, round, alone } = about;
    const n = round.draft.length;
    const lead = token.verdict === "bonus" ? sentence("stage.bonus_why", { n }) : sentence(alone ? "stage.plain_why_alone" : "stage.plain_why");
    const words = { u: U(), token: small(token), p: P(token.target_prob) };
    if (token.coin === null) return [lead, sentence("stage.bonus_greedy", words)];
    return [lead, sentence("stage.bonus_drawn", { ...words, coin: number.prob(token.coin) })];
  }

  function reasons(about) {
    const { verdict, accept_prob: accept } = about.token;
    if (verdict === "discarded") return neverJudged(about);
    if (verdict === "correction") return corrected(about);
    if (verdict === "bonus" || verdict === "plain") return added(about);
    return accept === null ? judgedByRank(about) : judgedByCoin(about);
  }

  // ---- the bars

  function bar(kind, share, text) {
    return el("div", { class: `bar bar-${kind}` },
      el("span", { class: "bar-fill", style: share > 0 ? `width:${share * 100}%` : "display:none" }), el("span", { class: "bar-value" }, text));
  }

  // Which of the two laws and the residual say something about this token.
  function shownColumns(about) {
    const { token, rule, copied } = about;
    const guess = token.verdict === "accepted" || token.verdict === "rejected" || token.verdict === "discarded";
    return {
      q: guess || token.verdict === "correction",
      residual: rule !== "greedy" && (token.verdict === "rejected" || token.verdict === "correction"),
      ranks: rule === "greedy" && token.verdict !== "discarded",
      copied,
    };
  }

  function rowNote(about, columns, entry) {
    const [id, , , , left] = entry;
    if (columns.residual) return left > 0 ? null : say("stage.nothing_left");
    const marks = [];
    if (columns.ranks) {
      const first = firstChoice(about);
      if (first && first.id === id) marks.push(say("stage.first_choice"));
    }
    const guess = about.token.verdict === "correction" ? about.refused : columns.q ? about.token : null;
    if (columns.ranks && guess && guess.id === id) marks.push(say("stage.drafted"));
    return marks.join(", ");
  }

  function rowClass(about, id) {
    const { token, round, refused } = about;
    if (token.verdict === "correction" && refused && refused.id === id) return "is-rejected of-rejected";
    if (token.id === id) return `is-own is-${token.verdict} of-${token.verdict}`;
    const drawn = token.verdict === "rejected" && round.final && round.final.verdict === "correction" && round.final.id === id;
    return drawn ? "is-own of-correction" : "";
  }

  function barRow(about, columns, entry, largest) {
    const [id, piece, p, q, left] = entry;
    const words = { token: specdec.spoken(piece), p: number.prob(p), q: number.prob(q), residual: number.percent(left) };
    const label = columns.residual ? "bar_row_residual" : columns.q ? "bar_row_q" : "bar_row";
    const note = rowNote(about, columns, entry);
    const own = rowClass(about, id);
    return el("li", { class: `bars-row ${own}` },
      el("span", { class: "heard" }, say(`stage.${label}`, words)),
      el("span", { class: "bars-label", "aria-hidden": "true" }, specdec.piece(piece, 16)),
      el("div", { class: "bars-pair", "aria-hidden": "true" }, bar("p", p / largest, number.prob(p)), columns.q ? bar("q", q / largest, number.prob(q)) : null),
      el("div", { class: "bars-note", "aria-hidden": "true" }, note === null ? bar("residual", left, number.percent(left)) : note));
  }

  function bars(about) {
    const columns = shownColumns(about);
    const { top, tail } = about.token;
    const largest = Math.max(1e-9, ...top.map((entry) => Math.max(entry[2], columns.q ? entry[3] : 0)));
    const rest = [P(tail[0]), columns.q ? Q(tail[1]) : null];
    const head = el("li", { class: "bars-row bars-head", "aria-hidden": "true" }, el("span", {}),
      el("div", { class: "bars-names" },
        tell(el("b", { class: "of-p" }), "stage.bars_target", { p: el("var", {}, "p") }),
        columns.q ? tell(el("b", { class: "of-q" }), "stage.bars_drafter", { q: el("var", {}, "q") }) : null),
      columns.residual ? el("b", { class: "of-residual" }, say("stage.bars_residual")) : el("span", {}));
    const others = el("li", { class: "bars-row bars-others" }, el("span", { class: "bars-label" }, say("stage.others")),
      el("div", { class: "bars-rest" }, rest), el("div", { class: "bars-note" }, columns.residual ? number.percent(clip(tail[2])) : ""));
    return el("ul", { class: "bars", "data-residual": columns.residual, "aria-label": say("stage.bars_heading") },
      head, top.map((entry) => barRow(about, columns, entry, largest)), others);
  }

  // ---- the panel

  specdec.Why = class {
    constructor({ onStep, onRelease }) {
      this.head = el("h3", { class: "why-title", id: `why-${Math.random().toString(36).slice(2)}` });
      this.back = el("button", { type: "button", class: "why-step", "data-test": "why-previous", on: { click: () => onStep(-1) } });
      this.forth = el("button", { type: "button", class: "why-step", "data-test": "why-next", on: { click: () => onStep(1) } });
      this.pin = el("button", { type: "button", class: "why-pin", "data-test": "why-unpin", hidden: true, "aria-label": say("stage.unpin"), title: say("stage.unpin"), on: { click: onRelease } },
        specdec.mark("pin"), say("stage.pinned"));
      this.left = el("div", { class: "why-reasons" });
      this.right = el("div", { class: "why-bars" });
      this.node = el("section", { class: "why", "data-test": "why", "aria-labelledby": this.head.id },
        el("div", { class: "why-head" }, this.head, el("div", { class: "why-steps" }, this.pin, this.back, this.forth)),
        el("div", { class: "why-body" }, this.left, this.right));
      this.tallest = 0;
    }

    relax() {
      this.tallest = 0;
      this.node.style.minHeight = "";
    }

    measure() {
      return { height: this.node.offsetHeight, room: this.left.clientWidth };
    }

    // The panel keeps the height of the tallest answer so far.
    settle({ height, room }) {
      this.room = room;
      if (height <= this.tallest) return;
      this.tallest = height;
      this.node.style.minHeight = `${height}px`;
    }

    wait() {
      this.node.dataset.token = "";
      this.head.replaceChildren(say("stage.why_label"));
      this.left.replaceChildren(sentence("stage.waiting"));
      this.right.replaceChildren();
      this.back.hidden = this.forth.hidden = true;
    }

    show(about, before, after, pinned) {
      about.room = this.room || 300;
      this.node.dataset.token = about.key;
      this.node.dataset.verdict = about.token.verdict;
      tell(this.head, `stage.why_${about.token.verdict}`, { token: small(about.token) });
      this.left.replaceChildren(...reasons(about));
      this.right.replaceChildren(bars(about));
      this.steps(before, after);
      this.pin.hidden = !pinned;
    }

    steps(before, after) {
      this.back.hidden = this.forth.hidden = false;
      this.back.disabled = !before;
      this.forth.disabled = !after;
      const name = (token) => (token ? specdec.piece(token.piece.trim() || token.piece, 10) : "");
      this.back.replaceChildren(el("span", { class: "keycap" }, specdec.mark("left")), el("span", { class: "why-near" }, name(before)));
      this.forth.replaceChildren(el("span", { class: "why-near" }, name(after)), el("span", { class: "keycap" }, specdec.mark("right")));
      this.back.setAttribute("aria-label", `${say("stage.why_previous")}${before ? `: ${specdec.spoken(before.piece)}` : ""}`);
      this.forth.setAttribute("aria-label", `${say("stage.why_next")}${after ? `: ${specdec.spoken(after.piece)}` : ""}`);
    }
  };
})();
