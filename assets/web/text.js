// The text so far: the prompt in grey, then what every round added, each token underlined by where it came from.
// All spans are built once; moving the playhead only toggles classes, so a thousand tokens cost nothing to scrub.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, write, committed } = specdec;

  const STEERS = /[\u202a-\u202e\u2066-\u2069]/; // would turn round the text behind it

  // Leading white space carries no underline: words stay apart.
  function tokenSpan(token, key) {
    const split = token.text.length - token.text.trimStart().length;
    const apart = STEERS.test(token.text) ? " is-apart" : "";
    return el("span", { class: `token is-${token.verdict}${apart}`, "data-token": key },
      token.text.slice(0, split), el("span", { class: "under" }, token.text.slice(split)));
  }

  specdec.TextSoFar = class {
    constructor() {
      this.prompt = el("span", { class: "text-prompt" });
      this.body = el("span", { class: "text-body" });
      this.ending = el("span", { class: "text-ending tag", hidden: true });
      this.flow = el("p", { class: "text-flow", dir: "auto", "data-test": "text" }, this.prompt, this.body, " ", this.ending);
      this.box = el("div", { class: "text-box", role: "group", "aria-label": say("stage.text") }, this.flow);
      this.all = el("button", { type: "button", class: "text-all", hidden: true, "aria-expanded": "false", on: { click: () => this.expand() } });
      this.node = el("div", { class: "text" }, this.box, this.all);
      this.clear();
    }

    clear() {
      this.rounds = [];
      this.shown = 0;
      this.now = null;
      this.body.replaceChildren();
      this.ending.hidden = true;
      this.expand(false);
    }

    // Add the spans of rounds that are not there yet; they wait, invisible, for the playhead.
    build(run) {
      write(this.prompt, run.header.prompt.text);
      const fresh = document.createDocumentFragment();
      for (let i = this.rounds.length; i < run.rounds.length; i++) {
        const spans = committedWithKeys(run.rounds[i], i).map(([token, key]) => tokenSpan(token, key));
        const wrap = el("span", { class: "text-round is-future" }, spans);
        this.rounds.push(wrap);
        fresh.append(wrap);
      }
      this.body.append(fresh);
    }

    // The first n rounds stand in the text; the last of them is lit when it was only just kept.
    show(n, lit) {
      for (let i = Math.min(n, this.shown); i < Math.max(n, this.shown); i++) this.rounds[i].classList.toggle("is-future", i >= n);
      this.shown = n;
      const now = n > 0 ? this.rounds[n - 1] : this.prompt;
      if (this.now !== now) {
        if (this.now) this.now.classList.remove("is-now", "has-caret");
        now.classList.add("has-caret");
        this.now = now;
      }
      now.classList.toggle("is-now", lit && n > 0);
      this.follow();
    }

    end(label) {
      this.ending.hidden = !label;
      if (label) write(this.ending, label);
    }

    // Keep the line that is being written in sight when the text is taller than its box.
    follow() {
      const { box, now } = this;
      if (this.expanded || !now) return;
      const tall = box.scrollHeight > box.clientHeight + 2;
      this.all.hidden = !tall;
      if (!tall) return;
      const boxes = now.getClientRects();
      if (!boxes.length) return;
      const frame = box.getBoundingClientRect();
      const below = boxes[boxes.length - 1].bottom + 10 - frame.bottom;
      const above = boxes[0].top - 10 - frame.top;
      if (below > 0) box.scrollTop += below;
      else if (above < 0) box.scrollTop += above;
    }

    expand(open = !this.expanded) {
      this.expanded = open;
      this.node.classList.toggle("is-open", open);
      this.all.setAttribute("aria-expanded", String(open));
      write(this.all, say(open ? "stage.show_less" : "stage.show_all"));
      if (!open) this.follow();
    }

    span(key) {
      return this.body.querySelector(`[data-token="${key}"]`);
    }
  };

  // Keys name a token of the run: "6:2" is guess 2 of round 6, "6:f" the token the target wrote there.
  function committedWithKeys(round, index) {
    const keys = new Map(round.draft.map((token, i) => [token, `${index}:${i}`]));
    if (round.final) keys.set(round.final, `${index}:f`);
    return committed(round).map((token) => [token, keys.get(token)]);
  }
})();
