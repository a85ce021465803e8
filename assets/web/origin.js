// Where a run comes from and what shaped it: models and machine, the legend of the text, settings, and the badge that
// says whether the rule keeps the target's law. Also how every way of guessing is called.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, say, number } = specdec;
  const LOSSLESS = new Set(["greedy", "rejection", "block", "match"]);
  const RULES = new Set([...LOSSLESS, "typical"]);
  const DRAFTERS = new Set(["model", "lookup", "suffix", "retrieval", "lookahead", "early_exit", "medusa", "eagle"]);
  const COPYING = new Set(["lookup", "suffix", "retrieval", "lookahead"]);

  specdec.lossless = (rule) => LOSSLESS.has(rule);

  // The word under which a drafter's sentences stand; one that this page does not know speaks as a draft model does.
  specdec.family = (header) => (DRAFTERS.has(header.drafter.name) ? header.drafter.name : "model");

  // Whether its guesses are copied from somewhere, so that they carry no probability of their own.
  specdec.copies = (header) => COPYING.has(header.drafter.name);

  specdec.ruleName = (rule) => (RULES.has(rule) ? say(`stage.rule_${rule}`) : String(rule));

  const sized = (name, size) => (size ? say("stage.model_size", { name, size: number.parameters(size) }) : name);

  // The drafter of a header, by its model's name where it has one that says more than its own.
  specdec.drafterName = ({ drafter }) => {
    if (drafter.model && drafter.model !== drafter.name) return sized(drafter.model, drafter.parameters);
    return DRAFTERS.has(drafter.name) ? sized(say(`stage.drafter_${drafter.name}`), drafter.parameters) : drafter.name;
  };

  specdec.origin = (header) => {
    const { target, drafter, hardware, created } = header;
    const big = sized(target.name, target.parameters);
    const models = drafter.name === "none" ? say("stage.alone", { target: big }) : say("stage.models", { target: big, drafter: specdec.drafterName(header) });
    const mode = ["eager", "compiled", "graphs"].includes(hardware.mode) ? [say(`stage.mode_${hardware.mode}`)] : [];
    return [models, [say("stage.hardware", { name: hardware.name, dtype: hardware.dtype }), ...mode].join(", "), number.date(created)];
  };

  // The legend of the underlines, then the settings with the rule's badge, which says on demand what it means.
  specdec.keyOf = (header) => {
    const badge = header.drafter.name === "none" ? null : specdec.badge(header.settings.rule, header.hardware.dtype);
    if (!badge) return [...linesOf(header), settingsOf(header, null)];
    const why = el("span", { class: "key-why", hidden: true }, badge.title);
    const button = el("button", { type: "button", class: "badge-button", "aria-expanded": "false", on: { click: () => {
      why.hidden = !why.hidden;
      button.setAttribute("aria-expanded", String(!why.hidden));
    } } }, badge);
    return [...linesOf(header), settingsOf(header, button), why];
  };

  function linesOf(header) {
    const more = () => el("span", { class: "key-more" }, ` ${say("stage.key_by")}`);
    const item = (kind, ...words) => el("span", { class: `key-item key-${kind}` }, el("span", { class: "key-line" }), el("span", {}, words));
    if (header.drafter.name === "none") return [item("plain", say("stage.key_plain"))];
    const none = specdec.copies(header) ? [item("plain", say("stage.key_none"))] : [];
    const kept = say(`stage.key_kept_${specdec.family(header)}`);
    return [item("accepted", kept), item("correction", say("stage.key_correction"), more()), item("bonus", say("stage.key_bonus"), more()), ...none];
  }

  // How far, or as which tree, a run drafts.
  function shapeOf({ branching, draft_length: length }) {
    if (Array.isArray(branching)) return say("stage.setting_branching", { value: branching.join("·") });
    if (branching) return say("stage.setting_dynamic", { value: length });
    return say("stage.setting_draft_length", { value: length });
  }

  function settingsOf({ settings, drafter }, badge) {
    const { rule } = settings;
    const parts = drafter.name === "none" ? [] : [specdec.ruleName(rule), shapeOf(settings)];
    const off = { temperature: 0, top_k: 0, top_p: 1, min_p: 0 };
    for (const name of Object.keys(off)) {
      if (settings[name] !== undefined && settings[name] !== off[name]) parts.push(say(`stage.setting_${name}`, { value: settings[name] }));
    }
    if (rule !== "greedy" && settings.seed !== undefined) parts.push(say("stage.setting_seed", { value: settings.seed }));
    return el("span", { class: "key-settings" }, el("span", {}, parts.join(" · ")), badge);
  }

  // badge("typical") → ≠ changes the output;  badge("greedy", "float32") → ✓ lossless;  a rule not known here wears none.
  specdec.badge = (rule, dtype = "") => {
    if (rule === "typical") return el("span", { class: "tag badge is-lossy", title: say("stage.lossy_typical") }, specdec.mark("lossy"), say("stage.lossy"));
    if (!LOSSLESS.has(rule)) return null;
    const half = rule === "greedy" && !/32|64/.test(dtype) ? "_half" : "";
    return el("span", { class: "tag badge", title: say(`stage.lossless_${rule}${half}`, { dtype }) }, specdec.mark("lossless"), say("stage.lossless"));
  };
})();
