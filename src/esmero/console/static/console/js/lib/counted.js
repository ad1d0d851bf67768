/** Show numbers in the badges of all [data-counted="name"]; those of which nothing is said stay. */
export function showCounts(counts, waiting) {
  for (const place of counts ? document.querySelectorAll("[data-counted]") : []) {
    const count = counts[place.dataset.counted];
    const badge = place.querySelector(".badge");
    if (count === 0) badge?.remove();
    else if (count) show(badge ?? added(place), count < 100 ? String(count) : "99+", place.dataset.countedKind ? "" : waiting);
  }
}

function added(place) {
  const badge = document.createElement("span");
  badge.className = "badge";
  if (place.dataset.countedKind) badge.dataset.kind = place.dataset.countedKind;
  if (place.querySelector("h2")) place.querySelector("h2").after(badge);
  else place.append(badge);
  return badge;
}

function show(badge, text, label) {
  if (badge.firstChild?.data === text) return;
  badge.textContent = text;
  if (!label) return;
  const words = document.createElement("span");
  words.className = "vh";
  words.textContent = ` ${label}`;
  badge.append(words);
}
