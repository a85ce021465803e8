// Rejection sampling: a guess is accepted where its coin falls below p/q.
// What the drafter and the target gave it, in the words that fit.
import * as number from "../../core/numbers.js";
import { siblings } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { coinBar } from "./coin-bar.js";
import { both, leftOver, minimum, sentence, small, U } from "./parts.js";
import { amongSiblings } from "./siblings.js";

function gave(about) {
  const { token, round, copied, branched } = about;
  const sure = token.target_prob >= token.draft_prob;
  const left = branched && siblings(round.draft, token).before.length > 0;
  const certain = token.draft_prob === 1 && token.draft_coin === null;
  const kind = copied
    ? "gave_copied"
    : certain
      ? "gave_certain"
      : left
        ? "gave_left"
        : sure
          ? "gave_more"
          : "gave_less";
  const key = sure && kind !== "gave_more" ? `${kind}_sure` : kind;
  return sentence(`stage.${key}`, { ...both(token), source: say(`stage.source_${about.family}`) });
}

export function judgedByCoin(about) {
  const { token, round, branched } = about;
  const texts = token.coin === null ? null : number.probs(token.coin, token.accept_prob);
  const share = texts ? texts[1] : number.prob(token.accept_prob);
  const parts = [...amongSiblings(about), gave(about), minimum(token, share)];
  if (!texts) return parts;
  parts.push(coinBar(token.accept_prob, token.coin, { coin: texts[0], accept: share }, about.room));
  const words = {
    u: U(),
    coin: texts[0],
    share,
    token: small(token),
    residual: el("b", { class: "of-residual" }, say("stage.residual")),
  };
  if (token.verdict === "accepted") return [...parts, sentence("stage.coin_below", words)];
  const { next } = branched ? siblings(round.draft, token) : { next: null };
  if (next)
    return [...parts, sentence("stage.coin_not_below_next", { ...words, formula: leftOver(), next: small(next) })];
  if (!round.final) return [...parts, sentence("stage.coin_not_below_end", words)];
  return [...parts, sentence("stage.coin_not_below", { ...words, formula: leftOver(), token: small(round.final) })];
}
