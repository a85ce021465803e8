import assert from "node:assert/strict";
import { test } from "node:test";
import * as shape from "../../specdec/web/core/shape.js";
import { round } from "./runs.js";

// root ─ 0 ✗ ─ 3 ·     1 ✓ ─ 4 ✓ ─ 6 ✗ / 7 ✓
const TREE = round([
  ["r", -1],
  ["a", -1],
  ["d", -1],
  ["d", 0],
  ["a", 1],
  ["d", 1],
  ["r", 4],
  ["a", 4],
]);

test("a chain is no tree and a tree is one", () => {
  assert.equal(shape.isBranched(round("aard")), false);
  assert.equal(shape.isBranched(round("")), false);
  assert.equal(shape.isBranched(TREE), true);
});

test("a path leads from the root to the guess", () => {
  assert.deepEqual(shape.pathTo(TREE.draft, 7), [1, 4, 7]);
  assert.deepEqual(shape.pathTo(TREE.draft, -1), []);
});

test("a refusal is where the kept path ends, and nowhere else", () => {
  assert.equal(shape.lastRefused(TREE), null, "its sibling was kept");
  const chain = round("aard");
  assert.equal(shape.lastRefused(chain), chain.draft[2]);
  assert.equal(shape.lastKept(chain), 1);
  assert.equal(shape.lastKept(round("rd")), -1);
});

test("siblings are told in the order in which they are tried", () => {
  const { nth, of, before, next } = shape.siblings(TREE.draft, TREE.draft[1]);
  assert.deepEqual([nth, of, before, next], [2, 3, [TREE.draft[0]], TREE.draft[2]]);
});

test("a tree becomes a row with a verdict for each level", () => {
  assert.deepEqual(
    shape.levels(TREE).map(({ verdict }) => verdict),
    ["accepted", "accepted", "accepted"],
  );
  assert.deepEqual(
    shape.levels(round("ard")).map(({ verdict, place }) => [verdict, place]),
    [
      ["accepted", 0],
      ["rejected", 1],
      ["discarded", 2],
    ],
  );
});

test("the target's own token is drawn behind the last kept guess", () => {
  assert.deepEqual(shape.drawnParents(TREE), [...TREE.draft.map((token) => token.parent), 7]);
  assert.deepEqual(shape.drawnParents(round("aa", { final: false })), [-1, 0]);
});

// The same numbers in every run: a generator of the Lehmer kind.
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

for (const size of [1, 2, 7, 20, 60]) {
  const draw = chance(size + 3);
  const parents = Array.from({ length: size }, (_, i) => draw(i + 1) - 1);

  test(`a tidy tree of ${size}: parents in the middle of their children, no two nodes nearer than a row`, () => {
    const tree = shape.tidy(parents);
    const rows = new Map();
    tree.nodes.forEach((node, i) => {
      assert.equal(node.depth, (parents[i] < 0 ? 0 : tree.nodes[parents[i]].depth) + 1);
      assert.ok(node.row >= -1e-9 && node.row <= tree.rows - 1 + 1e-9);
      rows.set(node.depth, [...(rows.get(node.depth) ?? []), node.row]);
      const children = tree.nodes.filter((_, at) => parents[at] === i).map(({ row }) => row);
      if (children.length) assert.ok(Math.abs(node.row - (children[0] + Number(children.at(-1))) / 2) < 1e-9);
    });
    for (const row of rows.values()) {
      const sorted = row.toSorted((a, b) => a - b);
      sorted.slice(1).forEach((one, i) => assert.ok(one - sorted[i] > 1 - 1e-9));
    }
  });

  test(`a list of ${size} has a row for every node, children under their parent`, () => {
    const { nodes, rows } = shape.listed(parents);
    assert.equal(rows, size + 1);
    assert.deepEqual(
      nodes.map(({ row }) => row).toSorted((a, b) => a - b),
      Array.from({ length: size }, (_, i) => i + 1),
    );
    nodes.forEach(({ row }, i) => parents[i] >= 0 && assert.ok(row > nodes[parents[i]].row));
  });
}

test("a tree holds the guesses of all its levels", () => {
  assert.deepEqual([shape.treeSize([3, 2]), shape.treeSize([]), shape.treeSize([1, 1, 1])], [9, 0, 3]);
});
