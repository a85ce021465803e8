import assert from "node:assert/strict";
import { test } from "node:test";
import { keysOf, lookUp, neighbour, turning } from "../../specdec/web/core/tokens.js";
import { run } from "./runs.js";

const RUN = run(["ard", "", "aa"]);

test("a key finds its token and what stood around it", () => {
  const about = lookUp(RUN, "0:1");
  assert.equal(about?.token, RUN.rounds[0].draft[1]);
  assert.equal(about?.refused, RUN.rounds[0].draft[1]);
  assert.deepEqual([about?.rule, about?.family, about?.branched, about?.alone], ["rejection", "model", false, false]);
  assert.equal(lookUp(RUN, "2:f")?.token, RUN.rounds[2].final);
});

test("a key that names nothing finds nothing", () => {
  for (const key of ["9:0", "0:9", "-1:f"]) assert.equal(lookUp(RUN, key), null);
});

test("the arrows walk guesses, then the target's own token, then the next round", () => {
  assert.deepEqual(keysOf(RUN.rounds[0], 0), ["0:0", "0:1", "0:2", "0:f"]);
  const walked = [];
  for (let key = /** @type {string | null} */ ("0:0"); key; key = neighbour(RUN, key, 1)) walked.push(key);
  assert.deepEqual(walked, ["0:0", "0:1", "0:2", "0:f", "1:f", "2:0", "2:1", "2:f"]);
  assert.equal(neighbour(RUN, "1:f", -1), "0:f");
  assert.equal(neighbour(RUN, "0:0", -1), null);
});

test("a round turns on what was refused, or on what the target added", () => {
  const at = (round, beat) => turning(RUN, { round, beat });
  assert.equal(at(0, 2), "0:1");
  assert.equal(at(1, 3), "1:f");
  assert.equal(at(2, 1), "1:f", "not judged yet: the round before");
  assert.equal(at(0, 0), null);
});
