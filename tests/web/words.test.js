import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, say, sentenceOf, speak } from "../../specdec/web/core/words.js";
import { words } from "./runs.js";

test("one and many are sentenceOf apart by n", () => {
  speak({ a: { b: { one: "{n} token", other: "{n} tokens" } } });
  assert.deepEqual(
    [say("a.b", { n: 1 }), say("a.b", { n: 0 }), say("a.b", { n: 2 })],
    ["1 token", "0 tokens", "2 tokens"],
  );
  speak(words);
});

test("places are filled as Python fills them, whatever their format", () => {
  speak({ a: { b: "{x!r} of {y:.2f}, {x}" } });
  assert.equal(say("a.b", { x: "p", y: 3 }), "p of 3, p");
  speak(words);
});

test("a value that looks like a place stays as it is", () => {
  speak({ a: { b: "<{x}>" } });
  assert.equal(say("a.b", { x: "{x} $1 $&" }), "<{x} $1 $&>");
  speak(words);
});

test("a sentence comes in pieces, so that places may be nodes", () => {
  speak({ a: { b: "from {x} to {y}." } });
  const node = {};
  assert.deepEqual(pieces("a.b", { x: node, y: 2 }), ["from ", node, " to ", 2, "."]);
  speak(words);
});

test("a key that is not there is an error", () => {
  assert.throws(() => say("stage.not_there"), /No words under stage.not_there/);
  assert.throws(() => say("nowhere.at_all"), /No words under/);
});

test("a message in a trace is said in the page's words, one in another, and a text as it stands", () => {
  speak({ a: { b: "<{x}>", c: "why" } });
  assert.equal(sentenceOf({ key: "a.b", values: { x: { key: "a.c", values: {} } } }), "<why>");
  assert.equal(sentenceOf("a library's own"), "a library's own");
  assert.equal(sentenceOf(null), "");
  assert.equal(sentenceOf({ key: "a.d", values: { n: 1 } }), "a.d (n=1)");
  assert.equal(sentenceOf({ key: "a.b", values: {} }), "a.b ()");
  speak(words);
});
