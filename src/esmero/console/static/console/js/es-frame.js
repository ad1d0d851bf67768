/**
 * <es-frame data-src="…"> inside a <details>: when that opens, shows a mail's HTML in a sandboxed
 * frame that can run nothing, as high as the mail is. [data-images] asks for its remote images;
 * it shows only when there are some.
 */
class EsFrame extends HTMLElement {
  #watcher = null;

  connectedCallback() {
    this.closest("details")?.addEventListener("toggle", this.#opened);
    this.querySelector("[data-images]")?.addEventListener("click", this.#images);
  }

  disconnectedCallback() {
    this.#watcher?.disconnect();
    this.closest("details")?.removeEventListener("toggle", this.#opened);
    this.querySelector("[data-images]")?.removeEventListener("click", this.#images);
  }

  get #frame() {
    return this.querySelector("iframe");
  }

  #opened = (event) => {
    if (event.target.open && !this.#frame) this.#load(this.dataset.src);
  };

  #load(src) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.title = this.closest("details")?.querySelector("summary")?.textContent.trim() ?? "";
    frame.addEventListener("load", () => this.#loaded(frame));
    frame.src = src;
    this.#frame?.remove();
    this.prepend(frame);
  }

  #loaded(frame) {
    const page = frame.contentDocument;
    if (!page?.body) return;
    const fit = () => frame.setAttribute("height", String(Math.min(4000, page.documentElement.scrollHeight)));
    this.#watcher?.disconnect();
    this.#watcher = new ResizeObserver(fit);
    this.#watcher.observe(page.body);
    fit();
    const button = this.querySelector("[data-images]");
    if (button) button.hidden = !Number(page.body.dataset.blocked);
  }

  #images = () => this.#load(`${this.dataset.src}?imagenes=1`);
}

customElements.define("es-frame", EsFrame);
