// Runs made by hand, 14 ms a round, and the words: what the tests of the scripts begin with.
import { readFileSync } from "node:fs";
import { learn } from "../../specdec/web/core/methods.js";
import { describe } from "../../specdec/web/core/schema.js";
import { TraceReader } from "../../specdec/web/core/trace.js";
import { speak } from "../../specdec/web/core/words.js";

const ROOT = new URL("../../", import.meta.url);
export const file = (name) => readFileSync(new URL(name, ROOT), "utf8");
export const words = JSON.parse(file("specdec/web/words/en.json"));
speak(words);

describe(JSON.parse(file("docs/trace-schema.json")));

const VERDICTS = { a: "accepted", r: "rejected", d: "discarded" };

// guess("r", 0) → a rejected guess behind guess 0
/** @type {(letter: string, parent: number, more?: object) => any} */
export function guess(letter, parent, more = {}) {
  const verdict = VERDICTS[letter];
  return {
    ...{
      kind: "judged",
      id: 1,
      piece: " w",
      text: " w",
      parent,
      draft_prob: 0.8,
      draft_coin: 0.4,
      target_prob: 0.4,
      accept_prob: 0.5,
    },
    ...{ coin: verdict === "discarded" ? null : 0.3, verdict, rule: null, top: [], tail: [0, 0, 0], ...more },
  };
}

// round("aard") a chain, round([["r", -1], ["a", -1]]) a tree; `final` null: the run ended inside it.
/** @type {(draft: any, place?: {index?: number, final?: boolean}) => any} */
export function round(draft, { index = 0, final = true } = {}) {
  const tokens =
    typeof draft === "string"
      ? [...draft].map((one, i) => guess(one, i - 1))
      : draft.map(([letter, parent]) => guess(letter, parent));
  const verdict = tokens.some((token) => token.verdict === "rejected")
    ? "correction"
    : tokens.length
      ? "bonus"
      : "plain";
  const own = {
    kind: "judged",
    id: 2,
    piece: " end",
    text: " end",
    verdict,
    target_prob: 0.75,
    coin: 0.3,
    top: [],
    tail: [0, 0, 0],
  };
  return {
    ...{ kind: "round", index, start: 0.014 * index, end: 0.014 * (index + 1) },
    ...{ seconds: { draft: 0.003, verify: 0.01, other: 0.001 }, passes: { draft: tokens.length, target: 1 } },
    ...{ plan: null, draft: tokens, final: final ? own : null },
  };
}

/** @type {(settings?: Record<string, any>) => any} */
export function header({ drafter = "model", source = "recorded", ...settings } = {}) {
  return {
    ...{ kind: "header", schema: 2, created: "2026-11-20T12:00:00+00:00", source, software: {} },
    hardware: { device: "cpu", name: "Abacus", dtype: "float32", threads: 2, mode: "eager" },
    target: { name: "target", parameters: 9_000_000, encoder_decoder: false },
    drafter: {
      name: drafter,
      model: drafter === "model" ? "draft" : null,
      parameters: drafter === "model" ? 10 : null,
    },
    settings: { rule: "rejection", draft_length: 4, temperature: 0.8, max_new_tokens: 96, ...settings },
    ...{ calibration: null, prefill_seconds: 0.01 },
    prompt: { text: "Once", tokens: [{ id: 0, piece: "Once", text: "Once" }] },
  };
}

// The footer of some rounds; the page adds up for itself, so the totals only have to be there.
/** @type {(rounds?: any[], more?: object) => any} */
export function footer(rounds = [], more = {}) {
  const names = ["rounds", "drafted", "accepted", "rejected", "discarded", "refusals", "tokens", "seconds"];
  const totals = { ...Object.fromEntries(names.map((name) => [name, rounds.length])), peak_memory_bytes: null };
  return { kind: "footer", reason: "length", message: null, totals, plain_round_seconds: null, ...more };
}

export const lines = (...records) => records.map((record) => `${JSON.stringify(record)}\n`).join("");

// The run of some drafts, as the reader reads it.
/** @type {(drafts: any[], settings?: Record<string, any>) => any} */
export function run(drafts, settings = {}) {
  const reader = new TraceReader();
  const rounds = drafts.map((draft, index) => round(draft, { index }));
  reader.append(lines(header(settings), ...rounds, footer(rounds)));
  reader.parse();
  if (reader.error) throw new Error(reader.error);
  return reader.runs[0];
}

learn({
  drafters: [
    { name: "model", probabilities: true },
    { name: "lookup", probabilities: false },
    { name: "echo", probabilities: false, label: "Echo" },
  ],
  rules: [
    { name: "greedy", lossless: true, coins: "none", formula: true, chain_only: false },
    { name: "rejection", lossless: true, coins: "tried", formula: true, chain_only: false },
    { name: "block", lossless: true, coins: "all", formula: false, chain_only: true },
    { name: "typical", lossless: false, coins: "final", formula: false, chain_only: false },
  ],
});
