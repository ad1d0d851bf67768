import { fits, insert, keeping, numberOf, numbersAt, placeOf, rowsOf } from "./lib/places.js";
import { mayEnter } from "./lib/rows.js";

const GATHER = 120;
const AT_MOST_EVERY = 400;
const STILL = 900;

/**
 * <es-news data-list="…" data-order="…" data-url="…"> above an <es-list>: keeps its rows true without
 * moving what one looks at. A changed row is asked for and put in its place, one that left goes, a new
 * one comes in at the top or is announced ("3 new") while one reads further down or points at the list.
 * Marks who is in which conversation.
 */
class EsNews extends HTMLElement {
  #asked = new Set();
  #new = new Map();
  #timer = 0;
  #last = 0;
  #moved = 0;

  connectedCallback() {
    document.addEventListener("es-live:news", this.#news);
    document.addEventListener("es-live:reset", this.#all);
    document.addEventListener("es-live:here", this.#marks);
    document.addEventListener("visibilitychange", this.#plan);
    this.addEventListener("click", this.#show);
    this.#list?.addEventListener("pointermove", this.#pointed, { passive: true });
    this.#list?.addEventListener("scroll", this.#scrolled, { passive: true });
    this.#list?.addEventListener("htmx:afterSettle", this.#marks);
    this.#marks();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("es-live:news", this.#news);
    document.removeEventListener("es-live:reset", this.#all);
    document.removeEventListener("es-live:here", this.#marks);
    document.removeEventListener("visibilitychange", this.#plan);
    this.#list?.removeEventListener("pointermove", this.#pointed);
    this.#list?.removeEventListener("scroll", this.#scrolled);
    this.#list?.removeEventListener("htmx:afterSettle", this.#marks);
  }

  get #list() {
    return this.parentElement?.querySelector("es-list");
  }

  get #live() {
    return document.querySelector("es-live");
  }

  #news = ({ detail }) => {
    for (const one of detail.news) {
      if (this.#row(one.c) || this.#new.has(one.c) || mayEnter(one, this.dataset.list, this.#live?.me)) this.#asked.add(one.c);
    }
    this.#plan();
  };

  /** Something may have been missed: ask for all rows that are here or would be now. */
  #all = async () => {
    const now = await numbersAt(this.querySelector("a").href);
    for (const number of [...rowsOf(this.#list).map(numberOf), ...now]) this.#asked.add(number);
    this.#plan();
  };

  #plan = () => {
    if (!this.#asked.size || document.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), Math.max(GATHER, this.#last + AT_MOST_EVERY - Date.now()));
  };

  async #ask() {
    const ids = [...this.#asked].slice(0, 100);
    for (const id of ids) this.#asked.delete(id);
    this.#last = Date.now();
    try {
      const answer = await fetch(`${this.dataset.url}&ids=${ids.join(",")}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#take(ids, new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      for (const id of ids) this.#asked.add(id);
      this.#last = Date.now() + 2_000;
    }
    this.#plan();
  }

  #take(ids, page) {
    if (!this.isConnected) return;
    const stands = ["borradores", "busqueda"].includes(this.dataset.list);
    for (const id of ids) {
      const fresh = page.querySelector(`#c-${id}`);
      const old = this.#row(id);
      if (fresh && old) this.#replace(old, document.adoptNode(fresh));
      else if (fresh && !stands) this.#enter(id, document.adoptNode(fresh));
      else if (!fresh) this.#drop(id, old, stands);
    }
    this.#announce();
    this.#marks();
  }

  #replace(old, fresh) {
    if (old.hasAttribute("aria-current")) fresh.setAttribute("aria-current", "true");
    const hadFocus = old.contains(document.activeElement);
    const stays = fits(this.#list, this.dataset.order, old, fresh);
    keeping(this.#list, old, () => {
      if (stays) old.replaceWith(fresh);
      else {
        old.remove();
        if (!insert(this.#list, this.dataset.order, fresh)) return;
      }
      window.htmx?.process(fresh);
      if (hadFocus) fresh.focus({ preventScroll: true });
    });
  }

  #drop(id, old, stands) {
    this.#new.delete(id);
    if (!old || stands) return;
    // What is open stays until one goes on: the place in the list is not lost.
    if (old.hasAttribute("aria-current")) old.dataset.left = "";
    else keeping(this.#list, old, () => old.remove());
  }

  #enter(id, fresh) {
    if (this.#calm && !("below" in this.dataset)) {
      this.#new.delete(id);
      keeping(this.#list, null, () => insert(this.#list, this.dataset.order, fresh) && window.htmx?.process(fresh));
    } else if (!("below" in this.dataset) && !placeOf(this.#list, this.dataset.order, fresh)) {
      this.#new.delete(id); // further down than what is shown
    } else {
      this.#new.set(id, fresh);
      setTimeout(this.#scrolled, STILL + 50);
    }
  }

  /** Whether rows may move: one is at the top and does not point at them. */
  get #calm() {
    return this.#list.scrollTop < 24 && Date.now() - this.#moved > STILL;
  }

  #pointed = () => {
    this.#moved = Date.now();
  };

  #scrolled = () => {
    if (this.#new.size && this.#calm && !("below" in this.dataset)) this.#flush();
  };

  #show = (event) => {
    if (!event.target.closest("a") || "below" in this.dataset) return;
    event.preventDefault();
    this.#flush();
    this.#list.scrollTop = 0;
    rowsOf(this.#list)[0]?.focus({ preventScroll: true });
  };

  #flush() {
    for (const [id, row] of this.#new) {
      const old = this.#row(id);
      if (old) old.remove();
      if (insert(this.#list, this.dataset.order, row)) window.htmx?.process(row);
    }
    this.#new.clear();
    this.#announce();
    this.#marks();
  }

  #announce() {
    const link = this.querySelector("a");
    const count = this.#new.size;
    link.hidden = !count;
    const words = count === 1 ? this.dataset.one : this.dataset.other;
    link.querySelector("span").textContent = words.replace("{}", count);
  }

  #row(id) {
    return this.#list?.querySelector(`#c-${id}`);
  }

  #marks = () => {
    const live = this.#live;
    if (!live?.others || !this.#list) return;
    for (const mark of this.#list.querySelectorAll("[data-live]")) mark.remove();
    for (const id of Object.keys(live.here)) {
      const row = this.#row(id);
      const others = row ? live.others(id) : [];
      if (!others.length) continue;
      let foot = row.querySelector(".item-foot");
      if (!foot) {
        foot = document.createElement("span");
        foot.className = "item-foot";
        row.append(foot);
      }
      for (const [agent, doing] of others.slice(0, 2)) foot.append(live.mark(agent, doing));
    }
  };
}

customElements.define("es-news", EsNews);
