// The transport: buttons, the playhead on its ruler (four steps a round), where the run stands, the speed.
import { BEATS } from "../core/sentences.js";
import { say } from "../core/words.js";
import { el, svg, write } from "../dom/dom.js";
import { icon } from "../dom/marks.js";

const SPEEDS = [
  [0.5, "½×"],
  [1, "1×"],
  [2, "2×"],
  [4, "4×"],
];

export class Transport {
  // on: {first, previous, play, next, last, scrub(value), speed(factor)}
  constructor(on) {
    const button = (kind) =>
      el(
        "button",
        {
          type: "button",
          class: `step step-${kind}`,
          "data-test": kind,
          "aria-label": say(`stage.${kind}`),
          title: say(`stage.${kind}`),
          on: { click: on[kind] },
        },
        icon(kind),
      );
    this.playButton = button("play");
    this.playButton.append(icon("pause"));
    this.slider = el("input", {
      type: "range",
      class: "slider",
      min: 1,
      max: 4,
      step: 1,
      value: 1,
      "aria-label": say("stage.playhead"),
      "data-test": "playhead",
      on: { input: () => on.scrub(Number(this.slider.value)) },
    });
    this.ticks = [svg("path", {}), svg("path", {})];
    const ruler = (kind, path) =>
      svg("svg", { class: `ruler ruler-${kind}`, preserveAspectRatio: "none", "aria-hidden": "true" }, path);
    this.rulers = [ruler("ahead", this.ticks[0]), ruler("past", this.ticks[1])];
    this.position = el("span", { class: "position", "data-test": "position" });
    const speeds = SPEEDS.map(([value, name]) => el("option", { value, selected: value === 1 }, name));
    const pick = el(
      "select",
      {
        class: "pick",
        "aria-label": say("stage.speed"),
        "data-test": "speed",
        on: { change: () => on.speed(Number(pick.value)) },
      },
      speeds,
    );
    this.node = el(
      "div",
      { class: "transport", role: "group" },
      button("first"),
      button("previous"),
      this.playButton,
      button("next"),
      button("last"),
      el("div", { class: "scrub" }, this.rulers, this.slider),
      this.position,
      el("span", { class: "picker" }, pick, icon("next")),
    );
  }

  place({ round, beat }, rounds) {
    const value = round * 4 + beat + 1;
    this.slider.value = String(value);
    this.slider.setAttribute(
      "aria-valuetext",
      say("stage.playhead_value", { round: round + 1, rounds, beat: say(`stage.beat_${BEATS[beat]}`) }),
    );
    const share = (value - 1) / Math.max(1, rounds * 4 - 1);
    this.rulers[1].style.clipPath = `inset(0 ${(100 - share * 100).toFixed(3)}% 0 -2px)`;
    write(this.position, say("stage.position", { round: round + 1, rounds }));
  }

  // One tick where each round ends; for long runs every tenth, fiftieth …
  scale(rounds) {
    const steps = rounds * 4 - 1;
    const room = Math.max(1, this.slider.clientWidth);
    const every = [1, 5, 10, 50, 100, 500, 1000].find((size) => (room * size) / rounds > 9) || 5000;
    let path = `M0 8H${steps}M0 3V13`;
    for (let i = every; i <= rounds; i += every) path += `M${i * 4 - 1} 3V13`;
    this.slider.max = String(rounds * 4);
    for (const [i, ruler] of this.rulers.entries()) {
      ruler.setAttribute("viewBox", `0 0 ${steps} 16`);
      this.ticks[i].setAttribute("d", path);
    }
  }

  // Whether the button plays or pauses.
  moving(is) {
    this.playButton.classList.toggle("is-on", is);
    const label = say(is ? "stage.pause" : "stage.play");
    if (this.playButton.title === label) return;
    this.playButton.title = label;
    this.playButton.setAttribute("aria-label", label);
  }
}
