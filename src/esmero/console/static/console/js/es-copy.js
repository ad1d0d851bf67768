/**
 * <es-copy data-done="Copied"><input readonly><button data-copy><span>…</span></button><span role="status"></span></es-copy>:
 * the button copies what the field holds and says so. Where the clipboard is closed to pages (no
 * https) the field is selected, so that Ctrl+C takes it.
 */
class EsCopy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#copy);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#copy);
  }

  #copy = async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = this.querySelector("input");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      if (!document.execCommand("copy")) return;
    }
    button.querySelector("span").textContent = this.dataset.done;
    const told = this.querySelector("[role=status]");
    if (told) told.textContent = this.dataset.done;
  };
}

customElements.define("es-copy", EsCopy);
