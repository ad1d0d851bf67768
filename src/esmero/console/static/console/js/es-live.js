import { showCounts } from "./lib/counted.js";
import { Line } from "./lib/line.js";

const OFFLINE_AFTER = 6_000;
const TAB = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * <es-live data-url="…" data-at="CURSOR" data-here="…" data-worker="…"> brings what happens into the page:
 * by a worker that all windows share, else by the window that holds a lock and tells the others. Sends on
 * the document "es-live:news" {news}, "es-live:here" {here}, "es-live:reset", "es-live:up". Keeps the
 * numbers of all [data-counted], the marks of all [data-item], and says what this window shows when it
 * hears "es-live:show" {conversation, doing}. Its data-state is open or down; its own `here`, `me` and `name(id)` answer for whoever asks.
 */
class EsLive extends HTMLElement {
  #port = null;
  #channel = null;
  #line = "";
  #shown = { conversation: "", doing: "looks" };
  #told = "";
  #timer = 0;
  #team = {};

  connectedCallback() {
    this.here = {};
    this.me = 0;
    this.#team = JSON.parse(this.dataset.team);
    document.addEventListener("es-live:show", this.#show);
    addEventListener("pagehide", this.#leave);
    addEventListener("pageshow", this.#back);
    this.#hold().then(() => (window.SharedWorker ? this.#share() : this.#lead()));
  }

  disconnectedCallback() {
    document.removeEventListener("es-live:show", this.#show);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("pageshow", this.#back);
    this.#leave();
  }

  name(agent) {
    return this.#team[agent] ?? "?";
  }

  /** The mark of somebody who looks (l) or writes (w). */
  mark(agent, doing) {
    const mark = this.querySelector(`template[data-mark="${doing}"]`).content.firstElementChild.cloneNode(true);
    for (const node of mark.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace("\u2060", this.name(agent));
    }
    mark.dataset.live = "";
    return mark;
  }

  /** Who else is in a conversation: [[agent, "l" or "w"], …]. */
  others(conversation) {
    return (this.here[conversation] ?? []).filter(([agent]) => agent !== this.me);
  }

  /** Hold a lock as long as this window lives; held before the worker waits for it. */
  #hold() {
    if (!navigator.locks) return Promise.resolve();
    return new Promise((held) => {
      navigator.locks.request(`esmero-window-${TAB}`, () => {
        held();
        return new Promise(() => {});
      });
    });
  }

  get #csrf() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
  }

  #share() {
    const worker = new SharedWorker(this.dataset.worker, { type: "module", name: "esmero-live" });
    worker.onerror = () => this.#lead();
    this.#port = worker.port;
    this.#port.onmessage = ({ data }) => this.#heard(data);
    this.#port.postMessage({ join: true, tab: TAB, url: this.dataset.url, at: this.dataset.at, here: this.dataset.here, csrf: this.#csrf });
  }

  /** No shared worker: the window that gets the lock keeps the stream; the others ask it over a channel. */
  #lead() {
    this.#port = null;
    this.#channel = new BroadcastChannel("esmero-live");
    const ask = () => this.#channel.postMessage({ ask: TAB, at: this.dataset.at });
    this.#channel.onmessage = ({ data }) => {
      if (data.for ? data.for === TAB : data.said) this.#heard(data.said);
      else if (data.leads) ask();
    };
    ask();
    const keep = async () => {
      const line = new Line(this.dataset.url, (said) => {
        this.#channel.postMessage({ said: { ...said, line: line.name } });
        this.#heard({ ...said, line: line.name });
      });
      this.#channel.addEventListener("message", ({ data }) => {
        if (data.ask && line.known.isOpen) {
          this.#channel.postMessage({ for: data.ask, said: { ...line.known.greeting(data.at), line: line.name } });
        }
      });
      line.begin(this.dataset.at);
      this.#channel.postMessage({ leads: true });
      await new Promise(() => {});
    };
    if (navigator.locks) navigator.locks.request("esmero-live", keep);
    else keep();
  }

  #heard(said) {
    clearTimeout(this.#timer);
    this.dataset.state = said.down ? "down" : "open";
    if (said.down) {
      this.#timer = setTimeout(() => this.#offline(true), OFFLINE_AFTER);
      return;
    }
    if (said.out) {
      location.reload();
      return;
    }
    this.#offline(false);
    if (said.at) this.dataset.at = said.at;
    const isNew = said.line && said.line !== this.#line;
    this.#line = said.line ?? this.#line;
    if (said.hello) {
      this.me = said.hello.me;
      this.here = { ...said.hello.here };
      this.#told = "";
      this.#tell("up", {});
    }
    for (const [number, who] of Object.entries(said.here ?? {})) this.here[number] = who;
    showCounts(said.counts ?? said.hello?.counts, this.dataset.waiting);
    if (said.hello || said.here) this.#tell("here", { here: said.hello ? this.here : said.here });
    if (said.reset) this.#tell("reset", {});
    if (said.news) this.#news(said.news);
    if (said.hello || isNew) this.#say();
  }

  #news(news) {
    this.#tell("news", { news });
    for (const one of news) {
      if (one.k !== "takeover_asked" || one.asked_agent_id !== this.me) continue;
      if (String(one.c) === this.#shown.conversation) continue;
      const text = this.dataset.asked.replace("{name}", this.name(one.a)).replace("{number}", one.c);
      document.dispatchEvent(new CustomEvent("es-toast", { detail: { text, kind: "bad" } }));
    }
  }

  #offline(is) {
    document.querySelector("#offline").hidden = !is;
  }

  #show = ({ detail }) => {
    this.#shown = { conversation: String(detail.conversation ?? ""), doing: detail.doing ?? "looks" };
    this.#say();
  };

  #say() {
    const now = `${this.#shown.conversation} ${this.#shown.doing}`;
    if (!this.#line || now === this.#told || (!this.#told && !this.#shown.conversation)) return;
    this.#told = now;
    fetch(this.dataset.here, { method: "POST", body: this.#body(this.#shown), keepalive: true }).catch(() => {
      this.#told = "";
    });
  }

  #body({ conversation, doing }) {
    return new URLSearchParams({
      csrfmiddlewaretoken: this.#csrf, linea: this.#line, ventana: TAB, conversacion: conversation, hace: doing,
    });
  }

  #leave = () => {
    if (this.#told && this.#shown.conversation) navigator.sendBeacon(this.dataset.here, this.#body({ conversation: "", doing: "looks" }));
    this.#told = "";
    this.#line = ""; // whatever is said from here on would come too late
    this.#port?.postMessage({ leave: TAB });
  };

  #back = (event) => {
    if (event.persisted) location.reload();
  };

  #tell(what, detail) {
    document.dispatchEvent(new CustomEvent(`es-live:${what}`, { detail }));
  }
}

customElements.define("es-live", EsLive);
