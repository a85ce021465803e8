// A guess that no rule looked at.
// Why a guess was not judged: the first rejected token on its path, or a sibling that was accepted before it.
import { pathTo } from "../../core/shape.js";
import { P, Q, sentence, small } from "./parts.js";

export function neverJudged(about) {
  const { token, round, copied, branched, refused } = about;
  const bars = sentence(copied ? "stage.behind_bars_copied" : "stage.behind_bars", {
    p: P(token.target_prob, about.cut),
    q: Q(token.draft_prob),
  });
  if (!branched)
    return [refused ? sentence("stage.behind", { token: small(refused) }) : sentence("stage.behind_end"), bars];
  const { draft } = round;
  const stop = pathTo(draft, draft.indexOf(token))
    .map((i) => draft[i])
    .find((other) => other.verdict !== "accepted");
  if (stop.verdict === "rejected") return [sentence("stage.behind", { token: small(stop) }), bars];
  const kept = draft.find((other) => other.parent === stop.parent && other.verdict === "accepted");
  if (!kept) return [sentence("stage.behind_end"), bars];
  if (stop === token) return [sentence("stage.beside", { kept: small(kept) }), bars];
  return [sentence("stage.behind_beside", { token: small(stop), kept: small(kept) }), bars];
}
