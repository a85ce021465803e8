// Why a token was accepted, rejected or discarded, and where the target's own token comes from: sentences and formulas
// with this token's numbers, a file for each rule.
// The reasons for one token, as nodes. `about.room` is the width there is.
import { blockCorrected, blockReasons } from "./block.js";
import { judgedByRank } from "./greedy.js";
import { judgedByDraw } from "./match.js";
import { opaqueReasons } from "./opaque.js";
import { isGuess } from "./parts.js";
import { judgedByCoin } from "./rejection.js";
import { added, corrected } from "./target.js";
import { typicalReasons } from "./typical.js";
import { neverJudged } from "./unjudged.js";

export const reasons = (about) => {
  const { token, rule } = about;
  if (token.kind === "opaque") return opaqueReasons(about);
  if (isGuess(token) && rule === "block" && token.rule) return blockReasons(about);
  if (rule === "typical" && (isGuess(token) ? token.rule : token.verdict === "correction"))
    return typicalReasons(about);
  if (rule === "block" && token.verdict === "correction") return blockCorrected(about);
  if (token.verdict === "discarded") return neverJudged(about);
  if (token.verdict === "correction") return corrected(about);
  if (token.verdict === "bonus" || token.verdict === "plain") return added(about);
  if (rule === "match") return judgedByDraw(about);
  return token.accept_prob === null ? judgedByRank(about) : judgedByCoin(about);
};
