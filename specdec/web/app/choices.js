// What follows from what in the settings column; Gradio calls these by name (window.specdec.choices), with what Python
// knows of tasks and pairs as the first argument. No document is needed.

// Rule and temperature go together: greedy is the rule of temperature 0, rejection the one above it.
/** @type {(temperature: number, rule: string) => string} */
export const ruleOf = (temperature, rule) =>
  Number(temperature) === 0 ? "greedy" : rule === "greedy" ? "rejection" : rule;

/** @type {(sampling: number, rule: string, temperature: number) => number} sampling: where a sampling rule begins */
export const temperatureOf = (sampling, rule, temperature) => (rule === "greedy" ? 0 : temperature || sampling);

// A task brings its example where an example or nothing stands; what a reader typed stays.
/** @type {(known: {first: Record<string, string>, all: string[]}, task: string, text: string) => string} */
export const exampleOf = ({ first, all }, task, text) => (!text.trim() || all.includes(text) ? first[task] : text);

/** @typedef {{drafter: string, draft_length: number}} Usual what suits a task */
/** @typedef {{usual: Record<string, Usual>, temperatures: Record<string, number>}} Tasks */

// Likewise a drafter and a draft length that suit one task give way to those that suit another; so does a temperature,
// and the rule goes with it. Answers for these four fields, in this order.
/** @type {(tasks: Tasks, task: string, drafter: string, length: number, warmth: number, rule: string) => any[]} */
export const usualOf = ({ usual, temperatures }, task, drafter, length, temperature, rule) => {
  const brought = Object.values(usual).some((one) => one.drafter === drafter && one.draft_length === length);
  const guessing = (brought && usual[task]) || { drafter, draft_length: length };
  const known = Object.values(temperatures).includes(temperature);
  const warmth = known ? (temperatures[task] ?? temperature) : temperature;
  return [guessing.drafter, guessing.draft_length, warmth, ruleOf(warmth, rule)];
};

/** @type {(lines: Record<string, string>, task: string) => string} which models run is the task's choice */
export const lineOf = (lines, task) => lines[task];

// What the line of a folded column is made of: the values of the fields of these names.
/** @type {(names: string[], ...values: any[]) => string} */
export const folded = (names, ...values) =>
  JSON.stringify(Object.fromEntries(names.map((name, i) => [name, values[i]])));

export const same = (value) => value;
