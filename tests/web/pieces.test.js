import assert from "node:assert/strict";
import { test } from "node:test";
import { pieceParts, spoken } from "../../specdec/web/core/pieces.js";
import { say } from "../../specdec/web/core/words.js";
import "./runs.js";

const told = (text, longest) => pieceParts(text, longest).map((part) => `${part.kind[0]}:${part.text}`);

test("white space is a mark", () => {
  assert.deepEqual(told(" loved"), ["m:space", "l:loved"]);
  assert.deepEqual(told("\n\t"), ["m:newline", "m:tab"]);
});

test("what would turn the text behind it round is shown by its code", () => {
  assert.deepEqual(told("a\u202eb\u2067"), ["l:a", "c:U+202E", "l:b", "c:U+2067"]);
});

test("what would not be seen is shown by its code", () => {
  assert.deepEqual(told("\u200b\ud83d\u00a0"), ["c:U+200B", "c:U+D83D", "c:U+00A0"]);
});

test("a joiner inside an emoji belongs to the picture, one that stands first does not", () => {
  assert.deepEqual(told("👩\u200d🚀"), ["l:👩\u200d🚀"]);
  assert.deepEqual(told("\u200d"), ["c:U+200D"]);
});

test("a combining mark that stands first gets something to stand on", () => {
  assert.deepEqual(told("\u0301a"), ["l:\u25cc\u0301a"]);
});

test("right-to-left letters are letters", () => {
  assert.deepEqual(told(" שלום"), ["m:space", "l:שלום"]);
});

test("a long piece is cut, and says so", () => {
  assert.deepEqual(told("abcdef", 3), ["l:abc", "c:…"]);
});

test("white space is spoken by name, words as they are", () => {
  assert.equal(spoken(" loved"), "loved");
  assert.deepEqual(
    ["\n ", "\t", " "].map(spoken),
    ["newline", "tab", "space"].map((name) => say(`stage.spoken_${name}`)),
  );
});
