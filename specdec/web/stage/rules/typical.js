// Typical acceptance: a guess is accepted if the target finds it plausible enough. There is no coin, and the
// distribution of the output changes.
import * as number from "../../core/numbers.js";
import { lastKept, pathTo } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { formula, P, sentence, small, U } from "./parts.js";
import { amongSiblings } from "./siblings.js";
import { neverJudged } from "./unjudged.js";

// The entropy, with as many digits as it takes for the threshold to be the one that is printed.
function digitsOf(entropy, { epsilon, delta }, limit) {
  const digits = limit.split(".")[1]?.length ?? 0;
  const comes = (text) => Math.min(epsilon, delta * Math.exp(-Number(text))).toFixed(digits) === limit;
  const texts = [2, 3, 4, 5].map((places) => entropy.toFixed(places));
  return texts.find(comes) ?? texts[0];
}

// p > min(ε, δ·e^(−H)), with this token's numbers.
function test({ token, settings }) {
  const { threshold, entropy } = token.rule;
  const [p, limit] = number.probs(token.target_prob, threshold);
  const sign = el("span", { class: "sign" }, token.target_prob > threshold ? ">" : "≤");
  const power = (...parts) => el("sup", {}, "−", parts);
  const letters = el(
    "span",
    { class: "formula-letters" },
    "min(ε, δ·",
    "e",
    power(el("i", {}, "H")),
    ")",
    el("span", { class: "sign" }, "="),
  );
  const known = settings.epsilon !== undefined && settings.delta !== undefined && entropy !== undefined;
  const numbers = known
    ? [
        "min(",
        String(settings.epsilon),
        ", ",
        String(settings.delta),
        "·e",
        power(digitsOf(entropy, settings, limit)),
        ")",
        el("span", { class: "sign" }, "="),
      ]
    : [];
  return formula(el("b", { class: "of-p" }, p), sign, letters, numbers, el("b", {}, limit));
}

function judged(about) {
  const { token, round } = about;
  const kept = token.verdict === "accepted";
  const passed = token.target_prob > token.rule.threshold;
  const lead = kept ? "typical_kept" : passed ? "typical_shorter" : "typical_refused";
  const parts = [
    ...amongSiblings(about),
    sentence(`stage.${lead}`, { token: small(token) }),
    test(about),
    el("p", { class: "formula-note" }, say("stage.typical_letters")),
  ];
  if (!kept)
    return round.final && token === about.refused
      ? [...parts, sentence("stage.typical_then", { token: small(round.final) })]
      : parts;
  // Drawn by the drafter with q and always kept: that often it is written at least, whatever the target thinks.
  if (about.branched || about.copied || token.draft_coin === null || token.draft_prob <= token.target_prob)
    return [...parts, bent("typical_bends", {})];
  return [
    ...parts,
    bent("typical_cost", {
      token: small(token),
      q: el("b", { class: "of-q" }, number.percent(token.draft_prob)),
      p: el("b", { class: "of-p" }, number.percent(token.target_prob)),
    }),
  ];
}

function bent(key, words) {
  const line = sentence(`stage.${key}`, words);
  line.classList.add("is-warning");
  return line;
}

export const typicalReasons = (about) => {
  const { token, refused } = about;
  if (token.verdict === "correction") {
    const words = {
      refused: refused ? small(refused) : "",
      token: small(token),
      p: P(token.target_prob),
      u: U(),
      coin: token.coin === null ? "" : number.prob(token.coin),
    };
    return [
      sentence(refused ? "stage.typical_correction" : "stage.typical_correction_end", words),
      sentence(token.coin === null ? "stage.typical_first" : "stage.bonus_drawn", words),
    ];
  }
  if (token.verdict !== "discarded") return judged(about);
  // After a refused token or the end of the text, a guess is not checked. On a shorter path it passed in vain.
  const { draft, final } = about.round;
  const path = pathTo(draft, draft.indexOf(token));
  const stop = path.some((i) => draft[i].verdict === "rejected") || (!final && path.includes(lastKept(about.round)));
  return stop || !(token.target_prob > token.rule.threshold) ? neverJudged(about) : judged(about);
};
