// The why-panel: the question, the reasons of the rule, and p, q and residual of the largest tokens there.
import { ruleOf } from "../core/methods.js";
import { spoken } from "../core/pieces.js";
import { say } from "../core/words.js";
import { el, tell, write } from "../dom/dom.js";
import { icon, pieceNode } from "../dom/marks.js";
import { bars } from "./bars.js";
import { ruleBadge } from "./origin.js";
import { sentence, small } from "./rules/parts.js";
import { reasons } from "./rules/reasons.js";

// "Why was this kept?" of one token; the block rule judges all of them together.
function question(node, { token, rule, round }) {
  if (rule === "block" && "parent" in token && token.kind === "judged" && token.coin !== null) {
    const n = round.draft.filter((one) => one.verdict === "accepted").length;
    return tell(node, n ? "stage.why_block" : "stage.why_block_none", { n });
  }
  return tell(node, `stage.why_${token.verdict}`, { token: small(token) });
}

export class Why {
  /** @type {number} */
  room;

  constructor({ onStep, onRelease }) {
    this.head = el("h3", { class: "why-title", id: `why-${Math.random().toString(36).slice(2)}` });
    this.back = el("button", {
      type: "button",
      class: "why-step",
      "data-test": "why-previous",
      on: { click: () => onStep(-1) },
    });
    this.forth = el("button", {
      type: "button",
      class: "why-step",
      "data-test": "why-next",
      on: { click: () => onStep(1) },
    });
    this.pin = el(
      "button",
      {
        type: "button",
        class: "why-pin",
        "data-test": "why-unpin",
        hidden: true,
        "aria-label": say("stage.unpin"),
        title: say("stage.unpin"),
        on: { click: onRelease },
      },
      icon("pin"),
      say("stage.pinned"),
    );
    this.lossy = el("span", { class: "why-lossy", hidden: true });
    this.where = el("span", { class: "tag", hidden: true });
    this.left = el("div", { class: "why-reasons" });
    this.right = el("div", { class: "why-bars" });
    this.node = el(
      "section",
      { class: "why", "data-test": "why", "aria-labelledby": this.head.id },
      el(
        "div",
        { class: "why-head" },
        this.head,
        this.where,
        this.lossy,
        el("div", { class: "why-steps" }, this.pin, this.back, this.forth),
      ),
      el("div", { class: "why-body" }, this.left, this.right),
    );
    this.tallest = 0;
  }

  relax() {
    this.tallest = 0;
    this.node.style.minHeight = "";
  }

  measure() {
    return { height: this.node.offsetHeight, room: this.left.clientWidth };
  }

  // The panel keeps the height of the tallest answer so far.
  settle({ height, room }) {
    this.room = room;
    if (height <= this.tallest) return;
    this.tallest = height;
    this.node.style.minHeight = `${height}px`;
  }

  // Nothing of the round on stage has been judged yet.
  wait(index) {
    this.node.dataset.token = "";
    this.head.replaceChildren(say("stage.why_label"));
    this.left.replaceChildren(
      index > 0 ? sentence("stage.waiting_round", { round: index + 1 }) : sentence("stage.waiting"),
    );
    this.right.replaceChildren();
    this.where.hidden = true;
    this.back.hidden = this.forth.hidden = true;
  }

  show(about, before, after, { pinned, here }) {
    about.room = this.room || 300;
    this.node.dataset.token = about.key;
    this.node.dataset.verdict = about.token.verdict;
    question(this.head, about);
    this.where.hidden = about.index === here;
    write(this.where, say("stage.round", { round: about.index + 1 }));
    this.lossy.hidden = ruleOf(about.rule).lossless !== false || about.alone;
    this.lossy.replaceChildren(...[ruleBadge(about.rule)].filter((badge) => badge !== null));
    this.left.replaceChildren(...reasons(about));
    this.right.hidden = about.token.kind === "opaque";
    const note = about.rule === "greedy" ? [el("p", { class: "formula-note" }, say("stage.bars_greedy"))] : [];
    this.right.replaceChildren(...(this.right.hidden ? [] : [bars(about), ...note]));
    this.steps(before, after);
    this.pin.hidden = !pinned;
  }

  steps(before, after) {
    this.back.hidden = this.forth.hidden = false;
    this.back.disabled = !before;
    this.forth.disabled = !after;
    const name = (token) => (token ? pieceNode(token.piece.trim() || token.piece, 10) : "");
    this.back.replaceChildren(
      el("span", { class: "keycap" }, icon("left")),
      el("span", { class: "why-near" }, name(before)),
    );
    this.forth.replaceChildren(
      el("span", { class: "why-near" }, name(after)),
      el("span", { class: "keycap" }, icon("right")),
    );
    this.back.setAttribute("aria-label", `${say("stage.why_previous")}${before ? `: ${spoken(before.piece)}` : ""}`);
    this.forth.setAttribute("aria-label", `${say("stage.why_next")}${after ? `: ${spoken(after.piece)}` : ""}`);
  }
}
