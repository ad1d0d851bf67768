const GATHER = 600;
const AT_MOST_EVERY = 4_000;

/**
 * <es-today> around the day: brings it anew when something happens to what is mine, or to what nobody
 * owns; not while somebody writes or chooses in it. What was open or in the middle of the page stays so.
 * A title that is clicked (`data-clicked`) opens ready to write, as its button does: who came by mouse
 * would take the keys that she then types for text. Opened by key or finger, it opens to be read.
 */
class EsToday extends HTMLElement {
  #timer = 0;
  #last = 0;
  #waits = false;

  connectedCallback() {
    document.addEventListener("es-live:news", this.#news);
    document.addEventListener("es-live:reset", this.#plan);
    document.addEventListener("visibilitychange", this.#visible);
    this.addEventListener("click", this.#clicked);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("es-live:news", this.#news);
    document.removeEventListener("es-live:reset", this.#plan);
    document.removeEventListener("visibilitychange", this.#visible);
  }

  #news = ({ detail }) => {
    const me = document.querySelector("es-live")?.me;
    if (detail.news.some((one) => one.gone || !one.o || one.o === me || one.w === 0 || one.w === me)) this.#plan();
  };

  #plan = () => {
    this.#waits = document.hidden;
    if (document.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), Math.max(GATHER, this.#last + AT_MOST_EVERY - Date.now()));
  };

  #visible = () => {
    if (this.#waits) this.#plan();
  };

  #clicked = (event) => {
    const title = event.target.closest("a[data-clicked]");
    const isMouse = event.detail > 0 && matchMedia("(hover: hover) and (pointer: fine)").matches;
    if (title && isMouse) title.href = title.dataset.clicked;
  };

  get #isBusy() {
    const field = document.activeElement;
    if (this.contains(field) && field.matches("input:not([type=checkbox]), textarea, select")) return true;
    return [...this.querySelectorAll("input[type=checkbox]")].some((box) => box.checked !== box.defaultChecked);
  }

  async #ask() {
    this.#last = Date.now();
    if (this.#isBusy) {
      this.#plan();
      return;
    }
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected || this.#isBusy || !this.isConnected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("es-today");
    if (!fresh) return;
    const scroll = document.querySelector("main").scrollTop;
    const focused = this.contains(document.activeElement) ? document.activeElement.getAttribute("href") : "";
    this.replaceChildren(...fresh.childNodes);
    window.htmx?.process(this);
    document.querySelector("main").scrollTop = scroll;
    if (focused) this.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

customElements.define("es-today", EsToday);
