// Why a token was accepted, rejected or discarded, and where the target's own token comes from: sentences and formulas
// with this token's numbers, for the rules that judge one guess at a time. Block and typical have files of their own.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, tell, number } = specdec;

  const P = (x) => el("b", { class: "of-p" }, number.prob(x));
  const Q = (x) => el("b", { class: "of-q" }, number.prob(x));
  const U = () => el("var", {}, "u");
  const sentence = (key, values) => tell(el("p", { class: "why-sentence" }), key, values);
  const formula = (...parts) => el("p", { class: "formula" }, parts);
  const equals = () => el("span", { class: "sign" }, "=");
  const small = (token, verdict = token.verdict) => specdec.chip(token, verdict, { mark: verdict !== "plain", small: true });
  const clip = (x) => Math.min(1, Math.max(0, x));
  const isGuess = (token) => "parent" in token;

  Object.assign(specdec, { why: { P, Q, U, sentence, formula, equals, small } });

  // Which token the target ranked first where this one stands, when the recorded rows can say so.
  specdec.firstChoice = ({ token, round }) => {
    if (token.verdict !== "rejected") return token;
    const kept = round.draft.find((other) => other.parent === token.parent && other.verdict === "accepted");
    const ended = token.parent === specdec.lastKept(round) && round.final && round.final.verdict === "correction";
    return kept || (ended ? round.final : null);
  };

  // p and q beside each other, with enough digits to differ.
  function both({ target_prob: p, draft_prob: q }) {
    const [shownP, shownQ] = number.probs(p, q);
    return { p: el("b", { class: "of-p" }, shownP), q: el("b", { class: "of-q" }, shownQ) };
  }

  function minimum(token, share) {
    const { p, q } = both(token);
    const letters = el("span", { class: "formula-letters" }, "min(1, ", el("i", {}, "p"), "/", el("i", {}, "q"), ")", equals());
    return formula(letters, "min(1, ", p, " / ", q, ")", equals(), el("b", {}, share));
  }

  const leftOver = () => el("span", { class: "formula-inline" }, "max(0, ", el("i", {}, "p"), " − ", el("i", {}, "q"), ")");

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

  // ---- among siblings

  const chips = (tokens) => {
    const row = el("span", { class: "why-chips" });
    tokens.forEach((token, i) => row.append(i ? " " : "", small(token)));
    return row;
  };

  // Which child of which token this is; nothing where there was no choice.
  function family({ token, round, branched }) {
    if (!branched) return [];
    const { nth, of, before } = specdec.siblings(round.draft, token);
    if (of < 2) return [];
    const parent = round.draft[token.parent];
    const behind = parent ? small(parent) : say("stage.root");
    if (!before.length) return [sentence("stage.sibling_first", { nth, of, parent: behind })];
    return [sentence("stage.sibling_later", { nth, of, parent: behind, before: chips(before) })];
  }

  // What the drafter and the target gave it, in the words that fit.
  function gave(about) {
    const { token, round, copied, branched } = about;
    const sure = token.target_prob >= token.draft_prob;
    const left = branched && specdec.siblings(round.draft, token).before.length > 0;
    const certain = token.draft_prob === 1 && token.draft_coin === null;
    const kind = copied ? "gave_copied" : certain ? "gave_certain" : left ? "gave_left" : sure ? "gave_more" : "gave_less";
    const key = sure && kind !== "gave_more" ? `${kind}_sure` : kind;
    return sentence(`stage.${key}`, { ...both(token), source: say(`stage.source_${about.family}`) });
  }

  // ---- one guess at a time

  function judgedByCoin(about) {
    const { token, round, branched } = about;
    const texts = token.coin === null ? null : number.probs(token.coin, token.accept_prob);
    const share = texts ? texts[1] : number.prob(token.accept_prob);
    const parts = [...family(about), gave(about), minimum(token, share)];
    if (!texts) return parts;
    parts.push(coinBar(token.accept_prob, token.coin, { coin: texts[0], accept: share }, about.room));
    const words = { u: U(), coin: texts[0], share, token: small(token), residual: el("b", { class: "of-residual" }, say("stage.residual")) };
    if (token.verdict === "accepted") return [...parts, sentence("stage.coin_below", words)];
    const { next } = branched ? specdec.siblings(round.draft, token) : { next: null };
    if (next) return [...parts, sentence("stage.coin_not_below_next", { ...words, formula: leftOver(), next: small(next) })];
    if (!round.final) return [...parts, sentence("stage.coin_not_below_end", words)];
    return [...parts, sentence("stage.coin_not_below", { ...words, formula: leftOver(), token: small(round.final) })];
  }

  function judgedByRank(about) {
    const { token, copied, round } = about;
    const choice = specdec.firstChoice(about);
    const agree = token.verdict === "accepted";
    const kind = agree ? "match" : choice ? "mismatch" : "mismatch_other";
    const words = { token: small(token), p: P(token.target_prob), q: Q(token.draft_prob), source: say(`stage.source_${about.family}`) };
    if (choice) Object.assign(words, { choice: small(choice), best: P(choice.target_prob) });
    const sibling = choice && isGuess(choice) && choice !== token;
    const { next } = about.branched ? specdec.siblings(round.draft, token) : { next: null };
    const after = agree ? "greedy_kept" : sibling ? "greedy_refused_sibling" : next ? "greedy_refused_next" : choice ? "greedy_refused" : "greedy_refused_end";
    return [
      ...family(about),
      sentence(`stage.greedy_${copied ? "copied_" : ""}${kind}`, words),
      el("p", { class: `verdict-line of-${token.verdict}` }, specdec.mark(token.verdict), el("b", {}, say(agree ? "stage.equal" : "stage.differ"))),
      sentence(`stage.${after}`, { choice: choice ? small(choice) : "", next: next ? small(next) : "" }),
    ];
  }

  // Match: the target draws its own token; the guess is kept while it is the same.
  function judgedByDraw(about) {
    const { token, round, refused } = about;
    const drawn = token.verdict === "accepted" ? token : token === refused ? round.final : null;
    const share = el("b", {}, number.percent(token.target_prob));
    const coin = token.coin === null ? "" : number.prob(token.coin);
    const rival = Math.min(1, token.draft_prob > 0 ? token.target_prob / token.draft_prob : 1);
    about.drawn = drawn;
    return [
      sentence(drawn ? "stage.match_drew" : "stage.match_drew_other", { u: U(), coin, choice: drawn ? small(drawn) : "", token: small(token) }),
      el("p", { class: `verdict-line of-${token.verdict}` }, specdec.mark(token.verdict), el("b", {}, say(token.verdict === "accepted" ? "stage.equal" : "stage.differ"))),
      sentence("stage.match_chance", { p: P(token.target_prob), share }),
      sentence(rival > token.target_prob ? "stage.match_rival" : "stage.match_rival_same", { token: small(token), share: el("b", {}, number.percent(rival)) }),
      minimum(token, number.prob(rival)),
    ];
  }

  // ---- not judged

  // Why nobody asked: the first token on its path that was not kept, or a sibling that was kept before it.
  function neverJudged(about) {
    const { token, round, copied, branched, refused } = about;
    const bars = sentence(copied ? "stage.behind_bars_copied" : "stage.behind_bars", { p: P(token.target_prob), q: Q(token.draft_prob) });
    if (!branched) return [refused ? sentence("stage.behind", { token: small(refused) }) : sentence("stage.behind_end"), bars];
    const { draft } = round;
    const stop = specdec.pathTo(draft, draft.indexOf(token)).map((i) => draft[i]).find((other) => other.verdict !== "accepted");
    if (stop.verdict === "rejected") return [sentence("stage.behind", { token: small(stop) }), bars];
    const kept = draft.find((other) => other.parent === stop.parent && other.verdict === "accepted");
    if (!kept) return [sentence("stage.behind_end"), bars];
    if (stop === token) return [sentence("stage.beside", { kept: small(kept) }), bars];
    return [sentence("stage.behind_beside", { token: small(stop), kept: small(kept) }), bars];
  }

  // ---- the target's own token

  function corrected(about) {
    const { token, refused, rule, round } = about;
    const tried = about.branched && refused ? round.draft.filter((other) => other.parent === refused.parent && other.verdict === "rejected").length : 1;
    if (!refused) return added(about);
    if (rule === "greedy") {
      const words = { token: small(refused), choice: small(token), p: P(token.target_prob), n: tried };
      return [sentence(tried > 1 ? "stage.from_greedy_tree" : "stage.from_greedy", words), sentence("stage.greedy_same_pass")];
    }
    if (rule === "match") return [sentence("stage.from_match", { token: small(token), refused: small(refused), u: U(), coin: number.prob(token.coin), p: P(token.target_prob) })];
    const row = token.top.find((entry) => entry[0] === token.id);
    const key = token.coin === null ? "from_residual_no_coin" : tried > 1 ? "from_residual_tree" : "from_residual";
    const parts = [sentence(`stage.${key}`, { token: small(refused), n: tried, u: U(), coin: token.coin === null ? "" : number.prob(token.coin) })];
    if (row && row[2] > row[3]) {
      const letters = el("span", { class: "formula-letters" }, "max(0, ", el("i", {}, "p"), " − ", el("i", {}, "q"), ")", equals());
      parts.push(formula(letters, "max(0, ", P(row[2]), " − ", Q(row[3]), ")", equals(), el("b", {}, number.prob(row[2] - row[3]))));
    }
    const share = row ? el("b", { class: "of-residual" }, number.percent(row[4])) : "";
    if (row) parts.push(sentence(tried > 1 ? "stage.residual_share_tree" : "stage.residual_share", { token: small(token), share, p: P(token.target_prob) }));
    return parts;
  }

  function added(about) {
    const { token, round, alone, branched } = about;
    const n = round.draft.length;
    const lead = token.verdict !== "bonus" ? sentence(alone ? "stage.plain_why_alone" : "stage.plain_why")
      : branched ? sentence("stage.bonus_why_tree") : sentence("stage.bonus_why", { n });
    const words = { u: U(), token: small(token), p: P(token.target_prob) };
    if (token.coin === null) return [lead, sentence("stage.bonus_greedy", words)];
    return [lead, sentence("stage.bonus_drawn", { ...words, coin: number.prob(token.coin) })];
  }

  Object.assign(specdec.why, { added, neverJudged, family });

  // The reasons for one token, as nodes. `about.room` is the width there is.
  specdec.reasons = (about) => {
    const { token, rule } = about;
    if (isGuess(token) && rule === "block" && token.rule) return specdec.blockReasons(about);
    if (rule === "typical" && (isGuess(token) ? token.rule : token.verdict === "correction")) return specdec.typicalReasons(about);
    if (rule === "block" && token.verdict === "correction") return specdec.blockCorrected(about);
    if (token.verdict === "discarded") return neverJudged(about);
    if (token.verdict === "correction") return corrected(about);
    if (token.verdict === "bonus" || token.verdict === "plain") return added(about);
    if (rule === "match") return judgedByDraw(about);
    return token.accept_prob === null ? judgedByRank(about) : judgedByCoin(about);
  };
})();
