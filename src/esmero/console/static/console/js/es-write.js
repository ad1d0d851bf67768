import { around, openVariable, triggerAt, wordIn } from "./lib/trigger.js";

const PAUSE = 120;

/**
 * <es-write data-answers data-articles data-promise data-people> around a textarea and a [data-offers]: "/" offers saved answers,
 * "??" articles, ":" a promise in words, "@" colleagues, each from its address. Arrows choose, Enter or Tab takes, Escape closes.
 * An option brings data-insert, or data-use (a POST answers {text}, and `warning` as a toast); data-kind and data-when go into the
 * fields of the promise. In the form: [data-insert] types its sign, [data-replace][data-with] changes a word,
 * [data-promise-words] promises a time.
 */
class EsWrite extends HTMLElement {
  #timer = 0;
  #flight = null;
  #trigger = null;
  #at = 0;

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#key, true);
    this.addEventListener("mousedown", this.#pressed);
    this.addEventListener("click", this.#chosen);
    this.addEventListener("focusout", this.#left);
    this.#form?.addEventListener("click", this.#clicked);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.removeEventListener("input", this.#typed);
    this.removeEventListener("keydown", this.#key, true);
    this.removeEventListener("mousedown", this.#pressed);
    this.removeEventListener("click", this.#chosen);
    this.removeEventListener("focusout", this.#left);
    this.#form?.removeEventListener("click", this.#clicked);
  }

  get #form() {
    return this.closest("form");
  }

  get #field() {
    return this.querySelector("textarea");
  }

  get #offers() {
    return this.querySelector("[data-offers]");
  }

  get #options() {
    return [...this.#offers.querySelectorAll("[role=option]")];
  }

  #typed = () => {
    const wanted = ["answers", "articles", "promise", "people"].filter((kind) => this.dataset[kind]);
    this.#trigger = triggerAt(this.#field.value, this.#field.selectionStart, wanted);
    clearTimeout(this.#timer);
    if (this.#trigger) this.#timer = setTimeout(this.#ask, PAUSE);
    else this.#hide();
  };

  #ask = async () => {
    const { kind, query, before } = this.#trigger ?? {};
    if (!kind) return;
    this.#flight?.abort();
    this.#flight = new AbortController();
    const asked = new URLSearchParams({ q: query, antes: before });
    try {
      const answer = await fetch(`${this.dataset[kind]}?${asked}`, {
        signal: this.#flight.signal, headers: { "HX-Request": "true" },
      });
      if (answer.ok && this.#trigger) this.#show(await answer.text());
    } catch (problem) {
      if (problem.name !== "AbortError") this.#hide();
    }
  };

  #show(html) {
    this.#offers.innerHTML = html;
    this.#offers.hidden = !this.#offers.children.length;
    this.#mark(0);
  }

  #hide() {
    this.#flight?.abort();
    this.#offers.hidden = true;
    this.#offers.replaceChildren();
    this.#field.removeAttribute("aria-activedescendant");
  }

  #mark(at) {
    this.#at = at;
    for (const [i, option] of this.#options.entries()) option.setAttribute("aria-selected", String(i === at));
    const chosen = this.#options[at];
    if (chosen) this.#field.setAttribute("aria-activedescendant", chosen.id);
    chosen?.scrollIntoView({ block: "nearest" });
  }

  #key = (event) => {
    if (this.#offers.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const count = this.#options.length;
    if (event.key === "Escape") this.#close(event);
    else if (!count) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#mark(around(this.#at, event.key === "ArrowDown" ? 1 : -1, count));
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.#take(this.#options[this.#at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #close() {
    this.#trigger = null;
    this.#hide();
  }

  /** The field keeps the focus, and a telephone its keyboard. */
  #pressed = (event) => {
    if (event.target.closest("[data-offers]")) event.preventDefault();
  };

  #chosen = (event) => {
    const option = event.target.closest("[role=option]");
    if (option) this.#take(option);
  };

  #left = (event) => {
    if (!this.contains(event.relatedTarget)) this.#close();
  };

  async #take(option) {
    const { start } = this.#trigger ?? {};
    const end = this.#field.selectionStart;
    if (start === undefined) return;
    const { use, insert, kind, when } = option.dataset;
    this.#close();
    const text = use ? await this.#used(use) : insert;
    if (text === null) return;
    if (when) this.#promise(when, kind);
    this.#put(text, start, end);
  }

  async #used(url) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.#form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return null;
    const { text, warning } = await answer.json();
    if (warning) document.dispatchEvent(new CustomEvent("es-toast", { detail: { text: warning, kind: "bad" } }));
    return text;
  }

  #put(text, start, end) {
    this.#field.focus();
    this.#field.setRangeText(text, start, end, "end");
    const open = openVariable(text);
    if (open) this.#field.setSelectionRange(start + open[0], start + open[1]);
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #promise(when, kind = "") {
    const { promise_when: field, promise_kind: kinds } = this.#form.elements;
    if (!field) return;
    field.value = when;
    if (kind) kinds.value = kind;
    field.closest("details").open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #clicked = (event) => {
    const button = event.target.closest("[data-insert], [data-replace], [data-promise-words]");
    if (!button || button.matches("[role=option]")) return;
    event.preventDefault();
    const { insert, replace, with: meant, promiseWords } = button.dataset;
    if (insert) this.#begin(insert);
    else if (promiseWords) this.#promise(promiseWords);
    else {
      const place = wordIn(this.#field.value, replace);
      if (place) this.#put(meant, ...place);
    }
  };

  #begin(sign) {
    const at = this.#field.selectionEnd;
    const before = this.#field.value.slice(0, at);
    this.#put(!before || /\s$/.test(before) ? sign : ` ${sign}`, at, at);
  }
}

customElements.define("es-write", EsWrite);
