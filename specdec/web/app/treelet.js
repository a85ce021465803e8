// A tree in small: what a branching such as 3,2,1 looks like.
import { treeSize } from "../core/shape.js";
import { say } from "../core/words.js";
import { el, svg, write } from "../dom/dom.js";

const MOST_DRAWN = 96;

export const treelet = (element, props, watch) => {
  const picture = svg("svg", { class: "treelet", "aria-hidden": "true", preserveAspectRatio: "xMinYMid meet" });
  const line = el("p", { class: "about" });
  element.append(picture, line);
  line.setAttribute("aria-live", "polite");
  const show = () => {
    const shape = parse(props.value);
    const size = treeSize(shape);
    const drawn = size > 0 && size <= MOST_DRAWN;
    picture.style.display = drawn ? "" : "none";
    if (drawn) draw(picture, shape);
    write(line, size ? say("settings.tree_size", { n: size }) : say("settings.branching_form"));
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
    const rows =
      depth === shape.length ? [leaves++ * down] : Array.from({ length: shape[depth] }, () => place(depth + 1));
    const y = (rows[0] + rows[rows.length - 1]) / 2;
    const x = depth * across;
    if (depth < shape.length)
      rows.forEach((row) =>
        lines.push(`M${x} ${y}C${x + across / 2} ${y} ${x + across / 2} ${row} ${x + across} ${row}`),
      );
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
