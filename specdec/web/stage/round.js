// One round: what was guessed, how the target judged it, what it wrote itself.
// Four layouts of the same nodes, chosen by room and draft: "columns", "rows" (narrow), "cells" (long drafts), "tree".
import { isPlain } from "../core/methods.js";
import { spoken } from "../core/pieces.js";
import { BEATS, numbersUnder, sentences } from "../core/sentences.js";
import { deepestOf, pathTo } from "../core/shape.js";
import { cutBy } from "../core/tokens.js";
import { say } from "../core/words.js";
import { el, set, write } from "../dom/dom.js";
import { finalChip, finalNode, finalTreeNode, guessChip, guessNode } from "./guess-nodes.js";
import { Mask } from "./mask.js";
import { freeNote, rowLabels, treeFooter } from "./round-notes.js";
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
    const guesses = round.draft.map((token, i) => {
      const parts = numbersUnder(token, rule, cutBy(run.header.settings, round, token));
      return guessNode(this.guessChip(token, i), token, i, parts);
    });
    const place = refused >= 0 ? refused : round.draft.length;
    if (round.final) {
      const node = finalNode(this.finalChip(round.final), round, place, this.columns, this.plain);
      guesses.splice(round.final.verdict === "correction" ? place + 1 : guesses.length, 0, node);
    }
    this.bracket = el("div", { class: "bracket", hidden: !round.draft.length }, el("span", { class: "sweep" }));
    this.grid.removeAttribute("aria-label");
    this.grid.replaceChildren(
      ...(this.plain ? [] : rowLabels(run, round)),
      this.bracket,
      ...guesses,
      ...freeNote(round, this.columns),
    );
  }

  drawTree(run, index, rule) {
    const { round } = this;
    const dense = this.tree.size === "dense";
    const small = dense || this.tree.size === "slim";
    const nodes = round.draft.map((token, i) => {
      const parts = dense ? [] : numbersUnder(token, rule, cutBy(run.header.settings, round, token), true);
      return guessNode(this.guessChip(token, i, { mark: true, small }), token, i, parts, true);
    });
    if (round.final) nodes.push(finalTreeNode(this.finalChip(round.final, small), round.final, nodes.length, dense));
    this.tree.draw(run, index, nodes);
    this.grid.setAttribute(
      "aria-label",
      say("stage.tree_label", { n: round.draft.length, depth: deepestOf(round.draft) }),
    );
    this.grid.replaceChildren(this.tree.node);
    this.foot.replaceChildren(...treeFooter(run, round, rule));
    this.foot.classList.toggle("is-empty", !round.draft.length);
  }

  guessChip(token, i, look = {}) {
    return this.remember(String(i), (key) => guessChip(key, token, look));
  }

  finalChip(token, small = false) {
    return this.remember("f", (key) => finalChip(key, token, small));
  }

  remember(place, make) {
    const key = `${this.index}:${place}`;
    const chip = make(key);
    this.chips.set(key, chip);
    return chip;
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

  // The place of the focus in the row of chips; null if it is elsewhere.
  focusedPlace() {
    const chip = document.activeElement;
    if (!chip || !this.grid.contains(chip)) return null;
    return [...this.chips.values()].indexOf(/** @type {HTMLElement} */ (chip));
  }

  // Where a round replaces another, the focus stays at its place in the row.
  refocus(place) {
    if (place === null) return;
    const chips = [...this.chips.values()];
    chips[Math.min(Math.max(0, place), chips.length - 1)]?.focus({ preventScroll: true });
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
