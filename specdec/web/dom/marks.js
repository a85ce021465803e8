// The marks ␣ ⏎ ⇥ ✓ ✗ · ↻ + as inline SVG, so every machine draws the same; and chips, which hold them.
import { pieceParts } from "../core/pieces.js";
import { el, svg } from "./dom.js";

// Strokes on a 16×16 field. "fill" paths are painted, the others drawn.
const SHAPES = {
  accepted: { d: "M2.8 8.4 6.3 12 13.2 4.4" },
  rejected: { d: "M4 4l8 8M12 4l-8 8" },
  discarded: { d: "M8 5.6a2.4 2.4 0 1 0 0 4.8a2.4 2.4 0 1 0 0-4.8z", fill: true },
  correction: { d: "M12.6 5.2A5.4 5.4 0 1 0 13.4 8.6M12.9 1.9V5.6H9.2" },
  bonus: { d: "M8 2.8v10.4M2.8 8h10.4" },
  plain: { d: "M3.2 8h9.6" },
  lossless: { d: "M2.8 8.4 6.3 12 13.2 4.4" },
  lossy: { d: "M2.8 5.8h10.4M2.8 10.2h10.4M10.8 2.6 5.2 13.4" },
  space: { d: "M1.6 8.6v3.6h12.8V8.6" },
  newline: { d: "M13 3v5.6H3.4M6.6 5.2 3.2 8.6l3.4 3.4" },
  tab: { d: "M1.6 8h10M8.4 4.6 11.8 8l-3.4 3.4M14.2 3.8v8.4" },
  first: { d: "M12.4 3.2 5.6 8l6.8 4.8zM2.6 3.2h1.8v9.6H2.6z", fill: true },
  last: { d: "M3.6 3.2 10.4 8l-6.8 4.8zM11.6 3.2h1.8v9.6h-1.8z", fill: true },
  previous: { d: "M10.4 3 5.4 8l5 5" },
  next: { d: "M5.6 3l5 5-5 5" },
  play: { d: "M4.4 2.6 13.2 8l-8.8 5.4z", fill: true },
  pause: { d: "M4 2.8h2.9v10.4H4zM9.1 2.8H12v10.4H9.1z", fill: true },
  left: { d: "M13 8H3.4M6.8 4.6 3.4 8l3.4 3.4" },
  right: { d: "M3 8h9.6M9.2 4.6 12.6 8l-3.4 3.4" },
  pin: { d: "M5.4 2.6h5.2M6.4 2.6v4L4.2 9.2h7.6L9.6 6.6v-4M8 9.2v4.4" },
  theme: { d: "M8 2.2a5.8 5.8 0 1 0 0 11.6z", fill: true, ring: true },
};

// mark("accepted") → <svg class="mark mark-accepted">; always decorative: the word stands beside it or in a label.
export const icon = (name, className = "") => {
  const shape = SHAPES[name];
  const field = svg("svg", {
    class: `mark mark-${name} ${className}`,
    viewBox: "0 0 16 16",
    "aria-hidden": "true",
    focusable: "false",
  });
  if (shape.ring) field.append(svg("circle", { cx: 8, cy: 8, r: 5.8, class: "stroke" }));
  field.append(svg("path", { d: shape.d, class: shape.fill ? "fill" : "stroke" }));
  return field;
};
export const iconPath = (name) => SHAPES[name].d;

// pieceNode(" loved") → <span class="piece">␣loved</span>: white space and invisible characters shown, direction
// isolated.
export const pieceNode = (text, longest) => {
  const parts = pieceParts(text, longest);
  const node = (part) => (part.kind === "mark" ? icon(part.text) : el("span", { class: part.kind }, part.text));
  return el("bdi", { class: "piece" }, parts.map(node));
};

/** @typedef {{mark?: boolean, small?: boolean, tag?: "span" | "button", attributes?: Record<string, any>}} Look */

// tokenChip({piece}, "rejected", {mark: true, small: true}) → the token as a box in its verdict's colours.
/** @type {(token: {piece: string}, verdict: string, look?: Look) => HTMLElement} */
export const tokenChip = (token, verdict, { mark = false, small = false, tag = "span", attributes = {} } = {}) => {
  const classes = `chip ${small ? "chip-small" : ""} is-${verdict}`;
  return el(tag, { ...attributes, class: classes }, mark ? icon(verdict) : null, pieceNode(token.piece));
};
