/**
 * <es-list data-list="ADDRESS"> around the rows of a list: keeps its place while one goes through
 * conversations and pages, and marks the row that is open. The rows are [data-item] with ids.
 */
class EsList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("click", this.#opened);
    addEventListener("popstate", this.#marked);
    const kept = Number(sessionStorage.getItem(this.#key));
    if (kept) this.scrollTop = kept;
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  disconnectedCallback() {
    this.removeEventListener("scroll", this.#scrolled);
    this.removeEventListener("click", this.#opened);
    removeEventListener("popstate", this.#marked);
  }

  get #key() {
    return `esmero-list:${this.dataset.list}`;
  }

  #scrolled = () => sessionStorage.setItem(this.#key, String(this.scrollTop));

  #opened = (event) => {
    const row = event.target.closest("[data-item]");
    if (row && !event.ctrlKey && !event.metaKey) this.#mark(row);
  };

  #marked = () => {
    const id = /\/conversaciones\/(\d+)\//.exec(location.pathname)?.[1];
    this.#mark(id ? this.querySelector(`#c-${id}`) : null);
  };

  #mark(row) {
    for (const other of this.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
  }
}

customElements.define("es-list", EsList);
