// The catalog of words, the same that Python reads from specdec/web/words. The page hands over the one of its reader's
// language.
//   say("stage.round", {n: 7}) → "Round 7"

/** @typedef {Record<string, Record<string, string | {one: string, other: string}>>} Catalog */
/** @typedef {Record<string, any>} Values */

const PLACE = /\{(\w+)(?:![rs])?(?::[^}]*)?\}/g;

/** @type {Catalog} */
let catalog = {};

/** @type {(words: Catalog) => void} */
export function speak(words) {
  catalog = words;
}

/** @type {(key: string, values: Values) => string} */
function entry(key, values) {
  const dot = key.indexOf(".");
  const found = catalog[key.slice(0, dot)]?.[key.slice(dot + 1)];
  if (found === undefined) throw new Error(`No words under ${key}`);
  return typeof found === "object" ? found[values.n === 1 ? "one" : "other"] : found;
}

/** @type {(key: string) => boolean} */
export function knows(key) {
  const dot = key.indexOf(".");
  return Object.hasOwn(catalog[key.slice(0, dot)] ?? {}, key.slice(dot + 1));
}

// A sentence in pieces, text and values in turn: values may be nodes.
/** @type {(key: string, values?: Values) => any[]} */
export function pieces(key, values = {}) {
  const parts = [];
  let from = 0;
  const sentence = entry(key, values);
  for (const match of sentence.matchAll(PLACE)) {
    parts.push(sentence.slice(from, match.index), values[match[1]]);
    from = match.index + match[0].length;
  }
  return [...parts, sentence.slice(from)];
}

/** @type {(key: string, values?: Values) => string} */
export const say = (key, values = {}) => pieces(key, values).map(String).join("");

// The sentence of a message in a trace, or a text as it is; of a key or a place that the words lack, key and values.
/** @type {(message: any) => string} */
export const sentenceOf = (message) => {
  if (!message?.key) return String(message ?? "");
  const given = Object.entries(message.values ?? {});
  const values = Object.fromEntries(given.map(([name, one]) => [name, one?.key ? sentenceOf(one) : one]));
  try {
    const parts = pieces(message.key, values);
    if (!parts.includes(undefined)) return parts.map(String).join("");
  } catch {} // the catalog lacks the key
  return `${message.key} (${given.map(([name]) => `${name}=${values[name]}`).join(", ")})`;
};
