/**
 * <es-fold name="…"><details>…</details></es-fold> remembers for this visit whether it was open.
 * Without a name it only opens when the address points inside it.
 */
class EsFold extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", this.#toggled, true);
    addEventListener("hashchange", this.#pointed);
    const kept = this.#key && sessionStorage.getItem(this.#key);
    if (kept) this.#details.open = kept === "open";
    this.#pointed();
  }

  disconnectedCallback() {
    this.removeEventListener("toggle", this.#toggled, true);
    removeEventListener("hashchange", this.#pointed);
  }

  get #details() {
    return this.querySelector("details");
  }

  get #key() {
    const name = this.getAttribute("name");
    return name ? `esmero-fold:${name}` : "";
  }

  #toggled = (event) => {
    if (this.#key && event.target === this.#details) {
      sessionStorage.setItem(this.#key, this.#details.open ? "open" : "shut");
    }
  };

  #pointed = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (target && target !== this.#details && this.contains(target)) this.#details.open = true;
  };
}

customElements.define("es-fold", EsFold);
