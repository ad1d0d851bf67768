const COOKIE = "esmero_theme";
const YEAR = 31_536_000;

/**
 * <es-theme> around radios or a select named "theme" (values "", "light", "dark"): shows the choice at
 * once and keeps it in the cookie that the server reads for the next page.
 */
class EsTheme extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this.#changed);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this.#changed);
  }

  #changed = (event) => {
    if (event.target.name !== "theme") return;
    const theme = event.target.value;
    const root = document.documentElement;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme || "light dark");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = theme ? YEAR : 0;
    document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    this.dispatchEvent(new CustomEvent("es-theme:changed", { bubbles: true, detail: { theme } }));
  };
}

customElements.define("es-theme", EsTheme);
