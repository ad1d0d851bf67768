const SHORT = 6;

/**
 * <es-toast data-close="Close"> holds the toasts of a page. It counts down those with data-seconds
 * (undo), lets others go after six seconds, and waits while somebody points at or stands in one.
 * Bad news stays until closed. Others ask for a toast with an event on the document:
 * new CustomEvent("es-toast", { detail: { text, kind?, html? } }), or by the HX-Trigger header.
 */
class EsToast extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    document.addEventListener("es-toast", this.#asked);
    this.addEventListener("click", this.#clicked);
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#adopt();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener("es-toast", this.#asked);
    this.removeEventListener("click", this.#clicked);
  }

  #asked = (event) => {
    const { text = "", kind = "" } = event.detail ?? {};
    if (!text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.setAttribute("role", kind === "bad" ? "alert" : "status");
    if (kind) toast.dataset.kind = kind;
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words);
    this.append(toast);
    this.#adopt();
  };

  #adopt() {
    for (const toast of this.querySelectorAll(".toast:not([data-left])")) {
      const seconds = Number(toast.dataset.seconds) || (toast.dataset.kind === "bad" ? Infinity : SHORT);
      toast.dataset.left = String(seconds);
      if (seconds === Infinity) toast.append(this.#closer());
      this.#count(toast, seconds);
    }
  }

  #closer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn only";
    button.dataset.closeToast = "";
    button.setAttribute("aria-label", this.dataset.close ?? "Close");
    button.textContent = "×";
    return button;
  }

  #tick() {
    for (const toast of this.querySelectorAll(".toast[data-left]")) {
      if (toast.matches(":hover, :focus-within") && !toast.dataset.seconds) continue;
      const left = Number(toast.dataset.left) - 1;
      toast.dataset.left = String(left);
      this.#count(toast, left);
      if (left <= 0) toast.remove();
    }
    this.#adopt();
  }

  #count(toast, left) {
    const place = toast.querySelector("[data-countdown]");
    if (!place || !toast.dataset.seconds) return;
    place.textContent = ` (${Math.max(0, left)} s)`;
    place.setAttribute("aria-hidden", "true");
  }

  #clicked = (event) => {
    if (event.target.closest("[data-close-toast]")) event.target.closest(".toast").remove();
  };
}

customElements.define("es-toast", EsToast);
