/**
 * <es-likely data-url="…"> around the contact form offers the answers that may fit what is being
 * written, below the text and only when they may be an answer. They open in a new tab; what was
 * offered goes along with the form, so that the shop learns which answers did not do.
 */
const WAIT = 700;
const WORDS = 3;
const SHOWN = 3;
const LONGEST = 300;

class EsLikely extends HTMLElement {
  #timer = 0;
  #asking = null;
  #said = "";
  #ids = new Set();

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    if (this.#words().length) this.#typed();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#typed);
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #words() {
    const value = (name) => this.querySelector(`[name=${name}]`)?.value.trim() ?? "";
    const [subject, text] = [value("subject"), value("text")];
    return (text.startsWith(subject) ? text : `${subject} ${text}`).trim().slice(0, LONGEST);
  }

  #typed = (event) => {
    if (event && !["subject", "text"].includes(event.target.name)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), WAIT);
  };

  async #ask() {
    const words = this.#words();
    if (words === this.#said) return;
    this.#said = words;
    if (words.split(/\s+/).length < WORDS) return this.#show([]);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await fetch(`${this.dataset.url}?cabe=1&q=${encodeURIComponent(words)}`, {
        signal: asking.signal,
      });
      if (answer.ok) this.#show((await answer.json()).items.slice(0, SHOWN));
    } catch {
      // The form works without it.
    }
  }

  #field() {
    let field = this.querySelector("[name=ofrecidos]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "ofrecidos";
      this.querySelector("form").append(field);
    }
    return field;
  }

  #show(items) {
    const box = this.querySelector("[data-likely]");
    const list = this.querySelector("[data-likely-list]");
    list.replaceChildren(
      ...items.map((item) => {
        const link = document.createElement("a");
        link.href = item.url;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = item.title;
        const hint = document.createElement("span");
        hint.className = "vh";
        hint.textContent = ` (${list.dataset.newWindow})`;
        link.append(hint);
        const line = document.createElement("li");
        line.append(link);
        return line;
      }),
    );
    box.hidden = items.length === 0;
    for (const item of items) this.#ids.add(item.id);
    if (this.#ids.size) this.#field().value = [...this.#ids].slice(0, 10).join(",");
  }
}

customElements.define("es-likely", EsLikely);
