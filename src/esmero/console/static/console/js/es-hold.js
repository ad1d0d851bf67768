/**
 * <es-hold seconds="12"><span data-left></span></es-hold> counts down until a held mail leaves. It
 * counts from when it came into the page, so that a wrong clock here does not matter. Sends
 * "es-hold:over" (bubbles) when they are over.
 */
class EsHold extends HTMLElement {
  #timer = 0;
  #over = 0;

  connectedCallback() {
    this.#over = performance.now() + 1000 * Number(this.getAttribute("seconds"));
    this.#timer = setInterval(this.#tick, 250);
    this.#tick();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #tick = () => {
    const left = Math.max(0, Math.ceil((this.#over - performance.now()) / 1000));
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = `${left} s`;
    if (left > 0) return;
    clearInterval(this.#timer);
    this.dispatchEvent(new CustomEvent("es-hold:over", { bubbles: true }));
  };
}

customElements.define("es-hold", EsHold);
