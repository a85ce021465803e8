// The catalog of words (assets/words/*.json, the same that Python reads) and the way numbers are written.
//   say("stage.round", {n: 7}) → string            tell(node, "stage.gave_less", {q: <b>, p: <b>}): places may be nodes
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const PLACE = /\{(\w+)(?:![rs])?(?::[^}]*)?\}/g;
  const THIN = "\u202f"; // narrow no-break space, between a number and its unit

  function entry(key, values) {
    const dot = key.indexOf(".");
    const found = (specdec.words[key.slice(0, dot)] || {})[key.slice(dot + 1)];
    if (found === undefined) throw new Error(`No words under ${key}`);
    return typeof found === "object" ? found[values.n === 1 ? "one" : "other"] : found;
  }

  specdec.say = (key, values = {}) => entry(key, values).replace(PLACE, (_, name) => String(values[name]));

  specdec.tell = (node, key, values = {}) => {
    const parts = [];
    let from = 0;
    const sentence = entry(key, values);
    for (const match of sentence.matchAll(PLACE)) {
      parts.push(sentence.slice(from, match.index), values[match[1]]);
      from = match.index + match[0].length;
    }
    node.replaceChildren(...parts.map((part) => (typeof part === "number" ? String(part) : part)), sentence.slice(from));
    return node;
  };

  // A probability never rounds to 0 or 1 unless it is: 0.63, 0.004, "< 0.0001", 0.997, "> 0.9999".
  function prob(x) {
    if (x === 0 || x === 1) return String(x);
    if (x < 0.0001) return `<${THIN}0.0001`;
    if (x > 0.9999) return `>${THIN}0.9999`;
    if (x < 0.01) return x.toFixed(x < 0.001 ? 4 : 3);
    for (const digits of [2, 3, 4]) if (Number(x.toFixed(digits)) < 1) return x.toFixed(digits);
    return `>${THIN}0.9999`;
  }

  // A quotient of probabilities knows no end: 0.27, 1, 1.52, 38.4, "> 9999".
  function ratio(x) {
    if (x <= 1) return prob(x);
    return x > 9999 ? `>${THIN}9999` : x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0);
  }

  // 0 to 100 as a reader says it; the ends are kept for what is exactly nothing or everything.
  function percent(x) {
    const rounded = Math.round(x * 100);
    if (rounded === 0 && x > 0) return `<${THIN}1${THIN}%`;
    if (rounded === 100 && x < 1) return `>${THIN}99${THIN}%`;
    return `${rounded}${THIN}%`;
  }

  // Two numbers that are compared are written with enough digits to differ: 0.2931 and 0.2934.
  function apart(a, b) {
    for (let digits = 2; digits < 17; digits++) {
      const pair = [a.toFixed(digits), b.toFixed(digits)];
      if (pair[0] !== pair[1] || a === b) return [Number.isInteger(a) ? String(a) : pair[0], Number.isInteger(b) ? String(b) : pair[1]];
    }
    return [String(a), String(b)];
  }

  // The same, as probabilities are written: 1 is 1, and 0.996 is not.
  function probs(a, b) {
    const pair = [prob(a), prob(b)];
    return pair[0] !== pair[1] || a === b ? pair : apart(a, b);
  }

  function seconds(s) {
    if (s >= 10) return `${s.toFixed(1)}${THIN}s`;
    if (s >= 1) return `${s.toFixed(2)}${THIN}s`;
    const ms = s * 1000;
    return `${ms >= 100 ? ms.toFixed(0) : ms >= 0.095 ? ms.toFixed(1) : ms.toFixed(2)}${THIN}ms`;
  }

  function parameters(n) {
    for (const [size, letter] of [[1e9, "B"], [1e6, "M"], [1e3, "k"]]) {
      if (n >= size) return `${n / size >= 10 ? Math.round(n / size) : Number((n / size).toFixed(1))}${letter}`;
    }
    return String(n);
  }

  function date(iso) {
    const when = new Date(iso);
    if (Number.isNaN(when.getTime())) return String(iso);
    return when.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  specdec.number = { prob, ratio, probs, percent, apart, seconds, parameters, date };
})();
