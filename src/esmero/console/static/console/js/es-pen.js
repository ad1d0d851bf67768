const PEN_RESTS = 60_000;

/**
 * <es-pen data-c="12"> in a thread: says what this window does there ("es-live:show"): looks, or writes for
 * as long as something is typed and a minute after; and shows in #here who else is.
 */
class EsPen extends HTMLElement {
  #timer = 0;
  #doing = "looks";

  connectedCallback() {
    document.addEventListener("input", this.#wrote);
    document.addEventListener("visibilitychange", this.#show);
    // Whoever tells others may be there later than this, or again.
    document.addEventListener("es-live:up", this.#show);
    document.addEventListener("es-live:here", this.#here);
    document.addEventListener("es-arrivals:renewed", this.#here);
    this.#show();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("input", this.#wrote);
    document.removeEventListener("visibilitychange", this.#show);
    document.removeEventListener("es-live:up", this.#show);
    document.removeEventListener("es-live:here", this.#here);
    document.removeEventListener("es-arrivals:renewed", this.#here);
    // Another thread in its place says so itself, a moment later.
    queueMicrotask(() => {
      if (!document.querySelector("es-pen")) this.#tell("", "looks");
    });
  }

  #wrote = (event) => {
    const composer = event.target.closest("#composer");
    if (!composer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#does("looks"), PEN_RESTS);
    const has = [...composer.querySelectorAll("textarea")].some((field) => field.value.trim());
    this.#does(has ? "writes" : "looks");
  };

  #does(doing) {
    if (doing === this.#doing) return;
    this.#doing = doing;
    this.#show();
  }

  #show = () => {
    if (document.hidden && this.#doing === "looks") this.#tell("", "looks");
    else this.#tell(this.dataset.c, this.#doing);
  };

  #tell(conversation, doing) {
    document.dispatchEvent(new CustomEvent("es-live:show", { detail: { conversation, doing } }));
  }

  #here = () => {
    const live = document.querySelector("es-live");
    const place = document.querySelector("#here");
    if (!live?.others || !place || !live.me) return;
    place.replaceChildren(...live.others(this.dataset.c).map(([agent, doing]) => live.mark(agent, doing)));
  };
}

customElements.define("es-pen", EsPen);
