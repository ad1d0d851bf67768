/**
 * <es-hold until="…"><span data-left></span></es-hold> counts the seconds until a held mail leaves.
 * Sends "es-hold:over" (bubbles) when they are over.
 */
class EsHold extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.#tick();
    this.#timer = setInterval(this.#tick, 500);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #tick = () => {
    const left = Math.max(0, Math.ceil((Date.parse(this.getAttribute("until")) - Date.now()) / 1000));
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = `${left} s`;
    if (left > 0) return;
    clearInterval(this.#timer);
    this.dispatchEvent(new CustomEvent("es-hold:over", { bubbles: true }));
  };
}

customElements.define("es-hold", EsHold);
