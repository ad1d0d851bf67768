/**
 * The stream of one browser, shared by its windows: each says {join, at, tab, csrf, here} and is told
 * everything. A window that dies without a word is noticed by the lock that it held.
 */
import { Line } from "./lib/line.js";

const windows = new Map();
let line = null;

function leave(tab) {
  const left = windows.get(tab);
  if (!left) return;
  windows.delete(tab);
  const body = new URLSearchParams({ csrfmiddlewaretoken: left.csrf, linea: line.name, ventana: tab, conversacion: "" });
  if (left.here) fetch(left.here, { method: "POST", body, keepalive: true }).catch(() => {});
}

function tellAll(said) {
  for (const { port } of windows.values()) port.postMessage({ ...said, line: line.name });
}

self.addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data }) => {
    if (data.leave) {
      leave(data.leave);
      return;
    }
    if (!line) line = new Line(data.url, tellAll);
    windows.set(data.tab, { port, csrf: data.csrf, here: data.here });
    if (line.known.isOpen) port.postMessage({ ...line.known.greeting(data.at), line: line.name });
    line.begin(data.at);
    navigator.locks?.request(`esmero-window-${data.tab}`, () => leave(data.tab));
  });
  port.start();
});
