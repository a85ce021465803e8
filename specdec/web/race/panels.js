// The three panels under a finished race: where the time went, tokens per pass, and why it was so much faster.
import { clock, decimalsThatDivide, PARTS } from "../core/race-numbers.js";
import { say } from "../core/words.js";
import { el } from "../dom/dom.js";
import { milliseconds, speedDigits, times } from "./sentences.js";

/** @import { Comparison, Cost } from "../core/race-numbers.js" */

const SPACE = "\u00a0"; // between a number and its unit

const panel = (name, title, ...children) =>
  el("section", { class: `race-panel race-${name}` }, el("h3", { class: "race-panel-title" }, title), ...children);
const note = (text) => el("p", { class: "race-panel-note" }, text);

function barRow(label, segments, longest, value) {
  const total = segments.reduce((sum, [, length]) => sum + length, 0);
  const shown = segments.filter(([, length]) => length > 0);
  const pieces = shown.map(([part, length]) =>
    el("span", { class: `race-piece race-${part}`, style: `flex-grow: ${(100 * length) / total}` }),
  );
  const bar = el(
    "span",
    { class: "race-bar", style: `--share: ${total / longest}`, "aria-hidden": "true" },
    ...pieces,
  );
  const cell = el("span", { class: "race-row-cell" }, bar, el("b", {}, value));
  return el("p", { class: "race-row" }, el("span", { class: "race-row-label" }, label), cell);
}

/** @type {(result: Comparison) => HTMLElement} */
export function splitPanel({ plain, speculative }) {
  const longest = Math.max(plain.seconds, speculative.seconds);
  /** @type {(key: string, cost: any) => HTMLElement} */
  const row = (key, cost) =>
    barRow(
      say(key),
      PARTS.map((part) => [part, cost[part]]),
      longest,
      clock(cost.seconds, longest),
    );
  const short = speculative.seconds < 1;
  const { draft, verify, other } = speculative;
  /** @type {(seconds: number) => string} */
  const shown = (seconds) => (short ? (seconds * 1000).toFixed(0) : seconds.toFixed(2));
  const split = say("race.split_note", {
    draft: `${shown(draft)}${SPACE}${short ? "ms" : "s"}`,
    verify: shown(verify),
    other: shown(other),
  });
  return panel(
    "split",
    say("race.split"),
    row("race.plain_short", plain),
    row("race.speculative_short", speculative),
    note(split),
  );
}

/** @type {(result: Comparison) => HTMLElement} */
export function passesPanel({ plain, speculative }) {
  /** @type {(cost: Cost, key: string, quiet?: boolean) => HTMLElement} */
  const total = (cost, key, quiet) => {
    const value = el("b", { class: "race-total-value" }, cost.tokensPerPass.toFixed(1));
    const from = el("span", { class: "race-total-note" }, say(key, { tokens: cost.tokens, n: cost.passes }));
    return el("p", { class: quiet ? "race-total is-quiet" : "race-total" }, value, from);
  };
  const pair = el(
    "div",
    { class: "race-pair" },
    total(speculative, "race.passes_speculative"),
    total(plain, "race.passes_plain", true),
  );
  return panel("passes", say("race.passes"), pair);
}

// One plain pass beside one round, at mean costs; then the division that gives the speed-up.
/** @type {(result: Comparison) => HTMLElement} */
export function whyPanel({ plain, speculative, speedup, roundCost, tokensPerPass }) {
  const [speed, tokens] = [times(speedup), tokensPerPass.toFixed(1)];
  const longest = Math.max(plain.perPass, speculative.perPass);
  /** @type {(cost: any) => [part: string, seconds: number][]} */
  const mean = (cost) => PARTS.map((part) => [part, cost[part] / cost.passes]);
  const [[, drafting], ...rest] = mean(speculative);
  const passes = speculative.draftPasses / speculative.passes;
  const guesses = Number.isInteger(passes) && passes > 0 && passes <= 8 ? passes : 1;
  const round = [...Array(guesses).fill(["draft", drafting / guesses]), ...rest];
  const decimals = decimalsThatDivide(tokensPerPass, roundCost, speedup, speedDigits(speedup));
  const division = { cost: roundCost.toFixed(decimals), tokens: tokensPerPass.toFixed(decimals), speed };
  return panel(
    "why",
    say(roundCost > 1 && Number(speed) !== Number(tokens) ? "race.why" : "race.why_alone", { speed, tokens }),
    barRow(say("race.one_pass"), mean(plain), longest, milliseconds(plain.perPass)),
    barRow(say("race.one_round"), round, longest, milliseconds(speculative.perPass)),
    note(say("race.why_note", division)),
  );
}
