// What is known of drafters and rules: the tables that Python keeps and the page hands over. And what a run, its rule
// and its models are called.
import * as number from "./numbers.js";
import { knows, say } from "./words.js";

/** @import { Header, Round } from "./types.js" */

/** @typedef {{name: string, probabilities: boolean, label?: string}} Drafter */
/** @typedef {{name: string, lossless: boolean, coins: string, formula: boolean, chain_only: boolean}} Rule */

/** @type {Map<string, Drafter>} */
let drafters = new Map();
/** @type {Map<string, Rule>} */
let rules = new Map();

/** @type {(tables: {drafters: Drafter[], rules: Rule[]}) => void} */
export function learn(tables) {
  drafters = new Map(tables.drafters.map((one) => [one.name, one]));
  rules = new Map(tables.rules.map((one) => [one.name, one]));
}

// The facts of a rule; nothing of one that another engine judged by.
/** @type {(name: string) => Partial<Rule>} */
export const ruleOf = (name) => rules.get(name) ?? {};

// Whether nothing is guessed.
/** @type {(header: Header) => boolean} */
export const isPlain = (header) => header.drafter.name === "none";

// Whether accepted ÷ (accepted + refusals) is α, a property of the two models; under some rules it is only a share.
/** @type {(header: Header) => boolean} */
export const hasAlpha = (header) => ruleOf(header.settings.rule).formula ?? true;

// The drafter that made the guesses of a round: in a run with several, the one that its tokens name.
/** @type {(header: Header, round?: Round) => string} */
const drafterOf = ({ drafter }, round) => round?.draft[0]?.drafter ?? drafter.name;

// The part of the keys of a drafter's sentences; a drafter without sentences has those of a draft model.
/** @type {(header: Header, round?: Round) => string} */
export const drafterFamily = (header, round) => {
  const name = drafterOf(header, round);
  return knows(`stage.guessing_${name}`) ? name : "model";
};

// Whether its guesses carry no probability of their own: copied from somewhere, say.
/** @type {(header: Header, round?: Round) => boolean} */
export const copies = (header, round) =>
  !isPlain(header) && drafters.get(drafterOf(header, round))?.probabilities === false;

/** @type {(rule: string) => string} */
export const ruleName = (rule) => (knows(`stage.rule_${rule}`) ? say(`stage.rule_${rule}`) : String(rule));

/** @type {(name: string, size: number | null) => string} */
const sized = (name, size) => (size ? say("stage.model_size", { name, size: number.parameters(size) }) : name);

// The drafter of a header, by its model's name where it has one that says more than its own.
/** @type {(header: Header) => string} */
export const drafterName = ({ drafter }) => {
  if (drafter.model && drafter.model !== drafter.name) return sized(drafter.model, drafter.parameters);
  const key = `stage.drafter_${drafter.name}`;
  const name = drafters.get(drafter.name)?.label || (knows(key) ? say(key) : drafter.name);
  return sized(name, drafter.parameters);
};

/** @type {(header: Header) => string[]} */
export const originOf = (header) => {
  const { target, hardware, created } = header;
  const big = sized(target.name, target.parameters);
  const models = isPlain(header)
    ? say("stage.alone", { target: big })
    : say("stage.models", { target: big, drafter: drafterName(header) });
  const mode = ["eager", "compiled", "graphs"].includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
  return [
    models,
    [say("stage.hardware", { name: hardware.name, dtype: hardware.dtype }), ...mode].join(", "),
    number.date(created),
  ];
};
