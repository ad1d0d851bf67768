/**
 * <es-focus><button data-key="f">…</button></es-focus>: the conversation alone, without list and
 * context; the same key brings them back. Kept while the window is open.
 */
class EsFocus extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#pressed);
    this.#set(sessionStorage.getItem("esmero-focus") === "yes");
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#pressed);
  }

  #pressed = () => this.#set(!document.body.hasAttribute("data-focus"));

  #set(isOn) {
    document.body.toggleAttribute("data-focus", isOn);
    sessionStorage.setItem("esmero-focus", isOn ? "yes" : "");
  }
}

customElements.define("es-focus", EsFocus);
