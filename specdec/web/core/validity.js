// Whether a machine was quiet enough for a race's clocks to say something: the same rule as specdec/lab/validity.py,
// which says why; tests/golden/validity.json holds both to it.

/** @import { Round, Run } from "./types.js" */
/** @typedef {"impossible" | "scattered"} Disturbance */

const MOST_SCATTER = 0.15;
const [LEAST_CLOCK, MOST_CLOCK] = [0.88, 1.25]; // of a run, in the sum of its typical rounds
const LEAST_COST = 0.95; // of a round in plain ones
const FEWEST = 3; // rounds of a size that show its typical time

/** @type {(numbers: number[]) => number} */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @type {(numbers: number[]) => number} */
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** @type {(round: Round) => number} */
const seconds = ({ start, end }) => end - start;

/** @type {(run: Run) => number} */
const meanSeconds = ({ rounds }) => sum(rounds.map(seconds)) / Math.max(1, rounds.length);

/** @type {(rounds: Round[]) => boolean} */
function isScattered(rounds) {
  /** @type {Map<number, number[]>} */
  const sizes = new Map();
  for (const one of rounds) {
    const taken = sizes.get(one.draft.length);
    if (taken) taken.push(seconds(one));
    else sizes.set(one.draft.length, [seconds(one)]);
  }
  const alike = [...sizes.values()].filter((taken) => taken.length >= FEWEST && median(taken) > 0);
  if (!alike.length) return false;
  const differences = alike.flatMap((taken) => {
    const usual = median(taken);
    return taken.slice(1).map((later, i) => Math.abs(later - taken[i]) / usual);
  });
  const clock = sum(alike.map(sum)) / sum(alike.map((taken) => taken.length * median(taken)));
  return median(differences) > MOST_SCATTER || clock < LEAST_CLOCK || clock > MOST_CLOCK;
}

// What shows that two runs are no measurement, or null.
/** @type {(plain: Run, speculative: Run) => Disturbance | null} */
export function disturbance(plain, speculative) {
  if (meanSeconds(speculative) < LEAST_COST * meanSeconds(plain)) return "impossible";
  return isScattered(plain.rounds) || isScattered(speculative.rounds) ? "scattered" : null;
}
