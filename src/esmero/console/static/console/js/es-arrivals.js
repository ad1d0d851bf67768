import { morph, says } from "./lib/morph.js";

const GATHER = 80;
const LOOKED_FOR = 1_000;

/**
 * <es-arrivals data-c="12" data-url="…"> in a thread: brings what happens to it while it is open, without
 * touching what is being written. What came counts as seen once it was in sight for a second; while a
 * reply is being written only by the button of the notice: Send stops for what the writer has not seen.
 * Sends "es-arrivals:renewed" on the document.
 */
class EsArrivals extends HTMLElement {
  #timer = 0;
  #looking = null;
  #unseen = new Map();
  #busy = false;
  #again = false;

  connectedCallback() {
    document.addEventListener("es-live:news", this.#news);
    document.addEventListener("es-live:reset", this.#plan);
    document.addEventListener("visibilitychange", this.#visible);
    this.#thread.addEventListener("click", this.#goOn);
    this.addEventListener("click", this.#read);
    this.#looking = new IntersectionObserver(this.#inSight, { threshold: 0.3 });
    this.#givenBack();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#looking.disconnect();
    document.removeEventListener("es-live:news", this.#news);
    document.removeEventListener("es-live:reset", this.#plan);
    document.removeEventListener("visibilitychange", this.#visible);
  }

  get #thread() {
    return this.closest("#thread") ?? document.querySelector("#thread");
  }

  get #number() {
    return Number(this.dataset.c);
  }

  get #seen() {
    return this.#thread.querySelector("input[name=seen]");
  }

  get #isWriting() {
    return [...this.#thread.querySelectorAll("#composer textarea")].some((field) => field.value.trim());
  }

  // -- what happens --

  #news = ({ detail }) => {
    const mine = detail.news.filter((one) => one.c === this.#number);
    if (mine.some((one) => one.gone)) location.assign(this.dataset.elsewhere);
    else if (mine.length) this.#plan();
  };

  #plan = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), GATHER);
  };

  async #ask() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      const answer = await fetch(`${this.dataset.url}&visto=${this.#seen?.value ?? 0}`, { headers: { "HX-Request": "true" } });
      if (answer.status === 404) location.assign(this.dataset.elsewhere);
      if (answer.ok && this.isConnected) this.#take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      this.#again = true; // the line is down; it is asked again with the next news
    } finally {
      this.#busy = false;
    }
    if (this.#again && this.isConnected) {
      this.#again = false;
      setTimeout(this.#plan, 1_000);
    }
  }

  #take(page) {
    // An act of hers is on its way. Its answer brings all of this too, and would be lost in part (the
    // toast, what stands beside) if the form that asked for it were replaced now.
    if (document.querySelector("#thread .htmx-request, #context .htmx-request")) {
      this.#again = true;
      return;
    }
    const talk = this.#thread.querySelector("#talk");
    const fresh = page.querySelector("#talk");
    const scroll = this.#thread.querySelector(".talk");
    const fromEnd = scroll.scrollTop; // counted from the end: the column is reversed
    const high = scroll.scrollHeight;
    const before = new Set([...talk.querySelectorAll("article")].map((one) => one.id));
    if (talk.hasAttribute("hx-get") || fresh.hasAttribute("hx-get")) {
      talk.replaceWith(fresh);
      window.htmx?.process(fresh);
    } else {
      talk.dataset.newest = fresh.dataset.newest;
      for (const node of morph(talk, fresh)) window.htmx?.process(node);
    }
    if (fromEnd < -24) scroll.scrollTop = fromEnd - (scroll.scrollHeight - high);
    for (const id of ["thread-head", "wish", "context"]) this.#renew(id, page);
    const come = [...this.#thread.querySelectorAll("#talk article")].filter((one) => !before.has(one.id) && one.querySelector(".new-mark"));
    for (const one of come) this.#unseen.set(one.id, 0);
    this.#notice();
    document.dispatchEvent(new CustomEvent("es-arrivals:renewed"));
    // A reply that was to leave later is a draft again: into the form, when nothing else stands there.
    if (page.querySelector("[data-came-back]") && !this.#isWriting) {
      window.htmx?.ajax("GET", location.pathname + location.search, { target: "#thread", swap: "outerHTML" });
    }
  }

  /** Replace a part that says something else now, unless somebody is busy in it. */
  #renew(id, page) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh || says(old) === says(fresh)) return;
    if (old.querySelector("details[open] .menu-list, :focus") && id !== "wish") return;
    // The element itself stays: it may be the page's target, by which a telephone shows it.
    old.replaceChildren(...fresh.childNodes);
    window.htmx?.process(old);
  }

  // -- what was seen --

  /** A form that came back for another reason shows what came too: that is still to be read. */
  #givenBack() {
    if (this.#thread.querySelector(".stopped")) return;
    for (const mark of this.#thread.querySelectorAll("#talk .new-mark")) this.#unseen.set(mark.closest("article").id, 0);
    if (this.#unseen.size) this.#notice();
  }

  #notice() {
    const line = this.querySelector(".arrived");
    const articles = [...this.#unseen.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    line.hidden = !articles.length;
    if (!articles.length) {
      this.#allSeen();
      return;
    }
    const who = articles[0].querySelector("header b")?.textContent ?? "";
    const words = articles.length === 1 ? this.dataset.one : this.dataset.other;
    line.querySelector("span").textContent = words.replace("{name}", who).replace("{count}", articles.length);
    for (const article of articles) this.#looking.observe(article);
  }

  #inSight = (entries) => {
    for (const entry of entries) {
      clearTimeout(this.#unseen.get(entry.target.id));
      if (!entry.isIntersecting || !this.#unseen.has(entry.target.id)) continue;
      this.#unseen.set(entry.target.id, setTimeout(() => this.#looked(entry.target), LOOKED_FOR));
    }
  };

  #looked(article) {
    if (document.hidden || !document.hasFocus() || this.#isWriting) return;
    this.#looking.unobserve(article);
    this.#unseen.delete(article.id);
    this.#notice();
  }

  #read = (event) => {
    if (!event.target.closest("button")) return;
    const first = document.getElementById(this.#unseen.keys().next().value ?? "");
    this.#unseen.clear();
    this.#looking.disconnect();
    this.#notice();
    first?.scrollIntoView({ block: "nearest" });
  };

  #visible = () => {
    if (!document.hidden) this.#notice();
  };

  #allSeen() {
    const newest = this.#thread.querySelector("#talk")?.dataset.newest;
    if (this.#seen && Number(newest) > Number(this.#seen.value)) this.#seen.value = newest;
  }

  #goOn = (event) => {
    if (!event.target.closest("[data-go-on]")) return;
    event.preventDefault();
    event.target.closest(".stopped").remove();
    this.#thread.querySelector("#composer [data-form]:not([hidden]) textarea")?.focus();
  };
}

customElements.define("es-arrivals", EsArrivals);
