// Block verification: the guesses are judged as one, each with its own check u < h; the last check that passes
// decides.
import * as number from "../../core/numbers.js";
import { spoken } from "../../core/pieces.js";
import { lastKept } from "../../core/shape.js";
import { say } from "../../core/words.js";
import { el } from "../../dom/dom.js";
import { tokenChip } from "../../dom/marks.js";
import { equals, formula, P, Q, sentence, small, U } from "./parts.js";
import { neverJudged } from "./unjudged.js";

const NARROWEST = 76; // of a column
const LABELS = 92;

const checked = (token) => token.coin !== null; // no coin is recorded after the end of the text
const passes = (token) => checked(token) && token.coin < token.rule.threshold;
const countKept = (draft) => draft.filter((token) => token.verdict === "accepted").length;
const outcomeOf = (token) =>
  checked(token) ? say(passes(token) ? "stage.block_passes" : "stage.block_fails") : say("stage.none_yet");

// One guess: its numbers, the bar of its threshold, the coin on it, and whether that passed.
function column(token, at, { here, key }) {
  const { product, threshold } = token.rule;
  const passed = passes(token);
  const ratio = token.draft_prob > 0 ? number.ratio(token.target_prob / token.draft_prob) : "–";
  const [coin, limit] = checked(token)
    ? number.probs(token.coin, threshold)
    : [say("stage.none_yet"), number.prob(threshold)];
  const own = here ? "is-here" : "";
  const cell = (row, name, ...content) =>
    el(
      "div",
      {
        class: `block-cell block-${name} ${own} ${passed ? "is-pass" : ""}`,
        style: `grid-area:${row}/${at + 2}`,
        "aria-hidden": "true",
      },
      content,
    );
  const heard = { n: at + 1, token: spoken(token.piece), coin, threshold: limit, outcome: outcomeOf(token) };
  const label = checked(token) ? say("stage.block_heard", heard) : say("stage.block_heard_not", heard);
  const chip = tokenChip(token, token.verdict, { mark: true, small: true, attributes: { "data-token": key } });
  const bar = el(
    "div",
    { class: "block-bar" },
    el("span", { class: "block-fill", style: `height:${threshold * 100}%` }),
    checked(token)
      ? [
          el("span", { class: "block-coin", style: `bottom:${token.coin * 100}%` }),
          el("b", { class: "block-value", style: `bottom:${token.coin * 100}%` }, coin),
        ]
      : null,
  );
  return [
    el("span", { class: "heard" }, label),
    cell(1, "chip", chip),
    cell(2, "number", ratio),
    cell(3, "number", number.prob(product)),
    cell(4, "limit", limit),
    cell(5, "room", bar),
    cell(6, "outcome", outcomeOf(token)),
  ];
}

// Under the columns: where the accepted block ends, and the next token, if a check refused it.
function spans(draft) {
  const kept = countKept(draft);
  const ended = kept + (kept < draft.length && draft[kept].verdict === "rejected" ? 1 : 0);
  const name = (verdict, n) => say(verdict === "accepted" && n > 1 ? "stage.block_accepted" : `stage.${verdict}`);
  const span = (from, to, verdict) =>
    to > from
      ? [
          el(
            "div",
            { class: `block-span is-${verdict} of-${verdict}`, style: `grid-area:7/${from + 2}/8/${to + 2}` },
            name(verdict, to - from),
          ),
        ]
      : [];
  return [...span(0, kept, "accepted"), ...span(kept, ended, "rejected"), ...span(ended, draft.length, "discarded")];
}

function diagram(about) {
  const { round, index, token, room } = about;
  const { draft } = round;
  const wide = Math.max(NARROWEST, Math.min(104, (room - LABELS) / draft.length));
  const head = (row, name, ...content) =>
    el("div", { class: `block-name block-name-${name}`, style: `grid-area:${row}/1`, "aria-hidden": "true" }, content);
  const h = () => el("var", {}, "h");
  const u = () => el("var", {}, "u");
  return el(
    "div",
    {
      class: "block",
      tabindex: draft.length * wide + LABELS > room ? "0" : null,
      role: "group",
      "aria-label": say("stage.block_label"),
    },
    el(
      "div",
      { class: "block-grid", style: `grid-template-columns:${LABELS}px repeat(${draft.length}, ${wide}px)` },
      head(2, "ratio", el("i", {}, "p/q")),
      head(3, "product", say("stage.block_product")),
      head(4, "limit", say("stage.block_threshold"), " ", h()),
      head(
        5,
        "scale",
        el("span", {}, "1"),
        el("span", { class: "block-legend" }, el("span", { class: "block-coin" }), say("stage.block_coin"), " ", u()),
        el(
          "span",
          { class: "block-legend" },
          el("span", { class: "block-swatch" }),
          say("stage.block_threshold"),
          " ",
          h(),
        ),
        el("span", {}, "0"),
      ),
      head(6, "test", u(), " < ", h()),
      draft.map((one, i) => column(one, i, { here: one === token, key: `${index}:${i}` })),
      spans(draft),
    ),
  );
}

// What the checks mean for this one.
function outcome({ token, round }) {
  const { draft } = round;
  const last = countKept(draft) - 1;
  const at = draft.indexOf(token);
  const words = {
    n: at + 1,
    last: last + 1,
    token: small(token),
    refused: last + 1 < draft.length ? small(draft[last + 1]) : "",
  };
  const own = passes(token);
  if (at > last + 1) return sentence("stage.block_behind", words);
  if (at === last + 1) return sentence(at === draft.length - 1 ? "stage.block_stops" : "stage.block_ends", words);
  // Which check decided is not known.
  if (!round.final) return sentence(own ? "stage.block_ended" : "stage.block_ended_yet", words);
  if (at === last) return sentence("stage.block_last", words);
  return sentence(own ? "stage.block_both" : "stage.block_fails_yet", words);
}

export const blockReasons = (about) => {
  if (about.token.coin === null) return neverJudged(about);
  const then = about.round.final ? [sentence("stage.block_writes", { token: small(about.round.final) })] : [];
  return [
    sentence("stage.block_lead", { last: el("b", {}, say("stage.block_the_last")) }),
    diagram(about),
    outcome(about),
    ...then,
  ];
};

// The target's token after a block that was cut: sampled from the excess of P·p over q.
export const blockCorrected = ({ token, round, refused }) => {
  const kept = lastKept(round);
  const product = kept < 0 || !round.draft[kept].rule ? 1 : round.draft[kept].rule.product;
  const row = token.top.find((entry) => entry[0] === token.id);
  const parts = [
    sentence("stage.block_residual", { refused: small(refused || token), u: U(), coin: number.prob(token.coin) }),
  ];
  if (!row) return parts;
  const letters = el(
    "span",
    { class: "formula-letters" },
    "max(0, ",
    el("i", {}, "P·p"),
    " − ",
    el("i", {}, "q"),
    ")",
    equals(),
  );
  const rest = Math.max(0, product * row[2] - row[3]);
  if (rest > 0)
    parts.push(
      formula(
        letters,
        "max(0, ",
        el("b", {}, number.prob(product)),
        " · ",
        P(row[2]),
        " − ",
        Q(row[3]),
        ")",
        equals(),
        el("b", {}, number.prob(rest)),
      ),
    );
  const share = el("b", { class: "of-residual" }, number.percent(row[4]));
  return [
    ...parts,
    sentence("stage.residual_share", { token: small(token), share, p: P(token.target_prob) }),
    sentence(kept < 0 ? "stage.block_product_start" : "stage.block_product_here", {
      product: el("i", {}, "P"),
      value: el("b", {}, number.prob(product)),
    }),
  ];
};
