// The tokens of a run by their keys ("6:2" guess 2 of round 6, "6:f" what the target wrote there): one of them with
// what stood around it, its neighbours, and the one that a round turns on. No document in here.
import { copies, drafterFamily, isPlain } from "./methods.js";
import { isBranched, lastKept, lastRefused } from "./shape.js";

/** @import { Guess, Round, Run, Settings } from "./types.js" */

/**
 * A token and what stood around it.
 * @typedef {object} About
 * @property {string} key
 * @property {any} token a Guess, or the target's own
 * @property {Round} round
 * @property {number} index of the round
 * @property {string} rule
 * @property {Settings} settings
 * @property {string} family the drafter's
 * @property {boolean} copied whether its guesses carry no probability
 * @property {boolean} alone whether nothing is guessed
 * @property {Guess | null} refused
 * @property {boolean} branched
 * @property {string} cut which settings may have cut a token that the target gave 0
 */

// Which settings may have cut a token that the target gave 0, where nothing else did: refused siblings use up its
// share.
/** @type {(settings: Partial<Settings>, round: Round, token: any) => string} */
export const cutBy = ({ top_k: topK = 0, top_p: topP = 1, min_p: minP = 0 }, round, token) => {
  const parent = "parent" in token ? token.parent : lastKept(round);
  const tried = round.draft.filter(
    (other) => other !== token && other.parent === parent && other.verdict === "rejected",
  );
  const used =
    "parent" in token
      ? tried.some((other) => round.draft.indexOf(other) < round.draft.indexOf(token))
      : tried.length > 1;
  if (used) return "";
  const filters = { "top-k": topK > 0, "top-p": topP < 1, "min-p": minP > 0 };
  return Object.entries(filters)
    .filter(([, on]) => on)
    .map(([name]) => name)
    .join(" / ");
};

// The token under `key` ("6:2" a guess, "6:f" the target's own) and what stood around it.
/** @type {(run: Run, key: string) => About | null} */
export const lookUp = (run, key) => {
  const [index, place] = key.split(":");
  const round = run.rounds[Number(index)];
  if (!round) return null;
  const token = place === "f" ? round.final : round.draft[Number(place)];
  if (!token) return null;
  const { header } = run;
  return {
    key,
    token,
    round,
    index: Number(index),
    rule: header.settings.rule,
    settings: header.settings,
    family: drafterFamily(header, round),
    copied: copies(header, round),
    alone: isPlain(header),
    refused: lastRefused(round),
    branched: isBranched(round),
    cut: cutBy(header.settings, round, token),
  };
};

// The tokens of a round as the arrows walk them: the guesses, then what the target wrote.
/** @type {(round: Round, index: number) => string[]} */
export const keysOf = (round, index) => {
  const keys = round.draft.map((_, i) => `${index}:${i}`);
  return round.final ? [...keys, `${index}:f`] : keys;
};

// The token beside, across rounds; null at either end.
/** @type {(run: Run, key: string, by: number) => string | null} */
export const neighbour = (run, key, by) => {
  const index = Number(key.split(":")[0]);
  const keys = keysOf(run.rounds[index], index);
  const place = keys.indexOf(key) + by;
  if (place >= 0 && place < keys.length) return keys[place];
  const next = run.rounds[index + by];
  if (!next) return null;
  const others = keysOf(next, index + by);
  return by > 0 ? others[0] : others[others.length - 1];
};

// The round that shows most of a run: one that refused a guess, best with some accepted before it and some discarded
// after it, where the coin could have fallen either way; of equals the first. Without a refusal the round that kept
// most, and the last one where nothing was guessed.
/** @type {(run: Run) => number} */
export const instructive = (run) => {
  const scores = run.rounds.map((round) => {
    const refused = lastRefused(round);
    const kept = round.draft.filter((token) => token.verdict === "accepted").length;
    if (!refused) return kept / (1 + run.deepest);
    const open = refused.accept_prob === null ? 0 : 4 * refused.accept_prob * (1 - refused.accept_prob);
    const discarded = round.draft.some((token) => token.verdict === "discarded");
    return 1 + Number(kept > 0) + Number(discarded) + open;
  });
  const best = Math.max(...scores);
  return best > 0 ? scores.indexOf(best) : run.rounds.length - 1;
};

// The refused guess, or what the target added, or the last guess. Before a round is judged there is none, but a run
// that plays (`moving`) stays with that of the round before.
/** @type {(run: Run, at: {round: number, beat: number}, moving?: boolean) => string | null} */
export const turning = (run, at, moving = false) => {
  const index = at.beat >= 2 ? at.round : moving ? at.round - 1 : -1;
  const round = run.rounds[index];
  if (!round) return null;
  const refused = lastRefused(round);
  if (refused) return `${index}:${round.draft.indexOf(refused)}`;
  return round.final ? `${index}:f` : `${index}:${Math.max(0, lastKept(round))}`;
};
