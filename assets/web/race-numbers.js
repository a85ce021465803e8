// The arithmetic of a race: two runs of one prompt, one clock. No document in here.
//   racing.tape(run) → what a run wrote and when, growing with it     racing.cost(tape) → seconds by part, tokens, passes
//   racing.compare(plain, speculative) → how they compare, and what may be said about the text
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const PARTS = ["draft", "verify", "other"];

  // `ends[i]`: when round i was committed; `written[i]`: how many tokens then stood; `offsets[n]`: the length of the
  // text of the first n tokens.
  function tape(run) {
    const made = { run, ids: [], tokens: [], text: "", offsets: [0], ends: [], written: [], draft: 0, verify: 0, draftPasses: 0 };
    return follow(made);
  }

  function follow(tape) {
    for (const round of tape.run.rounds.slice(tape.ends.length)) {
      for (const token of specdec.committed(round)) {
        tape.ids.push(token.id);
        tape.tokens.push(token);
        tape.text += token.text;
        tape.offsets.push(tape.text.length);
      }
      tape.ends.push(round.end);
      tape.written.push(tape.ids.length);
      tape.draft += round.seconds.draft;
      tape.verify += round.seconds.verify;
      tape.draftPasses += round.passes.draft;
    }
    return tape;
  }

  const seconds = (tape) => (tape.ends.length ? tape.ends[tape.ends.length - 1] : 0);

  // Whether a run came to its own end and wrote something, so that it may be compared.
  const complete = (tape) => Boolean(tape && tape.run.footer && !["cancelled", "error"].includes(tape.run.footer.reason) && tape.ids.length);

  // What a run cost. "other" is what is left of its clock, so that the parts add up to it.
  function cost(tape) {
    const { passes, drafted, accepted, refusals } = specdec.upTo(tape.run, tape.run.rounds.length);
    const total = seconds(tape);
    const tokens = tape.ids.length;
    return {
      seconds: total,
      draft: tape.draft,
      verify: tape.verify,
      other: Math.max(0, total - tape.draft - tape.verify),
      tokens, passes, drafted, accepted, refusals,
      draftPasses: tape.draftPasses,
      perToken: total / tokens,
      perPass: total / passes,
      tokensPerPass: tokens / passes,
    };
  }

  // How many rounds of the sorted `ends` are over at `time`.
  function roundsAt(tape, time) {
    let [low, high] = [0, tape.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tape.ends[middle] <= time + 1e-9) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Time is compared per token: sampled runs may end at different lengths. One round costs `roundCost` plain passes,
  // and tokensPerPass / roundCost is the speed-up, exactly.
  function compare(plain, speculative) {
    const [a, b] = [cost(plain), cost(speculative)];
    const { rule, temperature } = speculative.run.header.settings;
    const longest = Math.max(a.tokens, b.tokens);
    let same = 0;
    while (same < longest && plain.ids[same] === speculative.ids[same]) same += 1;
    const deterministic = rule === "greedy" || temperature === 0;
    const equal = same === longest ? "same" : "differs";
    const claim = rule === "typical" ? "lossy" : !specdec.lossless(rule) ? "none" : deterministic ? equal : "law";
    return {
      plain: a,
      speculative: b,
      speedup: a.perToken / b.perToken,
      tokensPerPass: b.tokensPerPass / a.tokensPerPass,
      roundCost: b.perPass / a.perPass,
      claim,
      same,
    };
  }

  // The draft length below the one that ran which Leviathan's formula likes best at this run's measured costs:
  // (1 − α^(K+1)) / (1 − α) tokens for K guesses, a target pass between the two measured ones, and the rest.
  // Only lengths between what was measured are computed; null where there is nothing to compute from, and for trees
  // and rules that the formula does not speak about.
  function shorterDraft(run, { plain, speculative }) {
    const { draft_length: ran, rule } = run.header.settings;
    const judged = speculative.accepted + speculative.refusals;
    if (run.header.drafter.name !== "model" || !Number.isInteger(ran) || ran < 2 || !judged) return null;
    if (run.branched || !["greedy", "rejection", "match"].includes(rule)) return null;
    const alpha = speculative.accepted / judged;
    const guess = speculative.draft / speculative.drafted;
    const [one, all] = [plain.verify / plain.passes, speculative.verify / speculative.passes];
    const lengths = Array.from({ length: ran - 1 }, (_, i) => i + 1);
    const expected = (length) => (alpha < 1 ? (1 - alpha ** (length + 1)) / (1 - alpha) : length + 1);
    const price = (length) => length * guess + one + ((all - one) * length) / ran + speculative.other / speculative.passes;
    const computed = lengths.map((length) => ({ length, speedup: (expected(length) * plain.perToken) / price(length) }));
    const best = computed.reduce((a, b) => (b.speedup > a.speedup ? b : a));
    return { ...best, alpha, accepted: speculative.accepted, judged };
  }

  // Guesses in a whole tree: [3, 2] → 3 + 6.
  const treeSize = (branching) => branching.reduce(([sum, level], most) => [sum + level * most, level * most], [0, 1])[0];

  // The fewest decimals with which a reader who divides the printed numbers gets the printed quotient.
  function decimalsThatDivide(dividend, divisor, quotient, digits) {
    for (let decimals = 1; decimals < 5; decimals++) {
      const again = Number(dividend.toFixed(decimals)) / Number(divisor.toFixed(decimals));
      if (again.toFixed(digits) === quotient.toFixed(digits)) return decimals;
    }
    return 5;
  }

  // Why these runs are no race: the key of a sentence, or null.
  function unfit(runs) {
    const drafts = ({ drafter, settings }) => drafter.name !== "none" && settings.draft_length !== 0;
    if (runs.length > 2 || (runs[0] && drafts(runs[0].header))) return "race.not_a_race";
    const told = runs.map(({ header }) => JSON.stringify([header.target, header.hardware, header.settings.temperature, header.prompt.text]));
    return told.length === 2 && told[0] !== told[1] ? "race.unlike" : null;
  }

  specdec.racing = { PARTS, tape, follow, seconds, complete, cost, roundsAt, compare, shorterDraft, treeSize, decimalsThatDivide, unfit };
})();
