import assert from "node:assert/strict";
import { test } from "node:test";
import {
  copies,
  drafterFamily,
  drafterName,
  hasAlpha,
  isPlain,
  ruleName,
  ruleOf,
} from "../../specdec/web/core/methods.js";
import { say } from "../../specdec/web/core/words.js";
import { header } from "./runs.js";

test("what is known of a rule comes from the table, and of another engine's rule nothing is", () => {
  assert.equal(ruleOf("typical").lossless, false);
  assert.equal(ruleOf("strict").lossless, undefined);
  assert.deepEqual([ruleName("block"), ruleName("strict")], [say("stage.rule_block"), "strict"]);
});

test("a share of kept guesses is α only where the rule makes it one", () => {
  const told = (rule) => hasAlpha(header({ rule }));
  assert.deepEqual(["greedy", "rejection", "block", "typical", "strict"].map(told), [true, true, false, false, true]);
});

test("a drafter that another package brought speaks as a draft model does and keeps its name", () => {
  const echo = header({ drafter: "echo" });
  assert.deepEqual([drafterFamily(echo), drafterName(echo), copies(echo)], ["model", "Echo", true]);
  const unknown = header({ drafter: "ngram-7" });
  assert.deepEqual([drafterFamily(unknown), drafterName(unknown), copies(unknown)], ["model", "ngram-7", false]);
});

test("plain decoding copies nothing", () => {
  const plain = header({ drafter: "none" });
  assert.deepEqual([isPlain(plain), copies(plain), drafterFamily(plain)], [true, false, "model"]);
});

test("a draft model is called by its own name and size", () => {
  assert.equal(drafterName(header()), say("stage.model_size", { name: "draft", size: "10" }));
});
