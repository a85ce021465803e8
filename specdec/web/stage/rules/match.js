// Match: the target draws its own token; the guess is kept while it is the same.
import * as number from "../../core/numbers.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { icon } from "../../dom/marks.js";
import { minimum, P, sentence, small, U } from "./parts.js";

export function judgedByDraw(about) {
  const { token, round, refused } = about;
  const drawn = token.verdict === "accepted" ? token : token === refused ? round.final : null;
  const share = el("b", {}, number.percent(token.target_prob));
  const coin = token.coin === null ? "" : number.prob(token.coin);
  const rival = Math.min(1, token.draft_prob > 0 ? token.target_prob / token.draft_prob : 1);
  about.drawn = drawn;
  return [
    sentence(drawn ? "stage.match_drew" : "stage.match_drew_other", {
      u: U(),
      coin,
      choice: drawn ? small(drawn) : "",
      token: small(token),
    }),
    el(
      "p",
      { class: `verdict-line of-${token.verdict}` },
      icon(token.verdict),
      el("b", {}, say(token.verdict === "accepted" ? "stage.equal" : "stage.differ")),
    ),
    sentence("stage.match_chance", { p: P(token.target_prob, about.cut), share }),
    sentence(rival > token.target_prob ? "stage.match_rival" : "stage.match_rival_same", {
      token: small(token),
      share: el("b", {}, number.percent(rival)),
    }),
    minimum(token, number.prob(rival)),
  ];
}
