/**
 * <es-pick> around the rows of a list and the bar below them. `x` ("es-keys:select" of a row) chooses it,
 * Shift+x and Shift+click all rows up to the last one chosen, Escape none. The bar shows as soon as
 * something is chosen and counts it, also when rows come and go by themselves; "all" takes the list as a
 * whole.
 */
class EsPick extends HTMLElement {
  #last = null;

  connectedCallback() {
    this.addEventListener("change", this.#changed);
    this.addEventListener("click", this.#clicked);
    this.addEventListener("es-keys:select", this.#selected);
    this.addEventListener("es-news:renewed", this.#renewed);
    document.addEventListener("keydown", this.#key);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#changed);
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("es-keys:select", this.#selected);
    this.removeEventListener("es-news:renewed", this.#renewed);
    document.removeEventListener("keydown", this.#key);
  }

  get #boxes() {
    return [...this.querySelectorAll(".pick > input")];
  }

  get #all() {
    return this.querySelector('input[name="all"]');
  }

  #changed = (event) => {
    if (event.target === this.#all || event.target.matches(".pick > input")) this.#show();
  };

  #clicked = (event) => {
    if (event.target.closest("[data-unpick]")) {
      this.#none();
      return;
    }
    const box = event.target.closest(".pick > input");
    if (!box) return;
    if (event.shiftKey && this.#last) this.#upTo(box, box.checked);
    this.#last = box;
    this.#show();
  };

  #key = (event) => {
    const off = event.target.closest?.("es-keys")?.dataset.off === "yes";
    const typing = event.target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox])");
    if (event.defaultPrevented || event.repeat || off || typing || document.querySelector("dialog:modal")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.#boxes.some((box) => box.checked)) this.#none();
    if (event.key.toLowerCase() !== "x" || !event.shiftKey) return;
    const row = this.#row();
    if (!row) return;
    event.preventDefault();
    this.#choose(row, true);
  };

  #selected = (event) => {
    const row = event.target.closest(".pick-row");
    if (row) this.#choose(row, false);
  };

  #renewed = () => this.#show();

  #choose(row, upTo) {
    const box = row.querySelector(".pick > input");
    box.checked = !box.checked;
    if (upTo && this.#last) this.#upTo(box, box.checked);
    this.#last = box;
    this.#show();
  }

  #row() {
    const here = document.activeElement?.closest?.(".pick-row");
    return here ?? this.querySelector(".pick-row:has([aria-current])") ?? this.querySelector(".pick-row");
  }

  #upTo(box, checked) {
    const boxes = this.#boxes;
    const [from, to] = [boxes.indexOf(this.#last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (from < 0) return;
    for (const one of boxes.slice(from, to + 1)) one.checked = checked;
  }

  #none() {
    for (const box of this.#boxes) box.checked = false;
    if (this.#all) this.#all.checked = false;
    this.#show();
  }

  #show() {
    const bar = this.querySelector(".bulk-bar");
    if (!bar) return;
    const count = this.#boxes.filter((box) => box.checked).length;
    const all = Boolean(this.#all?.checked);
    bar.hidden = !count && !all;
    this.classList.toggle("picking", !bar.hidden);
    const words = bar.querySelector("[data-count]");
    if (words) words.textContent = all ? words.dataset.all : (count === 1 ? words.dataset.one : words.dataset.other).replace("{}", count);
  }
}

customElements.define("es-pick", EsPick);
