/**
 * <es-press data-on="country" data-press="country"> around a field and a button: changing the field named
 * `data-on` presses the button named "do" with the value `data-press`. Without a script one presses it oneself.
 */
class EsPress extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#changed);
  }

  #changed = (event) => {
    if (event.target.name !== this.dataset.on) return;
    this.querySelector(`button[name="do"][value="${this.dataset.press}"]`)?.click();
  };
}

customElements.define("es-press", EsPress);
