import assert from "node:assert/strict";
import { test } from "node:test";
import { cutBy, instructive, keysOf, lookUp, neighbour, turning } from "../../specdec/web/core/tokens.js";
import { round, run } from "./runs.js";

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
  const at = (round, beat, moving = false) => turning(RUN, { round, beat }, moving);
  assert.equal(at(0, 2), "0:1");
  assert.equal(at(1, 3), "1:f");
  assert.equal(at(2, 1), null, "not judged yet");
  assert.equal(at(2, 1, true), "1:f", "a run that plays stays with the round before");
  assert.equal(at(0, 0), null);
});

test("a token with p = 0 was cut by the settings that cut, unless refused siblings had used its share up", () => {
  const chain = round("rd");
  assert.equal(cutBy({ top_p: 0.9, top_k: 0, min_p: 0 }, chain, chain.draft[0]), "top-p");
  assert.equal(cutBy({ top_p: 0.9, top_k: 40, min_p: 0 }, chain, chain.draft[0]), "top-k / top-p");
  assert.equal(cutBy({}, chain, chain.draft[0]), "");
  const tree = round([
    ["r", -1],
    ["r", -1],
  ]);
  assert.deepEqual(
    tree.draft.map((token) => cutBy({ top_p: 0.9 }, tree, token)),
    ["top-p", ""],
  );
  assert.equal(cutBy({ top_p: 0.9 }, tree, tree.final), "");
});

test("the round that shows most refused a guess between kept and discarded ones", () => {
  assert.equal(instructive(run(["aa", "r", "ard", "ard", "a"])), 2);
  assert.equal(instructive(run(["a", "aaa", "aa"])), 1, "nothing was refused");
  assert.equal(instructive(run(["", "", ""], { drafter: "none" })), 2, "nothing was guessed: the end");
});
