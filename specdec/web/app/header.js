// The header of the page, with its theme switch.

import { say } from "../core/words.js";
import { icon } from "../dom/marks.js";

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
export const header = (element) => {
  element.querySelector(".name").textContent = say("app.name");
  element.querySelector(".tagline").textContent = say("app.tagline");
  const button = element.querySelector(".theme");
  button.append(icon("theme"));
  const set = (dark) => {
    document.body.classList.toggle("dark", dark);
    const label = say(dark ? "app.to_light" : "app.to_dark");
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
