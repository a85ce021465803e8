// A draft with branches, drawn as the tree it is: the last written token, a column a depth, a line to every guess, and
// the target's own token at the end of the kept path. Where there is no room, the same nodes as an indented list.
import { deepestOf, drawnParents, listed, tidy } from "../core/shape.js";
import { committed, readsSource } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, svg } from "../dom/dom.js";
import { tokenChip } from "../dom/marks.js";

/** @import { Drawing } from "../core/shape.js" */
/** @import { Run } from "../core/types.js" */

const HEAD = 30; // room for the names of the columns
const SIZES = {
  roomy: { pitch: 70, gap: 58, chip: 40, below: 24 },
  slim: { pitch: 54, gap: 40, chip: 26, below: 24 }, // small chips, for deep trees
  dense: { pitch: 31, gap: 44, chip: 26, below: 8 }, // small chips without their numbers, for wide ones
  list: { pitch: 46, gap: 20, chip: 40, below: 0 },
};
const TIGHT = 30; // the least room for lines between two columns
const PADDING = 8; // of the box, both sides: room for the ring around a chip
const COLUMN = 128; // of a tree at its roomiest, about
const MOST_ROWS = 8; // more rows than this are drawn densely
const MOST_LISTED = 18; // so many nodes may be a list

// The token that a round's guesses follow.
function rootOf(run, index) {
  const before = index > 0 ? committed(run.rounds[index - 1]) : [];
  const tokens = (!readsSource(run) && run.header.prompt.tokens) || [];
  return before[before.length - 1] || tokens[tokens.length - 1] || null;
}

const curve = (from, to) => {
  const middle = from.x + (to.x - from.x) * 0.55;
  return `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
};
// Of the chip in a node.
/** @type {(node: HTMLElement) => number} */
const widthOfChip = (node) => /** @type {HTMLElement} */ (node.querySelector(".chip")).offsetWidth;
const elbow = (from, to) => `M${from.x} ${from.y}V${to.y - 8}q0 8 8 8H${to.x}`;

export class TreeView {
  resting = false;
  /** @type {Run} */
  run;
  /** @type {number} */
  counted;
  /** @type {number} */
  rows;
  /** @type {number} */
  most;
  /** @type {keyof typeof SIZES} */
  size;
  /** @type {number} */
  tallest;
  /** @type {boolean} */
  placed;
  /** @type {number[]} */
  parents;
  /** @type {Drawing} */
  tree;
  /** @type {HTMLElement} */
  root;
  /** @type {HTMLElement[]} */
  nodes;
  /** @type {HTMLElement[]} */
  names;
  /** @type {SVGPathElement[]} */
  lines;
  /** @type {number[]} */
  path;

  constructor() {
    this.heads = el("div", { class: "tree-heads", "aria-hidden": "true" });
    this.edges = svg("svg", { class: "tree-edges", "aria-hidden": "true" });
    this.sweep = el("span", { class: "tree-sweep" });
    this.canvas = el("div", { class: "tree-canvas" });
    this.node = el("div", { class: "tree-box", tabindex: "-1" }, this.canvas);
  }

  // Whether a tree takes the height of its own rows, or that of the largest tree of the run.
  rest(yes) {
    if (this.resting !== yes) this.placed = false;
    this.resting = yes;
  }

  // How a run's trees are drawn: by the room, and by the largest of them, so that it does not change in play.
  layout(room, run, narrow) {
    if (this.run !== run) Object.assign(this, { run, counted: 0, rows: 1, most: 0 });
    for (; this.counted < run.rounds.length; this.counted++) {
      const parents = drawnParents(run.rounds[this.counted]);
      this.most = Math.max(this.most, parents.length);
      this.rows = Math.max(this.rows, tidy(parents).rows);
    }
    const { rows, most: nodes } = this;
    const deep = TreeView.width(run) > room;
    const size = narrow && nodes <= MOST_LISTED ? "list" : rows > MOST_ROWS ? "dense" : deep ? "slim" : "roomy";
    this.size = size;
    this.tallest = size === "list" ? (nodes + 1) * SIZES.list.pitch : this.height(rows);
    this.node.dataset.size = size;
    this.placed = false;
  }

  // The approximate width of a run's trees and of the token before them.
  static width(run) {
    return 70 + (run.deepest + 1) * COLUMN;
  }

  height(rows) {
    const { pitch, chip, below } = SIZES[this.size];
    return HEAD + (rows - 1) * pitch + chip + below;
  }

  // nodes: the elements of the guesses in order, then that of the target's own token.
  draw(run, index, nodes) {
    const round = run.rounds[index];
    const list = this.size === "list";
    this.parents = drawnParents(round);
    this.tree = list ? listed(this.parents) : tidy(this.parents);
    const root = rootOf(run, index);
    this.root = el(
      "div",
      { class: "tree-root" },
      root ? tokenChip(root, "plain") : el("span", { class: "chip is-plain" }, "…"),
    );
    this.nodes = nodes;
    const kinds = [...round.draft.map((token) => token.verdict), ...(round.final ? [round.final.verdict] : [])];
    this.lines = kinds.map((kind, i) =>
      svg("path", { class: `edge is-${kind}`, style: `--i:${i}`, "data-at": i < round.draft.length ? null : "final" }),
    );
    const order = { discarded: 0, rejected: 1, accepted: 2 };
    this.edges.replaceChildren(
      ...this.lines
        .map((line, i) => [order[kinds[i]] ?? 3, line])
        .sort(([a], [b]) => a - b)
        .map(([, line]) => line),
    );
    this.names = Array.from({ length: this.tree.depth }, (_, i) =>
      el("span", { "data-at": i < deepestOf(round.draft) ? null : "final" }, say("stage.depth", { depth: i + 1 })),
    );
    this.heads.replaceChildren(...this.names);
    // Tab goes as the eye does.
    const read = nodes.map((node, i) => [list ? this.tree.nodes[i].row : i, node]).sort(([a], [b]) => a - b);
    this.canvas.replaceChildren(this.heads, this.edges, this.sweep, this.root, ...read.map(([, node]) => node));
    this.path = kinds
      .map((kind, i) => [kind, i])
      .filter(([kind]) => !["rejected", "discarded"].includes(kind))
      .map(([, i]) => i);
    this.placed = false;
  }

  // Widths of everything that was written, once a round.
  measure() {
    if (this.placed || !this.tree) return null;
    const chips = [...this.nodes, this.root].map(widthOfChip);
    return { chips, root: chips.pop(), room: this.node.clientWidth - PADDING };
  }

  settle(seen) {
    if (!seen || !(seen.room > 0)) return; // in a tab that is not shown
    this.placed = true;
    if (this.size === "list") this.placeList(seen);
    else this.placeTree(seen);
  }

  placeTree({ chips, root, room }) {
    const { pitch, gap, chip } = SIZES[this.size];
    const wide = [root];
    this.tree.nodes.forEach((node, i) => {
      wide[node.depth] = Math.max(wide[node.depth] || 0, chips[i]);
    });
    const spare = room - wide.reduce((sum, width) => sum + width, 0) - gap * this.tree.depth;
    const between = gap + Math.min(24, Math.max(TIGHT - gap, spare / Math.max(1, this.tree.depth)));
    const lefts = wide.map((_, depth) => wide.slice(0, depth).reduce((sum, width) => sum + width + between, 0));
    const tall = this.resting ? this.height(this.tree.rows) : this.tallest;
    const drop = Math.max(0, tall - this.height(this.tree.rows)) / 2;
    const at = ({ depth, row }) => ({ x: lefts[depth], y: HEAD + drop + row * pitch });
    const width = lefts[lefts.length - 1] + wide[wide.length - 1];
    this.put(at, { width, height: tall });
    this.names.forEach((name, i) => {
      name.style.left = `${lefts[i + 1]}px`;
    });
    this.tree.nodes.forEach((node, i) => {
      const parent = this.parents[i];
      const from = parent < 0 ? at(this.tree.root) : at(this.tree.nodes[parent]);
      const start = { x: from.x + (parent < 0 ? root : chips[parent]), y: from.y + chip / 2 };
      const to = at(node);
      this.lines[i].setAttribute("d", curve(start, { x: to.x, y: to.y + chip / 2 }));
    });
    this.look(
      at,
      this.path.map((i) => this.tree.nodes[i]),
    );
  }

  placeList({ room }) {
    const { pitch, gap, chip } = SIZES.list;
    const step = Math.min(gap, Math.max(8, (room - 220) / Math.max(1, this.tree.depth)));
    const at = ({ depth, row }) => ({ x: depth * step, y: row * pitch });
    const rows = this.resting ? this.nodes.length + 1 : this.tallest / pitch;
    this.put(at, { width: room, height: rows * pitch });
    this.tree.nodes.forEach((node, i) => {
      const from = at(this.parents[i] < 0 ? this.tree.root : this.tree.nodes[this.parents[i]]);
      const to = at(node);
      this.lines[i].setAttribute(
        "d",
        elbow({ x: from.x + step / 2, y: from.y + chip }, { x: to.x, y: to.y + chip / 2 }),
      );
      this.nodes[i].style.maxWidth = `${room - to.x}px`;
      this.nodes[i].style.width = `${room - to.x}px`;
    });
  }

  put(at, { width, height }) {
    const place = (node, { x, y }) => {
      node.style.left = `${x}px`;
      node.style.top = `${y}px`;
    };
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.edges.setAttribute("width", width);
    this.edges.setAttribute("height", height);
    place(this.root, at(this.tree.root));
    this.nodes.forEach((node, i) => place(node, at(this.tree.nodes[i])));
  }

  // In a box that scrolls, begin where the kept path ends, and with the root if both fit.
  look(at, path) {
    const { node, tree } = this;
    const rows = [tree.root, ...path].map((one) => at(one).y);
    const [low, high] = [Math.min(...rows), Math.max(...rows)];
    const fits = high - low < node.clientHeight - HEAD;
    if (node.scrollHeight > node.clientHeight + 2)
      node.scrollTop = (fits ? (low + high) / 2 : rows[rows.length - 1]) - node.clientHeight / 2;
    const end = path.length ? at(path[path.length - 1]).x : 0;
    if (node.scrollWidth > node.clientWidth + 2) node.scrollLeft = end - node.clientWidth * 0.6;
  }
}
