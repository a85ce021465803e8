// Reads a trace (schema 2) as it grows: every line is parsed once, long ones in slices, and running sums are kept.
//   const reader = new TraceReader();
//   reader.append(ndjson)         more of the text; reader.clear() forgets everything before
//   reader.parse({budget, whole}) → true while lines are left; budget in ms; whole: the last line needs no newline
//   reader.runs                   → [{header, rounds, footer, sums, longest, deepest, branched}], one a header
//   reader.error                  → sentence | null
import { fits } from "./schema.js";
import { deepestOf, isBranched, lastRefused } from "./shape.js";
import { say } from "./words.js";

/** @import { Round, Run, Sums, Token } from "./types.js" */

const SCHEMA = 2;
const NOTHING = {
  rounds: 0,
  drafted: 0,
  accepted: 0,
  rejected: 0,
  discarded: 0,
  refusals: 0,
  tokens: 0,
  passes: 0,
  seconds: 0,
};

const KINDS = ["header", "round", "footer"];

// What no schema can say: parents precede their children, and a round's tokens are all judged or all opaque.
/** @type {(round: Round) => boolean} */
const isWhole = ({ draft, final }) =>
  draft.every((token, i) => token.parent >= -1 && token.parent < i) &&
  new Set([...draft, ...(final ? [final] : [])].map((token) => token.kind)).size < 2;

// Whether an encoder reads the prompt, so that the output is a separate text.
/** @type {(run: Pick<Run, "header">) => boolean} */
export const readsSource = (run) => run.header.target.encoder_decoder === true;

// Every token a round added to the output, in order.
/** @type {(round: Round) => Token[]} */
export const committed = (round) => {
  const kept = round.draft.filter((token) => token.verdict === "accepted");
  return round.final ? [...kept, round.final] : kept;
};

// Whether, at some reached depth, every tried child was refused (on a chain: whether one was rejected).
/** @type {(round: Round) => boolean} */
export const wasRefused = (round) => lastRefused(round) !== null;

/** @type {(sum: Sums) => {acceptance: number | null, perPass: number | null, efficiency: number | null}} */
export const rates = (sum) => ({
  acceptance: sum.accepted + sum.refusals ? sum.accepted / (sum.accepted + sum.refusals) : null,
  perPass: sum.passes ? sum.tokens / sum.passes : null,
  efficiency: sum.drafted ? sum.accepted / sum.drafted : null,
});

/** @type {(run: Run, round: Round) => void} */
function addRound(run, round) {
  const before = run.sums.length ? run.sums[run.sums.length - 1] : NOTHING;
  /** @param {string} verdict */
  const count = (verdict) => round.draft.filter((token) => token.verdict === verdict).length;
  run.rounds.push(round);
  run.longest = Math.max(run.longest, round.draft.length);
  run.deepest = Math.max(run.deepest, deepestOf(round.draft));
  run.branched = run.branched || isBranched(round);
  run.sums.push({
    rounds: before.rounds + 1,
    drafted: before.drafted + round.draft.length,
    accepted: before.accepted + count("accepted"),
    rejected: before.rejected + count("rejected"),
    discarded: before.discarded + count("discarded"),
    refusals: before.refusals + Number(wasRefused(round)),
    tokens: before.tokens + committed(round).length,
    passes: before.passes + (round.passes?.target ?? 1),
    seconds: round.end,
  });
}

// The running sums after the first n rounds.
/** @type {(run: Run, n: number) => Sums} */
export const upTo = (run, n) => (n > 0 ? run.sums[n - 1] : NOTHING);

export class TraceReader {
  text = ""; // what is not read yet begins at `at`
  at = 0;
  line = 0;
  /** @type {Run[]} */
  runs = [];
  /** @type {string | null} */
  error = null;

  clear() {
    Object.assign(this, new TraceReader());
  }

  /** @type {(ndjson: string) => void} */
  append(ndjson) {
    this.text = this.text.slice(this.at) + ndjson;
    this.at = 0;
  }

  /** @type {(limits?: {budget?: number, whole?: boolean}) => boolean} */
  parse({ budget = Infinity, whole = false } = {}) {
    const until = performance.now() + budget;
    while (this.error === null && this.at < this.text.length) {
      let end = this.text.indexOf("\n", this.at);
      if (end < 0 && !whole) return false;
      if (end < 0) end = this.text.length;
      const raw = this.text.slice(this.at, end);
      this.at = Math.min(end + 1, this.text.length);
      this.line += 1;
      if (raw.trim()) this.take(raw);
      if (performance.now() > until) return this.error === null && this.at < this.text.length;
    }
    return false;
  }

  /** @type {(why: string, values?: Record<string, any>) => void} */
  refuse(why, values) {
    this.error = say("stage.broken_line", { line: this.line, why: say(`stage.broken_${why}`, values) });
  }

  /** @type {(raw: string) => void} */
  take(raw) {
    /** @type {any} */
    let record;
    try {
      record = JSON.parse(raw);
    } catch {
      return this.refuse("json");
    }
    if (!KINDS.includes(record?.kind)) return this.refuse("kind");
    if (record.kind === "header" && record.schema !== SCHEMA)
      return this.refuse("schema", { value: String(record.schema), known: SCHEMA });
    if (!fits(record) || (record.kind === "round" && !isWhole(record))) return this.refuse("shape");
    this.place(record);
  }

  /** @type {(record: any) => void} */
  place(record) {
    const run = this.runs[this.runs.length - 1];
    if (record.kind === "header") {
      if (run && !run.footer) return this.refuse("order");
      this.runs.push({
        header: record,
        rounds: [],
        footer: null,
        sums: [],
        longest: 0,
        deepest: 0,
        branched: Boolean(record.settings.branching),
      });
    } else if (!run || run.footer) this.refuse("order");
    else if (record.kind === "footer") run.footer = record;
    else if (record.index !== run.rounds.length)
      this.refuse("index", { value: String(record.index), expected: run.rounds.length });
    else addRound(run, record);
  }
}
