// The types of a trace, as JSDoc reads them; docs/ has the format.

/** @typedef {"accepted" | "rejected" | "discarded"} Outcome the verdict on a guess */
/** @typedef {"correction" | "bonus" | "plain"} Origin why the target chose a token itself */
/** @typedef {[id: number, piece: string, p: number, q: number, residual: number]} Row */

/**
 * @typedef {object} Guess
 * @property {"judged" | "opaque"} kind an opaque one has no probabilities, coins, rule, top and tail
 * @property {number} id
 * @property {string} piece
 * @property {string} text
 * @property {number} parent its place in the draft, -1 for the text so far
 * @property {number} draft_prob
 * @property {number | null} draft_coin
 * @property {number} target_prob
 * @property {number | null} accept_prob
 * @property {number | null} coin
 * @property {Outcome} verdict
 * @property {Record<string, number> | null} rule what the rule computed for it
 * @property {Row[]} top
 * @property {[p: number, q: number, residual: number]} tail
 * @property {string} [drafter] which drafter guessed it, in a run with several
 */

/**
 * @typedef {object} Final
 * @property {"judged" | "opaque"} kind
 * @property {number} id
 * @property {string} piece
 * @property {string} text
 * @property {Origin} verdict
 * @property {number} target_prob
 * @property {number | null} coin
 * @property {Row[]} top
 * @property {[p: number, q: number, residual: number]} tail
 */

/** @typedef {Guess | Final} Token */

/**
 * Why an automatic run drafted as far.
 * @typedef {object} Plan
 * @property {number} draft_length
 * @property {number} acceptance
 * @property {number | null} gain
 * @property {"best" | "cut" | "none" | "probe"} kind
 * @property {number | null} most
 */

/**
 * @typedef {object} Round
 * @property {number} index
 * @property {number} start seconds, as `end`
 * @property {number} end
 * @property {{draft: number, verify: number, other: number} | null} seconds null if an engine does not report them
 * @property {{draft: number, target: number} | null} passes
 * @property {Plan | null} plan
 * @property {Guess[]} draft
 * @property {Final | null} final
 */

/**
 * @typedef {object} Settings
 * @property {string} rule
 * @property {number | "auto"} draft_length
 * @property {number[] | "dynamic" | null} [branching]
 * @property {number} temperature
 * @property {number} max_new_tokens
 * @property {number} [top_k]
 * @property {number} [top_p]
 * @property {number} [min_p]
 * @property {number} [seed]
 * @property {number} [epsilon]
 * @property {number} [delta]
 */

/**
 * @typedef {object} Header
 * @property {string} created
 * @property {"live" | "recorded"} source
 * @property {{name: string, dtype: string, mode: string}} hardware
 * @property {{name: string, parameters: number | null, encoder_decoder: boolean}} target
 * @property {{name: string, model: string | null, parameters: number | null}} drafter
 * @property {Settings} settings
 * @property {{text: string, tokens?: {piece: string}[]}} prompt
 */

/** @typedef {{key: string, values: Record<string, any>}} Message a sentence to be rendered */
/** @typedef {{reason: string, message: Message | string | null}} Footer */

/**
 * Counts over the first rounds of a run.
 * @typedef {object} Sums
 * @property {number} rounds
 * @property {number} drafted
 * @property {number} accepted
 * @property {number} rejected
 * @property {number} discarded
 * @property {number} refusals
 * @property {number} tokens
 * @property {number} passes
 * @property {number} seconds
 */

/**
 * A run as far as it has come.
 * @typedef {object} Run
 * @property {Header} header
 * @property {Round[]} rounds
 * @property {Footer | null} footer
 * @property {Sums[]} sums after each round
 * @property {number} longest guesses in the largest draft
 * @property {number} deepest levels of the deepest draft
 * @property {boolean} branched
 */

export {};
