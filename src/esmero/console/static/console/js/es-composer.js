/**
 * <es-composer data-mode="reply"> around the forms of a thread, each in a [data-form]: the tabs
 * [data-tab] change between them without a request, Ctrl+Enter presses the [data-send] of the one
 * that is written in. What was sent leaves no cursor behind: the next key is a shortcut again. Sends
 * "es-composer:mode" {mode}.
 */
class EsComposer extends HTMLElement {
  // The page that #composer brought the cursor to: once, not again when an answer replaces the form.
  static #arrived = "";

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("input", this.#readdressed);
    document.addEventListener("htmx:beforeSwap", this.#answered);
    this.#show(this.dataset.mode || "reply");
    if (location.hash === "#composer" && EsComposer.#arrived !== location.href) this.#write();
    EsComposer.#arrived = location.href;
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#key);
    this.removeEventListener("input", this.#readdressed);
    document.removeEventListener("htmx:beforeSwap", this.#answered);
  }

  #clicked = (event) => {
    const tab = event.target.closest("[data-tab]");
    if (!tab || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#show(tab.dataset.tab);
    this.#write();
    this.dispatchEvent(new CustomEvent("es-composer:mode", { bubbles: true, detail: { mode: tab.dataset.tab } }));
  };

  /** The line above the text says whom it goes to, also after these were changed. */
  #readdressed = ({ target }) => {
    const line = this.querySelector(`[data-said="${target.name}"]`);
    if (!line) return;
    line.lastElementChild.textContent = target.value.trim() || "–";
    line.hidden = !target.value.trim() && target.name !== "to";
  };

  #key = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const send = event.target.closest("form")?.querySelector("[data-send]");
    if (!send || send.disabled) return;
    event.preventDefault();
    send.form.requestSubmit(send);
  };

  /** htmx would put the focus back into the field of the same name, which is empty now. */
  #answered = ({ detail }) => {
    if (detail.xhr.status < 400 && detail.requestConfig.elt.matches("form") && this.contains(detail.requestConfig.elt)) {
      document.activeElement?.blur();
    }
  };

  #show(mode) {
    this.dataset.mode = mode;
    for (const part of this.querySelectorAll("[data-form]")) {
      part.hidden = part.dataset.form !== mode;
    }
    // Both keys lead to their own form, also from the other one.
    for (const tab of this.querySelectorAll("[data-tab]")) {
      tab.dataset.key = tab.dataset.tab === "note" ? "n" : "r";
    }
  }

  #write() {
    const field = this.querySelector(`[data-form="${this.dataset.mode}"] textarea`);
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }
}

customElements.define("es-composer", EsComposer);
