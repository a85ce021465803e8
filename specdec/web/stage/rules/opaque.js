// A token of an engine that reports no probabilities: its verdict, and whatever else that engine reports.
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { sentence } from "./parts.js";

export function opaqueReasons({ token }) {
  const said = Object.entries(token.said ?? {});
  const facts = said.map(([name, value]) =>
    el("p", {}, say("stage.opaque_said", { name, value: JSON.stringify(value) })),
  );
  return [sentence("stage.opaque"), ...facts];
}
