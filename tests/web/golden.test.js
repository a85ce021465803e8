// What Python computes too: the numbers in tests/golden/numbers.json, which its tests hold as well.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, tape } from "../../specdec/web/core/race-numbers.js";
import { deepestOf, treeSize } from "../../specdec/web/core/shape.js";
import { committed, rates, TraceReader, upTo, wasRefused } from "../../specdec/web/core/trace.js";
import { file, guess } from "./runs.js";

const GOLDEN = JSON.parse(file("tests/golden/numbers.json"));
const near = (a, b) => assert.ok(a === b || Math.abs(a - b) <= 1e-12 * Math.abs(b), `${a} is not ${b}`);

function runs(name) {
  const reader = new TraceReader();
  reader.append(file(`assets/traces/${name}.ndjson`));
  reader.parse({ whole: true });
  return reader.runs;
}

for (const [name, recorded] of Object.entries(GOLDEN.recordings)) {
  test(`the counts and rates of ${name} are Python's`, () => {
    const read = runs(name);
    assert.equal(read.length, recorded.length);
    recorded.forEach((/** @type {any} */ told, /** @type {number} */ i) => {
      const sum = upTo(read[i], read[i].rounds.length);
      const { acceptance_rate, tokens_per_pass, draft_efficiency, ...counts } = told;
      assert.deepEqual({ ...sum, ...counts }, { ...sum });
      const { acceptance, perPass, efficiency } = rates(sum);
      near(acceptance, acceptance_rate);
      near(perPass, tokens_per_pass);
      near(efficiency, draft_efficiency);
    });
  });
}

test("the speed-up of a race is Python's", () => {
  for (const [name, speedup] of Object.entries(GOLDEN.speedups)) {
    const [plain, speculative] = runs(name).map(tape);
    near(compare(plain, speculative).speedup, speedup);
  }
});

const LETTERS = { accepted: "a", rejected: "r", discarded: "d" };

test("depth, refusals and what is committed are Python's, whatever the draft", () => {
  for (const { parents, verdicts, depth, refused, committed: count } of GOLDEN.drafts) {
    const draft = parents.map((/** @type {number} */ parent, /** @type {number} */ i) =>
      guess(LETTERS[verdicts[i]], parent),
    );
    const round = /** @type {any} */ ({ draft, final: null });
    assert.deepEqual([deepestOf(draft), wasRefused(round), committed(round).length], [depth, refused, count]);
  }
});

test("the size of a tree is Python's", () => {
  for (const { branching, size } of GOLDEN.trees) assert.equal(treeSize(branching), size);
});
