/**
 * <es-suggest data-url="…"><form><input type="search" name="q">…</form></es-suggest> offers the few
 * best answers while somebody types. It asks after a pause, drops what came too late, and never takes
 * Enter away from the form. Arrow keys walk the list, Escape shuts it.
 */
const PAUSE = 180;
const LETTERS = 3;

class EsSuggest extends HTMLElement {
  #timer = 0;
  #asking = null;
  #said = "";

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#pressed);
    this.addEventListener("focusout", this.#left);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#typed);
    this.removeEventListener("keydown", this.#pressed);
    this.removeEventListener("focusout", this.#left);
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#shut();
  }

  get #input() {
    return this.querySelector("input[type=search]");
  }

  #typed = () => {
    clearTimeout(this.#timer);
    const words = this.#input.value.trim();
    if (words.length < LETTERS) {
      this.#asking?.abort();
      this.#said = "";
      this.#shut();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(words), PAUSE);
  };

  async #ask(words) {
    if (words === this.#said) return;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(words)}`, {
        signal: asking.signal,
      });
      if (!answer.ok) return;
      const { items } = await answer.json();
      this.#said = words;
      if (this.contains(document.activeElement)) this.#show(items);
    } catch (error) {
      // Not there, or no longer wanted: the form searches without it.
      if (error.name !== "AbortError") this.#shut();
    }
  }

  #show(items) {
    this.#shut();
    this.#tell(items.length);
    if (!items.length) return;
    const list = document.createElement("ul");
    list.className = "offered";
    list.setAttribute("aria-label", this.dataset.label);
    for (const item of items) {
      const link = document.createElement("a");
      link.href = item.url;
      const title = document.createElement("b");
      title.textContent = item.title;
      link.append(title);
      const more = [item.kind, item.passage].filter(Boolean).join(". ");
      if (more) {
        const small = document.createElement("small");
        small.textContent = more;
        link.append(small);
      }
      const line = document.createElement("li");
      line.append(link);
      list.append(line);
    }
    this.append(list);
  }

  #tell(count) {
    let status = this.querySelector("[role=status]");
    if (!status) {
      status = document.createElement("span");
      status.className = "vh";
      status.setAttribute("role", "status");
      this.append(status);
    }
    const { none, one, many } = this.dataset;
    status.textContent = count === 0 ? none : (count === 1 ? one : many).replace("{}", count);
  }

  #shut() {
    this.querySelector(".offered")?.remove();
  }

  #pressed = (event) => {
    const links = [...this.querySelectorAll(".offered a")];
    if (event.key === "Escape" && links.length) {
      event.preventDefault();
      this.#shut();
      this.#said = "";
      this.#input.focus();
      return;
    }
    if (!links.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const place = links.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? place + 1 : place - 1;
    (links[next] ?? (next < 0 ? this.#input : links.at(-1))).focus();
  };

  #left = (event) => {
    if (!this.contains(event.relatedTarget)) {
      this.#said = "";
      this.#shut();
    }
  };
}

customElements.define("es-suggest", EsSuggest);
