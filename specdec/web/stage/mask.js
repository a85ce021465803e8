// Who sees whom: the attention mask of a round's one target pass, made from the guesses' parents. A row is a guess,
// the first column the text so far; filled is what it sees. One stop for Tab; the arrows go from row to row.
import { spoken } from "../core/pieces.js";
import { pathTo } from "../core/shape.js";
import { committed, readsSource } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, set, svg, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

/** @import { Round, Run } from "../core/types.js" */

const LETTER = 7.4; // width of one in the labels
const LONGEST = 9; // letters of a label, fewer in a narrow page
const NARROW = 360;
const SIZES = [
  [16, 18, 4],
  [20, 14, 3],
  [28, 12, 3],
  [48, 8, 2],
  [Infinity, 5, 1],
]; // up to so many guesses: cell and gap
const LABELLED = 28; // more guesses than this stand without their words

// A piece as a short word: its white space by a sign.
function word(piece, letters) {
  const text = Array.from(spoken(piece));
  return text.length > letters ? `${text.slice(0, letters - 1).join("")}…` : text.join("");
}

// The end of the text a guess was made on: what was written before the round, then its ancestors.
function reads(run, index, place) {
  const { draft } = run.rounds[index];
  const path = pathTo(draft, draft[place].parent)
    .map((i) => draft[i].text)
    .join("");
  let before = "";
  for (let i = index - 1; i >= 0 && before.trim().split(/\s+/).length < 4; i--)
    before =
      committed(run.rounds[i])
        .map((token) => token.text)
        .join("") + before;
  if (before.trim().split(/\s+/).length < 4 && !readsSource(run)) before = run.header.prompt.text + before;
  const words = before.replace(/\s+/g, " ").split(" ");
  const short = words.slice(-3).join(" ");
  return `${words.length > 3 ? "… " : ""}${(short + path).replace(/\s+/g, " ").trim()}`;
}

/** @typedef {ReturnType<typeof Mask.measure>} Size */

export class Mask {
  /** @type {Run} */
  run;
  /** @type {number} */
  index;
  /** @type {Size} */
  size;
  /** @type {(() => void) | undefined} */
  onOpen;
  /** @type {string | null} */
  key;
  /** @type {Round | null} */
  drawn;
  /** @type {SVGGElement[]} */
  rows;
  /** @type {string} */
  asked;
  /** @type {boolean} */
  beside;
  /** @type {number} */
  longest;

  constructor() {
    const id = `mask-${Math.random().toString(36).slice(2)}`;
    this.open = false;
    this.fold = el(
      "button",
      {
        type: "button",
        class: "mask-fold",
        "aria-expanded": "false",
        "aria-controls": id,
        "data-test": "mask-toggle",
        on: { click: () => this.toggle() },
      },
      el("b", {}, say("stage.mask")),
      " ",
      el("span", {}, say("stage.mask_pass")),
      icon("next"),
    );
    this.title = el(
      "p",
      { class: "mask-title" },
      el("b", {}, say("stage.mask")),
      " ",
      el("span", {}, say("stage.mask_pass")),
    );
    this.art = svg("svg", {
      class: "mask-art",
      role: "listbox",
      "aria-label": say("stage.mask_label"),
      "data-test": "mask",
    });
    this.note = el("p", { class: "mask-note" });
    this.reads = el("p", { class: "mask-reads", "data-test": "mask-reads" });
    this.box = el(
      "div",
      { class: "mask-box", id },
      this.title,
      el("div", { class: "mask-scroll" }, this.art),
      el("div", { class: "mask-words" }, this.note, this.reads),
    );
    this.node = el("aside", { class: "mask" }, this.fold, this.box);
    this.rows = [];
    this.art.addEventListener("keydown", (event) => this.walk(event));
  }

  // The largest cells for drafts of n guesses that keep the drawing within `room`, or the smallest that words can
  // label.
  static measure(n, room) {
    const labelled = n <= LABELLED;
    const letters = room < NARROW ? LONGEST - 2 : LONGEST;
    const labels = labelled ? letters * LETTER + 12 : 8;
    const sizes = SIZES.filter(([most]) => n <= most && (!labelled || most <= LABELLED)).map(([, cell, gap]) => ({
      cell,
      gap,
      pitch: cell + gap,
      letters,
      labelled,
      labels,
      width: labels + (n + 1) * (cell + gap) + gap + 12,
    }));
    return sizes.find(({ width }) => width <= room) || sizes[sizes.length - 1];
  }

  // beside: next to the tree and always open; otherwise folded under its button.
  layout({ beside, longest, room, branching }) {
    const asked = [beside, longest, room, branching].join();
    if (this.asked === asked) return;
    this.asked = asked;
    this.beside = beside;
    this.longest = longest;
    this.node.classList.toggle("is-beside", beside);
    this.fold.hidden = beside;
    this.title.hidden = !beside;
    this.size = Mask.measure(longest, room);
    write(this.note, say(branching ? "stage.mask_tree" : "stage.mask_chain"));
    this.drawn = null;
    this.show();
  }

  toggle() {
    this.open = !this.open;
    this.show();
    if (this.run) this.draw(this.run, this.index);
    if (this.open && this.onOpen) this.onOpen();
  }

  shown() {
    return this.beside || this.open;
  }

  show() {
    this.box.hidden = !this.shown();
    this.fold.setAttribute("aria-expanded", String(this.open));
    this.fold.classList.toggle("is-open", this.open);
  }

  draw(run, index) {
    Object.assign(this, { run, index });
    if (!this.shown() || this.drawn === run.rounds[index]) return;
    const { draft } = run.rounds[index];
    this.drawn = run.rounds[index];
    const { pitch, labels, width, labelled, letters } = this.size;
    const head = labelled ? letters * LETTER + 8 : 8;
    const height = head + this.longest * pitch + 6;
    set(this.art, { viewBox: `0 0 ${width} ${height}`, width, height });
    // Column −1: the text so far.
    const x = (column) => labels + (column + 1) * pitch + (column >= 0 ? this.size.gap : 0);
    const words = draft.map((token) => word(token.piece, letters));
    const columns =
      labelled && draft.length
        ? [word(say("stage.mask_text"), letters + 2), ...words].map((text, i) =>
            this.column(text, x(i - 1) + this.size.cell / 2, head - 8, index, i - 1, draft),
          )
        : [];
    this.rows = draft.map((token, i) => this.row(token, i, words[i], { x, y: head + i * pitch, labelled }));
    this.art.replaceChildren(...columns, ...this.rows);
    this.node.classList.toggle("is-empty", !draft.length);
    const { key } = this;
    this.key = null;
    this.tell(key);
  }

  column(text, x, y, index, place, draft) {
    const kind =
      place < 0
        ? { class: "mask-word is-text" }
        : { class: `mask-word is-${draft[place].verdict}`, "data-token": `${index}:${place}` };
    return svg(
      "text",
      { ...kind, transform: `translate(${x} ${y}) rotate(-90)`, dy: ".35em", "aria-hidden": "true" },
      text,
    );
  }

  row(token, i, text, { x, y, labelled }) {
    const { draft } = this.run.rounds[this.index];
    const { cell, pitch, labels, width } = this.size;
    const path = pathTo(draft, i);
    const seen = new Set(path);
    const radius = Math.min(4, cell / 4);
    const square = (column, kind) =>
      svg("rect", { class: `mask-cell ${kind}`, x: x(column), y, width: cell, height: cell, rx: radius });
    const label = say("stage.mask_row", {
      token: spoken(token.piece),
      seen:
        path
          .slice(0, -1)
          .map((at) => spoken(draft[at].piece))
          .join(", ") || say("stage.mask_none"),
    });
    const around = (name, grow) =>
      svg("rect", {
        class: name,
        x: 1,
        y: y - (pitch - cell) / 2 - grow,
        width: width - 2,
        height: pitch + 2 * grow,
        rx: 5,
      });
    return svg(
      "g",
      {
        class: `mask-row is-${token.verdict}`,
        role: "option",
        tabindex: "-1",
        "aria-selected": "false",
        "aria-label": label,
        "data-token": `${this.index}:${i}`,
      },
      around("mask-hit", 0),
      labelled
        ? svg(
            "text",
            {
              class: `mask-word is-${token.verdict}`,
              x: labels - 4,
              y: y + cell / 2,
              dy: ".35em",
              "text-anchor": "end",
            },
            text,
          )
        : null,
      square(-1, "is-text"),
      draft.map((_, column) =>
        labelled || seen.has(column) ? square(column, seen.has(column) ? "is-seen" : "") : null,
      ),
      around("mask-ring", -1),
    );
  }

  // What has been judged may be coloured.
  beat(judged) {
    this.node.classList.toggle("is-judged", judged);
  }

  // The row of the token that the page is about, and what it reads.
  tell(key) {
    const again = this.key === key;
    this.key = key;
    if (!this.shown() || !this.drawn || again) return;
    const own = this.rows.findIndex((row) => row.dataset.token === key);
    this.rows.forEach((row, i) => {
      row.setAttribute("aria-selected", String(i === own));
      row.classList.toggle("is-lit", i === own);
      row.setAttribute("tabindex", i === Math.max(0, own) ? "0" : "-1");
    });
    write(
      this.reads,
      own < 0 ? say("stage.mask_point") : say("stage.mask_reads", { text: reads(this.run, this.index, own) }),
    );
  }

  walk(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = this.rows[this.rows.indexOf(/** @type {SVGGElement} */ (document.activeElement)) + by];
    if (!by || !row) return;
    event.preventDefault();
    row.focus();
  }
}
