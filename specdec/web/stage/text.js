// The text so far: the prompt in grey, then what every round added, each token underlined by where it came from.
// All spans are built once; moving the playhead only toggles classes, so a thousand tokens cost nothing to scrub.
import { committed, readsSource } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";

const TAIL = 128; // rounds in one run of text; older lines stand in parts, which a new token leaves as they are
const NEWEST = 64; // rounds that stay out of the parts
const NEAR = 60; // rounds around the playhead that change at once; more than the box can show
const STEERS = /[\u202a-\u202e\u2066-\u2069]/; // would reverse the text after it

// Leading white space carries no underline: words stay apart.
function tokenSpan(token, key) {
  const split = token.text.length - token.text.trimStart().length;
  const apart = STEERS.test(token.text) ? " is-apart" : "";
  return el(
    "span",
    { class: `token is-${token.verdict}${apart}`, "data-token": key },
    token.text.slice(0, split),
    el("span", { class: "under" }, token.text.slice(split)),
  );
}

// Whether a round begins a line. One whose first token brings a line break, or no ink, does not count.
function beginsLine(before, round) {
  const token = round.firstElementChild;
  const ink = token?.querySelector(".under").getClientRects()[0];
  const ends = before.getClientRects();
  return Boolean(ink && ends.length && !/^\s*\n/.test(token.textContent)) && ink.top >= ends[ends.length - 1].bottom;
}

export class TextSoFar {
  /** @type {HTMLElement[]} */
  rounds;
  /** @type {boolean[]} */
  hidden;
  /** @type {number} */
  parted; // the first round that stands in no part yet, 0 as long as there are none
  /** @type {number} */
  shown;
  /** @type {HTMLElement | null} */
  now;
  /** @type {boolean} */
  expanded;
  /** @type {ReturnType<typeof setTimeout>} */
  sweeping;

  constructor() {
    this.prompt = el("span", { class: "text-prompt" });
    this.body = el("span", { class: "text-body" });
    this.ending = el("span", { class: "text-ending tag is-future" });
    this.caret = el("span", { class: "caret", "aria-hidden": "true" });
    this.flow = el(
      "p",
      { class: "text-flow", dir: "auto", "data-test": "text" },
      this.prompt,
      this.body,
      " ",
      this.ending,
      this.caret,
    );
    this.box = el("div", { class: "text-box", role: "group", "aria-label": say("stage.text") }, this.flow);
    this.all = el("button", {
      type: "button",
      class: "text-all",
      hidden: true,
      "aria-expanded": "false",
      on: { click: () => this.expand() },
    });
    this.node = el("div", { class: "text" }, this.box, this.all);
    this.clear();
  }

  clear() {
    clearTimeout(this.sweeping);
    this.rounds = [];
    this.hidden = []; // which of them wait for the playhead
    this.parted = 0;
    this.shown = 0;
    this.now = null;
    this.body.replaceChildren();
    write(this.ending, "");
    this.expand(false);
  }

  // Add the spans of rounds that are not there yet; they wait, invisible, for the playhead.
  build(run) {
    write(this.prompt, run.header.prompt.text);
    this.prompt.classList.toggle("is-source", readsSource(run)); // no token goes on from it
    const fresh = document.createDocumentFragment();
    for (let i = this.rounds.length; i < run.rounds.length; i++) {
      const spans = committedWithKeys(run.rounds[i], i).map(([token, key]) => tokenSpan(token, key));
      const wrap = el("span", { class: "text-round is-future" }, spans);
      this.rounds.push(wrap);
      this.hidden.push(true);
      fresh.append(wrap);
    }
    this.body.append(fresh);
  }

  // Whether what lies ahead of the playhead is seen, palely.
  whole(yes) {
    this.node.classList.toggle("is-whole", yes);
  }

  // The first n rounds stand in the text; the last of them is lit when it was only just kept.
  show(n, lit) {
    this.shown = n;
    clearTimeout(this.sweeping);
    this.reveal(n - NEAR, n + NEAR, Infinity);
    this.sweep();
    const now = n > 0 ? this.rounds[n - 1] : this.prompt;
    if (this.now !== now) {
      if (this.now) this.now.classList.remove("is-now");
      this.now = now;
    }
    now.classList.toggle("is-now", lit && n > 0);
  }

  // Bring rounds from…to in line with the playhead, `most` of them at once; true when some are left.
  reveal(from, to, most) {
    const end = Math.min(to, this.rounds.length);
    for (let i = Math.max(0, from); i < end; i++) {
      const hidden = i >= this.shown;
      if (this.hidden[i] === hidden) continue;
      if (most-- <= 0) return true;
      this.hidden[i] = hidden;
      this.rounds[i].classList.toggle("is-future", hidden);
    }
    return false;
  }

  // What is out of sight after a long jump follows in slices.
  sweep() {
    if (this.hidden.some((hidden, i) => hidden !== i >= this.shown)) {
      this.sweeping = setTimeout(() => {
        this.reveal(0, this.rounds.length, NEAR);
        this.sweep();
      }, 0);
    }
  }

  // How the run ended: after the last token from the start, visible once the playhead gets there.
  end(label, seen) {
    write(this.ending, label);
    this.ending.classList.toggle("is-future", !seen || !label);
  }

  measure() {
    const { box, flow, now } = this;
    const lines = now ? now.getClientRects() : [];
    if (!lines.length) return null;
    const seen = {
      first: lines[0],
      last: lines[lines.length - 1],
      flow: flow.getBoundingClientRect(),
      box: box.getBoundingClientRect(),
      line: Number.parseFloat(getComputedStyle(flow).lineHeight),
    };
    const tall = this.expanded || box.scrollHeight > box.clientHeight + 2;
    return { ...seen, tall, cuts: seen.flow.width === this.width ? this.cuts() : [] };
  }

  // Where older lines can be set apart: rounds that begin a line. The first one ends the line of the prompt, each
  // further one comes after at most TAIL others.
  cuts() {
    const { rounds } = this;
    const found = [];
    const begins = (i) => beginsLine(rounds[i - 1], rounds[i]);
    let from = this.parted;
    while (rounds.length - from >= TAIL + NEWEST) {
      let i = from ? from + TAIL : 1;
      if (from) while (i > from && !begins(i)) i--;
      else while (i < TAIL && !begins(i)) i++;
      if (i === from || i === TAIL) break;
      found.push(i);
      from = i;
    }
    return found;
  }

  // Set the rounds between each two cuts apart, as a box of whole lines. Every line stays where it is.
  part(cuts) {
    for (const cut of cuts) {
      const next = this.rounds[cut];
      const space = next.firstElementChild?.firstChild; // it ends the line before; at the start of a box it would show
      if (space instanceof Text) next.before(space);
      if (this.parted) {
        const part = el("span", { class: "text-part" });
        this.rounds[this.parted].before(part);
        for (let one = part.nextSibling; one && one !== next; one = part.nextSibling) part.append(one);
      }
      this.parted = cut;
    }
  }

  // Lines break elsewhere at another width: all rounds are one text again.
  join(width) {
    this.width = width;
    for (const part of this.body.querySelectorAll(".text-part")) part.replaceWith(...part.childNodes);
    this.parted = 0;
  }

  // Put the caret after the last token, and keep its line in sight when the text is taller than its box.
  settle(seen) {
    if (!seen) return;
    const { first, last, flow, box, line } = seen;
    if (flow.width !== this.width) this.join(flow.width);
    this.part(seen.cuts);
    this.caret.style.transform = `translate(${last.right - flow.left + 2}px, ${last.top - flow.top}px)`;
    this.caret.style.height = `${last.height}px`;
    this.all.hidden = !seen.tall;
    this.node.classList.toggle("is-tall", seen.tall);
    if (seen.tall && !this.expanded)
      this.box.tabIndex = 0; // it scrolls, by keys too
    else this.box.removeAttribute("tabindex");
    if (this.expanded || !seen.tall) return;
    this.scrollTo((first.top - flow.top) / line, (last.bottom - flow.top) / line, line, box.height);
  }

  // Scrolls by whole lines, so that none is cut at the top. `from`, `to`: the lines to be seen, counted from 0.
  scrollTo(from, to, line, height) {
    const lowest = Math.ceil(Math.ceil(to) - height / line);
    const top = Math.round(this.box.scrollTop / line);
    if (top < lowest) this.box.scrollTop = lowest * line;
    else if (Math.floor(from) < top) this.box.scrollTop = Math.floor(from) * line;
  }

  expand(open = !this.expanded) {
    this.expanded = open;
    this.node.classList.toggle("is-open", open);
    this.all.setAttribute("aria-expanded", String(open));
    write(this.all, say(open ? "stage.show_less" : "stage.show_all"));
    this.settle(this.measure());
  }

  span(key) {
    return this.body.querySelector(`[data-token="${key}"]`);
  }
}

// Keys name a token of the run: "6:2" is guess 2 of round 6, "6:f" the token the target wrote there.
function committedWithKeys(round, index) {
  const keys = new Map(round.draft.map((token, i) => [token, `${index}:${i}`]));
  if (round.final) keys.set(round.final, `${index}:f`);
  return committed(round).map((token) => [token, keys.get(token)]);
}
