// Rejection sampling: a guess is accepted where its coin falls below p/q.
// What the drafter and the target gave it, in the words that fit.
import * as number from "../../core/numbers.js";
import { siblings } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { coinBar } from "./coin-bar.js";
import { both, leftOver, minimum, Q, sentence, small, U } from "./parts.js";
import { amongSiblings } from "./siblings.js";

function gave(about, share) {
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
  return sentence(`stage.${key}`, { ...both(token, share), source: say(`stage.source_${about.family}`) });
}

const residual = () => el("b", { class: "of-residual" }, say("stage.residual"));

// What follows a refusal: the next sibling, the target's own token, or nothing.
function refused({ round, branched, token }, key, words) {
  const { next } = branched ? siblings(round.draft, token) : { next: null };
  if (next) return sentence(`${key}_next`, { ...words, formula: leftOver(), next: small(next) });
  if (!round.final) return sentence(`${key}_end`, words);
  return sentence(key, { ...words, formula: leftOver(), token: small(round.final) });
}

// A guess that top-p, say, has cut from the target's distribution: no coin keeps it.
function cutAway(about) {
  const { token, cut } = about;
  const words = { q: Q(token.draft_prob), by: cut, token: small(token), residual: residual() };
  return [sentence("stage.gave_cut", words), refused(about, "stage.cut_refused", words)];
}

export function judgedByCoin(about) {
  const { token } = about;
  const texts = token.coin === null ? null : number.probs(token.coin, token.accept_prob);
  const share = texts ? texts[1] : number.prob(token.accept_prob);
  if (token.target_prob === 0 && about.cut) return [...amongSiblings(about), ...cutAway(about)];
  const parts = [...amongSiblings(about), gave(about, share), minimum(token, share)];
  if (!texts) return parts;
  parts.push(coinBar(token.accept_prob, token.coin, { coin: texts[0], accept: share }, about.room));
  const words = { u: U(), coin: texts[0], share, token: small(token), residual: residual() };
  if (token.verdict === "accepted") return [...parts, sentence("stage.coin_below", words)];
  return [...parts, refused(about, "stage.coin_not_below", words)];
}
