// A field that opens into a list: a name, what it is, and the reason where it cannot be had.

import { say } from "../core/words.js";
import { el, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";
import { chosen, column } from "./column.js";

let made = 0;

function badge(choice) {
  const [mark, key] = choice.lossy ? ["lossy", "settings.lossy"] : ["lossless", "settings.lossless"];
  return el("span", { class: `rule-badge is-${mark}` }, icon(mark), say(key));
}

export const picker = (element, props, watch, trigger) => {
  const id = `specdec-picker-${++made}`;
  const place = column(element, props);
  const options = props.choices.map((choice, i) => option(choice, `${id}-${i}`, props.badges));
  const name = el("span", { class: "picked" });
  const line = el("span", { class: "line" });
  const warning = el("span", { class: "line-badge" });
  const about = el("p", { class: "about", id: `${id}-about` }, warning, line);
  const list = el(
    "ul",
    { role: "listbox", id: `${id}-list`, "aria-label": props.caption, hidden: true },
    options.map((one) => one.node),
  );
  const field = el(
    "button",
    {
      type: "button",
      role: "combobox",
      class: "field",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": `${id}-list`,
      "aria-label": props.caption,
      "aria-describedby": `${id}-about`,
    },
    name,
  );
  element.append(
    el("span", { class: "label", "aria-hidden": "true" }, props.caption),
    el("div", { class: "holder" }, field, list),
    about,
  );
  let active = 0;

  // What has become impossible, by another task say, gives way to the first that can be had.
  function show() {
    const other = place.why(chosen(props)) && props.choices.find((choice) => !place.why(choice));
    if (other) return set(other.value);
    const choice = chosen(props);
    write(name, choice.name);
    write(line, choice.line);
    warning.replaceChildren(...(choice.lossy ? [badge(choice)] : []));
    options.forEach((one) => one.show(place.why(one.choice), one.choice === choice));
  }

  const isOpen = () => !list.hidden;

  function open(yes) {
    if (yes === isOpen()) return;
    list.hidden = !yes;
    field.setAttribute("aria-expanded", String(yes));
    if (!yes) return field.removeAttribute("aria-activedescendant");
    show();
    fit();
    move(options.findIndex((one) => one.choice === chosen(props)));
  }

  // As tall as the window has room for, on the side where there is more of it.
  function fit() {
    const box = field.getBoundingClientRect();
    const [above, below] = [box.top, window.innerHeight - box.bottom];
    list.style.maxHeight = "none";
    const up = list.offsetHeight > below - 16 && above > below;
    list.classList.toggle("up", up);
    list.style.maxHeight = `${Math.max(160, (up ? above : below) - 16)}px`;
  }

  function move(to) {
    active = Math.max(0, Math.min(options.length - 1, to));
    options.forEach((one, i) => one.node.classList.toggle("active", i === active));
    field.setAttribute("aria-activedescendant", options[active].node.id);
    options[active].node.scrollIntoView({ block: "nearest" });
  }

  function pick(i) {
    if (place.why(options[i].choice)) return; // it stays open: the reason stands there
    open(false);
    if (props.choices[i].value !== props.value) set(props.choices[i].value);
  }

  function set(value) {
    props.value = value;
    show();
    place.tell();
    trigger("input");
  }

  function typed(letter) {
    const from = isOpen() ? active : options.findIndex((one) => one.choice === chosen(props));
    const order = options.map((_, i) => (from + 1 + i) % options.length);
    const found = order.find((i) => options[i].choice.name.toLowerCase().startsWith(letter));
    open(true);
    if (found !== undefined) move(found);
  }

  field.addEventListener("keydown", (event) => {
    const steps = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 4,
      PageUp: active - 4,
      Home: 0,
      End: options.length - 1,
    };
    if (event.ctrlKey || event.metaKey) return;
    if (event.key in steps) isOpen() ? move(steps[event.key]) : open(true);
    else if (event.key === "Enter" || event.key === " ") isOpen() ? pick(active) : open(true);
    else if (event.key === "Escape" && isOpen()) open(false);
    else if (event.key.length === 1 && /\S/.test(event.key) && !event.altKey) typed(event.key.toLowerCase());
    else return;
    event.preventDefault();
    event.stopPropagation(); // Space and the arrows are the player's elsewhere
  });
  field.addEventListener("click", () => open(!isOpen()));
  field.addEventListener("blur", () => open(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  options.forEach((one, i) => {
    one.node.addEventListener("pointermove", () => i !== active && move(i));
    one.node.addEventListener("click", () => pick(i));
  });
  const update = () => {
    show();
    place.tell();
  };
  place.hear(show);
  update();
  watch("value", update);
};

function option(choice, id, badges) {
  const why = el("span", { class: "why" });
  const head = el(
    "span",
    { class: "head" },
    el("span", { class: "name" }, choice.name),
    badges ? badge(choice) : null,
  );
  const node = el("li", { role: "option", id }, head, el("span", { class: "what" }, choice.what), why);
  const show = (reason, selected) => {
    write(why, reason);
    why.hidden = !reason;
    node.setAttribute("aria-selected", String(selected));
    node.setAttribute("aria-disabled", String(Boolean(reason)));
  };
  return { node, choice, show };
}
