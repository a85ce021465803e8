/* When a growing run is drawn. Rounds that arrive faster than they can be drawn are drawn together, and drawing takes
 at most a quarter of the time, however long the run is. */

const FRAME = 17; // ms
const REST = 3; // times as long as a drawing took

export class Redraw {
  waiting = false;
  restsUntil = 0;

  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    this.whenRested();
  }

  whenRested() {
    const wait = this.restsUntil - performance.now();
    if (wait > 0) setTimeout(() => this.whenRested(), wait);
    else requestAnimationFrame(() => this.now());
  }

  now() {
    const start = performance.now();
    if (start < this.restsUntil) return this.whenRested();
    this.waiting = false;
    this.draw();
    requestAnimationFrame(() => this.rest(start)); // by then layout and paint are done as well
  }

  rest(start) {
    const now = performance.now();
    this.restsUntil = now + REST * Math.max(0, now - start - FRAME);
  }
}
