/** Bring the children of `old` to those of `fresh` and leave alone, open and unmoved, what says the same. */
export function morph(old, fresh) {
  const name = (node) => node.id || node.textContent.replaceAll(/\s+/g, " ").trim();
  const kept = new Map([...old.children].map((node) => [name(node), node]));
  const added = [];
  let here = old.firstElementChild;
  for (const wanted of [...fresh.children]) {
    const known = kept.get(name(wanted));
    kept.delete(name(wanted));
    const same = known && says(known) === says(wanted);
    if (same && known === here) {
      here = here.nextElementSibling;
      continue;
    }
    const node = same ? known : wanted;
    if (known && !same) {
      if (known === here) here = here.nextElementSibling;
      known.remove();
    }
    old.insertBefore(node, here);
    if (!same) added.push(node);
  }
  for (const node of kept.values()) node.remove();
  return added;
}

/** What of a node tells it from its newer form: its words, without those that tick by themselves. */
export function says(node) {
  const copy = node.cloneNode(true);
  for (const ticking of copy.querySelectorAll("es-due, es-hold, iframe, input[type=hidden]")) ticking.remove();
  return `${copy.dataset.kind ?? ""} ${copy.textContent.replaceAll(/\s+/g, " ").trim()}`;
}
