// A lane of a race: its text and its track of rounds.
import { clock, complete, duration, PARTS, roundsAt } from "../core/race-numbers.js";
import { say } from "../core/words.js";
import { el, svg, tell, write } from "../dom/dom.js";

/** @import { Tape } from "../core/race-numbers.js" */

const LAYERS = [...PARTS, "dots"];
const BAR = 30; // height of the segments
const DOTS = 44; // the most room that dots may take above them
const NARROWEST = 3; // rounds narrower than this many pixels are drawn together with their neighbours

// Rounds gathered into blocks at least NARROWEST wide.
function blocks(tape, scale) {
  const made = [];
  let block = null;
  tape.run.rounds.forEach((round, i) => {
    const { draft, verify } = round.seconds ?? { draft: 0, verify: 0 };
    block = block || { start: round.start, draft: 0, verify: 0, other: 0, tokens: 0, rounds: 0 };
    block.end = round.end;
    block.draft += draft;
    block.verify += verify;
    block.other += Math.max(0, round.end - round.start - draft - verify);
    block.tokens += tape.written[i] - (i ? tape.written[i - 1] : 0);
    block.rounds += 1;
    if ((block.end - block.start) * scale < NARROWEST) return;
    made.push(block);
    block = null;
  });
  return block ? [...made, block] : made;
}

function rectangle(x, y, width, height) {
  const r = width >= 5 ? 1.5 : 0;
  const [w, h] = [(width - 2 * r).toFixed(2), height - 2 * r];
  if (!r) return `M${x.toFixed(2)} ${y}h${w}v${height}h-${w}z`;
  const [top, right] = [`h${w}q${r} 0 ${r} ${r}`, `v${h}q0 ${r} ${-r} ${r}`];
  const [bottom, left] = [`h-${w}q${-r} 0 ${-r} ${-r}`, `v${-h}q0 ${-r} ${r} ${-r}`];
  return `M${(x + r).toFixed(2)} ${y}${top}${right}${bottom}${left}z`;
}

// One path a part and one of dots. A block leaves a little of its width for the gap after it; its parts keep their
// proportions.
function paths(tape, scale) {
  const made = blocks(tape, scale);
  const highest = made.reduce((most, block) => Math.max(most, block.tokens), 1);
  const pitch = Math.min(5.5, DOTS / highest);
  const typical = made.length ? ((made[made.length - 1].end - made[0].start) * scale) / made.length : 10;
  const top = Math.ceil(pitch * highest) + 6;
  const d = { draft: "", verify: "", other: "", dots: "" };
  for (const block of made) {
    const left = block.start * scale;
    const full = (block.end - block.start) * scale;
    const gap = Math.min(1.5, full * 0.2);
    const pieces = PARTS.filter((part) => block[part] > 0);
    const between = full > 12 ? 0.75 : 0;
    const room = full - gap - between * (pieces.length - 1);
    const spent = block.draft + block.verify + block.other;
    let x = left;
    for (const part of pieces) {
      const width = (room * block[part]) / spent;
      d[part] += rectangle(x, top, width, BAR);
      x += width + between;
    }
    const middle = (left + (full - gap) / 2).toFixed(2);
    for (let i = 0; i < block.tokens; i++) d.dots += `M${middle} ${(top - 7 - i * pitch).toFixed(2)}h.01`;
  }
  const dot = Math.max(1, Math.min(4, pitch * 0.75, typical * 0.6));
  return { d, dot, height: top + BAR, merged: made.some((block) => block.rounds > 1) };
}

// A lane: heading, text, and a track of rounds. Text and track are there twice, pale and in full, and the full one is
// seen through a window that ends at the playhead: moving it costs the same for ten tokens and for a thousand.
export class Lane {
  /** @type {Tape} */
  tape;
  /** @type {number} */
  scale;
  /** @type {number} */
  width;
  /** @type {number} */
  lead;
  /** @type {number} */
  room;
  /** @type {boolean} */
  long;
  /** @type {number | null} */
  stands;
  /** @type {ReturnType<typeof setTimeout>} */
  telling;
  /** @type {HTMLElement} */
  heard;
  /** @type {HTMLElement} */
  paleText;
  /** @type {HTMLElement} */
  fullText;
  /** @type {HTMLElement} */
  pen;
  /** @type {HTMLElement} */
  text;
  /** @type {HTMLElement} */
  window;
  /** @type {HTMLElement} */
  playhead;
  /** @type {HTMLElement} */
  restText;
  /** @type {HTMLElement} */
  rest;
  /** @type {HTMLElement} */
  track;
  /** @type {Text} */
  all;
  /** @type {Text} */
  ink;
  /** @type {Record<string, SVGPathElement>[]} */
  layers;
  /** @type {SVGSVGElement[]} */
  fields;

  constructor(name) {
    this.note = el("span", { class: "race-lane-note" });
    this.count = el("span", { class: "race-count" });
    const title = el("h3", { class: "race-lane-title" }, say(`race.${name}`));
    const head = el("div", { class: "race-lane-head" }, title, this.note, this.count);
    this.root = el(
      "section",
      { class: "race-lane", "data-lane": name, "aria-label": say(`race.${name}`) },
      head,
      this.makeText(name),
      this.makeTrack(),
    );
  }

  makeText(name) {
    this.heard = el("span", { class: "race-written heard" });
    this.all = document.createTextNode("");
    this.ink = document.createTextNode("");
    this.paleText = el("span", { class: "race-all", "aria-hidden": "true" }, this.all);
    this.fullText = el("span", { class: "race-ink", "aria-hidden": "true" }, this.ink);
    this.pen = el("span", { class: "race-pen", "aria-hidden": "true" });
    const page = el("div", { class: "race-page", dir: "auto" }, this.paleText, this.fullText, this.pen);
    this.text = el(
      "div",
      { class: "race-text", role: "group", "aria-label": say(`race.${name}_text`), on: { scroll: () => this.fade() } },
      page,
      this.heard,
    );
    return this.text;
  }

  makeTrack() {
    const layers = () => Object.fromEntries(LAYERS.map((layer) => [layer, svg("path", { class: `race-${layer}` })]));
    this.layers = [layers(), layers()];
    this.fields = this.layers.map((paths, i) =>
      svg("svg", { class: i ? "race-full" : "race-pale" }, ...Object.values(paths)),
    );
    this.window = el("span", { class: "race-window" }, this.fields[1]);
    this.playhead = el("span", { class: "race-playhead" });
    this.restText = el("span", {});
    this.rest = el("span", { class: "race-rest", hidden: true }, this.restText);
    this.track = el(
      "div",
      { class: "race-track", "aria-hidden": "true" },
      this.fields[0],
      this.window,
      this.rest,
      this.playhead,
    );
    return this.track;
  }

  // Draws the track at `scale` pixels a second; says whether rounds had to be drawn together.
  draw(tape, scale, width) {
    Object.assign(this, { tape, scale, width });
    const { d, dot, height, merged } = paths(tape, scale);
    this.layers.forEach((drawn, i) => {
      for (const layer of LAYERS) drawn[layer].setAttribute("d", d[layer]);
      drawn.dots.setAttribute("stroke-width", dot.toFixed(2));
      for (const [name, value] of Object.entries({ width, height })) this.fields[i].setAttribute(name, value);
    });
    const { text } = tape;
    this.lead = text.length - text.trimStart().length; // a first space would only indent the first line
    for (const node of [this.all, this.ink])
      if (node.data !== text.slice(this.lead)) node.data = text.slice(this.lead);
    this.root.dataset.total = tape.ids.length;
    this.root.classList.toggle("is-waiting", !tape.run.header);
    this.room = this.text.clientHeight;
    this.long = this.text.scrollHeight > this.room;
    if (this.long)
      this.text.tabIndex = 0; // then it scrolls in its own box
    else this.text.removeAttribute("tabindex");
    this.stands = null;
    return merged;
  }

  // The dotted line after the lane that ended first; `text` is null for the other lane.
  drawRest(from, to, text) {
    const room = (to - from) * this.scale;
    this.rest.hidden = text === null || room < 16;
    if (this.rest.hidden) return;
    this.rest.style.left = `${from * this.scale}px`;
    this.rest.style.width = `${room}px`;
    this.restText.hidden = false;
    write(this.restText, text);
    this.restText.hidden = this.restText.offsetWidth > room - 40;
  }

  // What was written at `time`, which may be after the end of this run.
  show(time) {
    const { tape } = this;
    const rounds = roundsAt(tape, time);
    const tokens = rounds ? tape.written[rounds - 1] : 0;
    const x = Math.round(time * this.scale * devicePixelRatio) / devicePixelRatio;
    this.window.style.transform = `translateX(${x - this.width}px)`;
    this.fields[1].style.transform = `translateX(${this.width - x}px)`;
    this.playhead.style.transform = `translateX(${x}px)`;
    const { footer } = tape.run;
    const done = Boolean(footer) && time >= duration(tape) - 1e-9;
    this.root.classList.toggle("is-finished", done);
    if (tokens !== this.stands) this.write(tokens);
    return { tokens, done };
  }

  // Apart from `show`, so that both lanes are measured before either changes what surrounds it.
  tell({ tokens, done }, time, whole) {
    const { tape } = this;
    const { footer } = tape.run;
    const state = done ? (complete(tape) ? "done" : "ended") : footer ? "at" : "running";
    const at = clock(footer ? Math.min(time, duration(tape)) : time, whole);
    tell(this.count, `race.count_${state}`, {
      n: tape.ids.length,
      written: el("b", {}, String(tokens)),
      total: String(tape.ids.length),
      time: at,
    });
  }

  // The visible part of the text ends after the last token that is written, in the middle of a line.
  write(tokens) {
    this.stands = this.root.dataset.written = tokens;
    const end = Math.max(0, this.tape.offsets[tokens] - this.lead);
    const place = this.endOf(end);
    const { left, top, bottom } = place;
    const near = place.rtl ? "100%" : "0";
    const far = place.rtl ? "0" : "100%";
    const whole = `${near} -9px, ${far} -9px, ${far} ${top}px`; // the lines above the last one
    const last = `${left}px ${top}px, ${left}px ${bottom}px, ${near} ${bottom}px`;
    this.fullText.style.clipPath = `polygon(${whole}, ${last})`;
    this.pen.style.transform = `translate(${left - 1}px, ${(top + bottom) / 2 - 10}px)`;
    if (this.long) this.text.scrollTop = Math.max(0, bottom - this.room + 30); // with the pen
    this.fade();
    clearTimeout(this.telling); // a screen reader need not hear every step of a moving playhead
    this.telling = setTimeout(() => write(this.heard, this.ink.data.slice(0, end)), 120);
  }

  // Where character `end` of the text begins, as a box on the page: the end of what stands before it.
  endOf(end) {
    const page = this.fullText.getBoundingClientRect();
    const rtl = getComputedStyle(this.fullText).direction === "rtl";
    const range = document.createRange();
    const from = Math.max(0, end - 1);
    range.setStart(this.ink, from);
    range.setEnd(this.ink, end || Math.min(1, this.ink.length));
    const box = [...range.getClientRects()].pop();
    if (!box) return { left: rtl ? page.width : 0, top: 0, bottom: 0, rtl };
    // The far edge of what stands, or the near one of the first.
    const edge = (end === 0) === rtl ? box.right : box.left;
    return { left: edge - page.left, top: box.top - page.top, bottom: box.bottom - page.top, rtl };
  }

  fade() {
    const goesOn = this.long && this.text.scrollHeight - this.room - this.text.scrollTop > 4;
    this.text.classList.toggle("goes-on", goesOn);
  }
}
