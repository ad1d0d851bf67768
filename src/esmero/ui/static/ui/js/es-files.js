import { addFiles, sizeWords } from "./lib/files.js";

/**
 * <es-files data-max-bytes data-max-count data-big="…{name}…{limit}…" data-many="…{limit}…"
 * data-remove="…{name}…"> around an <input type="file" multiple>, a [data-list] and a [data-why].
 * Files are chosen, dropped or pasted; each can be taken out again. The input itself carries
 * them, so the form is sent as without a script. Sends "es-files:changed".
 */
class EsFiles extends HTMLElement {
  #held = [];

  connectedCallback() {
    this.addEventListener("change", this.#chosen);
    this.#scope.addEventListener("dragover", this.#over);
    this.#scope.addEventListener("dragleave", this.#left);
    this.#scope.addEventListener("drop", this.#dropped);
    this.addEventListener("click", this.#removed);
    this.#scope.addEventListener("paste", this.#pasted);
    this.toggleAttribute("data-ready", true);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#chosen);
    this.#scope.removeEventListener("dragover", this.#over);
    this.#scope.removeEventListener("dragleave", this.#left);
    this.#scope.removeEventListener("drop", this.#dropped);
    this.removeEventListener("click", this.#removed);
    this.#scope.removeEventListener("paste", this.#pasted);
  }

  /** Dropping and pasting count in the whole form: one does it where one writes. */
  get #scope() {
    return this.closest("form") ?? this;
  }

  get #input() {
    return this.querySelector("input[type=file]");
  }

  #chosen = (event) => {
    if (event.target === this.#input) this.#add([...this.#input.files]);
  };

  #over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("data-over", true);
  };

  #left = () => this.toggleAttribute("data-over", false);

  #dropped = (event) => {
    this.#left();
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.#add([...event.dataTransfer.files]);
  };

  #pasted = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#add(files);
  };

  #removed = (event) => {
    const button = event.target.closest("button[data-index]");
    if (!button) return;
    this.#held = this.#held.filter((_file, index) => index !== Number(button.dataset.index));
    this.#show([]);
    this.#input.focus();
  };

  #add(fresh) {
    const maxBytes = Number(this.dataset.maxBytes) || Infinity;
    const maxCount = Number(this.dataset.maxCount) || Infinity;
    const { files, tooBig, tooMany } = addFiles(this.#held, fresh, { maxBytes, maxCount });
    this.#held = files;
    const whys = tooBig.map((file) => this.#words("big", file.name, sizeWords(maxBytes, this.#language)));
    if (tooMany.length) whys.push(this.#words("many", "", String(maxCount)));
    this.#show(whys);
  }

  #show(whys) {
    const carrier = new DataTransfer();
    for (const file of this.#held) carrier.items.add(file);
    this.#input.files = carrier.files;
    this.querySelector("[data-list]")?.replaceChildren(...this.#held.map((file, i) => this.#entry(file, i)));
    const why = this.querySelector("[data-why]");
    if (why) why.textContent = whys.join(" ");
    this.dispatchEvent(new CustomEvent("es-files:changed", { bubbles: true, detail: { count: this.#held.length } }));
  }

  #entry(file, index) {
    const entry = document.createElement("span");
    entry.className = "file";
    const name = document.createElement("span");
    name.textContent = file.name;
    const size = document.createElement("small");
    size.textContent = sizeWords(file.size, this.#language);
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.index = String(index);
    button.textContent = "×";
    button.setAttribute("aria-label", this.#words("remove", file.name, ""));
    entry.append(name, size, button);
    return entry;
  }

  get #language() {
    return this.closest("[lang]")?.lang || "en";
  }

  #words(which, name, limit) {
    return (this.dataset[which] ?? "").replace("{name}", name).replace("{limit}", limit);
  }
}

customElements.define("es-files", EsFiles);
