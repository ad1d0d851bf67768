import { fold } from "../../ui/js/lib/fuzzy.js";

/**
 * <es-ask data-filters="URL"> around a search form: completes filters and their values while one
 * types (`es` → `estado:`, `estado:a` → `estado:abierta`). Arrows choose, Tab or Enter takes it,
 * Escape leaves it; the values come once, when the field is first used.
 */
class EsAsk extends HTMLElement {
  #filters = null;
  #list = null;
  #chosen = -1;

  connectedCallback() {
    this.#field.setAttribute("role", "combobox");
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.setAttribute("aria-autocomplete", "list");
    this.#field.setAttribute("aria-controls", "q-values");
    this.addEventListener("focusin", this.#learn);
    this.addEventListener("focusout", this.#left);
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("pointerdown", this.#pointed);
  }

  disconnectedCallback() {
    this.#close();
    for (const [name, what] of [["focusin", this.#learn], ["focusout", this.#left], ["input", this.#typed], ["keydown", this.#key], ["pointerdown", this.#pointed]])
      this.removeEventListener(name, what);
  }

  get #field() {
    return this.querySelector("input[type=search]");
  }

  #learn = async () => {
    if (this.#filters) return;
    this.#filters = [];
    try {
      const answer = await fetch(this.dataset.filters, { headers: { Accept: "application/json" } });
      if (answer.ok) this.#filters = (await answer.json()).filters;
      if (document.activeElement === this.#field) this.#typed();
    } catch {
      this.#filters = null;
    }
  };

  /** The piece before the cursor that may become a filter, and where it begins. */
  #piece() {
    const before = this.#field.value.slice(0, this.#field.selectionStart);
    const found = /(?:^|\s)-?((?:[\p{L}-]+:)?(?:"[^"]*|[^\s":]*))$/u.exec(before);
    return found ? { said: found[1], from: before.length - found[1].length, to: before.length } : null;
  }

  #offers(said) {
    const colon = said.indexOf(":");
    if (colon === -1) {
      if (!said) return [];
      return this.#filters.filter(({ word }) => fold(word).startsWith(fold(said))).map(({ word }) => `${word}:`);
    }
    const known = this.#filters.find(({ word }) => fold(word) === fold(said.slice(0, colon)));
    const begun = fold(said.slice(colon + 1).replace(/^"/, ""));
    return (known?.values ?? [])
      .filter((value) => fold(value).startsWith(begun) || fold(value).includes(` ${begun}`))
      .map((value) => `${known.word}:${/\s/.test(value) ? `"${value}"` : value} `);
  }

  #typed = () => {
    const piece = this.#piece();
    const offers = piece && this.#filters?.length ? this.#offers(piece.said).slice(0, 8) : [];
    if (!offers.length || (offers.length === 1 && offers[0].trim() === piece.said)) return this.#close();
    this.#list ??= this.#made();
    this.#chosen = -1;
    this.#list.replaceChildren(
      ...offers.map((offer, n) => {
        const option = document.createElement("div");
        option.role = "option";
        option.id = `q-value-${n}`;
        option.textContent = offer.trim();
        option.offer = offer;
        option.ariaSelected = "false";
        return option;
      }),
    );
    this.#field.setAttribute("aria-expanded", "true");
  };

  #made() {
    const list = document.createElement("div");
    list.role = "listbox";
    list.id = "q-values";
    list.className = "offers";
    list.ariaLabel = this.#field.placeholder;
    this.append(list);
    return list;
  }

  #close() {
    this.#list?.remove();
    this.#list = null;
    this.#field?.setAttribute("aria-expanded", "false");
    this.#field?.removeAttribute("aria-activedescendant");
  }

  #key = (event) => {
    if (!this.#list || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = [...this.#list.children];
    if (step) {
      event.preventDefault();
      this.#chosen = (Math.max(this.#chosen, step < 0 ? 0 : -1) + step + options.length) % options.length;
      options.forEach((option, n) => (option.ariaSelected = String(n === this.#chosen)));
      this.#field.setAttribute("aria-activedescendant", options[this.#chosen].id);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Tab" || (event.key === "Enter" && this.#chosen >= 0)) {
      event.preventDefault();
      this.#take(options[Math.max(this.#chosen, 0)].offer);
    }
  };

  #pointed = (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    event.preventDefault();
    this.#take(option.offer);
  };

  #take(offer) {
    const piece = this.#piece();
    if (!piece) return;
    this.#field.setRangeText(offer, piece.from, piece.to, "end");
    this.#close();
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #left = () => this.#close();
}

customElements.define("es-ask", EsAsk);
