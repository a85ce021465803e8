// The shape of a draft, from its parents alone: paths, the last rejected token, and where a node is drawn.
// It needs no document.

/** @import { Guess, Round } from "./types.js" */
/** @typedef {{nth: number, of: number, before: Guess[], next: Guess | null, all: Guess[]}} Siblings */
/** @typedef {{depth: number, row: number}} Place */
/** @typedef {{nodes: Place[], root: Place, rows: number, depth: number}} Drawing */

// Whether a draft is more than a row of guesses.
/** @type {(round: Round) => boolean} */
export const isBranched = (round) => round.draft.some((token, i) => token.parent !== i - 1);

// The last guess that was kept, -1 when none was.
/** @type {(round: Round) => number} */
export const lastKept = (round) =>
  round.draft.reduce((last, token, i) => (token.verdict === "accepted" ? i : last), -1);

// The last guess that was refused where the kept path ends; null when the path did not end by a refusal.
/** @type {(round: Round) => Guess | null} */
export const lastRefused = (round) => {
  const last = lastKept(round);
  const refused = round.draft.filter((token) => token.verdict === "rejected" && token.parent === last);
  return refused.length ? refused[refused.length - 1] : null;
};

// A guess and those before it on its path, the first one first, as places in the draft.
/** @type {(draft: Guess[], i: number) => number[]} */
export const pathTo = (draft, i) => (i < 0 ? [] : [...pathTo(draft, draft[i].parent), i]);

// Where a guess stands among those that share its parent: {nth, of, before, next}, the last two as tokens.
/** @type {(draft: Guess[], token: Guess) => Siblings} */
export const siblings = (draft, token) => {
  const all = draft.filter((other) => other.parent === token.parent);
  const at = all.indexOf(token);
  return { nth: at + 1, of: all.length, before: all.slice(0, at), next: all[at + 1] || null, all };
};

// How deep every guess stands, from 1.
/** @type {(draft: Guess[]) => number[]} */
export const depthsOf = (draft) => {
  /** @type {number[]} */
  const depths = [];
  for (const token of draft) depths.push(token.parent < 0 ? 1 : depths[token.parent] + 1);
  return depths;
};
/** @type {(draft: Guess[]) => number} */
export const deepestOf = (draft) => depthsOf(draft).reduce((most, depth) => Math.max(most, depth), 0);

// A round as one row of verdicts, a level of its draft each: what was kept, where it was refused, what was not
// reached.
/** @type {(round: Round) => {verdict: string, place: number}[]} */
export const levels = (round) => {
  const row = round.draft
    .map((token, place) => ({ verdict: String(token.verdict), place }))
    .filter(({ verdict }) => verdict === "accepted");
  const refused = lastRefused(round);
  if (refused) row.push({ verdict: "rejected", place: round.draft.indexOf(refused) });
  const depths = depthsOf(round.draft);
  for (let depth = row.length + 1; depth <= Math.max(0, ...depths); depth++)
    row.push({ verdict: "discarded", place: depths.indexOf(depth) });
  return row;
};

// The parents of everything that is drawn: the guesses, then, last among its siblings, what the target wrote itself.
/** @type {(round: Round) => number[]} */
export const drawnParents = (round) => {
  const parents = round.draft.map((token) => token.parent);
  return round.final ? [...parents, lastKept(round)] : parents;
};

/** @type {(parents: number[]) => number[][]} */
function childrenOf(parents) {
  const children = Array.from({ length: parents.length + 1 }, () => /** @type {number[]} */ ([]));
  parents.forEach((parent, i) => children[parent + 1].push(i));
  return children;
}

// A tidy tree: {depth, row} of every node and of the root (depth 0). A parent stands in the middle of its children;
// subtrees come as close as they can without two nodes of a depth being nearer than one row.
/** @type {(parents: number[]) => Drawing} */
export const tidy = (parents) => {
  const children = childrenOf(parents);
  const offset = new Array(parents.length).fill(0); // of a node's row from its parent's
  // The lowest and highest row of every depth below a node, relative to it.
  /** @type {(node: number) => [low: number, high: number][]} */
  const place = (node) => {
    /** @type {number[]} */
    const lows = [];
    /** @type {number[]} */
    const highs = [];
    const rows = children[node + 1].map((child) => {
      const inner = place(child);
      const above = [[0, 0], ...inner];
      const row = above.reduce(
        (most, [low], d) => (d < highs.length ? Math.max(most, highs[d] + 1 - low) : most),
        lows.length ? -Infinity : 0,
      );
      above.forEach(([low, high], d) => {
        if (d >= lows.length) lows[d] = row + low;
        highs[d] = row + high;
      });
      return row;
    });
    const middle = rows.length ? (rows[0] + rows[rows.length - 1]) / 2 : 0;
    children[node + 1].forEach((child, i) => {
      offset[child] = rows[i] - middle;
    });
    return lows.map((low, d) => [low - middle, highs[d] - middle]);
  };
  const contour = place(-1);
  const top = Math.min(0, ...contour.map(([low]) => low));
  /** @type {Place[]} */
  const nodes = [];
  parents.forEach((parent, i) => {
    const from = parent < 0 ? { depth: 0, row: -top } : nodes[parent];
    nodes.push({ depth: from.depth + 1, row: from.row + offset[i] });
  });
  const rows = 1 + Math.max(0, ...contour.map(([, high]) => high)) - top;
  return {
    nodes,
    root: { depth: 0, row: -top },
    rows,
    depth: nodes.reduce((most, node) => Math.max(most, node.depth), 0),
  };
};

// The same nodes as an indented list, a row each, in the order of a walk; the root stands in row 0.
/** @type {(parents: number[]) => Drawing} */
export const listed = (parents) => {
  const children = childrenOf(parents);
  const nodes = new Array(parents.length);
  let row = 0;
  /** @type {(node: number, depth: number) => void} */
  const walk = (node, depth) => {
    for (const child of children[node + 1]) {
      row += 1;
      nodes[child] = { depth, row };
      walk(child, depth + 1);
    }
  };
  walk(-1, 1);
  return {
    nodes,
    root: { depth: 0, row: 0 },
    rows: parents.length + 1,
    depth: nodes.reduce((most, node) => Math.max(most, node.depth), 0),
  };
};

// Guesses in a whole tree: [3, 2] → 3 + 6.
/** @type {(branching: number[]) => number} */
export const treeSize = (branching) =>
  branching.reduce(([sum, level], most) => [sum + level * most, level * most], [0, 1])[0];
