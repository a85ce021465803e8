// Where a run comes from and what shaped it: models and machine, the legend of the text, settings, and the badge that
// says whether the rule keeps the target's distribution.
// The legend of the underlines, then the settings with the rule's badge, which says on demand what it means.
import { copies, drafterFamily, isPlain, ruleName, ruleOf } from "../core/methods.js";
import { knows, say } from "../core/words.js";
import { el } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

export const keyOf = (header) => {
  const badge = isPlain(header) ? null : ruleBadge(header.settings.rule, header.hardware.dtype);
  if (!badge) return [...linesOf(header), settingsOf(header, null)];
  const why = el("span", { class: "key-why", hidden: true }, badge.title);
  const button = el(
    "button",
    {
      type: "button",
      class: "badge-button",
      "aria-expanded": "false",
      on: {
        click: () => {
          why.hidden = !why.hidden;
          button.setAttribute("aria-expanded", String(!why.hidden));
        },
      },
    },
    badge,
  );
  return [...linesOf(header), settingsOf(header, button), why];
};

function linesOf(header) {
  const more = () => el("span", { class: "key-more" }, ` ${say("stage.key_by")}`);
  const item = (kind, ...words) =>
    el("span", { class: `key-item key-${kind}` }, el("span", { class: "key-line" }), el("span", {}, words));
  if (isPlain(header)) return [item("plain", say("stage.key_plain"))];
  const none = copies(header) ? [item("plain", say("stage.key_none"))] : [];
  const kept = say(`stage.key_kept_${drafterFamily(header)}`);
  return [
    item("accepted", kept),
    item("correction", say("stage.key_correction"), more()),
    item("bonus", say("stage.key_bonus"), more()),
    ...none,
  ];
}

// How far, or as which tree, a run drafts.
function shapeOf({ branching, draft_length: length }) {
  if (Array.isArray(branching)) return say("stage.setting_branching", { value: branching.join("·") });
  if (branching) return say("stage.setting_dynamic", { value: length });
  return say("stage.setting_draft_length", { value: length });
}

function settingsOf(header, badge) {
  const { settings } = header;
  const { rule } = settings;
  const parts = isPlain(header) ? [] : [ruleName(rule), shapeOf(settings)];
  const off = { temperature: 0, top_k: 0, top_p: 1, min_p: 0 };
  for (const name of Object.keys(off)) {
    if (settings[name] !== undefined && settings[name] !== off[name])
      parts.push(say(`stage.setting_${name}`, { value: settings[name] }));
  }
  if (ruleOf(rule).coins !== "none" && settings.seed !== undefined)
    parts.push(say("stage.setting_seed", { value: settings.seed }));
  return el("span", { class: "key-settings" }, el("span", {}, parts.join(" · ")), badge);
}

// ruleBadge("typical") → ≠ changes the output;  ruleBadge("greedy", "float32") → ✓ lossless
// A rule that is not known here wears none.
export const ruleBadge = (rule, dtype = "") => {
  const { lossless, coins } = ruleOf(rule);
  if (lossless === undefined) return null;
  if (!lossless) {
    const title = say(knows(`stage.lossy_${rule}`) ? `stage.lossy_${rule}` : "stage.lossy");
    return el("span", { class: "tag badge is-lossy", title }, icon("lossy"), say("stage.lossy"));
  }
  const half = coins === "none" && !/32|64/.test(dtype) ? "_half" : "";
  return el(
    "span",
    { class: "tag badge", title: say(`stage.lossless_${rule}${half}`, { dtype }) },
    icon("lossless"),
    say("stage.lossless"),
  );
};
