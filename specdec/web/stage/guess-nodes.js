// The nodes of a guess and of the token that the target chose itself: a chip with its verdict and its numbers.
import { spoken } from "../core/pieces.js";
import { say } from "../core/words.js";
import { el, tell, write } from "../dom/dom.js";
import { icon, pieceNode, tokenChip } from "../dom/marks.js";

/** @typedef {{mark?: boolean, small?: boolean}} Look  mark: the verdict is an icon in the chip, as in a tree */

const attributes = (key, token) => ({ type: "button", "data-token": key, "data-verdict": token.verdict });

/** @type {(key: string, token: any, look?: Look) => HTMLElement} */
export const guessChip = (key, token, { mark = false, small = false } = {}) =>
  tokenChip(token, token.verdict, { tag: "button", mark, small, attributes: attributes(key, token) });

// `parts`: the numbers under it.
/** @type {(chip: HTMLElement, token: any, i: number, parts: string[], mark?: boolean) => HTMLElement} */
export const guessNode = (chip, token, i, parts, mark = false) => {
  const nth = mark ? null : el("span", { class: "nth", "aria-hidden": "true" }, String(i + 1));
  const verdict = mark
    ? null
    : el("span", { class: "verdict" }, icon(token.verdict), el("b", {}, say(`stage.${token.verdict}`)));
  const numbers = parts.map((part, at) => el("span", {}, part + (at < parts.length - 1 ? ", " : "")));
  return el(
    "div",
    { class: "guess", "data-verdict": token.verdict, style: `--i:${i}` },
    nth,
    chip,
    verdict,
    el("span", { class: "numbers" }, numbers),
  );
};

/** @type {(key: string, token: any, small?: boolean) => HTMLElement} */
export const finalChip = (key, token, small = false) => {
  const label = say("stage.final_label", { token: spoken(token.piece), verdict: say(`stage.${token.verdict}`) });
  return tokenChip(token, token.verdict, {
    tag: "button",
    small,
    mark: token.verdict !== "plain",
    attributes: { ...attributes(key, token), "aria-label": label },
  });
};

// In a chain, at column `place`.
/** @type {(chip: HTMLElement, round: any, place: number, columns: number, plain: boolean) => HTMLElement} */
export const finalNode = (chip, round, place, columns, plain) => {
  const { verdict } = round.final;
  const note = el("span", {});
  if (verdict === "correction" && round.draft[place])
    tell(note, "stage.in_place", { token: el("q", {}, pieceNode(round.draft[place].piece, 24)) });
  else if (verdict === "bonus") write(note, say("stage.free_token", { n: round.draft.length }));
  else if (!plain) write(note, say("stage.alone_token"));
  const at = plain ? 0 : place;
  const late = at >= columns - 2 && at > 1;
  return el(
    "div",
    { class: "final", "data-verdict": verdict, style: `--i:${at}`, "data-late": late },
    chip,
    el("div", { class: "final-note" }, el("b", { class: `of-${verdict}` }, say(`stage.${verdict}`)), " ", note),
  );
};

// In a tree, as its node number i.
/** @type {(chip: HTMLElement, token: any, i: number, dense: boolean) => HTMLElement} */
export const finalTreeNode = (chip, { verdict }, i, dense) =>
  el(
    "div",
    { class: "final", "data-verdict": verdict, style: `--i:${i}` },
    chip,
    dense ? null : el("span", { class: `numbers of-${verdict}` }, say(`stage.${verdict}`)),
  );
