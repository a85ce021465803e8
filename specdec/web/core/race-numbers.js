// The arithmetic of a race: two runs of one prompt, one clock. No document in here.
//   tape(run) → what a run wrote and when, growing with it     cost(tape) → seconds by part, tokens, passes
//   compare(plain, speculative) → how they compare, and what may be said about the text
import { isPlain, ruleOf } from "./methods.js";
import { committed, upTo } from "./trace.js";
import { disturbance } from "./validity.js";

/** @import { Header, Run, Token } from "./types.js" */

/**
 * What a run wrote and when.
 * @typedef {object} Tape
 * @property {Run} run
 * @property {number[]} ids
 * @property {Token[]} tokens
 * @property {string} text
 * @property {number[]} offsets the length of the text of the first n tokens
 * @property {number[]} ends when round i was committed
 * @property {number[]} written how many tokens then stood
 * @property {number} draft seconds, as `verify`
 * @property {number} verify
 * @property {number} draftPasses
 */

/**
 * What a run cost.
 * @typedef {object} Cost
 * @property {number} seconds its clock, and its parts: draft, verify, other
 * @property {number} draft
 * @property {number} verify
 * @property {number} other
 * @property {number} tokens
 * @property {number} passes
 * @property {number} drafted
 * @property {number} accepted
 * @property {number} refusals
 * @property {number} draftPasses
 * @property {number} perToken seconds, as `perPass`
 * @property {number} perPass
 * @property {number} tokensPerPass
 */

/**
 * @typedef {object} Comparison
 * @property {Cost} plain
 * @property {Cost} speculative
 * @property {number} speedup
 * @property {number} tokensPerPass
 * @property {number} roundCost in plain passes
 * @property {"impossible" | "scattered" | null} disturbed why the clocks say nothing
 * @property {"same" | "differs" | "distribution" | "lossy" | "none"} claim
 * @property {number} same how many tokens at the beginning
 */

const SPACE = "\u00a0"; // between a number and its unit

export const PARTS = ["draft", "verify", "other"];

// `ends[i]`: when round i was committed; `written[i]`: how many tokens then stood; `offsets[n]`: the length of the
// text of the first n tokens.
/** @type {(run: Run) => Tape} */
export function tape(run) {
  const made = {
    run,
    ids: [],
    tokens: [],
    text: "",
    offsets: [0],
    ends: [],
    written: [],
    draft: 0,
    verify: 0,
    draftPasses: 0,
  };
  return follow(made);
}

/** @type {(tape: Tape) => Tape} */
export function follow(tape) {
  for (const round of tape.run.rounds.slice(tape.ends.length)) {
    for (const token of committed(round)) {
      tape.ids.push(token.id);
      tape.tokens.push(token);
      tape.text += token.text;
      tape.offsets.push(tape.text.length);
    }
    tape.ends.push(round.end);
    tape.written.push(tape.ids.length);
    tape.draft += round.seconds?.draft ?? 0;
    tape.verify += round.seconds?.verify ?? 0;
    tape.draftPasses += round.passes?.draft ?? 0;
  }
  return tape;
}

/** @type {(tape: Tape) => number} */
export const duration = (tape) => (tape.ends.length ? tape.ends[tape.ends.length - 1] : 0);

// Whether a run came to its own end and wrote something, so that it may be compared.
/** @type {(tape: Tape) => boolean} */
export const complete = (tape) =>
  Boolean(tape?.run.footer && !["cancelled", "error"].includes(tape.run.footer.reason) && tape.ids.length);

// What a run cost. "other" is what is left of its clock, so that the parts add up to it.
/** @type {(tape: Tape) => Cost} */
export function cost(tape) {
  const { passes, drafted, accepted, refusals } = upTo(tape.run, tape.run.rounds.length);
  const total = duration(tape);
  const tokens = tape.ids.length;
  return {
    seconds: total,
    draft: tape.draft,
    verify: tape.verify,
    other: Math.max(0, total - tape.draft - tape.verify),
    tokens,
    passes,
    drafted,
    accepted,
    refusals,
    draftPasses: tape.draftPasses,
    perToken: total / tokens,
    perPass: total / passes,
    tokensPerPass: tokens / passes,
  };
}

// How many rounds of the sorted `ends` are over at `time`.
/** @type {(tape: Tape, time: number) => number} */
export function roundsAt(tape, time) {
  let [low, high] = [0, tape.ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tape.ends[middle] <= time + 1e-9) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Time is compared per token: sampled runs may end at different lengths. One round costs `roundCost` plain passes, at
// least the one that it contains, and tokensPerPass / roundCost is the speed-up, exactly.
/** @type {(plain: Tape, speculative: Tape) => Comparison} */
export function compare(plain, speculative) {
  const [a, b] = [cost(plain), cost(speculative)];
  const { rule, temperature } = speculative.run.header.settings;
  const longest = Math.max(a.tokens, b.tokens);
  let same = 0;
  while (same < longest && plain.ids[same] === speculative.ids[same]) same += 1;
  const { lossless, coins } = ruleOf(rule);
  const deterministic = coins === "none" || temperature === 0;
  const equal = same === longest ? "same" : "differs";
  const tokensPerPass = b.tokensPerPass / a.tokensPerPass;
  const roundCost = Math.max(1, b.perPass / a.perPass);
  const claim = lossless === undefined ? "none" : !lossless ? "lossy" : deterministic ? equal : "distribution";
  return {
    plain: a,
    speculative: b,
    speedup: tokensPerPass / roundCost,
    tokensPerPass,
    roundCost,
    disturbed: disturbance(plain.run, speculative.run),
    claim,
    same,
  };
}

// The fewest decimals with which a reader who divides the printed numbers gets the printed quotient.
/** @type {(dividend: number, divisor: number, quotient: number, digits: number) => number} */
export function decimalsThatDivide(dividend, divisor, quotient, digits) {
  for (let decimals = 1; decimals < 5; decimals++) {
    const again = Number(dividend.toFixed(decimals)) / Number(divisor.toFixed(decimals));
    if (again.toFixed(digits) === quotient.toFixed(digits)) return decimals;
  }
  return 5;
}

// Why these runs are no race: the key of a sentence, or null.
/** @type {(runs: Run[]) => string | null} */
export function unfit(runs) {
  /** @param {Header} header */
  const drafts = (header) => !isPlain(header) && header.settings.draft_length !== 0;
  if (runs.length > 2 || (runs[0] && drafts(runs[0].header))) return "race.not_a_race";
  const models = runs.map(({ header }) =>
    JSON.stringify([header.target, header.hardware, header.settings.temperature, header.prompt.text]),
  );
  return models.length === 2 && models[0] !== models[1] ? "race.unlike" : null;
}

const REPLAY = { shortest: 8, right: 9, longest: 10 }; // seconds that a race takes to replay

// How a race is replayed so that it can be followed: `times` slower ("slowed") or quicker ("hastened") than it was, or
// as it was ("real").
/** @type {(whole: number) => {kind: "slowed" | "hastened" | "real", times: number, speed: number}} */
export function pace(whole) {
  if (!(whole > 0) || (whole >= REPLAY.shortest && whole <= REPLAY.longest))
    return { kind: "real", times: 1, speed: 1 };
  const slowed = whole < REPLAY.shortest;
  const exact = slowed ? REPLAY.right / whole : whole / REPLAY.right;
  const times = exact < 5 ? Number(exact.toFixed(1)) : Math.round(exact);
  return { kind: slowed ? "slowed" : "hastened", times, speed: slowed ? 1 / times : times };
}

// Seconds as precise as the whole race deserves; `less` subtracts as a reader would, from the printed numbers.
/** @type {(value: number, whole: number) => string} */
const rounded = (value, whole) => value.toFixed(whole < 0.1 ? 3 : whole < 10 ? 2 : whole < 100 ? 1 : 0);
/** @type {(value: number, whole: number) => string} */
export const clock = (value, whole) => `${rounded(value, whole)}${SPACE}s`;
/** @type {(more: number, less: number, whole: number) => string} */
export const less = (more, less, whole) => clock(Number(rounded(more, whole)) - Number(rounded(less, whole)), whole);

// The largest step of 1, 2 or 5 × 10^n that fits at least `least` times into `span`.
/** @type {(span: number, least: number) => number} */
export const niceStep = (span, least) => {
  const decade = 10 ** Math.floor(Math.log10(span / least));
  return [5, 2, 1].map((factor) => factor * decade).find((step) => span / step >= least - 1e-9) || decade;
};
