// The totals up to the playhead, with what they were counted from.
import { hasAlpha, isPlain } from "../core/methods.js";
import * as number from "../core/numbers.js";
import { rates, upTo } from "../core/trace.js";
import { say } from "../core/words.js";
import { el, tell, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

export class Totals {
  /** @type {Record<string, string>} */
  formulas;
  /** @type {string | null} */
  asked;

  constructor() {
    this.lead = el("b");
    this.rest = el("span");
    this.totals = ["acceptance", "per_pass", "efficiency"].map((kind) => this.total(kind));
    this.ledger = el("p", { class: "ledger", "data-test": "ledger" });
    this.ending = el("p", { class: "ending", "data-test": "ending" });
    this.formula = el("p", { class: "total-formula", "aria-live": "polite" });
    this.node = el(
      "section",
      { class: "totals", "data-test": "totals" },
      el("p", { class: "totals-title" }, this.lead, " ", this.rest),
      el(
        "div",
        { class: "totals-row" },
        this.totals.map((total) => total.node),
      ),
      this.ledger,
      this.ending,
      this.formula,
    );
  }

  total(kind) {
    const value = el("span", { class: "total-value" });
    const count = el("span", { class: "total-count" });
    const name = el("span", { class: "total-name" }, say(`stage.${kind}`));
    const show = () => this.explain(kind);
    const hide = () => this.explain(null);
    const node = el(
      "button",
      {
        type: "button",
        class: "total",
        "data-total": kind,
        on: { focus: show, pointerenter: show, blur: hide, pointerleave: hide, click: show },
      },
      value,
      name,
      count,
    );
    return { kind, node, value, count, name };
  }

  explain(kind) {
    this.asked = kind;
    write(this.formula, kind && this.formulas ? this.formulas[kind] : "");
  }

  show(run, n) {
    const sum = upTo(run, n);
    const rate = rates(sum);
    const judged = sum.accepted + sum.refusals;
    const none = say("stage.none_yet");
    const share = (x) => (x === null ? none : number.percent(x));
    const perPass = rate.perPass === null ? none : rate.perPass.toFixed(1);
    write(
      this.lead,
      n === 0 ? say("stage.totals_none") : n === 1 ? say("stage.totals_one") : say("stage.totals_rounds", { n }),
    );
    write(this.rest, say("stage.totals_of", { rounds: run.rounds.length }));
    const plain = isPlain(run.header);
    const set = (i, value, count) => {
      write(this.totals[i].value, value);
      write(this.totals[i].count, count);
      this.totals[i].node.hidden = plain && i !== 1;
    };
    const kept = hasAlpha(run.header) ? "" : "_kept";
    write(this.totals[0].name, say(`stage.acceptance${kept}`));
    set(0, share(rate.acceptance), say("stage.acceptance_count", { accepted: sum.accepted, judged }));
    set(1, perPass, say("stage.per_pass_count", { tokens: sum.tokens, n: sum.passes }));
    set(2, share(rate.efficiency), say("stage.efficiency_count", { accepted: sum.accepted, drafted: sum.drafted }));
    this.formulas = {
      acceptance: say(`stage.acceptance${kept}_formula`, {
        accepted: sum.accepted,
        judged,
        share: share(rate.acceptance),
      }),
      per_pass: say("stage.per_pass_formula", { tokens: sum.tokens, passes: sum.passes, value: perPass }),
      efficiency: say("stage.efficiency_formula", {
        accepted: sum.accepted,
        drafted: sum.drafted,
        share: share(rate.efficiency),
      }),
    };
    this.explain(this.asked || null);
    this.ledger.hidden = plain;
    const part = (verdict) =>
      el("span", { class: `of-${verdict}` }, icon(verdict), say(`stage.ledger_${verdict}`, { n: sum[verdict] }));
    tell(this.ledger, "stage.ledger", {
      accepted: part("accepted"),
      rejected: part("rejected"),
      discarded: part("discarded"),
      drafted: sum.drafted,
    });
  }
}
