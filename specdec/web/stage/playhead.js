/* The playhead of the stage: a round and a beat in it. It is moved by the reader, by playing, or by live rounds, which
 it follows. */

export const KEEP = 3; // the last beat of a round
export const BEATS_A_ROUND = KEEP + 1;
const BEAT = 250; // ms at speed 1

/** still: without movement; lazy: drawn when there is time; silent: not announced to screen readers
 * @typedef {{still?: boolean, lazy?: boolean, silent?: boolean}} How */
/**
 * @typedef {{onMove(how: How): void, onState(): void, onPlay(): void, onPause(): void, isHeld(): boolean}} Listener
 */

export class Playhead {
  round = 0;
  beat = 0;
  rounds = 0;
  playing = false;
  live = false; // more rounds are coming
  following = false; // live rounds pull it along
  speed = 1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {Listener} listener isHeld: the reader looks at a token, so playing waits */
  constructor(listener) {
    this.listener = listener;
  }

  get moving() {
    return this.playing || (this.live && this.following);
  }

  get atEnd() {
    return this.round === this.rounds - 1 && this.beat === KEEP;
  }

  get beatMs() {
    return BEAT / this.speed;
  }

  // To the start of another run.
  reset(live) {
    this.stop();
    this.round = 0;
    this.beat = 0;
    this.live = live;
    this.following = live;
  }

  /** Every way to move the playhead ends here. @type {(round: number, beat: number, how?: How) => void} */
  set(round, beat, how = {}) {
    this.round = Math.min(Math.max(0, round), this.rounds - 1);
    this.beat = Math.min(Math.max(0, beat), KEEP);
    this.listener.onMove(how);
  }

  /** The reader moves it, so playing and following end. @type {(round: number, beat: number, how?: How) => void} */
  jump(round, beat, how = { still: true }) {
    if (!this.rounds) return;
    this.stop();
    this.following = false;
    this.set(round, beat, how);
    this.listener.onState();
  }

  visit(round) {
    this.jump(round, KEEP);
  }

  step(by) {
    const place = this.round * BEATS_A_ROUND + this.beat + by;
    if (place < 0 || place >= this.rounds * BEATS_A_ROUND) return;
    this.jump(Math.floor(place / BEATS_A_ROUND), place % BEATS_A_ROUND, { still: by < 0 });
  }

  toEnd() {
    if (!this.rounds) return;
    this.jump(this.rounds - 1, KEEP);
    this.following = this.live;
    this.listener.onState();
  }

  // To a value of the slider, which counts beats from 1.
  scrub(value) {
    this.jump(Math.max(1, Math.round(value / BEATS_A_ROUND)) - 1, KEEP, { still: true, lazy: true });
  }

  play() {
    if (!this.rounds || this.playing) return;
    if (this.atEnd && this.live) {
      this.following = true;
      return this.listener.onState();
    }
    this.listener.onPlay();
    if (this.atEnd) this.set(0, 0);
    this.playing = true;
    this.listener.onState();
    this.schedule();
  }

  hold() {
    this.stop();
    this.following = false;
    this.listener.onState();
  }

  pause() {
    this.hold();
    this.listener.onPause();
  }

  toggle() {
    if (this.playing || this.following) this.pause();
    else this.play();
  }

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), this.beatMs);
  }

  next() {
    if (!this.playing) return;
    if (this.listener.isHeld()) return this.schedule();
    if (this.atEnd) {
      this.stop();
      this.following = this.live;
      return this.listener.onState();
    }
    const place = this.round * BEATS_A_ROUND + this.beat + 1;
    this.set(Math.floor(place / BEATS_A_ROUND), place % BEATS_A_ROUND);
    this.schedule();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.playing) this.schedule();
  }
}
