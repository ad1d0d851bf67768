/**
 * <es-answers data-done="In the reply"> around forms that put an article into the reply: with a script the text
 * comes back ({text, warning}) and goes to the caret of the reply, else the forms send it into the draft. The
 * reply is shown and has the focus; what was inserted can be undone as anything typed.
 */
class EsAnswers extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#chosen);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this.#chosen);
  }

  #chosen = async (event) => {
    const field = document.querySelector("#composer [data-form=reply] textarea");
    if (!field || !event.target.matches("[data-insert-article]")) return;
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    const answer = await fetch(event.target.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) {
      HTMLFormElement.prototype.submit.call(event.target); // let the page say why
      return;
    }
    const { text, warning } = await answer.json();
    document.querySelector("#composer [data-tab=reply]")?.click();
    put(field, text);
    if (warning) document.dispatchEvent(new CustomEvent("es-toast", { detail: { text: warning, kind: "bad" } }));
  };
}

/** Put a text where the caret stands, in paragraphs of its own, and leave the caret behind it. */
function put(field, text) {
  const before = field.value.slice(0, field.selectionStart).trimEnd();
  const after = field.value.slice(field.selectionEnd).trimStart();
  const start = before ? `${before}\n\n${text}` : text;
  field.focus();
  field.setSelectionRange(0, field.value.length);
  const whole = after ? `${start}\n\n${after}` : start;
  // The browser's own insertion, so that Ctrl+Z takes it back.
  if (!document.execCommand?.("insertText", false, whole)) field.setRangeText(whole, 0, field.value.length, "end");
  field.setSelectionRange(start.length, start.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

customElements.define("es-answers", EsAnswers);
