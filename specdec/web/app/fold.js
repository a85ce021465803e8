// Where there is no room for the settings, one line stands for them. Its value is {task, drafter, shape, draft_length,
// branching, rule} as JSON.
import { say } from "../core/words.js";

export const fold = (element, props, watch) => {
  const button = element.querySelector(".fold");
  const text = element.querySelector(".fold-text");
  const show = () => {
    const { drafter, shape, draft_length: length, branching, rule, ...about } = JSON.parse(props.value);
    const task = say(`settings.task_${about.task}`);
    const plain = drafter === "none" || (shape === "chain" && !length);
    text.textContent = plain
      ? say("settings.summary_none", { task })
      : say("settings.summary", {
          task,
          drafter: say(`settings.drafter_${drafter}`),
          shape: say(`settings.summary_${shape}`, { length, branching }),
          rule: say(`settings.rule_${rule}`),
        });
  };
  const settings = element.closest(".settings");
  const set = (open) => {
    settings.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(!settings.classList.contains("open")));
  settings.addEventListener("click", (event) => {
    if (event.target.closest("button.primary")) set(false); // what Run shows is below
  });
  show();
  watch("value", show);
};
