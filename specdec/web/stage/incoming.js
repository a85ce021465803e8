/* The trace of the stage as it comes in: its text is parsed in slices, so that a long trace never blocks the page. */
import { endingOf } from "../core/sentences.js";
import { TraceReader } from "../core/trace.js";
import { say } from "../core/words.js";

/** @import { Run } from "../core/types.js" */
/** @typedef {{onRun(run: Run): void, onRounds(): void, onNotice(sentence: string, tone?: string): void,
 *   hasRun(): boolean}} Listener */

const SLICE = 12; // ms of parsing before the page gets a turn

export class Incoming {
  reader = new TraceReader();
  adopted = false; // whether `onRun` was called for the trace that is coming in
  /** @type {boolean | null | undefined} what the caller says about `live`; otherwise the trace decides */
  live = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  slice;

  /** @param {Listener} listener onRun: a run with a round is there; onRounds: it has grown */
  constructor(listener) {
    this.listener = listener;
  }

  /** @type {(ndjson: string, live?: boolean | null) => void} */
  show(ndjson, live) {
    this.reader.clear();
    this.adopted = false;
    this.live = live;
    this.append(ndjson);
  }

  append(ndjson) {
    this.reader.append(ndjson);
    this.read();
  }

  cut() {
    this.live = false;
    this.read();
  }

  stop() {
    clearTimeout(this.slice);
  }

  /** @type {(run: Run) => boolean} whether rounds are still coming */
  isLive(run) {
    if (run.footer || run.header.source !== "live") return false;
    return this.live ?? true;
  }

  read() {
    this.stop();
    const { reader, listener } = this;
    const open = reader.runs[0] && this.isLive(reader.runs[0]);
    const more = reader.parse({ budget: SLICE, whole: !open && this.live !== true });
    const run = reader.runs[reader.runs.length - 1];
    if (more) this.slice = setTimeout(() => this.read(), 0);
    if (reader.error) return this.refuse(reader.error, listener.hasRun() && !this.adopted);
    if (!run) return more ? undefined : this.refuseEmpty();
    if (!run.rounds.length) return more ? undefined : this.explainEmptyRun(run);
    if (this.adopted) listener.onRounds();
    else if (!more || this.isLive(run)) {
      this.adopted = true;
      listener.onRun(run);
    }
  }

  refuse(sentence, kept) {
    this.listener.onNotice(kept ? say("stage.notice_kept", { sentence }) : sentence);
  }

  refuseEmpty() {
    this.listener.onNotice(say(this.listener.hasRun() ? "stage.notice_empty_kept" : "stage.notice_empty"));
  }

  // A run without rounds: wait for them, or say why there will be none.
  explainEmptyRun(run) {
    if (this.isLive(run)) return this.listener.onNotice(say("stage.notice_reading"), "quiet");
    const hasReason = run.footer && run.footer.reason !== "length";
    this.refuse(hasReason ? endingOf(run, false) : say("stage.notice_no_rounds"), this.listener.hasRun());
  }
}
