/** What a browser knows of the events and hands on to its windows. No DOM in here. */

const KEPT = 400;

/** A cursor `1205-1201-1203~1204` as {high, missing: [[first, last], …]}; null for anything else. */
export function readCursor(text) {
  if (!/^\d{1,18}(-\d{1,18}(~\d{1,18})?)*$/.test(text ?? "")) return null;
  const [high, ...gaps] = text.split("-");
  return { high: Number(high), missing: gaps.map((gap) => [Number(gap.split("~")[0]), Number(gap.split("~")[1] ?? gap)]) };
}

export function has(cursor, event) {
  return event <= cursor.high && !cursor.missing.some(([first, last]) => first <= event && event <= last);
}

/** Whether somebody at `from` would miss nothing who is told what came after `since`. */
export function covers(since, from) {
  if (!since || !from) return false;
  return from.high >= since.high && from.missing.every(([first, last]) => first > since.high || !has(since, first) && !has(since, last));
}

/** The state of one stream: counts, who is where, and the latest news, for windows that come later. */
export class Known {
  constructor() {
    this.forget();
  }

  forget() {
    this.me = 0;
    this.counts = null;
    this.here = {};
    this.news = [];
    this.since = null;
    this.at = "";
    this.isOpen = false;
  }

  /** Take one message of the stream; `at` is its cursor, `asked` the one that the stream began with. */
  take(said, at, asked) {
    this.at = at;
    if (said.hello) {
      this.me = said.hello.me;
      this.here = said.hello.here ?? {};
      this.since ??= readCursor(asked) ?? readCursor(at);
    }
    if (said.reset) {
      this.news = [];
      this.since = readCursor(at);
    }
    this.counts = said.counts ?? said.hello?.counts ?? this.counts;
    for (const [number, who] of Object.entries(said.here ?? {})) {
      if (who.length) this.here[number] = who;
      else delete this.here[number];
    }
    this.news.push(...(said.news ?? []));
    if (this.news.length <= KEPT) return;
    const gone = this.news.splice(0, this.news.length - KEPT);
    this.since = { high: Math.max(this.since?.high ?? 0, ...gone.map((one) => one.e)), missing: [] };
  }

  /** What a window is told that was made at `at`: all, and the news that it has not. */
  greeting(at) {
    const from = readCursor(at);
    const said = { at: this.at, hello: { me: this.me, counts: this.counts, here: this.here } };
    if (!covers(this.since, from)) return { ...said, reset: true };
    const news = this.news.filter((one) => !has(from, one.e));
    return news.length ? { ...said, news } : said;
  }
}

/** How long to wait before trying again: longer each time, and never all browsers at once. */
export function pause(tries, chance = Math.random()) {
  return Math.min(30_000, 500 * 2 ** Math.min(tries, 6)) * (0.5 + chance);
}

/** One stream that comes back by itself. `tell(said)` gets each message; {down: true} when it is lost. */
export class Line {
  #source = null;
  #tries = 0;
  #cursor = "";
  #timer = 0;

  constructor(url, tell, open = (where) => new EventSource(where)) {
    this.url = url;
    this.tell = tell;
    this.open = open;
    this.known = new Known();
    this.name = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Begin at a cursor, or go on. */
  begin(at = "") {
    if (this.#source) return;
    this.#cursor ||= at;
    const asked = this.#cursor;
    const where = `${this.url}?linea=${this.name}${asked ? `&desde=${encodeURIComponent(asked)}` : ""}`;
    const source = this.open(where);
    this.#source = source;
    source.onmessage = (event) => this.#heard(event, asked);
    source.onerror = () => this.#lost(source);
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #heard(event, asked) {
    this.#tries = 0;
    this.#cursor = event.lastEventId || this.#cursor;
    const said = JSON.parse(event.data);
    if (said.hello) this.known.isOpen = true;
    this.known.take(said, this.#cursor, asked);
    if (said.out) this.close();
    if (Object.keys(said).length) this.tell({ ...said, at: this.#cursor });
  }

  /** A browser comes back by itself only after a lost line, not after an answer such as 502. */
  #lost(source) {
    if (this.known.isOpen) this.tell({ down: true });
    this.known.isOpen = false;
    if (source !== this.#source || source.readyState !== 2) return;
    this.#source = null;
    this.#timer = setTimeout(() => this.begin(), pause(this.#tries));
    this.#tries += 1;
  }
}
