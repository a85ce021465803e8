// The standalone page: mounts the player on the trace it carries. The reader's own theme first; the button turns it over.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  root.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", () => root.classList.toggle("dark", dark.matches));
  const button = document.getElementById("theme");
  button.append(window.specdec.mark("theme"));
  button.addEventListener("click", () => root.classList.toggle("dark"));
  const stage = window.specdec.stage(document.getElementById("stage"), {autoplay: !root.hasAttribute("data-still")});
  stage.update(document.getElementById("trace").textContent.slice(1), {live: false});
  window.specdec.player = stage;
})();
