/* The keys of the stage. They work while the focus is in it, and while nothing has the focus and it is in view. */

/** @import { Playhead } from "./playhead.js" */
/** @import { Subject } from "./subject.js" */
/** @typedef {{element: HTMLElement, why: HTMLElement, slider: HTMLElement, head: Playhead, subject: Subject,
 *   stepRound(by: number): void}} Stage */

const SCROLLS = [" ", "Home", "End"]; // keys that scroll the page if nothing has the focus
const SLIDER = ["ArrowUp", "ArrowDown", "PageUp", "PageDown"]; // keys that move the playhead by a round

/** @type {(stage: Stage) => (event: KeyboardEvent) => void} */
export const keyHandler = (stage) => (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (!stage.head.rounds || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isFor(stage.element, target)) return;
  const field = target.closest?.("input, textarea, select, [contenteditable]");
  if (field && field !== stage.slider) return;
  if (SCROLLS.includes(event.key) && !stage.element.contains(target)) return;
  if (pressed(stage, event, target)) event.preventDefault();
};

const isFor = (element, target) => {
  if (element.contains(target)) return true;
  if (target !== document.body && target !== document.documentElement) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.bottom > 0 && box.top < window.innerHeight;
};

/** Whether the key did something. @type {(stage: Stage, event: KeyboardEvent, target: HTMLElement) => boolean} */
const pressed = (stage, { key, shiftKey }, target) => {
  const { head, subject } = stage;
  const forward = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (forward && stage.why.contains(target)) subject.step(forward);
  else if (forward && shiftKey) stage.stepRound(forward);
  else if (forward) head.step(forward);
  else if (key === "Home") head.jump(0, 0);
  else if (key === "End") head.toEnd();
  else if (key === "Escape" && subject.pinned) subject.release();
  else if (key === " ") return space(stage, target);
  else if (target === stage.slider && SLIDER.includes(key)) stage.stepRound(/Up$/.test(key) ? 1 : -1);
  else if (key === "Enter" && target.matches(".column")) head.visit(Number(target.dataset.first));
  else if (key === "Enter" && target.matches(".mask-row")) subject.pinTo(target.dataset.token);
  else return false;
  return true;
};

// Space plays, except on buttons that are not tokens.
const space = (stage, target) => {
  const button = target.closest?.("button");
  if (button && !button.matches(".chip")) return false;
  if (target.matches?.(".column")) stage.head.visit(Number(target.dataset.first));
  else stage.head.toggle();
  return true;
};
