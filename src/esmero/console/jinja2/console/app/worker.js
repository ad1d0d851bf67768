const SHELL = {{ shell|tojson }};
const OFFLINE = {{ offline|tojson }};
const CACHE = "esmero-{{ version }}";
const HASHED = /^\/static\/.+\.[0-9a-f]{12}\.[a-z0-9.]+$/;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...SHELL, OFFLINE]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("esmero-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// Files whose name says what is in them come from here; pages always from the shop, for they hold customers' data.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (HASHED.test(url.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

async function kept(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") {
    const copy = answer.clone();
    caches.open(CACHE).then((cache) => cache.put(request, copy)).catch(() => {});
  }
  return answer;
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    const found = await caches.match(OFFLINE);
    if (!found) throw problem;
    return found;
  }
}

self.addEventListener("push", (event) => {
  let said = null;
  try {
    said = event.data?.json();
  } catch {
    return;
  }
  if (!said?.title) return;
  event.waitUntil(self.registration.showNotification(said.title, {
    body: said.body, tag: said.tag, lang: said.lang, renotify: true,
    icon: {{ icon|tojson }}, badge: {{ badge|tojson }},
    data: { url: said.url },
    actions: said.acts ?? [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { action } = event;
  if (action.startsWith("/avisos/")) {
    event.waitUntil(fetch(action, { method: "POST", credentials: "omit" }));
    return;
  }
  const path = event.notification.data?.url ?? "/c/";
  if (path.startsWith("/c/")) event.waitUntil(open(path));
});

/** The window that shows it already, else a new one: what stands in another is not taken away. */
async function open(path) {
  for (const client of await self.clients.matchAll({ type: "window" })) {
    if (new URL(client.url).pathname === path) return client.focus();
  }
  return self.clients.openWindow(path);
}
