import { answerOf, asPasskey, optionsOf } from "./lib/webauthn.js";

/**
 * <es-passkey data-mode="get|create"> around a form with a hidden field "credential": asks the device when
 * the form is sent, fills the field in and sends it. Options: JSON inside, or fetched from `data-options`.
 * Hidden until it runs, and where the browser knows no passkeys.
 */
class EsPasskey extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return;
    this.hidden = false;
    this.addEventListener("submit", this.#asked);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#asked);
  }

  #asked = async (event) => {
    event.preventDefault();
    this.#say("");
    const form = event.target;
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    try {
      form.elements.credential.value = JSON.stringify(answerOf(await this.#credential(form)));
      form.submit();
    } catch (problem) {
      this.#say(this.#words(problem));
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  async #credential(form) {
    const options = optionsOf(await this.#options());
    if (this.dataset.mode === "get") return navigator.credentials.get({ publicKey: options });
    const alone = form.elements.passwordless?.checked;
    return navigator.credentials.create({ publicKey: alone ? asPasskey(options) : options });
  }

  async #options() {
    const inline = this.querySelector("script[type='application/json']");
    if (inline) return JSON.parse(inline.textContent);
    const answer = await fetch(this.dataset.options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return (await answer.json()).request_options;
  }

  #words(problem) {
    if (problem.name === "InvalidStateError") return this.dataset.known;
    return problem.name === "NotAllowedError" ? this.dataset.cancelled : this.dataset.failed;
  }

  #say(text) {
    const place = this.querySelector("[data-said]");
    place.textContent = text;
    place.hidden = !text;
  }
}

customElements.define("es-passkey", EsPasskey);
