// A guess among those that share its parent.
import { siblings } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { sentence, small } from "./parts.js";

const chips = (tokens) => {
  const row = el("span", { class: "why-chips" });
  tokens.forEach((token, i) => row.append(i ? " " : "", small(token)));
  return row;
};

// Which child of which token this is; nothing where there was no choice.
export function amongSiblings({ token, round, branched }) {
  if (!branched) return [];
  const { nth, of, before } = siblings(round.draft, token);
  if (of < 2) return [];
  const parent = round.draft[token.parent];
  const behind = parent ? small(parent) : say("stage.root");
  if (!before.length) return [sentence("stage.sibling_first", { nth, of, parent: behind })];
  return [sentence("stage.sibling_later", { nth, of, parent: behind, before: chips(before) })];
}
