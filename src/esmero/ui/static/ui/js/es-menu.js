/**
 * <es-menu><details><summary>…</summary><div class="menu-list">…</div></details></es-menu>
 * Makes the disclosure behave like a menu: Escape and a click elsewhere close it, arrows move
 * inside it, one is open at a time, and it opens to where there is room.
 */
class EsMenu extends HTMLElement {
  #isFixed = false;

  connectedCallback() {
    this.#isFixed = this.hasAttribute("data-up") || this.hasAttribute("data-me");
    this.addEventListener("keydown", this.#key);
    this.addEventListener("toggle", this.#toggled, true);
    this.addEventListener("click", this.#chosen);
    document.addEventListener("pointerdown", this.#elsewhere);
    document.addEventListener("focusin", this.#elsewhere);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this.#key);
    this.removeEventListener("toggle", this.#toggled, true);
    this.removeEventListener("click", this.#chosen);
    document.removeEventListener("pointerdown", this.#elsewhere);
    document.removeEventListener("focusin", this.#elsewhere);
  }

  get #details() {
    return this.querySelector("details");
  }

  get #entries() {
    return [...this.querySelectorAll(".menu-list :is(a[href], button:not(:disabled))")];
  }

  #close(focus) {
    const details = this.#details;
    if (!details?.open) return;
    details.open = false;
    if (focus) this.querySelector("summary")?.focus();
  }

  #elsewhere = (event) => {
    if (!this.contains(event.target)) this.#close(false);
  };

  #chosen = (event) => {
    if (event.target.closest(".menu-list :is(a, button)")) this.#close(false);
  };

  #toggled = () => {
    if (!this.#details?.open || this.#isFixed) return;
    const list = this.querySelector(".menu-list");
    const box = this.getBoundingClientRect();
    const needed = list.offsetHeight + 12;
    this.toggleAttribute("data-up", innerHeight - box.bottom < needed && box.top > needed);
    if (box.right - list.offsetWidth < 4) this.dataset.side = "start";
    else if (box.left + list.offsetWidth > innerWidth - 4) this.dataset.side = "end";
  };

  #key = (event) => {
    if (event.key === "Escape") {
      if (this.#details?.open) event.stopPropagation();
      this.#close(true);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" }[event.key];
    if (step === undefined) return;
    const entries = this.#entries;
    const open = this.#details?.open;
    if (!open && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (!open) this.#details.open = true;
    const at = entries.indexOf(document.activeElement);
    const count = entries.length;
    const next = step === "first" ? 0 : step === "last" ? count - 1 : (at + step + count) % count;
    entries[at === -1 && step === -1 ? count - 1 : next]?.focus();
  };
}

customElements.define("es-menu", EsMenu);
