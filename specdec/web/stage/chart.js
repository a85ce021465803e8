// Accepted per round as columns under the running α, and the totals up to the playhead with what they were counted
// from.
import { hasAlpha } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { rates, upTo } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, set, svg, write } from "../dom/dom.js";
import { barsOf, cellsOf } from "./columns.js";

/** @import { Run } from "../core/types.js" */

const WIDEST = 24; // of a column, gap included
const NARROWEST = 7; // below it, rounds share a column
const LINE = { top: 8, height: 28 }; // where α runs, 1 at the top
const CELLS = { top: 48, height: 58, most: 12 }; // drafts longer than `most` are drawn as one bar
const LABELS = 22;
const MARGIN = 48; // right of the columns, for the last α

function alpha(run, n) {
  return rates(upTo(run, n)).acceptance;
}

export class Chart {
  drawn = false;
  /** @type {Run} */
  run;
  /** @type {number} */
  width;
  /** @type {number} */
  size;
  /** @type {number} */
  pitch;
  /** @type {number} */
  most;
  /** @type {boolean} */
  asBars;
  /** @type {number} */
  cell;
  /** @type {number} */
  bottom;
  /** @type {SVGGElement[]} */
  columns;
  /** @type {[n: number, x: number, y: number][]} */
  curve;
  /** @type {SVGPathElement} */
  past;
  /** @type {SVGPathElement} */
  future;
  /** @type {SVGCircleElement} */
  point;
  /** @type {SVGTextElement} */
  label;
  /** @type {SVGTextElement} */
  last;
  /** @type {SVGTextElement} */
  firstText;
  /** @type {SVGTextElement} */
  nowText;
  /** @type {SVGTextElement} */
  endText;
  /** @type {SVGRectElement} */
  under;

  constructor({ onRound }) {
    this.onRound = onRound;
    this.note = el("span", { class: "chart-note" });
    this.art = svg("svg", {
      class: "chart-art",
      role: "group",
      "aria-label": say("stage.chart"),
      "data-test": "chart",
    });
    this.node = el(
      "figure",
      { class: "chart" },
      el("p", { class: "chart-title" }, el("b", {}, say("stage.chart")), " ", this.note),
      this.art,
    );
    this.art.addEventListener("click", (event) => this.pick(event));
    this.columns = [];
    this.playhead = { n: 0, index: 0 };
  }

  pick(event) {
    const column = event.target.closest("[data-first]");
    if (column) this.onRound(Number(column.dataset.first), column);
  }

  // Everything that depends on how many rounds there are and how wide the page is.
  draw(run, width) {
    Object.assign(this, { run, width, drawn: true });
    const count = run.rounds.length;
    const room = Math.max(60, width - MARGIN);
    this.size = Math.max(1, Math.ceil((count * NARROWEST) / room));
    const shown = Math.ceil(count / this.size);
    this.pitch = Math.min(WIDEST, room / Math.max(1, shown));
    const longest = run.branched ? run.deepest : run.longest;
    this.most = longest; // cells in a column: guesses, or levels of a tree
    this.asBars = this.size > 1 || longest > CELLS.most;
    this.cell = this.asBars ? CELLS.height : Math.min(14.5, (longest > 4 ? 72 : CELLS.height) / Math.max(1, longest));
    const tall = this.asBars ? CELLS.height : this.cell * longest;
    this.bottom = CELLS.top + tall;
    const height = this.bottom + LABELS;
    set(this.art, { viewBox: `0 0 ${width} ${height}`, width, height });
    this.describe(longest);
    this.columns = Array.from({ length: shown }, (_, i) => this.column(i));
    const end = this.x(count - 1);
    this.past = svg("path", { class: "alpha-past" });
    this.future = svg("path", { class: "alpha-future" });
    this.point = svg("circle", { class: "alpha-point", r: 4 });
    this.label = svg("text", { class: "alpha-label" });
    this.last = svg("text", { class: "alpha-last", x: Math.min(width - 40, end + 14) });
    this.under = svg("rect", {
      class: "chart-under",
      height: 3,
      rx: 1.5,
      width: Math.max(8, this.pitch - 2),
      y: this.bottom + 1,
    });
    this.firstText = svg("text", { class: "chart-axis", y: this.bottom + 18, "text-anchor": "middle" });
    this.nowText = svg("text", { class: "chart-axis is-now", y: this.bottom + 18, "text-anchor": "middle" });
    this.endText = svg("text", { class: "chart-axis", y: this.bottom + 18, "text-anchor": "middle" });
    const grid = [LINE.top, LINE.top + LINE.height].map((y) =>
      svg("path", { class: "chart-grid", d: `M0 ${y}H${Math.min(room, end + this.pitch)}` }),
    );
    const focused = this.art.contains(document.activeElement);
    this.art.replaceChildren(
      ...grid,
      ...this.columns,
      this.future,
      this.past,
      this.point,
      this.label,
      this.last,
      this.under,
      this.firstText,
      this.nowText,
      this.endText,
    );
    this.curve = this.measure();
    this.show(Math.min(this.playhead.n, count), Math.min(this.playhead.index, count - 1));
    if (focused) this.focusColumn(this.playhead.index);
  }

  describe(longest) {
    const values = {
      n: longest,
      alpha: say(hasAlpha(this.run.header) ? "stage.chart_alpha" : "stage.chart_kept"),
      size: this.size,
    };
    const same = this.run.rounds.every((round) => round.draft.length === longest);
    const key =
      this.size > 1
        ? "stage.chart_grouped"
        : this.run.branched
          ? "stage.chart_levels"
          : same
            ? "stage.chart_of"
            : "stage.chart_up_to";
    this.note.replaceChildren(say(key, values), el("span", { class: "chart-scale" }, ` ${say("stage.chart_scale")}`));
  }

  // The middle of round i's column.
  x(i) {
    return (Math.floor(i / this.size) + 0.5) * this.pitch;
  }

  column(i) {
    const first = i * this.size;
    const rounds = this.run.rounds.slice(first, first + this.size);
    const before = upTo(this.run, first);
    const after = upTo(this.run, first + rounds.length);
    const box = { left: i * this.pitch, pitch: this.pitch, cell: this.cell, bottom: this.bottom };
    const parts = this.asBars
      ? barsOf(this.run, before, after, CELLS.height / (this.most * rounds.length || 1), box)
      : cellsOf(this.run, rounds[0], first, box);
    const hit = { x: box.left, y: LINE.top, width: this.pitch, height: this.bottom - LINE.top + LABELS };
    return svg(
      "g",
      {
        class: "column",
        role: "button",
        tabindex: "-1",
        "data-first": first,
        "aria-label": this.labelOf(first, rounds.length, before, after),
      },
      svg("rect", { class: "column-hit", ...hit }),
      parts,
    );
  }

  labelOf(first, rounds, before, after) {
    const count = { accepted: after.accepted - before.accepted, drafted: after.drafted - before.drafted };
    return this.size > 1
      ? say("stage.chart_group", { first: first + 1, last: first + rounds, ...count })
      : say("stage.chart_column", { round: first + 1, ...count });
  }

  measure() {
    /** @type {[n: number, x: number, y: number][]} */
    const points = [];
    for (let n = 1; n <= this.run.rounds.length; n++) {
      const value = alpha(this.run, n);
      if (value !== null && (n % this.size === 0 || n === this.run.rounds.length))
        points.push([n, this.x(n - 1), LINE.top + (1 - value) * LINE.height]);
    }
    return points;
  }

  // Up to round n is past; `index` is the round on the stage.
  show(n, index) {
    this.playhead = { n, index };
    if (!this.drawn) return;
    const count = this.run.rounds.length;
    const now = Math.floor(index / this.size);
    const past = Math.ceil(n / this.size);
    this.columns.forEach((column, i) => {
      column.classList.toggle("is-future", i >= past);
      if ((i === now) !== (column.getAttribute("tabindex") === "0"))
        column.setAttribute("tabindex", i === now ? "0" : "-1");
    });
    const line = (points) =>
      points.length ? `M${points.map(([, x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}` : "";
    const done = this.curve.filter(([at]) => at <= n);
    this.past.setAttribute("d", line(done));
    this.future.setAttribute("d", line(this.curve.filter(([at]) => at >= n)));
    this.headline(done, n, count);
    this.axis(index, count);
  }

  headline(done, n, count) {
    const value = alpha(this.run, n);
    const end = alpha(this.run, count);
    const there = done.length > 0 && value !== null;
    const spot = there ? done[done.length - 1] : [0, 0, 0];
    for (const node of [this.point, this.label]) node.style.display = there ? "" : "none";
    this.last.style.display = end === null || n >= count ? "none" : "";
    if (end !== null) {
      this.last.textContent = number.percent(end);
      set(this.last, { y: LINE.top + (1 - end) * LINE.height + 4 });
    }
    if (!there) return;
    set(this.point, { cx: spot[1], cy: spot[2] });
    this.label.textContent = say(hasAlpha(this.run.header) ? "stage.alpha_at" : "stage.kept_at", {
      share: number.percent(value),
    });
    const atEnd = spot[1] > this.width - MARGIN - 40;
    const y = spot[2] < LINE.top + 15 ? spot[2] + 19 : spot[2] - 9;
    set(this.label, { x: atEnd ? spot[1] + 4 : spot[1] + 8, "text-anchor": atEnd ? "end" : "start", y });
  }

  axis(index, count) {
    const x = this.x(index);
    const end = this.x(count - 1);
    set(this.under, { x: x - Math.max(8, this.pitch - 2) / 2 });
    for (const { node, at, text, seen } of [
      { node: this.nowText, at: x, text: index + 1, seen: true },
      { node: this.firstText, at: this.x(0), text: 1, seen: x - this.x(0) > 22 },
      { node: this.endText, at: end, text: count, seen: end - x > 26 },
    ]) {
      set(node, { x: Math.max(5, at) });
      node.style.display = seen ? "" : "none";
      write(node, String(text));
    }
  }

  focusColumn(index) {
    const column = this.columns[Math.floor(index / this.size)];
    if (column) column.focus();
  }
}
