// The settings a plain widget cannot show: choices that say what they are, and why one of them cannot be had.
//   props: {name: "rule", caption, choices: [{value, name, what, line, why, against, lossy}], value}; `against` maps another
//   setting's values to the reason why the two do not go together. What is chosen stands as data-<name> on the column,
//   so style sheets show only the fields that matter.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { el, svg, write } = specdec;
  const CHOSEN = "specdec-chosen";
  let made = 0;

  // The column both kinds of widget live in: it knows what is chosen and tells everyone.
  function column(element, props) {
    const home = element.closest(".settings-body");
    return {
      tell() {
        if (home.dataset[props.name] === props.value) return;
        home.dataset[props.name] = props.value;
        home.dispatchEvent(new CustomEvent(CHOSEN));
      },
      hear: (listener) => home.addEventListener(CHOSEN, listener),
      // Why a choice cannot be had now, "" if it can.
      why(choice) {
        const clash = Object.entries(choice.against).map(([setting, reasons]) => reasons[home.dataset[setting]]);
        return choice.why || clash.find(Boolean) || "";
      },
    };
  }

  const chosen = (props) => props.choices.find((choice) => choice.value === props.value) || props.choices[0];

  function badge(choice) {
    const [mark, key] = choice.lossy ? ["lossy", "settings.lossy"] : ["lossless", "settings.lossless"];
    return el("span", { class: `law-badge is-${mark}` }, specdec.mark(mark), specdec.say(key));
  }

  // ---- a field that opens into a list: a name, what it is, and the reason where it cannot be had

  specdec.picker = (element, props, watch, trigger) => {
    const id = `specdec-picker-${++made}`;
    const place = column(element, props);
    const options = props.choices.map((choice, i) => option(choice, `${id}-${i}`, props.badges));
    const name = el("span", { class: "picked" });
    const line = el("span", { class: "line" });
    const lawful = el("span", { class: "line-badge" });
    const about = el("p", { class: "about", id: `${id}-about` }, lawful, line);
    const list = el("ul", { role: "listbox", id: `${id}-list`, "aria-label": props.caption, hidden: true }, options.map((one) => one.node));
    const field = el(
      "button",
      {
        type: "button", role: "combobox", class: "field", "aria-haspopup": "listbox", "aria-expanded": "false",
        "aria-controls": `${id}-list`, "aria-label": props.caption, "aria-describedby": `${id}-about`,
      },
      name,
    );
    element.append(el("span", { class: "label", "aria-hidden": "true" }, props.caption), el("div", { class: "holder" }, field, list), about);
    let active = 0;

    // What has become impossible, by another task say, gives way to the first that can be had.
    function show() {
      const other = place.why(chosen(props)) && props.choices.find((choice) => !place.why(choice));
      if (other) return set(other.value);
      const choice = chosen(props);
      write(name, choice.name);
      write(line, choice.line);
      lawful.replaceChildren(...(choice.lossy ? [badge(choice)] : []));
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
      const steps = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 4, PageUp: active - 4, Home: 0, End: options.length - 1 };
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
    const update = () => (show(), place.tell());
    place.hear(show);
    update();
    watch("value", update);
  };

  function option(choice, id, badges) {
    const why = el("span", { class: "why" });
    const head = el("span", { class: "head" }, el("span", { class: "name" }, choice.name), badges ? badge(choice) : null);
    const node = el("li", { role: "option", id }, head, el("span", { class: "what" }, choice.what), why);
    const show = (reason, selected) => {
      write(why, reason);
      why.hidden = !reason;
      node.setAttribute("aria-selected", String(selected));
      node.setAttribute("aria-disabled", String(Boolean(reason)));
    };
    return { node, choice, show };
  }

  // ---- examples of the task that is chosen, a button each; `offered` maps tasks to names to texts

  specdec.examples = (element, props, watch, trigger) => {
    const home = element.closest(".settings-body");
    let shown = null;
    const chip = ([name, text]) => el("button", { type: "button", on: { click: () => { props.value = text; trigger("input"); } } }, name);
    const show = () => {
      if (shown === home.dataset.task) return;
      shown = home.dataset.task;
      element.replaceChildren(...Object.entries(props.offered[shown] || {}).map(chip));
    };
    home.addEventListener(CHOSEN, show);
    show();
  };

  // ---- a row of radios; the reasons of those that cannot be had stand below it

  specdec.segments = (element, props, watch, trigger) => {
    const name = `specdec-segments-${++made}`;
    const place = column(element, props);
    const radios = props.choices.map((choice) => {
      const input = el("input", { type: "radio", name, value: choice.value, on: { change: () => set(choice.value, true) } });
      return { choice, input, node: el("label", {}, input, el("span", {}, choice.name)) };
    });
    const about = el("p", { class: "about", id: name });
    const group = el("fieldset", { "aria-describedby": name }, el("legend", { class: "label" }, props.caption), el("div", { class: "row" }, radios.map((one) => one.node)));
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

    const update = () => (show(), place.tell());
    place.hear(show);
    update();
    watch("value", update);
  };

  // ---- a tree in small: what a branching such as 3,2,1 looks like

  const MOST_DRAWN = 96;

  specdec.treelet = (element, props, watch) => {
    const picture = svg("svg", { class: "treelet", "aria-hidden": "true", preserveAspectRatio: "xMinYMid meet" });
    const line = el("p", { class: "about" });
    element.append(picture, line);
    line.setAttribute("aria-live", "polite");
    const show = () => {
      const shape = parse(props.value);
      const size = shape.reduce(([all, row], width) => [all + row * width, row * width], [0, 1])[0];
      const drawn = size > 0 && size <= MOST_DRAWN;
      picture.style.display = drawn ? "" : "none";
      if (drawn) draw(picture, shape);
      write(line, size ? specdec.say("settings.tree_size", { n: size }) : specdec.say("settings.branching_form"));
    };
    show();
    watch("value", show);
  };

  function parse(text) {
    const numbers = (text || "").split(",").map((part) => Number(part.trim() || NaN));
    return numbers.every((one) => Number.isInteger(one) && one >= 1 && one <= 16) ? numbers : [];
  }

  // Leaves on a grid from top to bottom, parents halfway between their first and last child.
  function draw(picture, shape) {
    const [across, down, radius] = [34, 11, 3.2];
    const lines = [];
    const dots = [];
    let leaves = 0;
    const place = (depth) => {
      const rows = depth === shape.length ? [leaves++ * down] : Array.from({ length: shape[depth] }, () => place(depth + 1));
      const y = (rows[0] + rows[rows.length - 1]) / 2;
      const x = depth * across;
      if (depth < shape.length) rows.forEach((row) => lines.push(`M${x} ${y}C${x + across / 2} ${y} ${x + across / 2} ${row} ${x + across} ${row}`));
      dots.push(svg("circle", { cx: x, cy: y, r: radius, class: depth ? "guess" : "root" }));
      return y;
    };
    place(0);
    const [width, height] = [shape.length * across + 2 * radius + 2, (leaves - 1) * down + 2 * radius + 2];
    picture.setAttribute("viewBox", `${-radius - 1} ${-radius - 1} ${width} ${height}`);
    picture.setAttribute("width", width);
    picture.setAttribute("height", height);
    picture.replaceChildren(svg("path", { d: lines.join("") }), ...dots);
  }
})();
