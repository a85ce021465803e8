// What the reasons are put together from: numbers in their colours, sentences, formulas, small chips.
import * as number from "../../core/numbers.js";
import { say } from "../../core/words.js";
import { el, tell } from "../../dom/dom.js";
import { tokenChip } from "../../dom/marks.js";

// `cut`: which settings may have cut a token with p = 0.
export const P = (x, cut = "") =>
  el("b", { class: "of-p" }, x === 0 && cut ? say("stage.cut_nothing", { by: cut }) : number.prob(x));
export const Q = (x) => el("b", { class: "of-q" }, number.prob(x));
export const U = () => el("var", {}, "u");
export const sentence = (key, values) => tell(el("p", { class: "why-sentence" }), key, values);
export const formula = (...parts) => el("p", { class: "formula" }, parts);
export const equals = () => el("span", { class: "sign" }, "=");
export const small = (token, verdict = token.verdict) =>
  tokenChip(token, verdict, { mark: verdict !== "plain", small: true });
export const clip = (x) => Math.min(1, Math.max(0, x));
export const isGuess = (token) => "parent" in token;

// p and q beside each other, with as many digits as it takes for min(1, p / q) to be the share that is printed.
export function both({ target_prob: p, draft_prob: q }, share) {
  const [shownP, shownQ] = number.operands(p, q, share, (a, b) => Math.min(1, a / b));
  return { p: el("b", { class: "of-p" }, shownP), q: el("b", { class: "of-q" }, shownQ) };
}

export function minimum(token, share) {
  const { p, q } = both(token, share);
  const letters = el(
    "span",
    { class: "formula-letters" },
    "min(1, ",
    el("i", {}, "p"),
    "/",
    el("i", {}, "q"),
    ")",
    equals(),
  );
  return formula(letters, "min(1, ", p, " / ", q, ")", equals(), el("b", {}, share));
}

export const leftOver = () =>
  el("span", { class: "formula-inline" }, "max(0, ", el("i", {}, "p"), " − ", el("i", {}, "q"), ")");
