/**
 * <es-busy> around a form that takes long: once it is sent, shows [data-busy] and takes no second press.
 */
class EsBusy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#sent);
    addEventListener("pageshow", this.#back);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#sent);
    removeEventListener("pageshow", this.#back);
  }

  #sent = (event) => {
    if (this.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.submitter?.formNoValidate) return;
    this.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    this.#message(true);
  };

  // Back from the next page: the browser may show this one as it was left.
  #back = (event) => {
    if (!event.persisted) return;
    delete this.dataset.sent;
    this.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    this.#message(false);
  };

  #message(shown) {
    const place = this.querySelector("[data-busy]");
    if (place) place.hidden = !shown;
  }
}

customElements.define("es-busy", EsBusy);
