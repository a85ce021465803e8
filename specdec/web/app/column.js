// The settings a plain widget cannot show: choices that say what they are, and why one of them cannot be had.
//   props: {name: "rule", caption, choices: [{value, name, what, line, why, against, lossy}], value}
// `against` maps another setting's values to the reason why the two do not go together. What is chosen stands as
// data-<name> on the column, so style sheets show only the fields that matter.
export const CHOSEN = "specdec-chosen";

// The column of both kinds of widgets. It holds the current choice and notifies its listeners.
export function column(element, props) {
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

export const chosen = (props) => props.choices.find((choice) => choice.value === props.value) || props.choices[0];
