import { fieldsOf, pauseBefore, same, Shelf } from "./lib/drafts.js";

const PAUSE = 800;

/**
 * <es-autosave url="…" saving="…" saved="… {time}" failed="…" restored="…"> around a form. At each pause
 * the form's fields go to `url` by POST; the words show in [data-saved]. While the server does
 * not have them they are kept on this device, tried again, and leaving the page asks first.
 * The server answers 2xx, with {"fields": {"version": "7"}} where hidden fields change by saving, or
 * 409 when somebody else wrote meanwhile, which stops saving.
 * Sends "es-autosave:saved" {at}, "es-autosave:failed" {status}, "es-autosave:conflict".
 */
class EsAutosave extends HTMLElement {
  #timer = 0;
  #tries = 0;
  #known = {};
  #shelf = null;
  #stopped = false;
  #flight = null;

  connectedCallback() {
    if (!this.#form) return;
    this.#shelf = new Shelf(localStorage, this.getAttribute("url"));
    this.#known = this.#fields();
    this.#restore();
    this.addEventListener("input", this.#changed);
    this.addEventListener("change", this.#changed);
    this.addEventListener("submit", this.#sent);
    this.addEventListener("htmx:beforeRequest", this.#sent);
    this.addEventListener("htmx:afterRequest", this.#returned);
    addEventListener("beforeunload", this.#leaving);
    addEventListener("online", this.#again);
    document.addEventListener("visibilitychange", this.#hidden);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.removeEventListener("input", this.#changed);
    this.removeEventListener("change", this.#changed);
    this.removeEventListener("submit", this.#sent);
    this.removeEventListener("htmx:beforeRequest", this.#sent);
    this.removeEventListener("htmx:afterRequest", this.#returned);
    removeEventListener("beforeunload", this.#leaving);
    removeEventListener("online", this.#again);
    document.removeEventListener("visibilitychange", this.#hidden);
  }

  get #form() {
    return this.querySelector("form") ?? this.closest("form");
  }

  get dirty() {
    return !this.#stopped && !same(this.#fields(), this.#known);
  }

  /** What somebody writes and chooses: hidden fields change by themselves, and passwords are not kept. */
  #fields() {
    const others = [...this.#form.querySelectorAll("input:is([type=password], [type=hidden])")].map((field) => field.name);
    return fieldsOf(new FormData(this.#form), others);
  }

  #changed = () => {
    if (!this.dirty) return;
    this.#shelf.put(this.#fields(), Date.now());
    this.#plan(PAUSE);
  };

  #plan(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), pause);
  }

  async #save({ leaving = false } = {}) {
    if (!this.dirty || (this.#flight && !leaving)) return;
    const fields = this.#fields();
    const body = new FormData(this.#form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    this.#flight = new AbortController();
    this.#say("saving");
    try {
      // Whoever is signed out is led to the door: followed, that page would look like a success.
      const answer = await fetch(this.getAttribute("url"), {
        method: "POST", body, keepalive: leaving, redirect: "manual", signal: this.#flight.signal, headers: { "X-Autosave": "1" },
      });
      await this.#answered(answer, fields);
    } catch (error) {
      if (error.name !== "AbortError") this.#failed(0);
    } finally {
      this.#flight = null;
    }
  }

  async #answered(answer, fields) {
    if (answer.status === 409) {
      this.#stopped = true;
      this.#say("conflict");
      this.#tell("conflict", {});
    } else if (!answer.ok) {
      this.#failed(answer.status);
    } else {
      await this.#adopt(answer);
      this.#known = fields;
      this.#tries = 0;
      if (!this.dirty) this.#shelf.clear();
      else this.#plan(PAUSE);
      const time = new Intl.DateTimeFormat(this.#language, { timeStyle: "medium" }).format(new Date());
      this.#say("saved", { time });
      this.#tell("saved", { at: Date.now() });
    }
  }

  async #adopt(answer) {
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return;
    const { fields = {} } = await answer.json();
    for (const [name, value] of Object.entries(fields)) {
      const field = this.#form.elements.namedItem(name);
      if (field?.type === "hidden") field.value = value;
    }
  }

  #failed(status) {
    this.#tries += 1;
    this.#say("failed");
    this.#tell("failed", { status });
    this.#plan(pauseBefore(this.#tries));
  }

  #restore() {
    const kept = this.#shelf.take(Date.now());
    if (!kept || same(kept.fields, this.#known)) return;
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = this.#form.elements.namedItem(name);
      if (field && "value" in field && field.type !== "hidden" && typeof value === "string") field.value = value;
    }
    this.#say("restored");
    this.#plan(PAUSE);
  }

  /** htmx takes a submit and sends it when nothing else is on its way, or never: it says when. */
  #sent = (event) => {
    if (event.type === "submit" ? event.defaultPrevented : event.detail.elt !== this.#form) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#shelf.clear();
  };

  /** The form did not get through: its text is unsaved again. */
  #returned = (event) => {
    if (event.detail.successful || event.detail.requestConfig?.elt !== this.#form) return;
    this.#stopped = false;
    this.#changed();
  };

  #leaving = (event) => {
    if (this.dirty) event.preventDefault();
  };

  #again = () => this.#plan(0);

  #hidden = () => {
    if (document.hidden && this.dirty) this.#save({ leaving: true });
  };

  get #language() {
    return this.closest("[lang]")?.lang || "en";
  }

  #say(state, values = {}) {
    const place = this.querySelector("[data-saved]");
    this.dataset.saveState = state;
    if (place) place.textContent = (this.getAttribute(state) ?? "").replace("{time}", values.time ?? "");
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`es-autosave:${what}`, { bubbles: true, detail }));
  }
}

customElements.define("es-autosave", EsAutosave);
