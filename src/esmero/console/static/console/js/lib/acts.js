import { fold } from "../../../ui/js/lib/fuzzy.js";

/**
 * What a page offers by a key (everything with a data-key that can be reached now), as one reads it;
 * what lies inside `without` is left out.
 */
export function actsOf(page, without) {
  const found = new Map();
  for (const element of page.querySelectorAll("[data-key]")) {
    if (without.contains(element) || element.disabled || element.matches("input, textarea, select")) continue;
    const closed = element.closest("details:not([open])")?.querySelector("summary");
    if (!element.checkVisibility() && !closed?.checkVisibility()) continue;
    const name = nameOf(element);
    if (name && !found.has(name)) found.set(name, { name, key: element.dataset.key.split("|")[0], element });
  }
  return [...found.values()].map((entry) => ({ ...entry, text: fold(entry.name), kind: "act" }));
}

/** Its name without what stands beside it: a key, how many wait. */
function nameOf(element) {
  const label = element.getAttribute("aria-label");
  if (label) return label;
  const words = element.cloneNode(true);
  for (const aside of words.querySelectorAll("kbd, .badge, svg")) aside.remove();
  return words.textContent.trim().replace(/\s+/g, " ");
}
