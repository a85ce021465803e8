// How numbers are written: probabilities, quotients, percentages, times, sizes. No document in here.

const SIZES = [
  { size: 1e9, letter: "B" },
  { size: 1e6, letter: "M" },
  { size: 1e3, letter: "k" },
];
const THIN = "\u202f"; // narrow no-break space, between a number and its unit

// A probability never rounds to 0 or 1 unless it is: 0.63, 0.004, "< 0.0001", 0.997, "> 0.9999".
/** @type {(x: number) => string} */
export function prob(x) {
  if (x === 0 || x === 1) return String(x);
  if (x < 0.0001) return `<${THIN}0.0001`;
  if (x > 0.9999) return `>${THIN}0.9999`;
  if (x < 0.01) return x.toFixed(x < 0.001 ? 4 : 3);
  for (const digits of [2, 3, 4]) if (Number(x.toFixed(digits)) < 1) return x.toFixed(digits);
  return `>${THIN}0.9999`;
}

// A quotient of probabilities knows no end: 0.27, 1, 1.52, 38.4, "> 9999".
/** @type {(x: number) => string} */
export function ratio(x) {
  if (x <= 1) return prob(x);
  return x > 9999 ? `>${THIN}9999` : x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0);
}

// 0 to 100 as a reader says it; the ends are kept for what is exactly nothing or everything.
/** @type {(x: number) => string} */
export function percent(x) {
  const rounded = Math.round(x * 100);
  if (rounded === 0 && x > 0) return `<${THIN}1${THIN}%`;
  if (rounded === 100 && x < 1) return `>${THIN}99${THIN}%`;
  return `${rounded}${THIN}%`;
}

// Two numbers that are compared are written with enough digits to differ: 0.2931 and 0.2934.
/** @type {(a: number, b: number) => [string, string]} */
export function apart(a, b) {
  for (let digits = 2; digits < 17; digits++) {
    const pair = [a.toFixed(digits), b.toFixed(digits)];
    if (pair[0] !== pair[1] || a === b)
      return [Number.isInteger(a) ? String(a) : pair[0], Number.isInteger(b) ? String(b) : pair[1]];
  }
  return [String(a), String(b)];
}

// The same, as probabilities are written: 1 is 1, and 0.996 is not.
/** @type {(a: number, b: number) => [string, string]} */
export function probs(a, b) {
  const [first, second] = [prob(a), prob(b)];
  return first !== second || a === b ? [first, second] : apart(a, b);
}

// Two numbers that stand in a formula, as probabilities are written, and longer where the printed ones would be equal,
// or would not give the result that is printed.
/** @type {(a: number, b: number, result: string, compute: (a: number, b: number) => number) => [string, string]} */
export function operands(a, b, result, compute) {
  const digits = result.split(".")[1]?.length ?? 0;
  const exact = !Number.isNaN(Number(result)); // "> 0.9999" is not
  /** @type {(first: string, second: string) => boolean} */
  const fits = (first, second) =>
    (first !== second || a === b) &&
    (!exact || compute(Number(first), Number(second)).toFixed(digits) === Number(result).toFixed(digits));
  /** @type {(x: number, places: number) => string} */
  const longer = (x, places) => (Number(prob(x)) === x ? prob(x) : x.toFixed(places));
  if (fits(prob(a), prob(b))) return [prob(a), prob(b)];
  for (let places = 3; places < 16; places++) {
    const [first, second] = [longer(a, places), longer(b, places)];
    if (fits(first, second)) return [first, second];
  }
  return [String(a), String(b)];
}

/** @type {(s: number) => string} */
export function seconds(s) {
  if (s >= 10) return `${s.toFixed(1)}${THIN}s`;
  if (s >= 1) return `${s.toFixed(2)}${THIN}s`;
  const ms = s * 1000;
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 0.095 ? ms.toFixed(1) : ms.toFixed(2)}${THIN}ms`;
}

/** @type {(n: number) => string} */
export function parameters(n) {
  for (const { size, letter } of SIZES) {
    if (n >= size) return `${n / size >= 10 ? Math.round(n / size) : Number((n / size).toFixed(1))}${letter}`;
  }
  return String(n);
}

/** @type {(iso: string) => string} */
export function date(iso) {
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return String(iso);
  return when.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}
