// A token's piece as a reader sees it: white space by its mark, what would not be seen by its code. No document in
// here.

import { say } from "./words.js";

/** @typedef {{kind: "letters" | "mark" | "codepoint", text: string}} Part */

/** @type {Record<string, string>} */
const SEEN = { " ": "space", "\n": "newline", "\r": "newline", "\t": "tab" };
// Would not be seen, or would reorder others.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}/u;
const JOINERS = /[\u200d\ufe0f]/; // inside an emoji they belong to the picture
const LONGEST = 48;

/** @type {(character: string) => string} */
function code(character) {
  return `U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0")}`;
}

// The parts of a piece, in order: letters, a mark's name, or a character by its code.
/** @type {(text: string, longest?: number) => Part[]} */
export function pieceParts(text, longest = LONGEST) {
  /** @type {Part[]} */
  const parts = [];
  let run = "";
  const flush = () => {
    if (run) parts.push({ kind: "letters", text: run });
    run = "";
  };
  const characters = Array.from(text);
  characters.slice(0, longest).forEach((character, i) => {
    const joins = JOINERS.test(character) && i > 0 && i < characters.length;
    if (SEEN[character]) {
      flush();
      parts.push({ kind: "mark", text: SEEN[character] });
    } else if (HIDDEN.test(character) && !joins) {
      flush();
      parts.push({ kind: "codepoint", text: code(character) });
    } else {
      run += !run && /\p{M}/u.test(character) ? `\u25cc${character}` : character;
    }
  });
  flush();
  if (characters.length > longest) parts.push({ kind: "codepoint", text: "…" });
  return parts;
}

// What a screen reader says for a piece: words as they are, white space by name.
/** @type {(text: string) => string} */
export const spoken = (text) => {
  const shown = Array.from(text).slice(0, LONGEST).join("").trim();
  if (shown) return shown;
  const name = text.includes("\n") ? "newline" : text.includes("\t") ? "tab" : "space";
  return say(`stage.spoken_${name}`);
};
