// A row of radios; the reasons of those that cannot be had stand below it.

import { el } from "../dom/dom.js";
import { chosen, column } from "./column.js";

let made = 0;

export const segments = (element, props, watch, trigger) => {
  const name = `specdec-segments-${++made}`;
  const place = column(element, props);
  const radios = props.choices.map((choice) => {
    const input = el("input", {
      type: "radio",
      name,
      value: choice.value,
      on: { change: () => set(choice.value, true) },
    });
    return { choice, input, node: el("label", {}, input, el("span", {}, choice.name)) };
  });
  const about = el("p", { class: "about", id: name });
  const group = el(
    "fieldset",
    { "aria-describedby": name },
    el("legend", { class: "label" }, props.caption),
    el(
      "div",
      { class: "row" },
      radios.map((one) => one.node),
    ),
  );
  element.append(group, about);

  function set(value, byHand) {
    props.value = value;
    show();
    place.tell();
    if (byHand) trigger("input");
  }

  // A choice that has become impossible gives way to the first one, which always is possible.
  function show() {
    if (place.why(chosen(props))) return set(props.choices[0].value, true);
    radios.forEach(({ choice, input }) => {
      input.checked = choice === chosen(props);
      input.disabled = Boolean(place.why(choice));
    });
    const reasons = new Set(props.choices.map(place.why).filter(Boolean));
    about.replaceChildren(...[chosen(props).line, ...reasons].filter(Boolean).map((text) => el("span", {}, text)));
  }

  const update = () => {
    show();
    place.tell();
  };
  place.hear(show);
  update();
  watch("value", update);
};
