import { blockAt, callout, caretIn, changeTable, insert, leaveBox, newTable, nextCell } from "./lib/blocks.js";
import { ask, roaming } from "./lib/asking.js";
import { cleaned, ofPlain } from "./lib/clean.js";
import { asData, fileOf, isPicture, keep } from "./lib/picture.js";

const STATES = ["bold", "italic", "insertUnorderedList", "insertOrderedList"];

/**
 * <es-editor upload="…" uploading="…" failed="…" dropped-one="…" dropped-other="… {count}"> around an editor's
 * parts: a page to write on that fills the field "html". Without a script the field "text" stays.
 * Keys: Ctrl+B, Ctrl+I, Ctrl+K, Tab within tables, Alt+F10 to the toolbar (there: arrows, Escape back).
 */
class EsEditor extends HTMLElement {
  #range = null;
  #roam;

  connectedCallback() {
    const { html, inline } = cleaned(this.field.value);
    this.page.innerHTML = (inline ? `<p>${html}</p>` : html) || "<p><br></p>";
    this.querySelector("[data-shell]").hidden = false;
    this.querySelector("[data-plain]").hidden = true;
    this.form.elements.namedItem("written").value = "html";
    document.execCommand("defaultParagraphSeparator", false, "p");
    document.execCommand("styleWithCSS", false, false);
    this.page.addEventListener("input", this.#wrote);
    this.page.addEventListener("paste", this.#pasted);
    this.page.addEventListener("drop", this.#dropped);
    this.page.addEventListener("dragover", this.#over);
    this.page.addEventListener("keydown", this.#pressed);
    this.bar.addEventListener("click", this.#clicked);
    this.bar.addEventListener("change", this.#chosen);
    this.#roam = roaming(this.bar, () => this.#back());
    this.bar.addEventListener("mousedown", this.#stay);
    this.picker.addEventListener("change", this.#picked);
    document.addEventListener("selectionchange", this.#shown);
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.#shown);
    this.#roam?.();
  }

  get page() { return this.querySelector("[data-page]"); }
  get bar() { return this.querySelector("[role=toolbar]"); }
  get field() { return this.querySelector("textarea[name=html]"); }
  get picker() { return this.querySelector("[data-file]"); }
  get said() { return this.querySelector("[data-said]"); }
  get form() { return this.closest("form"); }

  #wrote = () => {
    if (!this.page.firstElementChild) (this.page.append(document.createElement("p")), caretIn(this.page.firstElementChild));
    this.field.value = this.page.innerHTML;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  #pasted = (event) => {
    const data = event.clipboardData;
    const html = data.getData("text/html");
    const files = [...data.files].filter(isPicture);
    event.preventDefault();
    if (html && !(files.length && /^\s*<[^>]*>?\s*<img[^>]*>\s*$/i.test(html))) this.#put(html);
    else if (files.length) this.#take(files);
    else insert(ofPlain(data.getData("text/plain")));
  };

  async #put(html) {
    const found = cleaned(html);
    insert(found.html);
    if (found.left) this.said.textContent = this.getAttribute(found.left === 1 ? "dropped-one" : "dropped-other").replace("{count}", found.left);
    const waiting = [...this.page.querySelectorAll("img[data-file]")];
    const files = await Promise.all(found.files.map((data, number) => fileOf(data, `imagen-${number + 1}`)));
    for (const image of waiting) {
      const file = files[Number(image.dataset.file)];
      image.remove();
      if (file) await this.#take([file]);
    }
    this.#wrote();
  }

  #over = (event) => {
    if ([...event.dataTransfer.items].some((item) => item.kind === "file")) event.preventDefault();
  };

  #dropped = (event) => {
    const files = [...event.dataTransfer.files].filter(isPicture);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    if (range) (getSelection().removeAllRanges(), getSelection().addRange(range));
    this.#take(files);
  };

  #picked = () => {
    this.#take([...this.picker.files].filter(isPicture));
    this.picker.value = "";
  };

  /** Ask what each shows, keep it, put it where the caret was. */
  async #take(files) {
    for (const file of files) {
      this.#hold();
      const alt = await ask(this.querySelector("[data-ask=picture]"), "", await asData(file));
      if (alt === null) continue;
      this.said.textContent = this.getAttribute("uploading");
      try {
        const token = this.form.elements.namedItem("csrfmiddlewaretoken").value;
        const kept = await keep(file, { url: this.getAttribute("upload"), alt, token, failed: this.getAttribute("failed") });
        this.#back();
        const image = document.createElement("img");
        image.setAttribute("src", kept.src);
        image.alt = alt;
        if (kept.width) (image.setAttribute("width", kept.width), image.setAttribute("height", kept.height));
        insert(image.outerHTML);
        this.said.textContent = "";
      } catch (error) {
        this.said.textContent = error.message || this.getAttribute("failed");
      }
    }
  }

  #hold() {
    const selection = getSelection();
    if (selection.rangeCount && this.page.contains(selection.anchorNode)) this.#range = selection.getRangeAt(0).cloneRange();
  }

  #back() {
    this.page.focus();
    if (!this.#range) return;
    getSelection().removeAllRanges();
    getSelection().addRange(this.#range);
    this.#range = null;
  }

  async #link() {
    const link = blockAt(this.page, "a");
    if (link) getSelection().selectAllChildren(link);
    this.#hold();
    const words = getSelection().toString();
    const given = await ask(this.querySelector("[data-ask=link]"), link?.getAttribute("href") ?? "");
    this.#back();
    if (given === null) return;
    if (!given) return void document.execCommand("unlink");
    const href = /^(https?:|mailto:|tel:|\/)/i.test(given) ? given : given.includes("@") ? `mailto:${given}` : `https://${given}`;
    if (words) document.execCommand("createLink", false, href);
    else {
      const made = document.createElement("a");
      made.setAttribute("href", href);
      made.textContent = given;
      insert(made.outerHTML);
    }
  }

  #stay = (event) => {
    if (event.target.closest("button")) event.preventDefault();
  };

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { do: command, act } = button.dataset;
    this.page.focus();
    if (command) document.execCommand(command);
    else if (act === "link") this.#link();
    else if (act === "picture") (this.#hold(), this.picker.click());
    else if (act === "table") newTable(this.page, ["", ""].map(() => "<br>"));
    else changeTable(this.page, act);
    this.#wrote();
    this.#shown();
  };

  #chosen = (event) => {
    const select = event.target;
    this.#back();
    this.page.focus();
    if ("block" in select.dataset) document.execCommand("formatBlock", false, `<${select.value}>`);
    else if (select.value) (callout(this.page, select.value), (select.value = ""));
    this.#wrote();
  };

  #pressed = (event) => {
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && event.key.toLowerCase() === "k") (event.preventDefault(), event.stopPropagation(), this.#link());
    else if (isMod && event.key === "Enter") (event.preventDefault(), this.form.requestSubmit());
    else if (event.altKey && event.key === "F10") (event.preventDefault(), this.#hold(), this.bar.querySelector("button, select").focus());
    else if (event.key === "Tab" && !isMod && nextCell(this.page, event.shiftKey)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && leaveBox(this.page)) (event.preventDefault(), this.#wrote());
  };

  #shown = () => {
    if (!this.page.contains(getSelection()?.anchorNode)) return;
    this.#hold();
    for (const name of STATES) this.bar.querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", document.queryCommandState(name));
    this.bar.querySelector("[data-block]").value = blockAt(this.page, "h2, h3")?.localName ?? "p";
    const cells = this.bar.querySelector("[data-cells]");
    cells.hidden = !blockAt(this.page, "td, th");
  };
}

customElements.define("es-editor", EsEditor);
