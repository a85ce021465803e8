// Run and Stop of a tab: one of them can be pressed, and the focus goes over to it from the other one.
/** @type {(tab: string, kind: "run" | "stop") => HTMLButtonElement} */
const button = (tab, kind) => /** @type {HTMLButtonElement} */ (document.getElementById(`${tab}-${kind}`));

// Gives the focus to `to` as soon as it can have it, unless the reader has put it elsewhere by then.
/** @type {(from: HTMLButtonElement, to: HTMLButtonElement) => void} */
function handOver(from, to) {
  const give = () => {
    if (to.disabled) return;
    observer.disconnect();
    if ([from, document.body].includes(/** @type {any} */ (document.activeElement))) to.focus({ preventScroll: true });
  };
  const observer = new MutationObserver(give);
  observer.observe(to, { attributes: true });
  give();
}

// The properties of both buttons for Gradio when a run begins or has ended.
/** @type {(tab: string, is: boolean) => object[]} */
export const running = (tab, is) => {
  const [from, to] = is ? [button(tab, "run"), button(tab, "stop")] : [button(tab, "stop"), button(tab, "run")];
  if (document.activeElement === from) handOver(from, to);
  const message = /** @type {HTMLElement | null | undefined} */ (from.closest(".split")?.querySelector(".message"));
  if (message) message.dataset.tone = is ? "progress" : "settled"; // what stands there when nothing runs is why
  return [!is, is].map((interactive) => ({ __type__: "update", interactive }));
};
