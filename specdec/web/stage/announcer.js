/* The sentence for screen readers about the round that the reader went to. Rounds that play by themselves are not
 announced. */
import { spoken } from "../core/pieces.js";
import { sentences } from "../core/sentences.js";
import { isBranched } from "../core/shape.js";
import { keysOf, lookUp } from "../core/tokens.js";
import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";

/** @import { Run } from "../core/types.js" */

const APART = 900; // ms between two sentences
const DELAY = 120; // ms in which a newer move replaces the sentence
const TOKENS = 12; // that are read out, at most

export class Announcer {
  node = el("p", { class: "heard", "aria-live": "polite", "data-test": "heard" });
  lastAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  // `lead`: a sentence before it.
  /** @type {(place: () => {run: Run, round: number, beat: number}, lead?: string) => void} */
  tell(place, lead = "") {
    this.cancel();
    const since = performance.now() - this.lastAt;
    this.timer = setTimeout(() => this.speak(place(), lead), Math.max(DELAY, APART - since));
  }

  cancel() {
    clearTimeout(this.timer);
  }

  speak({ run, round, beat }, lead) {
    const one = run.rounds[round];
    const sentence = sentences(run, one, beat).join(" ").trim();
    const tokens = beat < 2 ? "" : verdicts(run, one, round);
    this.lastAt = performance.now();
    const about = say("stage.heard", { round: round + 1, rounds: run.rounds.length, sentence, tokens });
    write(this.node, `${lead} ${about}`.trim());
  }
}

const verdicts = (run, one, round) =>
  keysOf(one, round)
    .map((key) => lookUp(run, key)?.token)
    .filter((token) => token.verdict !== "discarded" || !isBranched(one))
    .slice(0, TOKENS)
    .map((token) => say("stage.heard_token", { token: spoken(token.piece), verdict: say(`stage.${token.verdict}`) }))
    .join(", ");
