// A token of an engine that told no probabilities: what became of it, and whatever else that engine said.
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { sentence } from "./parts.js";

export function opaqueReasons({ token }) {
  const said = Object.entries(token.said ?? {});
  const told = said.map(([name, value]) =>
    el("p", {}, say("stage.opaque_said", { name, value: JSON.stringify(value) })),
  );
  return [sentence("stage.opaque"), ...told];
}
