// Greedy: a guess is accepted while it is the target's first choice.
// Which token the target ranked first where this one stands, when the recorded rows can say so.
import { lastKept, siblings } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { icon } from "../../dom/marks.js";
import { isGuess, P, Q, sentence, small } from "./parts.js";
import { amongSiblings } from "./siblings.js";

export const firstChoice = ({ token, round }) => {
  if (token.verdict !== "rejected") return token;
  const kept = round.draft.find((other) => other.parent === token.parent && other.verdict === "accepted");
  const ended = token.parent === lastKept(round) && round.final && round.final.verdict === "correction";
  return kept || (ended ? round.final : null);
};

export function judgedByRank(about) {
  const { token, copied, round } = about;
  const choice = firstChoice(about);
  const agree = token.verdict === "accepted";
  const kind = agree ? "match" : choice ? "mismatch" : "mismatch_other";
  const words = {
    token: small(token),
    p: P(token.target_prob),
    q: Q(token.draft_prob),
    source: say(`stage.source_${about.family}`),
  };
  if (choice) Object.assign(words, { choice: small(choice), best: P(choice.target_prob) });
  const sibling = choice && isGuess(choice) && choice !== token;
  const { next } = about.branched ? siblings(round.draft, token) : { next: null };
  const after = agree
    ? "greedy_kept"
    : sibling
      ? "greedy_refused_sibling"
      : next
        ? "greedy_refused_next"
        : choice
          ? "greedy_refused"
          : "greedy_refused_end";
  return [
    ...amongSiblings(about),
    sentence(`stage.greedy_${copied ? "copied_" : ""}${kind}`, words),
    el(
      "p",
      { class: `verdict-line of-${token.verdict}` },
      icon(token.verdict),
      el("b", {}, say(agree ? "stage.equal" : "stage.differ")),
    ),
    sentence(`stage.${after}`, { choice: choice ? small(choice) : "", next: next ? small(next) : "" }),
  ];
}
