// Nodes, the one way they are made here: from names and text, never from markup. Model text is always textContent.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
    return node;
  }

  // el("button", {class: "total", "aria-label": "…", on: {click}}, "text", otherNode) → HTMLElement
  specdec.el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  specdec.svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

  // Writing only what differs keeps layout and screen readers quiet.
  specdec.write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  specdec.calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
})();
