// The tokens of a run by their keys ("6:2" guess 2 of round 6, "6:f" what the target wrote there): one of them with
// what stood around it, its neighbours, and the one that a round turns on. No document in here.
import { copies, drafterFamily } from "./methods.js";
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
 */

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
    family: drafterFamily(header),
    copied: copies(header),
    alone: header.drafter.name === "none",
    refused: lastRefused(round),
    branched: isBranched(round),
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

// The refused guess, or what the target added, or the last guess; of the last round that was judged.
/** @type {(run: Run, at: {round: number, beat: number}) => string | null} */
export const turning = (run, at) => {
  const index = at.beat >= 2 ? at.round : at.round - 1;
  const round = run.rounds[index];
  if (!round) return null;
  const refused = lastRefused(round);
  if (refused) return `${index}:${round.draft.indexOf(refused)}`;
  return round.final ? `${index}:f` : `${index}:${Math.max(0, lastKept(round))}`;
};
