// What stands around the guesses of a round: who worked when and for how long, the counts of a tree, and what a draft
// could have brought.
import { drafterFamily } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { knows, say } from "../core/words.js";
import { el, tell } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

const VERDICTS = ["accepted", "rejected", "discarded"];

// Below a tree: how its rule walks it, how many guesses had which verdict, and what they cost.
export const treeFooter = (run, round, rule) => {
  const count = (verdict) => round.draft.filter((token) => token.verdict === verdict).length;
  const part = (verdict) => [
    verdict,
    el("span", { class: `of-${verdict}` }, icon(verdict), say(`stage.ledger_${verdict}`, { n: count(verdict) })),
  ];
  const ledger = el("span", { class: "tree-ledger ledger", "data-test": "tree-ledger" });
  tell(ledger, "stage.ledger", { ...Object.fromEntries(VERDICTS.map(part)), drafted: round.draft.length });
  const walk = el("span", { class: "tree-walk" });
  if (knows(`stage.walk_${rule}`)) tell(walk, `stage.walk_${rule}`, { p: el("var", { class: "of-p" }, "p") });
  const costs = workers(run, round).filter(({ note }) => note);
  const cost = costs.map(({ title, note }) => `${title}: ${note}`).join(" · ");
  return [walk, ledger, el("span", { class: "tree-cost" }, cost)];
};

// Beside a chain: a label for each of its rows.
export const rowLabels = (run, round) => {
  const writes = { kind: "writes", title: say("stage.row_writes"), note: round.final ? say("stage.writes_same") : "" };
  return [...workers(run, round), writes].map(({ kind, title, note }) =>
    el("div", { class: `row-label row-${kind}` }, el("span", {}, title), el("small", {}, note)),
  );
};

// The drafter and the target, each with its passes and their time, where the trace has them.
const workers = (run, round) => [
  { kind: "guesses", title: say(`stage.row_${drafterFamily(run.header, round)}`), note: drafting(round) },
  { kind: "checks", title: say("stage.row_checks"), note: checking(round) },
];

const drafting = ({ passes, seconds }) => {
  if (!passes || !seconds) return "";
  const time = number.seconds(seconds.draft);
  return passes.draft ? say("stage.guess_passes", { n: passes.draft, time }) : say("stage.guess_no_pass", { time });
};

const checking = ({ passes, seconds }) => {
  if (!passes || !seconds) return "";
  const time = number.seconds(seconds.verify);
  return passes.target === 1
    ? say("stage.check_pass", { time })
    : say("stage.check_passes", { n: passes.target, time });
};

// After a chain: the token that comes free if every guess is accepted. Left out where it has no column.
export const freeNote = (round, columns) => {
  const n = round.draft.length;
  if (!n || !round.final || n > columns - 1) return [];
  const kept = round.final.verdict === "bonus";
  return [el("p", { class: "free", "data-kept": kept, style: `--i:${n}` }, say("stage.free", { n }))];
};
