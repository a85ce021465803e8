import assert from "node:assert/strict";
import { test } from "node:test";
import * as racing from "../../specdec/web/core/race-numbers.js";
import { header, run } from "./runs.js";

const plain = racing.tape(run(["", "", "", ""], { drafter: "none" }));
const speculative = racing.tape(run(["aar", "a"], { rule: "greedy", temperature: 0 }));

test("a tape knows what was written, and when", () => {
  assert.deepEqual(speculative.written, [3, 5]);
  assert.deepEqual(speculative.ends, [0.014, 0.028]);
  assert.equal(speculative.text, " w w end w end");
  assert.deepEqual(speculative.offsets, [0, 2, 4, 8, 10, 14]);
});

test("a tape goes on where it stopped", () => {
  const one = run(["a", "a"]);
  const half = { ...one, rounds: one.rounds.slice(0, 1) };
  const growing = racing.tape(half);
  half.rounds = one.rounds;
  assert.deepEqual(racing.follow(growing).written, racing.tape(one).written);
});

test("a moment finds the rounds that are over", () => {
  assert.deepEqual(
    [0, 0.0139, 0.014, 1].map((time) => racing.roundsAt(speculative, time)),
    [0, 0, 1, 2],
  );
});

test("the parts of a clock add up to it", () => {
  const { seconds, draft, verify, other, tokens, passes, tokensPerPass } = racing.cost(speculative);
  assert.ok(Math.abs(draft + verify + other - seconds) < 1e-12);
  assert.deepEqual([tokens, passes, tokensPerPass], [5, 2, 2.5]);
});

test("the speed-up is tokens per pass over what a round costs", () => {
  const { speedup, tokensPerPass, roundCost } = racing.compare(plain, speculative);
  assert.ok(Math.abs(speedup - tokensPerPass / roundCost) < 1e-12);
});

test("what may be said about the text depends on the rule", () => {
  const claim = (settings) => racing.compare(plain, racing.tape(run(["aar"], settings))).claim;
  assert.equal(claim({ rule: "greedy", temperature: 0 }), "differs");
  assert.equal(claim({ rule: "rejection" }), "distribution");
  assert.equal(claim({ rule: "typical" }), "lossy");
  assert.equal(claim({ rule: "of-another-engine" }), "none");
  assert.equal(racing.compare(speculative, speculative).claim, "same");
});

test("a run that was stopped, failed, or wrote nothing is not compared", () => {
  const footer = (reason) => ({ ...speculative, run: { ...speculative.run, footer: { reason, message: null } } });
  assert.equal(racing.complete(speculative), true);
  for (const reason of ["cancelled", "error"]) assert.equal(racing.complete(footer(reason)), false);
  assert.equal(racing.complete({ ...speculative, run: { ...speculative.run, footer: null } }), false);
});

test("two runs are a race only where nothing but the drafter differs", () => {
  const of = (settings) => ({ ...run(["a"], settings) });
  assert.equal(racing.unfit([of({ drafter: "none" }), of({})]), null);
  assert.equal(racing.unfit([of({})]), "race.not_a_race");
  assert.equal(racing.unfit([of({ drafter: "none" }), of({ temperature: 0 })]), "race.unlike");
  assert.equal(header().kind, "header");
});

test("a reader who divides the printed numbers gets the printed quotient", () => {
  const [tokens, cost] = [3.6, 1.372];
  const decimals = racing.decimalsThatDivide(tokens, cost, tokens / cost, 1);
  const again = Number(tokens.toFixed(decimals)) / Number(cost.toFixed(decimals));
  assert.equal(again.toFixed(1), (tokens / cost).toFixed(1));
});

test("times are subtracted as they are printed", () => {
  assert.equal(racing.less(0.344, 0.196, 0.344), "0.14\u00a0s");
});

test("steps of an axis are round and fit", () => {
  for (const [span, least, step] of [
    [0.34, 5, 0.05],
    [10, 2, 5],
    [1, 1, 1],
  ]) {
    assert.ok(Math.abs(racing.niceStep(span, least) - step) < 1e-12);
  }
});

test("a race is replayed in 8 to 10 seconds, however long it took", () => {
  for (const whole of [0.004, 0.34, 1, 1.9, 3.7, 7.9, 8, 9, 10, 10.1, 13, 45, 300]) {
    const { kind, times, speed } = racing.pace(whole);
    assert.ok(whole / speed >= 8 && whole / speed <= 10, `${whole} s: ${whole / speed} s`);
    assert.equal(kind, whole < 8 ? "slowed" : whole > 10 ? "hastened" : "real");
    assert.equal(speed, kind === "slowed" ? 1 / times : times, "what is said is what is done");
  }
});
