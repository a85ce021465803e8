// The headline of a race, and the sentences and panels that belong to it.
import { clock, compare, duration } from "../core/race-numbers.js";
import { say, sentenceOf } from "../core/words.js";
import { el, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";
import { passesPanel, splitPanel, whyPanel } from "./panels.js";
import { difference, reason, summary, times } from "./sentences.js";

/** @import { Tape } from "../core/race-numbers.js" */

const FACTS = ["speedup", "claim", "disturbed"]; // what the root says about a result, as data attributes

export class Headline {
  verdict = el("h2", { class: "race-verdict" });
  badge = el("span", { class: "race-badge", hidden: true });
  summary = el("p", { class: "race-summary", hidden: true });
  reason = el("p", { class: "race-reason", hidden: true });
  panels = el("div", { class: "race-panels", hidden: true });
  status = el("p", { class: "race-status heard", role: "status" });
  final = false; // nothing more will change

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @type {(phase: string, tapes: Tape[], whole: number) => void} `whole`: seconds that the clocks are written for */
  show(phase, tapes, whole) {
    if (this.final) return;
    const done = phase === "done";
    for (const part of [this.badge, this.reason, this.panels]) part.replaceChildren();
    for (const name of FACTS) delete this.root.dataset[name];
    if (done) this.showResult(tapes);
    else this.showStanding(phase, tapes, whole);
    for (const part of [this.badge, this.summary, this.reason, this.panels]) part.hidden = !part.textContent;
    this.final = done || phase === "stopped";
    const running = phase === "plain" || phase === "speculative";
    write(this.status, running ? this.verdict.textContent : `${this.verdict.textContent} ${this.summary.textContent}`);
  }

  // Headline and sentence while there is nothing to compare yet, or nothing any more.
  /** @type {(phase: string, tapes: Tape[], whole: number) => void} */
  showStanding(phase, tapes, whole) {
    const [plain, speculative] = tapes;
    const last = speculative || plain;
    const lane = phase === "empty" ? "none" : speculative ? "speculative" : phase === "speculative" ? "next" : "plain";
    const state = phase !== "stopped" ? "running" : last.run.footer?.reason === "error" ? "failed" : "stopped";
    write(this.verdict, say(`race.${state}_${lane}`));
    const message = state === "failed" && last.run.footer?.message;
    if (message) return write(this.summary, sentenceOf(message));
    const values = last && {
      n: last.ids.length,
      time: clock(duration(last), whole),
      plain: clock(duration(plain), whole),
    };
    write(this.summary, say(`race.${state}_${lane}_note`, values || {}));
  }

  /** @type {(tapes: Tape[]) => void} */
  showResult(tapes) {
    const [plain, speculative] = tapes;
    const result = compare(plain, speculative);
    this.root.dataset.claim = result.claim;
    this.badge.className = `race-badge is-${result.claim}`;
    this.badge.append(...badgeOf(result));
    write(this.reason, difference(result, plain, speculative));
    if (result.disturbed) this.showBusy(result);
    else this.showSpeed(result);
  }

  // On a busy machine, only what does not depend on the clocks.
  showBusy(result) {
    this.root.dataset.disturbed = result.disturbed;
    write(this.verdict, say("race.busy"));
    write(this.summary, say(`race.busy_${result.disturbed}`));
    this.panels.append(passesPanel(result));
  }

  showSpeed(result) {
    const { speedup, claim, same } = result;
    const speed = times(speedup);
    const pace = Number(speed) === 1 ? "even" : speedup > 1 ? "faster" : "slower";
    this.root.dataset.speedup = speedup.toFixed(4);
    const text = claim === "none" ? "" : say(`race.text_${claim}`, { position: same + 1 });
    write(this.verdict, text ? say(`race.${pace}`, { speed, text }) : say(`race.${pace}_alone`, { speed }));
    write(this.summary, summary(result));
    if (pace !== "faster") write(this.reason, [this.reason.textContent, reason(result)].filter(Boolean).join(" "));
    this.panels.append(splitPanel(result), passesPanel(result), whyPanel(result));
  }
}

const badgeOf = ({ claim, same, plain, speculative }) => {
  const total = Math.max(plain.tokens, speculative.tokens);
  if (claim === "same") return [icon("accepted"), say("race.badge_same", { n: plain.tokens })];
  if (claim === "differs") return [icon("rejected"), say("race.badge_differs", { n: same, total })];
  if (claim === "lossy") return [icon("lossy"), say("race.badge_lossy")];
  return claim === "distribution" ? [say("race.badge_distribution")] : [];
};
