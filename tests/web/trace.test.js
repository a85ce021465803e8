import assert from "node:assert/strict";
import { test } from "node:test";
import { committed, rates, TraceReader, upTo } from "../../specdec/web/core/trace.js";
import { say } from "../../specdec/web/core/words.js";
import { file, footer, guess, header, lines, round, run } from "./runs.js";

const WHOLE = lines(header(), round("aard"), footer());

function read(text, choice) {
  const reader = new TraceReader();
  reader.append(text);
  reader.parse(choice);
  return reader;
}

test("lines that are appended go on with the run, and a reader that was cleared begins anew", () => {
  const reader = new TraceReader();
  reader.append(lines(header(), round("aard")));
  reader.parse();
  const [first] = reader.runs;
  reader.append(lines(round("ar", { index: 1 })));
  reader.parse();
  assert.equal(reader.runs[0], first);
  assert.equal(first.rounds.length, 2);
  reader.clear();
  assert.deepEqual(reader.runs, []);
  reader.append(lines(header()));
  reader.parse();
  assert.equal(reader.runs.length, 1);
});

test("a line may come in pieces, and what was read is not kept", () => {
  const reader = new TraceReader();
  for (const letter of WHOLE) {
    reader.append(letter);
    reader.parse();
  }
  assert.equal(reader.runs[0].footer?.reason, "length");
  assert.equal(reader.line, 3);
  reader.append("");
  assert.equal(reader.text, "");
});

test("a line without its newline waits, unless the text is whole", () => {
  const cut = WHOLE.trimEnd();
  assert.equal(read(cut).runs[0].footer, null);
  assert.equal(read(cut, { whole: true }).runs[0].footer?.reason, "length");
});

test("a long text is read in slices and nothing of it is lost", () => {
  const rounds = Array.from({ length: 200 }, (_, index) => round("aard", { index }));
  const reader = new TraceReader();
  reader.append(lines(header(), ...rounds));
  let slices = 1;
  while (reader.parse({ budget: -1 })) slices += 1;
  assert.equal(slices, 201);
  assert.equal(reader.runs[0].rounds.length, 200);
});

test("the recorded runs of the repository are read", () => {
  for (const name of ["stories", "race-stories"]) {
    const reader = read(file(`assets/traces/${name}.ndjson`), { whole: true });
    assert.equal(reader.error, null);
    assert.ok(reader.runs.every((one) => one.footer && one.rounds.length));
  }
});

const BROKEN = {
  "no JSON": ["{\n", "json"],
  "another kind of line": [lines({ kind: "note" }), "kind"],
  "a kind that every object has": [lines({ kind: "toString" }), "kind"],
  "a round before its header": [lines(round("a")), "order"],
  "a header without a prompt": [lines({ ...header(), prompt: null }), "shape"],
  "a parent that stands behind its child": [lines(header(), round([["a", 0]])), "shape"],
  "a probability above 1": [
    lines(header(), { ...round("a"), draft: [guess("a", -1, { target_prob: 1.1 })] }),
    "shape",
  ],
  "a line behind the footer": [WHOLE + lines(round("a", { index: 1 })), "order"],
};

for (const [what, [text, why]] of Object.entries(BROKEN)) {
  test(`${what} is refused in a sentence that names the line`, () => {
    const { error, line } = read(text);
    assert.equal(error, say("stage.broken_line", { line, why: say(`stage.broken_${why}`) }));
  });
}

test("another schema, and a round that is missing, are named", () => {
  const line = { line: 1, why: say("stage.broken_schema", { value: "9", known: 2 }) };
  assert.equal(read(lines({ ...header(), schema: 9 })).error, say("stage.broken_line", line));
  const index = { line: 2, why: say("stage.broken_index", { value: "4", expected: 0 }) };
  assert.equal(read(lines(header(), round("a", { index: 4 }))).error, say("stage.broken_line", index));
});

test("what a round adds is its kept guesses and the target's own token", () => {
  assert.deepEqual(
    committed(round("aard")).map(({ verdict }) => verdict),
    ["accepted", "accepted", "correction"],
  );
  assert.deepEqual(committed(round("r", { final: false })), []);
});

test("sums run with the rounds", () => {
  const sums = run(["aard", "", "aa"]);
  assert.deepEqual(
    [1, 2, 3].map((n) => upTo(sums, n).tokens),
    [3, 4, 7],
  );
  const { rounds, drafted, accepted, rejected, discarded, refusals, passes } = upTo(sums, 3);
  assert.deepEqual([rounds, drafted, accepted, rejected, discarded, refusals, passes], [3, 6, 4, 1, 1, 1, 3]);
  assert.deepEqual([sums.longest, sums.deepest, sums.branched], [4, 4, false]);
});

test("nothing is divided by nothing", () => {
  assert.deepEqual(rates(upTo(run([""]), 0)), { acceptance: null, perPass: null, efficiency: null });
});

const opaque = (verdict, parent) => ({
  kind: "opaque",
  id: 7,
  piece: "x",
  text: "x",
  parent,
  verdict,
  said: { n: 1 },
});
const wrote = { kind: "opaque", id: 8, piece: "y", text: "y", verdict: "correction", said: {} };
const untold = { ...round(""), seconds: null, passes: null, final: wrote };

test("a run of an engine that tells no probabilities and no times is read and counted", () => {
  const foreign = { ...untold, draft: [opaque("accepted", -1), opaque("rejected", 0)] };
  const { runs, error } = read(lines({ ...header(), engine: "another" }, foreign));
  assert.equal(error, null);
  const { tokens, accepted, rejected, refusals, passes } = upTo(runs[0], 1);
  assert.deepEqual([tokens, accepted, rejected, refusals, passes], [2, 1, 1, 1, 1]);
});

test("a round with probabilities for some of its tokens is refused", () => {
  const { error } = read(lines(header(), { ...untold, draft: [guess("a", -1)] }));
  assert.equal(error, say("stage.broken_line", { line: 2, why: say("stage.broken_shape") }));
});
