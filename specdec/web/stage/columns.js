// The parts of a column of the chart: a cell for each guess, or bars where drafts are long or rounds share a column.
import { levels } from "../core/shape.js";
import { svg } from "../dom/dom.js";
import { iconPath } from "../dom/marks.js";

/** @import { Round, Run, Sums } from "../core/types.js" */
/** left, pitch: of the column; cell: height of a cell; bottom: y of the base line. All in pixels.
 * @typedef {{left: number, pitch: number, cell: number, bottom: number}} Box */

const WIDTH = { cell: 0.72, bar: 0.78 }; // shares of the pitch
const ICON = { rejected: 10, discarded: 16 }; // pixels of the drawn part of an icon

/** From below: the guesses of a chain, or the levels of a tree.
 * @type {(run: Run, round: Round, index: number, box: Box) => SVGElement[]} */
export const cellsOf = (run, round, index, box) => {
  const shown = run.branched ? levels(round) : round.draft.map(({ verdict }, place) => ({ verdict, place }));
  return shown.map(({ verdict, place }, height) => cell(verdict, height, `${index}:${place}`, box));
};

const cell = (verdict, height, key, { left, pitch, cell, bottom }) => {
  const gap = Math.min(4, cell * 0.28);
  const width = pitch * WIDTH.cell;
  const size = cell - gap;
  const x = left + (pitch - width) / 2;
  const y = bottom - (height + 1) * cell + gap;
  const common = { class: `cell is-${verdict}`, "data-token": key };
  if (verdict === "accepted")
    return svg("rect", { ...common, x, y, width, height: size, rx: Math.min(2.5, size / 3) });
  const scale = Math.min(size, width, 10) / ICON[verdict];
  const transform = `translate(${left + pitch / 2} ${y + size / 2}) scale(${scale}) translate(-8 -8)`;
  return svg("path", { ...common, d: iconPath(verdict), transform });
};

/** From below: accepted, then rejected guesses, `unit` pixels each.
 * @type {(run: Run, before: Sums, after: Sums, unit: number, box: Box) => SVGElement[]} */
export const barsOf = (run, before, after, unit, { left, pitch, bottom }) => {
  const width = Math.max(2, pitch * WIDTH.bar);
  const x = left + (pitch - width) / 2;
  const count = (name) => after[name] - before[name];
  const counts = run.branched
    ? { accepted: count("accepted"), rejected: count("refusals") }
    : { accepted: count("accepted"), rejected: count("rejected"), discarded: count("discarded") };
  let y = bottom;
  return Object.entries(counts).map(([verdict, n]) => {
    const height = n * unit;
    y -= height;
    return svg("rect", { class: `bar-cell is-${verdict}`, x, y, width, height });
  });
};
