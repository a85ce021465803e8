// One round: what was guessed, how the target judged it, what it wrote itself.
// Four layouts of the same nodes, chosen by room and draft: "columns", "rows" (narrow), "cells" (long drafts), "tree".
import { drafterFamily, isPlain } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { spoken } from "../core/pieces.js";
import { BEATS, numbersUnder, sentences } from "../core/sentences.js";
import { deepestOf, pathTo } from "../core/shape.js";
import { cutBy } from "../core/tokens.js";
import { knows, say } from "../core/words.js";
import { el, set, tell, write } from "../dom/dom.js";
import { icon, pieceNode, tokenChip } from "../dom/marks.js";
import { Mask } from "./mask.js";
import { TreeView } from "./tree.js";

/** @import { Round, Run } from "../core/types.js" */

const MOST_COLUMNS = 6;
const MOST_ROWS = 8;
const APART = 40; // between a tree and its mask
const NARROW = 560; // a tree is a list then

export class RoundView {
  /** @type {Run} */
  run;
  /** @type {Round} */
  round;
  /** @type {number} */
  index;
  /** @type {boolean} */
  plain;
  /** @type {boolean} */
  stale;
  /** @type {number} */
  columns;
  /** @type {number} */
  width;
  /** @type {HTMLElement} */
  bracket;
  /** @type {Map<string, HTMLElement>} */
  chips;

  constructor() {
    this.title = el("h2", { class: "round-title" });
    this.first = el("b");
    this.second = el("span");
    this.beats = BEATS.map((beat) => el("li", { class: "beat" }, say(`stage.beat_${beat}`)));
    this.plan = el("p", { class: "plan", "data-test": "plan", hidden: true });
    this.grid = el("div", { class: "guesses", role: "group", "data-test": "round" });
    this.tree = new TreeView();
    this.mask = new Mask();
    this.foot = el("p", { class: "tree-foot" });
    this.body = el("div", { class: "round-body" }, this.grid);
    this.head = el(
      "div",
      { class: "round-head" },
      this.title,
      el("p", { class: "sentence", "data-test": "sentence" }, this.first, " ", this.second),
      el("ol", { class: "beats", "aria-hidden": "true" }, this.beats),
    );
    this.node = el("section", { class: "round" }, this.head, this.plan, this.body, this.foot);
    this.chips = new Map(); // key → button
    this.tallest = 0;
    this.highest = 0;
  }

  relax() {
    this.tallest = this.highest = 0;
    this.grid.style.minHeight = this.head.style.minHeight = "";
  }

  // A round's layout is a function of the room and of the longest draft of the run, so it does not change in play.
  layout(width, run) {
    const { longest } = run;
    const columns = Math.max(5, longest + 1);
    const roomy = longest <= MOST_COLUMNS && width >= 150 + columns * 118;
    const layout = run.branched ? "tree" : roomy ? "columns" : longest <= MOST_ROWS ? "rows" : "cells";
    if ((this.grid.dataset.layout === "tree") !== run.branched) this.stale = true;
    if (this.grid.dataset.layout !== layout || this.columns !== columns || this.width !== width) this.relax();
    this.width = width;
    this.columns = columns;
    this.grid.dataset.layout = layout;
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.classList.remove("is-tight");
    this.plan.hidden = run.header.settings.draft_length !== "auto";
    this.foot.hidden = !run.branched;
    this.layoutMask(width, run);
  }

  layoutMask(width, run) {
    const room = width - TreeView.width(run) - APART; // what a tree leaves
    const beside = run.branched && room >= 300 && Mask.measure(run.longest, room).width <= room;
    const asks = !run.longest || isPlain(run.header);
    this.mask.node.hidden = asks;
    const drawn = this.tree.size;
    if (run.branched) this.tree.layout(width, run, width < NARROW);
    if (this.tree.size !== drawn) this.stale = true;
    this.mask.layout({ beside, longest: run.longest, room: beside ? room : width, branching: run.branched });
    this.body.classList.toggle("has-mask", beside);
    const home = beside ? this.body : this.node;
    if (this.mask.node.parentNode !== home) home.append(this.mask.node);
  }

  draw(run, index) {
    const round = run.rounds[index];
    const { rule } = run.header.settings;
    this.plain = isPlain(run.header);
    Object.assign(this, { run, round, index });
    this.chips.clear();
    write(this.title, say("stage.round", { round: index + 1 }));
    this.node.classList.toggle("is-plain", this.plain);
    set(this.grid, { "data-plain": String(this.plain), "data-drafted": round.draft.length });
    this.grid.style.setProperty("--n", String(round.draft.length));
    this.grid.classList.remove("is-tight");
    this.tellPlan(round.plan);
    if (this.grid.dataset.layout === "tree") this.drawTree(run, index, rule);
    else this.drawChain(run, round, rule);
    this.stale = false;
  }

  // How long a draft pays now, where every round chooses anew.
  tellPlan(plan) {
    if (!plan) return write(this.plan, say("stage.plan_none"));
    const gain = plan.gain === null ? "" : plan.gain.toFixed(2);
    const numbers = { length: plan.draft_length, share: (100 * plan.acceptance).toFixed(0), gain };
    write(this.plan, say(`plan.${plan.kind}`, numbers));
  }

  drawChain(run, round, rule) {
    const refused = round.draft.findIndex((token) => token.verdict === "rejected");
    const guesses = round.draft.map((token, i) =>
      this.guess(token, i, numbersUnder(token, rule, cutBy(run.header.settings, round, token))),
    );
    const place = refused >= 0 ? refused : round.draft.length;
    if (round.final)
      guesses.splice(round.final.verdict === "correction" ? place + 1 : guesses.length, 0, this.final(round, place));
    this.bracket = el("div", { class: "bracket", hidden: !round.draft.length }, el("span", { class: "sweep" }));
    this.grid.removeAttribute("aria-label");
    this.grid.replaceChildren(
      ...(this.plain ? [] : this.labels(run, round)),
      this.bracket,
      ...guesses,
      ...this.free(round),
    );
  }

  drawTree(run, index, rule) {
    const { round } = this;
    const { size } = this.tree;
    const small = size === "dense" || size === "slim";
    const nodes = round.draft.map((token, i) =>
      this.guess(
        token,
        i,
        size === "dense" ? [] : numbersUnder(token, rule, cutBy(run.header.settings, round, token), true),
        { mark: true, small },
      ),
    );
    if (round.final) {
      const chip = this.finalChip(round.final, small);
      nodes.push(
        el(
          "div",
          { class: "final", "data-verdict": round.final.verdict, style: `--i:${nodes.length}` },
          chip,
          size === "dense"
            ? null
            : el("span", { class: `numbers of-${round.final.verdict}` }, say(`stage.${round.final.verdict}`)),
        ),
      );
    }
    this.tree.draw(run, index, nodes);
    this.grid.setAttribute(
      "aria-label",
      say("stage.tree_label", { n: round.draft.length, depth: deepestOf(round.draft) }),
    );
    this.grid.replaceChildren(this.tree.node);
    this.foot.replaceChildren(...this.footer(run, round, rule));
    this.foot.classList.toggle("is-empty", !round.draft.length);
  }

  // Below a tree: how its rule walks it, what became of its guesses, and what they cost.
  footer(run, round, rule) {
    const count = (verdict) => round.draft.filter((token) => token.verdict === verdict).length;
    const part = (verdict) =>
      el("span", { class: `of-${verdict}` }, icon(verdict), say(`stage.ledger_${verdict}`, { n: count(verdict) }));
    const ledger = el("span", { class: "tree-ledger ledger", "data-test": "tree-ledger" });
    tell(ledger, "stage.ledger", {
      accepted: part("accepted"),
      rejected: part("rejected"),
      discarded: part("discarded"),
      drafted: round.draft.length,
    });
    const walk = el("span", { class: "tree-walk" });
    if (knows(`stage.walk_${rule}`)) tell(walk, `stage.walk_${rule}`, { p: el("var", { class: "of-p" }, "p") });
    return [
      walk,
      ledger,
      el(
        "span",
        { class: "tree-cost" },
        this.costs(run, round)
          .filter(([, , note]) => note)
          .map(([, title, note]) => `${title}: ${note}`)
          .join(" · "),
      ),
    ];
  }

  // Who works when, and for how long: [row, title, note].
  costs(run, round) {
    const rows = [say(`stage.row_${drafterFamily(run.header)}`), say("stage.row_checks")];
    if (!round.passes || !round.seconds)
      return [
        ["guesses", rows[0], ""],
        ["checks", rows[1], ""],
      ];
    const n = round.passes.draft;
    const drafting = n
      ? say("stage.guess_passes", { n, time: number.seconds(round.seconds.draft) })
      : say("stage.guess_no_pass", { time: number.seconds(round.seconds.draft) });
    const time = number.seconds(round.seconds.verify);
    const checking =
      round.passes.target === 1
        ? say("stage.check_pass", { time })
        : say("stage.check_passes", { n: round.passes.target, time });
    return [
      ["guesses", rows[0], drafting],
      ["checks", rows[1], checking],
    ];
  }

  labels(run, round) {
    const rows = [
      ...this.costs(run, round),
      ["writes", say("stage.row_writes"), round.final ? say("stage.writes_same") : ""],
    ];
    return rows.map(([kind, title, note]) =>
      el("div", { class: `row-label row-${kind}` }, el("span", {}, title), el("small", {}, note)),
    );
  }

  guess(token, i, parts, { mark = false, small = false } = {}) {
    const key = `${this.index}:${i}`;
    const chip = tokenChip(token, token.verdict, {
      tag: "button",
      mark,
      small,
      attributes: { type: "button", "data-token": key, "data-verdict": token.verdict },
    });
    this.chips.set(key, chip);
    const verdict = mark
      ? null
      : el("span", { class: "verdict" }, icon(token.verdict), el("b", {}, say(`stage.${token.verdict}`)));
    return el(
      "div",
      { class: "guess", "data-verdict": token.verdict, style: `--i:${i}` },
      mark ? null : el("span", { class: "nth", "aria-hidden": "true" }, String(i + 1)),
      chip,
      verdict,
      el(
        "span",
        { class: "numbers" },
        parts.map((part, at) => el("span", {}, part + (at < parts.length - 1 ? ", " : ""))),
      ),
    );
  }

  finalChip(token, small = false) {
    const key = `${this.index}:f`;
    const label = say("stage.final_label", { token: spoken(token.piece), verdict: say(`stage.${token.verdict}`) });
    const chip = tokenChip(token, token.verdict, {
      tag: "button",
      small,
      mark: token.verdict !== "plain",
      attributes: { type: "button", "data-token": key, "data-verdict": token.verdict, "aria-label": label },
    });
    this.chips.set(key, chip);
    return chip;
  }

  final(round, place) {
    const token = round.final;
    const note = el("span", {});
    if (token.verdict === "correction" && round.draft[place])
      tell(note, "stage.in_place", { token: el("q", {}, pieceNode(round.draft[place].piece, 24)) });
    else if (token.verdict === "bonus") write(note, say("stage.free_token", { n: round.draft.length }));
    else if (!this.plain) write(note, say("stage.alone_token"));
    const at = this.plain ? 0 : place;
    const late = at >= this.columns - 2 && at > 1;
    return el(
      "div",
      { class: "final", "data-verdict": token.verdict, style: `--i:${at}`, "data-late": late },
      this.finalChip(token),
      el(
        "div",
        { class: "final-note" },
        el("b", { class: `of-${token.verdict}` }, say(`stage.${token.verdict}`)),
        " ",
        note,
      ),
    );
  }

  // What is at stake: the token that comes free when every guess is kept.
  free(round) {
    if (!round.draft.length || !round.final || round.draft.length > this.columns - 1) return [];
    const kept = round.final.verdict === "bonus";
    return [
      el(
        "p",
        { class: "free", "data-kept": kept, style: `--i:${round.draft.length}` },
        say("stage.free", { n: round.draft.length }),
      ),
    ];
  }

  // Show no more than the beat has shown: a guess that waits for its verdict has none.
  beat(run, beat, { still }) {
    if (this.stale) this.draw(run, this.index); // the room changed under it
    this.mask.draw(run, this.index);
    this.node.dataset.beat = BEATS[beat];
    this.node.classList.toggle("is-still", still);
    this.beats.forEach((item, i) => item.classList.toggle("is-now", i === beat));
    const [first, second] = sentences(run, this.round, beat);
    write(this.first, first);
    write(this.second, second);
    const judged = beat >= 2;
    this.mask.beat(judged);
    this.round.draft.forEach((token, i) => {
      const chip = this.chip(i);
      chip.classList.toggle("is-pending", !judged);
      chip.classList.toggle(`is-${token.verdict}`, judged);
      chip.setAttribute("aria-label", this.named(token, i, judged));
    });
  }

  // The chip of a guess by its place, or "f" for the target's own token.
  /** @type {(place: number | "f") => HTMLElement} */
  chip(place) {
    return /** @type {HTMLElement} */ (this.chips.get(`${this.index}:${place}`));
  }

  // What a screen reader hears of a guess: where it stands, and, once it is judged, what became of it.
  named(token, i, judged) {
    const words = {
      token: spoken(token.piece),
      n: i + 1,
      of: this.round.draft.length,
      verdict: say(`stage.${token.verdict}`),
    };
    if (this.grid.dataset.layout !== "tree") return say(judged ? "stage.chip_label" : "stage.chip_pending", words);
    const parent = this.round.draft[token.parent];
    const place = {
      depth: pathTo(this.round.draft, i).length,
      parent: parent ? spoken(parent.piece) : say("stage.root"),
    };
    return say(judged ? "stage.node_label" : "stage.node_pending", { ...words, ...place });
  }

  // The token that the page is about.
  tell(key) {
    this.mask.tell(key);
  }

  // Letters have another width now: a tree must be placed anew.
  refit() {
    this.tree.placed = false;
    return this;
  }

  measure() {
    if (!this.round) return null;
    const { grid, round } = this;
    const head = this.head.offsetHeight;
    if (grid.dataset.layout === "tree") return { head, tree: this.tree.measure() };
    const columns = grid.dataset.layout === "columns";
    const own = round.final ? this.chip("f") : null;
    const [first, last] = columns && round.draft.length ? [this.chip(0), this.chip(round.draft.length - 1)] : [];
    return {
      head,
      tight: columns && grid.scrollWidth > grid.clientWidth,
      bracket: first && last ? `${last.offsetLeft + last.offsetWidth - first.offsetLeft}px` : "",
      chip: own ? own.offsetWidth : 0,
      height: grid.offsetHeight,
    };
  }

  // The bracket ends with the last guess; the block never shrinks, so what stands below it stays where it is.
  settle(seen) {
    if (!seen) return;
    if (seen.head > this.highest) {
      this.highest = seen.head; // a sentence that once took two lines keeps them
      this.head.style.minHeight = `${seen.head}px`;
    }
    if ("tree" in seen) return this.tree.settle(seen.tree);
    if (seen.tight) {
      this.grid.classList.add("is-tight");
      seen = { ...this.measure(), tight: false };
    }
    this.bracket.style.width = seen.bracket;
    this.grid.style.setProperty("--chip", `${seen.chip}px`);
    if (seen.height <= this.tallest) return;
    this.tallest = seen.height;
    this.grid.style.minHeight = `${seen.height}px`;
  }
}
