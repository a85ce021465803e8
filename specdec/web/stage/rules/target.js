// The target's own token: a correction, a bonus, or plain.
import * as number from "../../core/numbers.js";
import { el } from "../../dom/dom.js";
import { equals, formula, P, sentence, small, U } from "./parts.js";

export function corrected(about) {
  const { token, refused, rule, round } = about;
  const tried =
    about.branched && refused
      ? round.draft.filter((other) => other.parent === refused.parent && other.verdict === "rejected").length
      : 1;
  if (!refused) return added(about);
  if (rule === "greedy") {
    const words = { token: small(refused), choice: small(token), p: P(token.target_prob), n: tried };
    return [
      sentence(tried > 1 ? "stage.from_greedy_tree" : "stage.from_greedy", words),
      sentence("stage.greedy_same_pass"),
    ];
  }
  if (rule === "match")
    return [
      sentence("stage.from_match", {
        token: small(token),
        refused: small(refused),
        u: U(),
        coin: number.prob(token.coin),
        p: P(token.target_prob),
      }),
    ];
  const row = token.top.find((entry) => entry[0] === token.id);
  const key = token.coin === null ? "from_residual_no_coin" : tried > 1 ? "from_residual_tree" : "from_residual";
  const parts = [
    sentence(`stage.${key}`, {
      token: small(refused),
      n: tried,
      u: U(),
      coin: token.coin === null ? "" : number.prob(token.coin),
    }),
  ];
  if (row && row[2] > row[3]) {
    const letters = el(
      "span",
      { class: "formula-letters" },
      "max(0, ",
      el("i", {}, "p"),
      " − ",
      el("i", {}, "q"),
      ")",
      equals(),
    );
    const left = number.prob(row[2] - row[3]);
    const [p, q] = number.operands(row[2], row[3], left, (a, b) => a - b);
    const [of_p, of_q] = [el("b", { class: "of-p" }, p), el("b", { class: "of-q" }, q)];
    parts.push(formula(letters, "max(0, ", of_p, " − ", of_q, ")", equals(), el("b", {}, left)));
  }
  const share = row ? el("b", { class: "of-residual" }, number.percent(row[4])) : "";
  if (row)
    parts.push(
      sentence(tried > 1 ? "stage.residual_share_tree" : "stage.residual_share", {
        token: small(token),
        share,
        p: P(token.target_prob),
      }),
    );
  return parts;
}

export function added(about) {
  const { token, round, alone, branched } = about;
  const n = round.draft.length;
  const lead =
    token.verdict !== "bonus"
      ? sentence(alone ? "stage.plain_why_alone" : "stage.plain_why")
      : branched
        ? sentence("stage.bonus_why_tree")
        : sentence("stage.bonus_why", { n });
  const words = { u: U(), token: small(token), p: P(token.target_prob) };
  if (token.coin === null) return [lead, sentence("stage.bonus_greedy", words)];
  return [lead, sentence("stage.bonus_drawn", { ...words, coin: number.prob(token.coin) })];
}
