// The largest tokens where a token was judged: target p, drafter q and what is left of p, with the mass of all others.
import * as number from "../core/numbers.js";
import { spoken } from "../core/pieces.js";
import { say } from "../core/words.js";
import { el, tell } from "../dom/dom.js";
import { pieceNode } from "../dom/marks.js";
import { firstChoice } from "./rules/greedy.js";
import { P, Q } from "./rules/parts.js";

// `past`: how much further its value stands, where a line would run through it.
function bar(kind, share, text, past = 0) {
  return el(
    "div",
    { class: `bar bar-${kind}` },
    el("span", { class: "bar-fill", style: share > 0 ? `width:${share * 100}%` : "display:none" }),
    el("span", { class: "bar-value", style: past > 0 ? `margin-left:${past * 100}%` : null }, text),
  );
}

// Which of the columns q, p and residual say something about this token.
function shownColumns(about) {
  const { token, rule } = about;
  const guess = token.verdict === "accepted" || token.verdict === "rejected" || token.verdict === "discarded";
  const refusal = token.verdict === "rejected" || token.verdict === "correction";
  return {
    q: rule !== "typical" && rule !== "match" ? guess || token.verdict === "correction" : rule === "match" && guess,
    residual: (rule === "rejection" || rule === "block") && refusal,
    ranks: rule === "greedy" && token.verdict !== "discarded",
    threshold: rule === "typical" && token.rule && guess ? token.rule.threshold : null,
  };
}

function rowNote(about, columns, entry) {
  const [id, , p, , left] = entry;
  if (columns.residual) return left > 0 ? null : say("stage.nothing_left");
  if (columns.threshold !== null) return p > columns.threshold ? "" : say("stage.not_kept");
  const marks = [];
  if (columns.ranks) {
    const first = firstChoice(about);
    if (first && first.id === id) marks.push(say("stage.first_choice"));
  }
  const guess = about.token.verdict === "correction" ? about.refused : columns.q ? about.token : null;
  if (columns.ranks && guess && guess.id === id) marks.push(say("stage.drafted"));
  if (about.rule === "match" && about.drawn && about.drawn.id === id) marks.push(say("stage.drawn"));
  return marks.join(", ");
}

function rowClass(about, columns, [id, , p]) {
  const { token, round, refused } = about;
  if (token.verdict === "correction" && refused && refused.id === id) return "is-rejected of-rejected";
  const under = columns.threshold !== null && p <= columns.threshold ? "is-under" : "";
  if (token.id === id) return `${under} is-own is-${token.verdict} of-${token.verdict}`;
  const drawn = token === refused && round.final && round.final.verdict === "correction" && round.final.id === id;
  if (drawn) return "is-own of-correction";
  return under;
}

function barRow(about, columns, entry, largest) {
  const [, piece, p, q, left] = entry;
  const cut = say("stage.cut", { by: about.cut });
  const shown = {
    p: p === 0 && about.cut ? cut : number.prob(p),
    q: q === 0 && about.cut && !about.copied ? cut : number.prob(q),
  };
  const words = { token: spoken(piece), ...shown, residual: number.percent(left) };
  const label = columns.residual ? "bar_row_residual" : columns.q ? "bar_row_q" : "bar_row";
  const note = rowNote(about, columns, entry);
  return el(
    "li",
    { class: `bars-row ${rowClass(about, columns, entry)}` },
    el("span", { class: "heard" }, `${say(`stage.${label}`, words)} ${note || ""}`.trim()),
    el("span", { class: "bars-label", "aria-hidden": "true" }, pieceNode(piece, 16)),
    el(
      "div",
      { class: "bars-pair", "aria-hidden": "true" },
      bar(
        "p",
        p / largest,
        shown.p,
        columns.threshold === null ? 0 : (Math.min(columns.threshold, largest) - p) / largest,
      ),
      columns.q ? bar("q", q / largest, shown.q) : null,
    ),
    el(
      "div",
      { class: "bars-note", "aria-hidden": "true" },
      note === null ? bar("residual", left, number.percent(left)) : note,
    ),
  );
}

function head(columns) {
  return el(
    "li",
    { class: "bars-row bars-head", "aria-hidden": "true" },
    el("span", {}),
    el(
      "div",
      { class: "bars-names" },
      tell(el("b", { class: "of-p" }), "stage.bars_target", { p: el("var", {}, "p") }),
      columns.q ? tell(el("b", { class: "of-q" }), "stage.bars_drafter", { q: el("var", {}, "q") }) : null,
    ),
    columns.residual ? el("b", { class: "of-residual" }, say("stage.bars_residual")) : el("span", {}),
  );
}

// Typical acceptance: a dashed line through all bars; what reaches past it is kept.
function line(threshold, largest, rows) {
  const at = Math.min(1, threshold / largest);
  return el(
    "li",
    { class: "bars-row bars-line", "aria-hidden": "true" },
    el("span", {}),
    el(
      "div",
      { class: "bars-pair" },
      el(
        "span",
        { class: "bars-threshold", style: `left:calc((100% - 48px) * ${at.toFixed(4)});--rows:${rows}` },
        tell(el("span", {}), "stage.threshold_line", { threshold: el("b", {}, number.prob(threshold)) }),
      ),
    ),
    el("span", {}),
  );
}

export const bars = (about) => {
  const columns = shownColumns(about);
  const { top, tail } = about.token;
  const largest = Math.max(1e-9, ...top.map((entry) => Math.max(entry[2], columns.q ? entry[3] : 0)));
  const rest = [P(tail[0]), columns.q ? Q(tail[1]) : null];
  const others = el(
    "li",
    { class: "bars-row bars-others" },
    el("span", { class: "bars-label" }, say("stage.others")),
    el("div", { class: "bars-rest" }, rest),
    el("div", { class: "bars-note" }, columns.residual ? number.percent(Math.min(1, Math.max(0, tail[2]))) : ""),
  );
  const limit = columns.threshold === null ? null : line(columns.threshold, largest, top.length);
  return el(
    "ul",
    {
      class: `bars ${limit ? "has-line" : ""}`,
      "data-residual": columns.residual,
      "data-alone": !columns.q,
      "aria-label": say("stage.bars_heading"),
    },
    head(columns),
    limit,
    top.map((entry) => barRow(about, columns, entry, largest)),
    others,
  );
};
