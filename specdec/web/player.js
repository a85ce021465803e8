// What an exported page and a notebook carry: the stage, and the page around it, mounted on the trace that it holds.

import { learn } from "./core/methods.js";
import { describe } from "./core/schema.js";
import { speak } from "./core/words.js";
import { icon } from "./dom/marks.js";
import { mountStage } from "./stage/stage.js";

const specdec = /** @type {any} */ (window).specdec;
speak(specdec.words);
describe(specdec.schema);
learn(specdec.methods);

/** @type {(id: string) => HTMLElement} */
const found = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

// The reader's own theme first; the button turns it over.
function followTheme() {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", () => root.classList.toggle("dark", dark.matches));
  const button = found("theme");
  button.append(icon("theme"));
  button.addEventListener("click", () => root.classList.toggle("dark"));
}

function open() {
  followTheme();
  const autoplay = !document.documentElement.hasAttribute("data-still");
  specdec.player = mountStage(found("stage"), { autoplay });
  specdec.player.show(String(found("trace").textContent).slice(1), { live: false });
}

Object.assign(specdec, { stage: mountStage, open });
