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

  // A lane: heading, text, and a track of rounds. Text and track are there twice, pale and in full, and the full one is
  // seen through a window that ends at the playhead: moving it costs the same for ten tokens and for a thousand.
  racing.Lane = class {
    constructor(name) {
      this.note = el("span", { class: "race-lane-note" });
      this.count = el("span", { class: "race-count" });
      const title = el("h3", { class: "race-lane-title" }, say(`race.${name}`));
      const head = el("div", { class: "race-lane-head" }, title, this.note, this.count);
      this.root = el("section", { class: "race-lane", "data-lane": name, "aria-label": say(`race.${name}`) }, head, this.makeText(name), this.makeTrack());
    }

    makeText(name) {
      this.heard = el("span", { class: "race-written heard" });
      this.all = document.createTextNode("");
      this.ink = document.createTextNode("");
      this.paleText = el("span", { class: "race-all", "aria-hidden": "true" }, this.all);
      this.fullText = el("span", { class: "race-ink", "aria-hidden": "true" }, this.ink);
      this.pen = el("span", { class: "race-pen", "aria-hidden": "true" });
      const page = el("div", { class: "race-page", dir: "auto" }, this.paleText, this.fullText, this.pen);
      this.text = el("div", { class: "race-text", role: "group", "aria-label": say(`race.${name}_text`), on: { scroll: () => this.fade() } }, page, this.heard);
      return this.text;
    }

    makeTrack() {
      const layers = () => Object.fromEntries(LAYERS.map((layer) => [layer, svg("path", { class: `race-${layer}` })]));
      this.layers = [layers(), layers()];
      this.fields = this.layers.map((paths, i) => svg("svg", { class: i ? "race-full" : "race-pale" }, ...Object.values(paths)));
      this.window = el("span", { class: "race-window" }, this.fields[1]);
      this.playhead = el("span", { class: "race-playhead" });
      this.restText = el("span", {});
      this.rest = el("span", { class: "race-rest", hidden: true }, this.restText);
      this.track = el("div", { class: "race-track", "aria-hidden": "true" }, this.fields[0], this.window, this.rest, this.playhead);
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
      for (const node of [this.all, this.ink]) if (node.data !== text.slice(this.lead)) node.data = text.slice(this.lead);
      this.root.dataset.total = tape.ids.length;
      this.root.classList.toggle("is-waiting", !tape.run.header);
      this.room = this.text.clientHeight;
      this.long = this.text.scrollHeight > this.room;
      if (this.long) this.text.tabIndex = 0; // then it scrolls in its own box
      else this.text.removeAttribute("tabindex");
      this.stands = null;
      return merged;
    }

    // The dotted stretch behind the lane that ended first; `text` is null for the other one.
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

    // What stood at `time`, which may lie behind this run's end.
    show(time) {
      const { tape } = this;
      const rounds = racing.roundsAt(tape, time);
      const tokens = rounds ? tape.written[rounds - 1] : 0;
      const x = Math.round(time * this.scale * devicePixelRatio) / devicePixelRatio;
      this.window.style.transform = `translateX(${x - this.width}px)`;
      this.fields[1].style.transform = `translateX(${this.width - x}px)`;
      this.playhead.style.transform = `translateX(${x}px)`;
      const { footer } = tape.run;
      const done = Boolean(footer) && time >= racing.seconds(tape) - 1e-9;
      this.root.classList.toggle("is-finished", done);
      if (tokens !== this.stands) this.write(tokens);
      return { tokens, done };
    }

    // Apart from `show`, so that both lanes are measured before either changes what surrounds it.
    tell({ tokens, done }, time, whole) {
      const { tape } = this;
      const { footer } = tape.run;
      const state = done ? (racing.complete(tape) ? "done" : "ended") : footer ? "at" : "running";
      const at = racing.clock(footer ? Math.min(time, racing.seconds(tape)) : time, whole);
      tell(this.count, `race.count_${state}`, { n: tape.ids.length, written: el("b", {}, String(tokens)), total: String(tape.ids.length), time: at });
    }

    // The window over the text ends behind the last token that stands, in the middle of a line.
    write(tokens) {
      this.stands = this.root.dataset.written = tokens;
      const end = Math.max(0, this.tape.offsets[tokens] - this.lead);
      const place = this.endOf(end);
      const { left, top, bottom } = place;
      const near = place.rtl ? "100%" : "0";
      const far = place.rtl ? "0" : "100%";
      this.fullText.style.clipPath = `polygon(${near} -9px, ${far} -9px, ${far} ${top}px, ${left}px ${top}px, ${left}px ${bottom}px, ${near} ${bottom}px)`;
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
      const edge = (end === 0) === rtl ? box.right : box.left; // the far edge of what stands, or the near one of the first
      return { left: edge - page.left, top: box.top - page.top, bottom: box.bottom - page.top, rtl };
    }

    fade() {
      const goesOn = this.long && this.text.scrollHeight - this.room - this.text.scrollTop > 4;
      this.text.classList.toggle("goes-on", goesOn);
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

    // `ends`: whether the axis ends where a run did, or only somewhere ahead of it.
    draw(whole, width, ends) {
      [this.whole, this.width] = [whole, width];
      const step = racing.niceStep(whole, Math.max(2, Math.floor(width / 150)));
      const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      const ticks = [this.tick(whole, racing.clock(whole, whole), `race-tick ${ends ? "race-tick-end" : ""}`)];
      for (let i = 0; i * step < whole * (1 - 1e-9); i++) {
        ticks.push(this.tick(i * step, i ? `${(i * step).toFixed(digits)}${SPACE}s` : "0", "race-tick"));
      }
      this.scale.replaceChildren(...ticks.flatMap(({ mark, text }) => [mark, text]));
      for (const tick of ticks) tick.half = tick.text.offsetWidth / 2;
      for (const tick of ticks) {
        tick.at = this.inside((tick.time / whole) * width, tick.half);
        tick.text.style.left = `${tick.at}px`;
      }
      this.end = ticks[0];
      this.ticks = ticks.filter((tick) => tick === this.end || tick.at + tick.half + 10 <= this.end.at - this.end.half);
      for (const tick of ticks) if (!this.ticks.includes(tick)) tick.text.remove();
      this.root.setAttribute("aria-valuemax", whole.toFixed(3));
    }

    tick(time, label, className) {
      const mark = el("span", { class: "race-tick-mark" });
      mark.style.left = `${(time / this.whole) * this.width}px`;
      return { time, mark, text: el("span", { class: className }, label) };
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
      for (const tick of this.ticks) tick.text.classList.toggle("is-covered", Math.abs(tick.at - at) < tick.half + this.end.half + 8);
      this.root.setAttribute("aria-valuenow", time.toFixed(3));
      this.root.setAttribute("aria-valuetext", words);
    }
  };
})();
