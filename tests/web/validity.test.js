import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, tape } from "../../specdec/web/core/race-numbers.js";
import { disturbance } from "../../specdec/web/core/validity.js";
import { file, run } from "./runs.js";

// A run whose rounds made so many guesses and took so many seconds.
function lane(rounds, settings = {}) {
  const made = run(
    rounds.map(([drafted]) => "a".repeat(drafted)),
    settings,
  );
  let clock = 0;
  made.rounds.forEach((one, i) => {
    one.start = clock;
    clock += rounds[i][1];
    one.end = clock;
  });
  return made;
}

for (const one of JSON.parse(file("tests/golden/validity.json"))) {
  test(`a race is judged as the golden cases say: ${one.name}`, () => {
    assert.equal(disturbance(lane(one.plain, { drafter: "none" }), lane(one.speculative)), one.disturbance);
  });
}

test("no race tells a speed-up above the tokens per pass", () => {
  const plain = tape(lane(Array(20).fill([0, 0.01]), { drafter: "none" }));
  for (const cost of [0.2, 0.94, 0.96, 1.5, 9]) {
    const { speedup, tokensPerPass, disturbed } = compare(plain, tape(lane(Array(4).fill([4, 0.01 * cost]))));
    assert.equal(disturbed, cost < 0.95 ? "impossible" : null);
    assert.ok(speedup <= tokensPerPass && Math.abs(speedup - 5 / Math.max(1, cost)) < 1e-9);
  }
});
