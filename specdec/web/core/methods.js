// What is known of rules and drafters, and how a run and its models are called.
import * as number from "./numbers.js";
import { say } from "./words.js";

/** @import { Header } from "./types.js" */

const LOSSLESS = new Set(["greedy", "rejection", "block", "match"]);
const RULES = new Set([...LOSSLESS, "typical"]);
const DRAFTERS = new Set(["model", "lookup", "suffix", "retrieval", "lookahead", "early_exit", "medusa", "eagle"]);
const COPYING = new Set(["lookup", "suffix", "retrieval", "lookahead"]);

/** @type {(rule: string) => boolean} */
export const isLossless = (rule) => LOSSLESS.has(rule);

// The word under which a drafter's sentences stand; one that this page does not know speaks as a draft model does.
/** @type {(header: Header) => string} */
export const drafterFamily = (header) => (DRAFTERS.has(header.drafter.name) ? header.drafter.name : "model");

// Whether its guesses are copied from somewhere, so that they carry no probability of their own.
/** @type {(header: Header) => boolean} */
export const copies = (header) => COPYING.has(header.drafter.name);

/** @type {(rule: string) => string} */
export const ruleName = (rule) => (RULES.has(rule) ? say(`stage.rule_${rule}`) : String(rule));

/** @type {(name: string, size: number | null) => string} */
const sized = (name, size) => (size ? say("stage.model_size", { name, size: number.parameters(size) }) : name);

// The drafter of a header, by its model's name where it has one that says more than its own.
/** @type {(header: Header) => string} */
export const drafterName = ({ drafter }) => {
  if (drafter.model && drafter.model !== drafter.name) return sized(drafter.model, drafter.parameters);
  return DRAFTERS.has(drafter.name) ? sized(say(`stage.drafter_${drafter.name}`), drafter.parameters) : drafter.name;
};

/** @type {(header: Header) => string[]} */
export const originOf = (header) => {
  const { target, drafter, hardware, created } = header;
  const big = sized(target.name, target.parameters);
  const models =
    drafter.name === "none"
      ? say("stage.alone", { target: big })
      : say("stage.models", { target: big, drafter: drafterName(header) });
  const mode = ["eager", "compiled", "graphs"].includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
  return [
    models,
    [say("stage.hardware", { name: hardware.name, dtype: hardware.dtype }), ...mode].join(", "),
    number.date(created),
  ];
};
