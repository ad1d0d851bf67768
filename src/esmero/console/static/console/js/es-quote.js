/**
 * <es-quote> around the fields "quotes" and "quoted" of a reply: words of the customer's that are marked in the
 * thread when one begins to reply ("es-composer:mode") are the part that is quoted.
 */
class EsQuote extends HTMLElement {
  #marked = "";

  connectedCallback() {
    document.addEventListener("selectionchange", this.#selected);
    document.addEventListener("pointerdown", this.#forgotten);
    document.addEventListener("es-composer:mode", this.#began);
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.#selected);
    document.removeEventListener("pointerdown", this.#forgotten);
    document.removeEventListener("es-composer:mode", this.#began);
  }

  #selected = () => {
    const chosen = document.getSelection();
    const inside = chosen?.anchorNode?.parentElement?.closest('.msg[data-kind="theirs"] .msg-text');
    if (inside && !chosen.isCollapsed) this.#marked = chosen.toString().trim();
  };

  #forgotten = (event) => {
    if (event.target.closest?.(".msg")) this.#marked = "";
  };

  #began = (event) => {
    if (event.detail.mode !== "reply" || !this.#marked) return;
    const quoted = this.querySelector("[name=quoted]");
    quoted.value = this.#marked;
    this.querySelector("[name=quotes]").value = "part";
    this.querySelector("details").open = true;
    this.#marked = "";
    quoted.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

customElements.define("es-quote", EsQuote);
