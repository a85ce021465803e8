// What happened in a round, in a sentence, and the few numbers that stand under a guess. Told no further than the beat.
"use strict";
(() => {
  const specdec = (window.specdec = window.specdec || {});
  const { say, number } = specdec;
  const BEATS = ["guess", "check", "judge", "keep"];

  specdec.BEATS = BEATS;

  // Keys of sentences: those about a tree, the drafter's own, and those of a round without a guess.
  function guessed(run, round, tense) {
    const n = round.draft.length;
    const family = specdec.family(run.header);
    if (!n) return say(`stage.${tense}_none_${unasked(run, round) || family}`);
    return specdec.branched(round) ? say(`stage.${tense}_tree_${family}`, { n }) : say(`stage.${tense}_${family}`, { n });
  }

  // Why nobody was asked for a guess: a draft length of 0, or a text that the target's own token ends; else null.
  function unasked(run, round) {
    const { draft_length: length, branching, max_new_tokens: most } = run.header.settings;
    if ((length === 0 && !branching) || (round.plan && round.plan.draft_length === 0)) return "asked";
    return specdec.upTo(run, round.index).tokens + 1 >= most ? "room" : null;
  }

  // → [what was guessed, what the target did]
  specdec.sentences = (run, round, beat) => {
    const n = round.draft.length;
    const tree = specdec.branched(round);
    const kept = round.draft.filter((token) => token.verdict === "accepted").length;
    if (run.header.drafter.name === "none") return [say(beat < 3 ? "stage.plain_pass" : "stage.plain_round"), ""];
    if (beat === 0) return [guessed(run, round, "guessing"), ""];
    if (beat === 1) return [!n ? say("stage.checking_none") : tree ? say("stage.checking_tree") : say("stage.checking", { n }), ""];
    const first = guessed(run, round, "guessed");
    if (!round.final) return [first, kept ? say("stage.kept_ended", { n: kept }) : say("stage.kept_ended_none")];
    if (round.final.verdict === "plain") return [first, say("stage.wrote_plain")];
    if (tree && !kept) return [first, say("stage.kept_none_tree")];
    if (tree) return [first, say(round.final.verdict === "bonus" ? "stage.kept_path_bonus" : "stage.kept_path", { n: kept })];
    if (round.final.verdict === "bonus") return [first, say("stage.kept_bonus", { n })];
    return [first, kept ? say("stage.kept_correction", { n: kept }) : say("stage.kept_none")];
  };

  // Under a guess: what decided it, and the coin where one was compared. Short ones stand under the chips of a tree.
  specdec.numbers = (token, rule, short = false) => {
    if (rule === "block" && token.rule && token.coin !== null) return block(token);
    if (token.verdict === "discarded") return short ? [] : [say("stage.not_judged")];
    if (rule === "greedy") return [say(`stage.${token.verdict === "accepted" ? "match" : "mismatch"}${short ? "_short" : ""}`)];
    if (rule === "typical" && token.rule) return typical(token);
    if (token.accept_prob === null) return [];
    const share = number.percent(token.accept_prob);
    if (rule === "match") return [say("stage.chance", { share })];
    const parts = [short ? share : say("stage.accept", { share })];
    if (token.coin !== null) parts.push(say("stage.coin", { coin: number.probs(token.coin, token.accept_prob)[0] }));
    return parts;
  };

  function block(token) {
    const [coin, threshold] = number.probs(token.coin, token.rule.threshold);
    return [say("stage.threshold", { threshold }), say("stage.coin", { coin })];
  }

  function typical(token) {
    const [p, threshold] = number.probs(token.target_prob, token.rule.threshold);
    return [say(token.target_prob > token.rule.threshold ? "stage.above" : "stage.not_above", { p, threshold })];
  }
})();
