// What is the app's own, around the players: the header with its theme switch, and the fold of the settings on a phone.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const THEME = "specdec-theme";

  const isDark = () => document.body.classList.contains("dark");

  function remembered() {
    try {
      return localStorage.getItem(THEME);
    } catch {
      return null; // storage may be forbidden, as in some embedded frames
    }
  }

  function remember(theme) {
    try {
      localStorage.setItem(THEME, theme);
    } catch {
      // the choice then lasts as long as the page
    }
  }

  // Mounts the header; a choice made before wins over the system's, and one in the address over both.
  specdec.header = (element) => {
    element.querySelector(".name").textContent = specdec.say("app.name");
    element.querySelector(".tagline").textContent = specdec.say("app.tagline");
    const button = element.querySelector(".theme");
    button.append(specdec.mark("theme"));
    const set = (dark) => {
      document.body.classList.toggle("dark", dark);
      const label = specdec.say(dark ? "app.to_light" : "app.to_dark");
      button.setAttribute("aria-label", label);
      button.title = label;
    };
    const chosen = new URLSearchParams(location.search).get("__theme") || remembered();
    set(chosen === "dark" || (chosen !== "light" && isDark()));
    button.addEventListener("click", () => {
      set(!isDark());
      remember(isDark() ? "dark" : "light");
    });
  };

  // Where there is no room for the settings, one line stands for them. Its value is [task, drafter, shape, draft length, branching, rule].
  specdec.fold = (element, props, watch) => {
    const button = element.querySelector(".fold");
    const text = element.querySelector(".fold-text");
    const show = () => {
      const [asked, drafter, shape, length, branching, rule] = JSON.parse(props.value);
      const task = specdec.say(`settings.task_${asked}`);
      const plain = drafter === "none" || (shape === "chain" && !length);
      text.textContent = plain
        ? specdec.say("settings.summary_none", { task })
        : specdec.say("settings.summary", {
            task,
            drafter: specdec.say(`settings.drafter_${drafter}`),
            shape: specdec.say(`settings.summary_${shape}`, { length, branching }),
            rule: specdec.say(`settings.rule_${rule}`),
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
})();
