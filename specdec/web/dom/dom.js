// Nodes, the one way they are made here: from names and text, never from markup. Model text is always textContent.
import { pieces } from "../core/words.js";

/** @typedef {Record<string, any>} Attributes names to values; `on` maps events to listeners */

const SVG = "http://www.w3.org/2000/svg";

/** @template {Element} E @param {E} node @param {Attributes} attributes @param {any[]} children @returns {E} */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/**
 * el("button", {class: "total", "aria-label": "…", on: {click}}, "text", otherNode)
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name @param {Attributes} [attributes] @param {any[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export const el = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name @param {Attributes} [attributes] @param {any[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

/** @type {(node: Element, attributes: Attributes) => void} */
export const set = (node, attributes) => void fill(node, attributes, []);

// Writing only what differs keeps layout and screen readers quiet.
/** @type {(node: Node, text: string) => void} */
export const write = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};

export const prefersCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// A sentence whose places may be nodes: tell(node, "stage.gave_less", {q: <b>, p: <b>}).
/** @template {Element} E @param {E} node @param {string} key @param {Record<string, any>} [values] @returns {E} */
export const tell = (node, key, values = {}) => {
  node.replaceChildren(...pieces(key, values).map((part) => (typeof part === "number" ? String(part) : part)));
  return node;
};
