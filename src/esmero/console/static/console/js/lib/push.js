/** Push of this browser: the service worker, its subscription, and saying it to the shop. */

const SAID = "esmero-push";

export function isAble() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Base64url as the octets that the browser wants. */
export function octets(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

export function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";
}

/** What changes when somebody signs in anew: the shop forgets a browser whose session is over. */
export function session(cookies = document.cookie) {
  return /(?:^|;\s*)esmero_csrf=([^;]+)/.exec(cookies)?.[1] ?? "";
}

export async function tell(url, subscription) {
  const body = subscription ? JSON.stringify(subscription) : "";
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "Content-Type": "application/json" } });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? String(answer.status));
  if (subscription) localStorage.setItem(SAID, session());
  return said;
}

export function forget() {
  localStorage.removeItem(SAID);
}

/** Say it again after signing in anew; quietly. */
export async function renew(url, registration) {
  if (!isAble() || Notification.permission !== "granted" || localStorage.getItem(SAID) === session()) return;
  const subscription = await registration.pushManager.getSubscription();
  if (subscription) await tell(url, subscription);
}
