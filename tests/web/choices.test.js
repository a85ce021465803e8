import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf, folded, ruleOf, temperatureOf, usualOf } from "../../specdec/web/app/choices.js";

test("rule and temperature go together", () => {
  assert.deepEqual(
    [ruleOf(0, "block"), ruleOf(0.5, "greedy"), ruleOf(0.5, "block")],
    ["greedy", "rejection", "block"],
  );
  assert.deepEqual(
    [temperatureOf(0.8, "greedy", 0.5), temperatureOf(0.8, "block", 0), temperatureOf(0.8, "block", 0.5)],
    [0, 0.8, 0.5],
  );
});

test("a task brings its example, and what was typed stays", () => {
  const known = { first: { story: "Once", correct: "He goed." }, all: ["Once", "He goed."] };
  assert.equal(exampleOf(known, "correct", "Once"), "He goed.");
  assert.equal(exampleOf(known, "correct", " "), "He goed.");
  assert.equal(exampleOf(known, "correct", "My own."), "My own.");
});

test("a task brings the drafter, length, temperature and rule that suit it, and what was chosen by hand stays", () => {
  const tasks = {
    usual: { story: { drafter: "model", draft_length: 4 }, correct: { drafter: "lookup", draft_length: 6 } },
    temperatures: { story: 0.8, correct: 0 },
  };
  assert.deepEqual(usualOf(tasks, "correct", "model", 4, 0.8, "rejection"), ["lookup", 6, 0, "greedy"]);
  assert.deepEqual(usualOf(tasks, "story", "lookup", 6, 0, "greedy"), ["model", 4, 0.8, "rejection"]);
  assert.deepEqual(usualOf(tasks, "correct", "model", 3, 0.5, "block"), ["model", 3, 0.5, "block"]);
});

test("a folded column is an object of its fields", () => {
  assert.deepEqual(JSON.parse(folded(["task", "draft_length"], "story", 4)), { task: "story", draft_length: 4 });
});
