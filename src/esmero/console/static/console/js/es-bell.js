import { renew } from "./lib/push.js";

/**
 * <es-bell data-url="…"> shows what one is told as toasts while the window is in sight: it asks for what is
 * newer than the last event it knows of when the bell has rung ("es-live:bell"). Registers the service
 * worker, and says this browser's push again after signing in anew.
 */
class EsBell extends HTMLElement {
  #since = 0;

  connectedCallback() {
    this.#since = parseInt(document.querySelector("es-live")?.dataset.at ?? "", 10) || 0;
    document.addEventListener("es-live:bell", this.#rung);
    this.#register();
  }

  disconnectedCallback() {
    document.removeEventListener("es-live:bell", this.#rung);
  }

  async #register() {
    if (!("serviceWorker" in navigator)) return;
    try {
      const registration = await navigator.serviceWorker.register(this.dataset.worker, { scope: "/c/" });
      await renew(this.dataset.browser, registration);
    } catch {
      // Without it there is no push here; everything else works.
    }
  }

  #rung = ({ detail }) => {
    if (detail.count && !document.hidden) this.#ask();
  };

  async #ask() {
    try {
      const answer = await fetch(`${this.dataset.url}?desde=${this.#since}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const newest = Number(found.querySelector("[data-newest]")?.dataset.newest) || 0;
      if (newest <= this.#since) return;
      this.#since = newest;
      const place = document.querySelector("es-toast");
      for (const toast of found.querySelectorAll(".toast")) place?.append(document.adoptNode(toast));
    } catch {
      // The list has it; the next time the bell rings it is asked for again.
    }
  }
}

customElements.define("es-bell", EsBell);
