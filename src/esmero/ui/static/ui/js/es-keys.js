import { nameOf, Sequence, takesLetters, waysOf } from "./lib/keys.js";

const MOVES = { j: 1, k: -1 };

/** Shown now, or in a menu that is closed now. */
function isReachable(element) {
  const closed = element.closest("details:not([open])");
  return element.checkVisibility() || Boolean(closed?.querySelector("summary")?.checkVisibility());
}

/**
 * <es-keys data-off="no"> around a page: an element with data-key="g i" (or "r", "ctrl+enter", "?") is
 * clicked when those keys are pressed, a field is focused; "/|s" are two ways to it. j and k move among the
 * [data-item]s, x ticks the [data-select] of the one that is reached and sends "es-keys:select" on it, Escape
 * leaves a field for the item that is open.
 * data-off="yes" switches letters off and keeps those with Ctrl or Command. Letters typed into a
 * field, AltGr and held keys are never shortcuts. Sends "es-keys:pressed" on the element, which may
 * be cancelled.
 */
class EsKeys extends HTMLElement {
  #sequence = new Sequence();

  connectedCallback() {
    document.addEventListener("keydown", this.#pressed);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#pressed);
  }

  #pressed = (event) => {
    const name = event.defaultPrevented || event.repeat ? "" : nameOf(event);
    if (!name) return;
    const commanding = name.startsWith("mod+");
    if (!commanding && this.dataset.off === "yes") return;
    if (!commanding && name !== "escape" && takesLetters(event.target)) return;
    const modal = document.querySelector("dialog:modal");
    const places = this.#places(modal);
    const steps = this.#sequence.press(name, event.timeStamp, [...places.values()].flat());
    const place = steps && [...places].find(([, known]) => known.includes(steps))?.[0];
    if (place) this.#use(place, event);
    else if (modal) return;
    else if (name in MOVES) this.#move(MOVES[name], event);
    else if (name === "x") this.#select(event);
    else if (name === "escape") this.#leave(event);
  };

  /** Elements whose shortcut can be used now; a modal dialog hides the rest of the page. */
  #places(modal) {
    const scope = modal ?? document;
    const found = [...scope.querySelectorAll("[data-key]")].filter(
      (element) => !element.disabled && element.getAttribute("aria-disabled") !== "true" && isReachable(element),
    );
    return new Map(found.map((element) => [element, waysOf(element.dataset.key)]));
  }

  #use(element, event) {
    const told = new CustomEvent("es-keys:pressed", { bubbles: true, cancelable: true });
    event.preventDefault();
    if (!element.dispatchEvent(told)) return;
    if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) element.focus();
    else element.click();
  }

  get #items() {
    return [...this.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());
  }

  #placeAmong(items) {
    const here = items.findIndex((item) => item.contains(document.activeElement));
    return here === -1 ? items.findIndex((item) => item.matches("[aria-current]")) : here;
  }

  #select(event) {
    const items = this.#items;
    const item = items[this.#placeAmong(items)];
    if (!item) return;
    event.preventDefault();
    (item.querySelector("[data-select]") ?? item.closest("li")?.querySelector("[data-select]"))?.click();
    item.dispatchEvent(new CustomEvent("es-keys:select", { bubbles: true }));
  }

  #leave(event) {
    if (!takesLetters(event.target)) return;
    event.preventDefault();
    event.target.blur();
    const items = this.#items;
    items[this.#placeAmong(items)]?.focus();
  }

  #move(step, event) {
    const items = this.#items;
    if (!items.length) return;
    const current = this.#placeAmong(items);
    const next = items[Math.min(items.length - 1, Math.max(0, current + step))];
    event.preventDefault();
    (next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button"))?.focus();
  }
}

customElements.define("es-keys", EsKeys);
