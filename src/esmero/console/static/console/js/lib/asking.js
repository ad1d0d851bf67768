/** Small dialogs and the keyboard of toolbars. */

/** Show a dialog: gives what was written in it, "" for "none", null when it was left. */
export function ask(dialog, value, picture = "") {
  const input = dialog.querySelector("[data-value]");
  const image = dialog.querySelector("[data-shown]");
  input.value = value;
  if (image) image.src = picture;
  dialog.showModal();
  input.focus();
  return new Promise((done) => {
    const end = (said) => {
      dialog.removeEventListener("click", press);
      dialog.removeEventListener("keydown", enter);
      dialog.removeEventListener("cancel", leave);
      dialog.close();
      done(said);
    };
    const press = (event) => {
      const said = event.target.closest("[data-say]")?.dataset.say;
      if (said !== undefined) end(said === "ok" ? input.value.trim() : said === "none" ? "" : null);
    };
    const enter = (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" || event.target !== input) return;
      event.preventDefault();
      end(input.value.trim());
    };
    const leave = () => end(null);
    dialog.addEventListener("click", press);
    dialog.addEventListener("keydown", enter);
    dialog.addEventListener("cancel", leave);
  });
}

/**
 * One stop for the Tab key, arrows within, Escape calls `leave` (WAI-ARIA APG, toolbar). Gives what undoes it.
 * In a list of choices the arrows up and down stay its own.
 */
export function roaming(bar, leave) {
  const all = () => [...bar.querySelectorAll("button, select")];
  const shown = () => all().filter((one) => !one.closest("[hidden]"));
  const stop = (chosen) => {
    for (const one of all()) one.tabIndex = one === chosen ? 0 : -1;
  };
  const pressed = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
    const controls = shown();
    const at = controls.indexOf(event.target);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || at < 0) return;
    event.preventDefault();
    const next = controls[(at + by + controls.length) % controls.length];
    stop(next);
    next.focus();
  };
  stop(shown()[0]);
  bar.addEventListener("keydown", pressed);
  return () => bar.removeEventListener("keydown", pressed);
}
