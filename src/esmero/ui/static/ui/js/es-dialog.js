/**
 * <es-dialog><dialog id="x">…</dialog></es-dialog>
 * A link or button `data-dialog="x"` opens it, `[data-dismiss]`, Escape and the scrim close it; with
 * `data-show` it opens at once (a form that came back with errors). Sends "es-dialog:closed".
 */
class EsDialog extends HTMLElement {
  connectedCallback() {
    document.addEventListener("click", this.#opener);
    this.addEventListener("click", this.#inside);
    this.addEventListener("close", this.#closed, true);
    this.addEventListener("htmx:afterSwap", this.#arrived);
    this.#arrived();
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#opener);
    this.removeEventListener("click", this.#inside);
    this.removeEventListener("close", this.#closed, true);
    this.removeEventListener("htmx:afterSwap", this.#arrived);
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  show() {
    const dialog = this.#dialog;
    if (dialog && !dialog.open) dialog.showModal();
  }

  close() {
    this.#dialog?.close();
  }

  #arrived = () => {
    if (this.#dialog?.hasAttribute("data-show")) this.show();
  };

  #opener = (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (!opener || opener.dataset.dialog !== this.#dialog?.id) return;
    event.preventDefault();
    this.show();
  };

  #inside = (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    const scrim = event.target === this.#dialog && !this.#holds(event);
    if (!dismiss && !scrim) return;
    event.preventDefault();
    this.close();
  };

  #holds({ clientX, clientY }) {
    const box = this.#dialog.getBoundingClientRect();
    return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  }

  #closed = () => {
    this.dispatchEvent(new CustomEvent("es-dialog:closed", { bubbles: true }));
  };
}

customElements.define("es-dialog", EsDialog);
