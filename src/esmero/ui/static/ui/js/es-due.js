import { clockOffset, nextTick, phrase, stateAt, words } from "./lib/due.js";

const page = performance.getEntriesByType("navigation")[0];
const OFFSET = clockOffset({
  sent: Date.parse(document.body.dataset.now),
  received: performance.timeOrigin + (page?.responseStart ?? 0),
  fromCache: !page?.transferSize,
});

/**
 * <es-due due="…" made="…" soon="…" data-state="ok"> keeps the time left and the state true.
 *
 * The words of "left" and "late" stand on the element or as data- attributes of the body:
 * left-one, left-other, late-one, late-other, with {} for the time. Sends "es-due:state" (bubbles)
 * when the state changes. With `data-full` the words of "left" stand there from the beginning.
 */
class EsDue extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.#tick();
    document.addEventListener("visibilitychange", this.#wake);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  #wake = () => {
    if (!document.hidden) this.#tick();
  };

  #moment(name) {
    return this.hasAttribute(name) ? Date.parse(this.getAttribute(name)) : NaN;
  }

  #tick() {
    clearTimeout(this.#timer);
    const due = this.#moment("due");
    if (Number.isNaN(due)) return;
    const now = Date.now() + OFFSET;
    this.#show(due - now, stateAt(now, { due, soon: this.#moment("soon"), made: this.#moment("made") }));
    if (!document.hidden) this.#timer = setTimeout(() => this.#tick(), nextTick(due - now));
  }

  #show(gap, state) {
    const place = this.querySelector("[data-left]");
    const language = this.closest("[lang]")?.lang || "en";
    const text = state === "ok" && !this.hasAttribute("data-full") ? words(gap / 1000, language) : this.#phrase(state, gap, language);
    if (place && text && place.textContent !== text) place.textContent = text;
    if (this.dataset.state === state) return;
    const from = this.dataset.state;
    this.dataset.state = state;
    this.querySelector("use")?.setAttribute("href", `#p-${state}`);
    this.dispatchEvent(new CustomEvent("es-due:state", { bubbles: true, detail: { from, to: state } }));
  }

  #phrase(state, gap, language) {
    const word = state === "late" ? "late" : "left";
    const one = this.#text(`${word}-one`);
    const other = this.#text(`${word}-other`);
    return one && other ? phrase(gap / 1000, language, { one, other }) : "";
  }

  #text(name) {
    return this.getAttribute(name) ?? document.body.getAttribute(`data-${name}`);
  }
}

customElements.define("es-due", EsDue);
