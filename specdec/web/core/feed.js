// Lines of runs as a page is sent them: every message holds new lines of one run and says which is the first of them.
// Messages may be lost on the way (a busy or hidden page sees only the newest), so what lacks is asked for.
//   const feed = new Feed(player, ask)    player: {show(ndjson), append(ndjson), cut()}
//   feed.take({run, first, lines})        a run that is not known yet is shown anew
//   ask(run, first) → Promise of the NDJSON from line `first` on, "" where the run is not known any more

/** @typedef {{run: string, first: number, lines: string}} Message lines: NDJSON, a newline after every line */
/** @typedef {{show(ndjson: string): void, append(ndjson: string): void, cut(): void}} Player */
/** @typedef {(run: string, first: number) => Promise<string>} Ask */

/** @type {(ndjson: string) => string[]} */
const split = (ndjson) => ndjson.match(/[^\n]*\n/g) ?? [];

export class Feed {
  /** @type {string | null} */
  run = null;
  next = 0; // lines that the player has
  end = 0; // lines that are known to be there
  asking = false;

  /** @param {Player} player @param {Ask} ask */
  constructor(player, ask) {
    this.player = player;
    this.ask = ask;
  }

  /** @type {(message: Message) => void} */
  take({ run, first, lines }) {
    if (run !== this.run) Object.assign(this, { run, next: 0, end: 0, asking: false });
    const rows = split(lines);
    this.end = Math.max(this.end, first + rows.length);
    this.add(rows, first);
    if (this.next < this.end) this.fetch();
  }

  /** @type {(rows: string[], first: number) => void} */
  add(rows, first) {
    if (first > this.next) return;
    const fresh = rows.slice(this.next - first);
    if (!fresh.length) return;
    const begun = this.next > 0;
    this.next += fresh.length;
    if (begun) this.player.append(fresh.join(""));
    else this.player.show(fresh.join(""));
  }

  async fetch() {
    if (this.asking) return;
    const { run, next } = this;
    this.asking = true;
    const answer = run === null ? "" : await this.ask(run, next).catch(() => "");
    if (run !== this.run) return;
    this.asking = false;
    this.add(split(answer), next);
    if (this.next === next) this.player.cut();
    else if (this.next < this.end) this.fetch();
  }
}
