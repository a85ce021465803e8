import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "../../specdec/web/core/schema.js";
import { footer, guess, header, round } from "./runs.js";

const draft = (more) => ({ ...round("a"), draft: [guess("a", -1, more)] });

test("lines as they are written fit", () => {
  for (const line of [header(), round("aard"), round(""), round("a", { final: false }), footer()])
    assert.equal(fits(line), true);
});

const UNFIT = {
  "a field that is missing": { ...header(), created: undefined },
  "a field that is unknown": { ...footer(), surprise: 1 },
  "a setting of another type": header({ draft_length: "long" }),
  "a probability above 1": draft({ target_prob: 1.1 }),
  "a coin of 1": draft({ coin: 1 }),
  "an id below 0": draft({ id: -1 }),
  "an id that is no whole number": draft({ id: 0.5 }),
  "an unknown verdict": draft({ verdict: "kept" }),
  "a top of four columns": draft({ top: [[1, "a", 0.5, 0.5]] }),
  "a rule that computed a text": draft({ rule: { threshold: "high" } }),
  "a judged token without probabilities": draft({ target_prob: undefined }),
  "an opaque token with them": draft({ kind: "opaque" }),
  "a plain round that took no time": footer([], { plain_round_seconds: 0 }),
  "a list in an object's place": { ...header(), hardware: [] },
};

for (const [what, line] of Object.entries(UNFIT)) {
  test(`${what} does not`, () => assert.equal(fits(JSON.parse(JSON.stringify(line))), false));
}

test("settings may hold what this page does not know", () => {
  assert.equal(fits(header({ branching: [3, 2], method: { of: ["another", 1] } })), true);
});
