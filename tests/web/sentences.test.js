import assert from "node:assert/strict";
import { test } from "node:test";
import { numbersUnder, sentences } from "../../specdec/web/core/sentences.js";
import { say } from "../../specdec/web/core/words.js";
import { guess, run } from "./runs.js";

const told = (draft, beat, settings) => {
  const one = run([draft], settings);
  return sentences(one, one.rounds[0], beat);
};

test("a round is told no further than its beat", () => {
  assert.deepEqual(told("aard", 0), [say("stage.guessing_model", { n: 4 }), ""]);
  assert.deepEqual(told("aard", 1), [say("stage.checking", { n: 4 }), ""]);
  assert.deepEqual(told("aard", 2), [say("stage.guessed_model", { n: 4 }), say("stage.kept_correction", { n: 2 })]);
});

test("nothing kept, everything kept, and no guess at all have sentences of their own", () => {
  assert.equal(told("rd", 3)[1], say("stage.kept_none"));
  assert.equal(told("aa", 3)[1], say("stage.kept_bonus", { n: 2 }));
  assert.equal(told("", 3)[1], say("stage.wrote_plain"));
});

test("plain decoding speaks of passes", () => {
  assert.deepEqual(told("", 0, { drafter: "none" }), [say("stage.plain_pass"), ""]);
  assert.deepEqual(told("", 3, { drafter: "none" }), [say("stage.plain_round"), ""]);
});

test("a round without a guess says why nobody was asked", () => {
  assert.equal(told("", 0, { draft_length: 0 })[0], say("stage.guessing_none_asked"));
  assert.equal(told("", 0, { max_new_tokens: 1 })[0], say("stage.guessing_none_room"));
  assert.equal(told("", 0, { drafter: "lookup" })[0], say("stage.guessing_none_lookup"));
});

test("a tree speaks of its path", () => {
  const tree = [
    ["r", -1],
    ["a", -1],
  ];
  assert.equal(told(tree, 3)[0], say("stage.guessed_tree_model", { n: 2 }));
});

test("under a guess stands what decided it", () => {
  const share = (token, rule, short = false) =>
    numbersUnder(token, rule, "", short).map((text) => text.replaceAll("\u202f", " "));
  assert.deepEqual(share(guess("a", -1), "rejection"), [
    say("stage.accept", { share: "50 %" }),
    say("stage.coin", { coin: "0.30" }),
  ]);
  assert.deepEqual(share(guess("d", -1), "rejection"), [say("stage.not_judged")]);
  assert.deepEqual(share(guess("d", -1), "rejection", true), []);
  assert.deepEqual(share(guess("a", -1), "greedy"), [say("stage.match")]);
  const block = guess("a", -1, { rule: { product: 1, threshold: 0.3004, mass: 0.5 }, coin: 0.3002 });
  assert.deepEqual(share(block, "block"), [
    say("stage.threshold", { threshold: "0.3004" }),
    say("stage.coin", { coin: "0.3002" }),
  ]);
  const typical = guess("r", -1, { rule: { entropy: 1, threshold: 0.5 } });
  assert.deepEqual(share(typical, "typical"), [say("stage.not_above", { p: "0.40", threshold: "0.50" })]);
});

test("a guess that top-p cut is not said to be accepted 0 % of the time", () => {
  const gone = guess("r", -1, { target_prob: 0, accept_prob: 0 });
  assert.deepEqual(numbersUnder(gone, "rejection", "top-p"), [say("stage.cut", { by: "top-p" })]);
  assert.equal(numbersUnder(gone, "rejection", "").length, 2);
});
