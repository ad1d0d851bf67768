import { best, fold } from "../../ui/js/lib/fuzzy.js";
import { actsOf } from "./lib/acts.js";

const WAIT = 90;

/**
 * <es-palette data-url="…"><dialog><form><input></form><div role="listbox"></div></dialog></es-palette>
 * Ctrl+K anywhere: what can be done here (everything with a data-key), where one can go, and after a
 * moment what the server finds. Arrows choose, Enter does it, Escape closes. Nothing moves by itself:
 * what comes later stands below what was there.
 */
class EsPalette extends HTMLElement {
  #places = null;
  #local = [];
  #chosen = 0;
  #timer = 0;
  #asking = null;
  #before = null;

  connectedCallback() {
    document.addEventListener("keydown", this.#opener);
    document.addEventListener("click", this.#clickedOpener);
    this.#input.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("click", this.#clicked);
    this.#form.addEventListener("submit", this.#submitted);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#opener);
    document.removeEventListener("click", this.#clickedOpener);
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  get #form() {
    return this.querySelector("form");
  }

  get #input() {
    return this.querySelector("input");
  }

  get #list() {
    return this.querySelector('[role="listbox"]');
  }

  get #options() {
    return [...this.#list.querySelectorAll('[role="option"]')];
  }

  #opener = (event) => {
    const isIt = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isIt || event.key?.toLowerCase() !== "k") return;
    event.preventDefault();
    if (this.#dialog.open) this.#dialog.close();
    else this.#open();
  };

  #clickedOpener = (event) => {
    if (!event.target.closest?.("[data-palette]")) return;
    event.preventDefault();
    this.#open();
  };

  #open() {
    if (document.querySelector("dialog:modal")) return;
    this.#before = document.activeElement;
    this.#local = actsOf(document, this);
    this.#input.value = "";
    this.#show("");
    this.#dialog.showModal();
    this.#input.focus();
    if (!this.#places) this.#learn();
  }

  async #learn() {
    const found = await this.#ask("");
    if (!found) return;
    this.#places = found;
    this.#show(this.#input.value);
  }

  async #ask(query) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const url = `${this.dataset.url}?${new URLSearchParams({ q: query })}`;
      const answer = await fetch(url, { signal: this.#asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return null;
      return (await answer.json()).found.map((entry) => ({ ...entry, text: fold(`${entry.name} ${entry.line ?? ""}`) }));
    } catch {
      return null;
    }
  }

  #typed = () => {
    const query = this.#input.value;
    this.#show(query);
    clearTimeout(this.#timer);
    if (query.trim().length < 2) return;
    this.#timer = setTimeout(async () => {
      const found = await this.#ask(query);
      if (found && this.#input.value === query) this.#show(query, found);
    }, WAIT);
  };

  #show(query, found = []) {
    const known = [...this.#local, ...(this.#places ?? [])];
    const urls = new Set();
    const near = best(query, known, query.trim() ? 7 : 60).filter((entry) => {
      const url = entry.url ?? entry.element?.href ?? "";
      const isNew = !url || !urls.has(url);
      urls.add(url);
      return isNew;
    });
    const far = found.filter((entry) => !urls.has(entry.url));
    const groups = new Map();
    for (const entry of [...near, ...far]) groups.set(entry.kind, [...(groups.get(entry.kind) ?? []), entry]);
    const nodes = [];
    for (const [kind, entries] of groups) {
      const title = document.createElement("h4");
      title.textContent = this.dataset[kind] ?? kind;
      title.role = "presentation";
      nodes.push(title, ...entries.map((entry) => this.#option(entry)));
    }
    this.#list.replaceChildren(...nodes);
    this.querySelector("[data-none]").hidden = nodes.length > 0;
    this.#choose(0);
  }

  #option(entry) {
    const option = document.createElement(entry.url ? "a" : "div");
    option.role = "option";
    option.tabIndex = -1;
    if (entry.url) option.href = entry.url;
    option.entry = entry;
    const name = document.createElement("span");
    name.textContent = entry.name;
    option.append(name);
    const aside = document.createElement(entry.key ? "kbd" : "small");
    aside.textContent = entry.key ?? entry.line ?? "";
    if (aside.textContent) option.append(aside);
    return option;
  }

  #choose(place) {
    const options = this.#options;
    this.#chosen = options.length ? (place + options.length) % options.length : 0;
    options.forEach((option, n) => {
      option.id = `palette-${n}`;
      option.ariaSelected = String(n === this.#chosen);
    });
    const chosen = options[this.#chosen];
    this.#input.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  #key = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    event.preventDefault();
    this.#choose(this.#chosen + step);
  };

  #submitted = (event) => {
    const chosen = this.#options[this.#chosen];
    if (!chosen) return;
    event.preventDefault();
    this.#do(chosen);
  };

  #clicked = (event) => {
    if (event.target === this.#dialog) this.#dialog.close();
    const option = event.target.closest('[role="option"]');
    if (option && !option.href) this.#do(option);
  };

  #do(option) {
    this.#dialog.close();
    this.#before?.focus?.();
    const { element } = option.entry;
    if (element) element.click();
    else option.click();
  }
}

customElements.define("es-palette", EsPalette);
