// What moves in a race: a lane (its text and its track of rounds) and the axis below both, which is the scrubber.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, svg, say, tell, write, racing } = specdec;
  const { PARTS } = racing;
  const LAYERS = [...PARTS, "dots"];
  const BAR = 30; // height of the segments
  const DOTS = 44; // the most room that dots may take above them
  const NARROWEST = 3; // rounds narrower than this many pixels are drawn together with their neighbours
  const SPACE = "\u00a0"; // between a number and its unit

  // Seconds as precise as the whole race deserves; `less` subtracts as a reader would, from the printed numbers.
  const rounded = (value, whole) => value.toFixed(whole < 0.1 ? 3 : whole < 10 ? 2 : whole < 100 ? 1 : 0);
  racing.clock = (value, whole) => `${rounded(value, whole)}${SPACE}s`;
  racing.less = (more, less, whole) => racing.clock(rounded(more, whole) - rounded(less, whole), whole);

  // The largest step of 1, 2 or 5 × 10^n that fits at least `least` times into `span`.
  racing.niceStep = (span, least) => {
    const decade = 10 ** Math.floor(Math.log10(span / least));
    return [5, 2, 1].map((factor) => factor * decade).find((step) => span / step >= least - 1e-9) || decade;
  };

  // Rounds gathered into blocks at least NARROWEST wide.
  function blocks(tape, scale) {
    const made = [];
    let block = null;
    tape.run.rounds.forEach((round, i) => {
      const { draft, verify } = round.seconds;
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
    return `M${(x + r).toFixed(2)} ${y}h${w}q${r} 0 ${r} ${r}v${h}q0 ${r} ${-r} ${r}h-${w}q${-r} 0 ${-r} ${-r}v${-h}q0 ${-r} ${r} ${-r}z`;
  }

  // One path a part and one of dots. A block gives the gap behind it a little of its width; its parts keep their
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

  // A lane: heading, text, and a track drawn twice, pale and full. The full one is seen through a window that ends at
  // the playhead, so moving it costs the same for ten rounds and for a thousand.
  racing.Lane = class {
    constructor(name) {
      this.note = el("span", { class: "race-lane-note" });
      this.count = el("span", { class: "race-count" });
      const fade = () => this.fade();
      this.text = el("div", { class: "race-text", role: "group", "aria-label": say(`race.${name}_text`), on: { scroll: fade } });
      this.pale = this.layers();
      this.full = this.layers();
      this.shift = svg("g", { transform: "translate(2 0)" }, ...Object.values(this.full));
      this.window = svg("svg", { x: -2, y: 0, width: 0 }, this.shift);
      this.field = svg("svg", {}, svg("g", { class: "race-pale" }, ...Object.values(this.pale)), this.window);
      this.playhead = el("span", { class: "race-playhead" });
      this.restText = el("span", {});
      this.rest = el("span", { class: "race-rest", hidden: true }, this.restText);
      this.track = el("div", { class: "race-track", "aria-hidden": "true" }, this.field, this.rest, this.playhead);
      const title = el("h3", { class: "race-lane-title" }, say(`race.${name}`));
      const head = el("div", { class: "race-lane-head" }, title, this.note, this.count);
      this.root = el("section", { class: "race-lane", "data-lane": name, "aria-label": say(`race.${name}`) }, head, this.text, this.track);
    }

    layers() {
      return Object.fromEntries(LAYERS.map((layer) => [layer, svg("path", { class: `race-${layer}` })]));
    }

    // Draws the track at `scale` pixels a second; says whether rounds had to be drawn together.
    draw(tape, scale, width) {
      this.scale = scale;
      this.grow(tape);
      const { d, dot, height, merged } = paths(tape, scale);
      for (const drawn of [this.pale, this.full]) {
        for (const layer of LAYERS) drawn[layer].setAttribute("d", d[layer]);
        drawn.dots.setAttribute("stroke-width", dot.toFixed(2));
      }
      this.field.setAttribute("width", width);
      for (const field of [this.field, this.window]) field.setAttribute("height", height);
      return merged;
    }

    // The dotted stretch behind the lane that ended first; `text` is null for the other one.
    drawRest(from, to, text) {
      const room = (to - from) * this.scale;
      this.rest.hidden = text === null || room < 16;
      if (this.rest.hidden) return;
      this.rest.style.left = `${from * this.scale}px`;
      this.rest.style.width = `${room}px`;
      write(this.restText, text);
      this.restText.hidden = this.restText.offsetWidth > room - 24 || room < 24;
    }

    // What stood at `time`, which may lie behind this run's end. Returns how many tokens that were.
    show(time, whole) {
      const { tape } = this;
      const rounds = racing.roundsAt(tape, time);
      const tokens = rounds ? tape.written[rounds - 1] : 0;
      const x = time * this.scale;
      this.window.setAttribute("width", Math.max(0, x + 2).toFixed(2));
      this.playhead.style.transform = `translateX(${x.toFixed(2)}px)`;
      this.write(tokens);
      const { footer } = tape.run;
      const done = Boolean(footer) && time >= racing.seconds(tape) - 1e-9;
      const state = done ? (racing.complete(tape) ? "done" : "ended") : footer ? "at" : "running";
      const at = racing.clock(footer ? Math.min(time, racing.seconds(tape)) : time, whole);
      tell(this.count, `race.count_${state}`, { n: tape.ids.length, written: el("b", {}, String(tokens)), total: String(tape.ids.length), time: at });
      this.root.classList.toggle("is-finished", done);
      return tokens;
    }

    // One span a token, so that writing changes colours and never the layout.
    grow(tape) {
      if (tape !== this.tape) {
        Object.assign(this, { tape, spans: [], stands: 0, pen: null, begun: false });
        this.text.replaceChildren();
      }
      for (const { text } of tape.tokens.slice(this.spans.length)) {
        const shown = this.begun ? text : text.trimStart(); // a first space would only indent the first line
        this.begun = this.begun || shown !== "";
        this.spans.push(el("span", { "aria-hidden": "true" }, shown));
      }
      this.text.append(...this.spans.slice(this.text.childElementCount));
      Object.assign(this.root.dataset, { written: this.stands, total: tape.ids.length });
    }

    write(tokens) {
      if (tokens === this.stands) return;
      for (let i = Math.min(tokens, this.stands); i < Math.max(tokens, this.stands); i++) {
        const span = this.spans[i];
        span.className = i < tokens ? "is-written" : "";
        if (i < tokens) span.removeAttribute("aria-hidden");
        else span.setAttribute("aria-hidden", "true");
      }
      this.stands = this.root.dataset.written = tokens;
      if (this.pen) this.pen.classList.remove("is-pen");
      this.pen = this.spans.slice(0, tokens).reverse().find((span) => span.textContent) || null;
      if (this.pen) this.pen.classList.add("is-pen");
      const room = this.text.clientHeight;
      const end = this.pen ? this.pen.offsetTop + this.pen.offsetHeight : 0;
      this.text.scrollTop = Math.max(0, end - room + 28); // long texts scroll with the pen
      this.fade();
    }

    // A long text stays in its own box: it can be focused and scrolled, and fades where it goes on.
    fade() {
      const { scrollHeight, clientHeight, scrollTop } = this.text;
      if (scrollHeight > clientHeight) this.text.tabIndex = 0;
      else this.text.removeAttribute("tabindex");
      this.text.classList.toggle("goes-on", scrollHeight - clientHeight - scrollTop > 4);
    }
  };

  racing.Axis = class {
    constructor() {
      this.done = el("span", { class: "race-rail-done" });
      this.knob = el("span", { class: "race-knob" });
      this.scale = el("span", { class: "race-scale" });
      this.head = el("span", { class: "race-tick race-tick-head" });
      const parts = [el("span", { class: "race-rail" }), this.scale, this.done, this.knob, this.head];
      this.root = el("div", { class: "race-axis", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-label": say("race.axis") }, ...parts);
    }

    draw(whole, width) {
      [this.whole, this.width] = [whole, width];
      this.scale.replaceChildren();
      const step = racing.niceStep(whole, Math.max(2, Math.floor(width / 150)));
      const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      this.end = this.tick(whole, racing.clock(whole, whole), "race-tick race-tick-end");
      this.ticks = [this.end];
      for (let i = 0; i * step < whole * (1 - 1e-9); i++) {
        const tick = this.tick(i * step, i ? `${(i * step).toFixed(digits)}${SPACE}s` : "0", "race-tick");
        if (tick.x + tick.half + 10 > this.end.x - this.end.half) tick.text.remove();
        else this.ticks.push(tick);
      }
      this.root.setAttribute("aria-valuemax", whole.toFixed(3));
    }

    tick(time, label, className) {
      const mark = el("span", { class: "race-tick-mark" });
      const text = el("span", { class: className }, label);
      this.scale.append(mark, text);
      const half = text.offsetWidth / 2;
      const x = this.inside((time / this.whole) * this.width, half);
      mark.style.left = `${(time / this.whole) * this.width}px`;
      text.style.left = `${x}px`;
      return { x, half, text };
    }

    inside(x, half) {
      return Math.min(Math.max(x, half), this.width - half);
    }

    show(time, words) {
      const x = (time / this.whole) * this.width;
      const at = this.inside(x, this.end.half);
      this.done.style.transform = `scaleX(${Math.max(0, x - 9) / this.width})`;
      this.knob.style.transform = `translateX(${x.toFixed(2)}px)`;
      this.head.style.left = `${at.toFixed(2)}px`;
      write(this.head, racing.clock(time, this.whole));
      for (const tick of this.ticks) tick.text.classList.toggle("is-covered", Math.abs(tick.x - at) < tick.half + this.end.half + 8);
      this.root.setAttribute("aria-valuenow", time.toFixed(3));
      this.root.setAttribute("aria-valuetext", words);
    }
  };
})();
