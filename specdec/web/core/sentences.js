// What happened in a round up to a beat, in sentences; the numbers under a guess; and how a run ended.
import { drafterFamily, isPlain } from "./methods.js";
import * as number from "./numbers.js";
import { isBranched } from "./shape.js";
import { upTo } from "./trace.js";
import { say, sentenceOf } from "./words.js";

/** @import { Guess, Round, Run } from "./types.js" */
/** @typedef {Guess & {coin: number, rule: Record<string, number>}} Judged */

export const BEATS = ["guess", "check", "judge", "keep"];

// Keys of sentences: those about a tree, the drafter's own, and those of a round without a guess.
/** @type {(run: Run, round: Round, tense: "guessing" | "guessed") => string} */
function guessed(run, round, tense) {
  const n = round.draft.length;
  const family = drafterFamily(run.header, round);
  if (!n) return say(`stage.${tense}_none_${unasked(run, round) || family}`);
  return isBranched(round) ? say(`stage.${tense}_tree_${family}`, { n }) : say(`stage.${tense}_${family}`, { n });
}

// Why there was no guess: a draft length of 0, or room for a single token; otherwise null.
/** @type {(run: Run, round: Round) => string | null} */
function unasked(run, round) {
  const { draft_length: length, branching, max_new_tokens: most } = run.header.settings;
  if ((length === 0 && !branching) || (round.plan && round.plan.draft_length === 0)) return "asked";
  return upTo(run, round.index).tokens + 1 >= most ? "room" : null;
}

// → [what was guessed, what the target did]
/** @type {(run: Run, round: Round, beat: number) => [string, string]} */
export const sentences = (run, round, beat) => {
  const n = round.draft.length;
  const tree = isBranched(round);
  const kept = round.draft.filter((token) => token.verdict === "accepted").length;
  if (isPlain(run.header)) return [say(beat < 3 ? "stage.plain_pass" : "stage.plain_round"), ""];
  if (beat === 0) return [guessed(run, round, "guessing"), ""];
  if (beat === 1)
    return [!n ? say("stage.checking_none") : tree ? say("stage.checking_tree") : say("stage.checking", { n }), ""];
  const first = guessed(run, round, "guessed");
  if (!round.final) return [first, kept ? say("stage.kept_ended", { n: kept }) : say("stage.kept_ended_none")];
  if (round.final.verdict === "plain") return [first, say("stage.wrote_plain")];
  if (tree && !kept) return [first, say("stage.kept_none_tree")];
  if (tree)
    return [first, say(round.final.verdict === "bonus" ? "stage.kept_path_bonus" : "stage.kept_path", { n: kept })];
  if (round.final.verdict === "bonus") return [first, say("stage.kept_bonus", { n })];
  return [first, kept ? say("stage.kept_correction", { n: kept }) : say("stage.kept_none")];
};

// Under a guess: what decided it, and the coin where one was compared. Short ones stand under the chips of a tree.
/** @type {(token: Guess, rule: string, cut?: string, short?: boolean) => string[]} */
export const numbersUnder = (token, rule, cut = "", short = false) => {
  if (token.kind === "opaque") return token.verdict === "discarded" && !short ? [say("stage.not_judged")] : [];
  if (rule === "block" && token.rule && token.coin !== null) return block(/** @type {Judged} */ (token));
  if (token.verdict === "discarded") return short ? [] : [say("stage.not_judged")];
  if (rule === "greedy")
    return [say(`stage.${token.verdict === "accepted" ? "match" : "mismatch"}${short ? "_short" : ""}`)];
  if (rule === "typical" && token.rule) return typical(/** @type {Judged} */ (token));
  if (token.accept_prob === null) return [];
  if (token.accept_prob === 0 && token.target_prob === 0 && cut) return [say("stage.cut", { by: cut })];
  const share = number.percent(token.accept_prob);
  if (rule === "match") return [say("stage.chance", { share })];
  const parts = [short ? share : say("stage.accept", { share })];
  if (token.coin !== null) parts.push(say("stage.coin", { coin: number.probs(token.coin, token.accept_prob)[0] }));
  return parts;
};

/** @type {(token: Judged) => string[]} */
function block(token) {
  const [coin, threshold] = number.probs(token.coin, token.rule.threshold);
  return [say("stage.threshold", { threshold }), say("stage.coin", { coin })];
}

/** @type {(token: Judged) => string[]} */
function typical(token) {
  const [p, threshold] = number.probs(token.target_prob, token.rule.threshold);
  return [say(token.target_prob > token.rule.threshold ? "stage.above" : "stage.not_above", { p, threshold })];
}

/** How a run ended. @type {(run: Run, isLive: boolean) => string} */
export const endingOf = (run, isLive) => {
  if (!run.footer) return say(isLive ? "stage.ended_running" : "stage.ended_cut");
  const { reason, message } = run.footer;
  if (reason === "error")
    return message ? say("stage.ended_error", { message: sentenceOf(message) }) : say("stage.ended_error_unknown");
  const known = ["eos", "length", "stop", "cancelled"].includes(reason);
  return known ? say(`stage.ended_${reason}`, { limit: run.header.settings.max_new_tokens }) : reason;
};
