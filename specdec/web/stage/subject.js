/* The token that the why-panel is about: hovered, pinned, focused, or the one that decides the round. It is marked
 wherever it stands on the stage. */
import { lookUp, neighbour, turning } from "../core/tokens.js";

/** @import { Playhead } from "./playhead.js" */
/** @import { RoundView } from "./round.js" */
/** @import { Run } from "../core/types.js" */
/** @import { Why } from "./why.js" */
/** @typedef {{onChange(): void, onVisit(round: number): void, onReleased(): void}} Listener */

const TOKEN = ".chip[data-token], .mask-row"; // tokens that can have the focus

/** @type {(event: Event) => boolean} */
const isToken = ({ target }) => target instanceof Element && target.matches(TOKEN);
const roundOf = (key) => Number(key.split(":")[0]);

export class Subject {
  /** @type {{hover: string | null, focus: string | null, pin: string | null}} */
  wished = { hover: null, focus: null, pin: null };
  over = false; // the pointer rests on a token of the round
  /** @type {string | null} what the panel shows */
  explained = null;
  /** @type {Run} */
  run;
  /** @type {Run} */
  explainedRun;

  /** @param {HTMLElement} stage @param {RoundView} round @param {Why} why @param {Playhead} head
   * @param {Listener} listener onChange: the panel was written; onVisit: go to a round; onReleased: the button that
   *   had the focus is gone */
  constructor(stage, round, why, head, listener) {
    this.stage = stage;
    this.round = round;
    this.why = why;
    this.head = head;
    this.listener = listener;
    this.listen();
  }

  listen() {
    const { stage } = this;
    stage.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "touch") this.point("hover", event);
    });
    stage.addEventListener("pointerout", (event) => {
      const to = /** @type {Element | null} */ (event.relatedTarget);
      if (!to?.closest?.("[data-token]")) this.point("hover", null);
    });
    stage.addEventListener("focusin", (event) => {
      if (isToken(event)) this.point("focus", event);
    });
    stage.addEventListener("focusout", (event) => {
      if (isToken(event)) this.point("focus", null);
    });
    stage.addEventListener("click", (event) => this.press(event));
  }

  forget() {
    this.wished = { hover: null, focus: null, pin: null };
  }

  get pinned() {
    return this.wished.pin;
  }

  // Whether the reader looks at a token of this round, with the pointer or, if that counts, with the focus.
  isHeld(byFocus = false) {
    const focus = document.activeElement;
    return this.over || (byFocus && (this.round.grid.contains(focus) || this.why.node.contains(focus)));
  }

  key() {
    const { pin, hover, focus } = this.wished;
    for (const key of [hover, pin, focus]) if (key && lookUp(this.run, key)) return key;
    return turning(this.run, this.head, this.head.moving);
  }

  explain() {
    const key = this.key();
    const shown = `${key}|${this.wished.pin}|${this.head.round}`;
    if (this.explained !== shown || this.explainedRun !== this.run) {
      this.explained = shown;
      this.explainedRun = this.run;
      if (!key) this.why.wait(this.head.round);
      else this.show(key);
    }
    this.light(key);
  }

  show(key) {
    const near = (by) => {
      const other = neighbour(this.run, key, by);
      return other ? lookUp(this.run, other)?.token : null;
    };
    const pinned = this.wished.pin === key;
    this.why.show(lookUp(this.run, key), near(-1), near(1), { pinned, here: this.head.round });
  }

  // Marks the token again after a round was drawn.
  relight() {
    this.light(this.explained ? this.key() : null);
  }

  light(key) {
    this.round.tell(key);
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.stage.querySelectorAll(".is-lit")))
      if (node.dataset.token !== key) node.classList.remove("is-lit");
    if (!key) return;
    for (const node of this.stage.querySelectorAll(`[data-token="${key}"]`))
      if (node !== this.why.node) node.classList.add("is-lit");
  }

  // The arrows of the panel: pin the token beside this one and show its round.
  step(by) {
    const key = this.key();
    const next = key && neighbour(this.run, key, by);
    if (next) this.pinTo(next);
  }

  pinTo(key) {
    this.wished.pin = key;
    this.wished.hover = null;
    this.listener.onVisit(roundOf(key));
  }

  release() {
    const hasFocus = this.why.pin === document.activeElement;
    this.wished.pin = null;
    this.refresh();
    if (hasFocus) this.listener.onReleased();
  }

  refresh() {
    this.explain();
    this.listener.onChange();
  }

  point(kind, event) {
    if (!this.run) return;
    const node = event?.target.closest ? event.target.closest("[data-token]") : null;
    const key = node && node !== this.why.node && this.stage.contains(node) ? node.dataset.token : null;
    if (kind === "hover") this.over = Boolean(key) && node.matches(".guesses .chip, .mask-row");
    if (this.wished[kind] === key) return;
    this.wished[kind] = key;
    if (kind === "focus" && key) this.wished.hover = null; // the keys go on from the token under a resting pointer
    this.refresh();
  }

  press(event) {
    const node = this.run && event.target.closest("[data-token]");
    if (!node || node === this.why.node || node.closest(".chart")) return;
    const key = node.dataset.token;
    if (this.wished.pin === key) return this.release();
    if (roundOf(key) !== this.head.round || !node.matches(TOKEN)) return this.pinTo(key);
    this.wished.pin = key;
    this.refresh();
    this.head.hold();
  }
}
