import { csrf, forget, isAble, octets, tell } from "./lib/push.js";

let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // no banner over the work: the settings page offers it
  offer = event;
  document.dispatchEvent(new CustomEvent("es-push:offer"));
});

/**
 * <es-push data-url="…" data-off="…"> switches push of this browser on and off, asking only when one
 * presses the button, and offers to install the page where the browser can.
 */
class EsPush extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    document.addEventListener("es-push:offer", this.#offered);
    this.#offered();
    this.#look();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    document.removeEventListener("es-push:offer", this.#offered);
  }

  #offered = () => {
    this.querySelector("[data-do=install]").hidden = !offer;
  };

  async #look() {
    const able = isAble();
    const registration = able ? await navigator.serviceWorker.ready : null;
    const is = Boolean(await registration?.pushManager.getSubscription());
    this.#show("none", !able);
    this.#show("off", able && !is);
    this.#show("on", is);
    this.querySelector("[data-do=on]").hidden = !able || is;
    this.querySelector("[data-do=off]").hidden = !is;
  }

  #show(state, is) {
    this.querySelector(`[data-state=${state}]`).hidden = !is;
  }

  #clicked = async (event) => {
    const what = event.target.closest("[data-do]")?.dataset.do;
    if (!what) return;
    this.#problem("");
    try {
      if (what === "on") await this.#on();
      if (what === "off") await this.#off();
      if (what === "install") await this.#install();
    } catch (problem) {
      this.#problem(this.dataset.failed.replace("{why}", problem.message));
    }
    await this.#look();
  };

  async #on() {
    if ((await Notification.requestPermission()) !== "granted") {
      this.#problem(this.dataset.denied);
      return;
    }
    const { key } = await tell(this.dataset.url, null);
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: octets(key) });
    try {
      await tell(this.dataset.url, subscription);
    } catch (problem) {
      await subscription.unsubscribe();
      throw problem;
    }
  }

  async #off() {
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.getSubscription();
    if (!subscription) return;
    await subscription.unsubscribe();
    forget();
    const body = new URLSearchParams({ csrfmiddlewaretoken: csrf(), endpoint: subscription.endpoint });
    await fetch(this.dataset.off, { method: "POST", body });
  }

  async #install() {
    const asked = offer;
    offer = null;
    await asked?.prompt();
    this.#offered();
  }

  #problem(text) {
    const place = this.querySelector("[data-problem]");
    place.textContent = text;
    place.hidden = !text;
  }
}

customElements.define("es-push", EsPush);
