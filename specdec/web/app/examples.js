// Examples of the task that is chosen, a button each; `offered` maps tasks to names to texts.

import { el } from "../dom/dom.js";
import { CHOSEN } from "./column.js";

export const examples = (element, props, _watch, trigger) => {
  const home = element.closest(".settings-body");
  let shown = null;
  const chip = ([name, text]) =>
    el(
      "button",
      {
        type: "button",
        on: {
          click: () => {
            props.value = text;
            trigger("input");
          },
        },
      },
      name,
    );
  const show = () => {
    if (shown === home.dataset.task) return;
    shown = home.dataset.task;
    element.replaceChildren(...Object.entries(props.offered[shown] || {}).map(chip));
  };
  home.addEventListener(CHOSEN, show);
  show();
};
