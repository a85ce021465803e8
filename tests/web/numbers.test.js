import assert from "node:assert/strict";
import { test } from "node:test";
import * as number from "../../specdec/web/core/numbers.js";

const plain = (text) => text.replaceAll("\u202f", " ");
const each = (write, table) => {
  for (const [value, text] of table) assert.equal(plain(write(value)), text, String(value));
};

test("a probability is 0 or 1 only where it is", () => {
  each(number.prob, [
    [0, "0"],
    [1, "1"],
    [0.634, "0.63"],
    [0.0042, "0.004"],
    [0.00042, "0.0004"],
    [1e-9, "< 0.0001"],
    [0.997, "0.997"],
    [0.99999, "> 0.9999"],
  ]);
});

test("a quotient may be large", () => {
  each(number.ratio, [
    [0.27, "0.27"],
    [1.524, "1.52"],
    [38.44, "38.4"],
    [384, "384"],
    [1e6, "> 9999"],
  ]);
});

test("0 % and 100 % are kept for nothing and everything", () => {
  each(number.percent, [
    [0, "0 %"],
    [0.001, "< 1 %"],
    [0.999, "> 99 %"],
    [1, "100 %"],
    [0.5, "50 %"],
  ]);
});

test("two numbers that are compared are written so that they differ", () => {
  assert.deepEqual(number.probs(0.2931, 0.2934), ["0.2931", "0.2934"]);
  assert.deepEqual(number.probs(0.4, 1), ["0.40", "1"]);
  assert.deepEqual(number.apart(0.5, 0.5), ["0.50", "0.50"]);
});

test("seconds are as precise as they are long", () => {
  each(number.seconds, [
    [12.34, "12.3 s"],
    [1.234, "1.23 s"],
    [0.1234, "123 ms"],
    [0.0123, "12.3 ms"],
    [0.00005, "0.05 ms"],
  ]);
});

test("parameters are counted in k, M and B", () => {
  each(number.parameters, [
    [999, "999"],
    [1100, "1.1k"],
    [11_400_000, "11M"],
    [8.19e9, "8.2B"],
  ]);
});

test("a date that is none stays as it is", () => {
  assert.equal(number.date("2026-11-20T23:30:00+00:00"), "20 Nov 2026");
  assert.equal(number.date("yesterday"), "yesterday");
});

test("a reader who divides or subtracts the printed numbers gets the printed result", () => {
  const minimum = (a, b) => Math.min(1, a / b);
  const told = (p, q) => number.operands(p, q, number.prob(minimum(p, q)), minimum);
  assert.deepEqual(told(0.0078, 0.0126), ["0.008", "0.013"], "0.008 / 0.01 would be 0.8");
  assert.deepEqual(told(0.4, 0.8), ["0.40", "0.80"]);
  assert.deepEqual(told(0.29311, 0.29312), ["0.29311", "0.29312"], "not the same over the same");
  for (let i = 1; i < 400; i++) {
    const [p, q] = [((i * 7919) % 1000) / 1003, ((i * 104729) % 997) / 1009 + 0.0003];
    for (const { compute, value } of [
      { compute: minimum, value: minimum(p, q) },
      { compute: (a, b) => a - b, value: p - q },
    ]) {
      if (value < 0) continue;
      const printed = number.prob(value);
      const [first, second] = number.operands(p, q, printed, compute);
      const digits = printed.split(".")[1]?.length ?? 0;
      if (!Number.isNaN(Number(printed)))
        assert.equal(compute(Number(first), Number(second)).toFixed(digits), Number(printed).toFixed(digits));
    }
  }
});
