/** <es-progress hidden><progress max="1"></progress> <small data-words></small></es-progress>: how far the files of the request around it are up. */
class EsProgress extends HTMLElement {
  #request = null;

  connectedCallback() {
    this.#request = this.parentElement;
    this.#request?.addEventListener("htmx:xhr:progress", this.#moved);
    this.#request?.addEventListener("htmx:xhr:loadend", this.#ended);
  }

  disconnectedCallback() {
    this.#request?.removeEventListener("htmx:xhr:progress", this.#moved);
    this.#request?.removeEventListener("htmx:xhr:loadend", this.#ended);
  }

  #moved = ({ detail }) => {
    if (!detail.lengthComputable || !detail.total) return;
    this.hidden = false;
    this.querySelector("progress").value = detail.loaded / detail.total;
    this.querySelector("[data-words]").textContent = `${Math.round((100 * detail.loaded) / detail.total)} %`;
  };

  #ended = () => {
    this.hidden = true;
  };
}

customElements.define("es-progress", EsProgress);
