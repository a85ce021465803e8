// What is said of a race: sentences about two finished runs, and what stands beside a lane.
import { drafterFamily } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { spoken } from "../core/pieces.js";
import { clock, roundsAt } from "../core/race-numbers.js";
import { treeSize } from "../core/shape.js";
import { say } from "../core/words.js";

/** @import { Comparison, Tape } from "../core/race-numbers.js" */
/** @import { Final, Header } from "../core/types.js" */

const SPACE = "\u00a0"; // between a number and its unit

// Two decimals below 2×, where the second one matters, one above.
/** @type {(speedup: number) => number} */
export const speedDigits = (speedup) => (speedup < 1.995 ? 2 : 1);
/** @type {(speedup: number) => string} */
export const times = (speedup) => speedup.toFixed(speedDigits(speedup));

/** @type {(value: number) => string} */
export function milliseconds(value) {
  const ms = value * 1000;
  return `${ms.toFixed(ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0)}${SPACE}ms`;
}

/** @type {(result: Comparison) => string} */
export function summary({ plain, speculative, tokensPerPass }) {
  const whole = Math.max(plain.seconds, speculative.seconds);
  const tokens = tokensPerPass.toFixed(1);
  const passes = tokens === "1.0" ? say("race.summary_passes_one") : say("race.summary_passes", { tokens });
  const times = { time: clock(speculative.seconds, whole), plain: clock(plain.seconds, whole) };
  if (plain.tokens === speculative.tokens) return `${say("race.summary", { ...times, n: plain.tokens })} ${passes}`;
  const each = { each: milliseconds(speculative.perToken), plain_each: milliseconds(plain.perToken) };
  const lengths = { tokens: speculative.tokens, plain_tokens: plain.tokens };
  return `${say("race.summary_lengths", { ...times, ...each, ...lengths })} ${passes}`;
}

// A piece within a sentence, whichever way it is written; white space by its name.
/** @type {(piece: string) => string} */
const isolated = (piece) => `\u2068${spoken(piece)}\u2069`;

// Where the texts part, what either wrote there, and what the target thought of the two (recorded in the plain run).
/** @type {(result: Comparison, plain: Tape, speculative: Tape) => string} */
export function difference({ same, claim }, plain, speculative) {
  if (claim !== "differs") return "";
  const [a, b] = [plain, speculative].map((tape) => tape.tokens[same]);
  if (!a || !b) return say(a ? "race.ends_earlier_speculative" : "race.ends_earlier_plain", { n: same });
  const row = /** @type {Final} */ (
    plain.run.rounds[roundsAt(plain, plain.ends[plain.written.findIndex((n) => n > same)]) - 1].final
  );
  const [p, other] = [a, b].map(({ id }) => (row.top?.find((entry) => entry[0] === id) || [])[2]);
  const said = say("race.first_difference", {
    position: same + 1,
    plain: isolated(a.piece),
    speculative: isolated(b.piece),
  });
  if (p === undefined || other === undefined) return said;
  const [first, second] = number.apart(p, other);
  return `${said} ${say("race.gap", { plain: first, speculative: second, dtype: plain.run.header.hardware.dtype })}`;
}

/** @type {(result: Comparison) => string} */
export function reason({ plain, speculative }) {
  const { drafted, accepted, passes } = speculative;
  const draft = (speculative.draft / passes / plain.perPass).toFixed(2);
  const verify = (speculative.verify / passes / plain.perPass).toFixed(2);
  const guesses = drafted ? { share: number.percent(accepted / drafted), accepted, n: drafted } : null;
  const kept = guesses ? say("race.reason_kept", guesses) : say("race.reason_unguessed");
  return `${say("race.reason_cost", { draft, verify })} ${kept}`;
}

// How many guesses a round may have, and where they come from.
/** @type {(header: Header) => string} */
export function guessNote(header) {
  const { branching, draft_length: length } = header.settings;
  const source = say(`stage.source_${drafterFamily(header)}`);
  if (Array.isArray(branching)) return say("race.note_tree", { n: treeSize(branching), source });
  if (branching) return say("race.note_dynamic", { n: length, source });
  return length === "auto" ? say("race.note_auto", { source }) : say("race.note", { n: length, source });
}
