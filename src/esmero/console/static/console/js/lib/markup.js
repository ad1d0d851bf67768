/** What Word and mail programs write around their words. */

const SAME = { b: "strong", strong: "strong", i: "em", em: "em", u: "u", s: "s", strike: "s", del: "s", code: "code", sub: "sub", sup: "sup" };

/** The part that was copied, without Word's islands, its inline styles under a name that does nothing. */
export function prepared(html) {
  const from = html.indexOf("<!--StartFragment-->");
  const to = html.lastIndexOf("<!--EndFragment-->");
  const part = from >= 0 && to > from ? html.slice(from, to) : html;
  return part
    .replace(/<!--\[if[^>]*\]>[\s\S]*?<!\[endif\]-->/gi, (island) => (/supportLists/i.test(island.slice(0, 40)) ? island : ""))
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<!\[[^\]>]*\]>/g, "")
    .replace(/<[^<>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-css=").replace(/\ssrc\s*=/gi, " data-src="));
}

/** The level of a paragraph that Word means as an item of a list; 0 for any other. */
export function wordLevel(node, css) {
  const level = /mso-list:\s*l\d+\s+level(\d)/i.exec(css);
  if (level) return Math.min(Number(level[1]), 3);
  return /MsoListParagraph/.test(node.className) && node.querySelector('[data-css*="mso-list" i]') ? 1 : 0;
}

/** Word writes the sign of an item before it: a number or a letter makes a list of steps. */
export function wordList(node) {
  const sign = [...node.querySelectorAll("[data-css]")].find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("data-css")));
  return /^[\s\u00a0]*(\d{1,3}|[a-z]{1,3})[.)]/i.test(sign?.textContent ?? "") ? "ol" : "ul";
}

/** The marks that an element sets, by its name or by its style. */
export function marksOf(name, css) {
  const marks = new Set();
  if (SAME[name]) marks.add(SAME[name]);
  const weight = /(?:^|[;\s])font-weight:\s*(\w+)/i.exec(css)?.[1];
  if (weight) (weight === "bold" || Number(weight) >= 600 ? marks.add("strong") : marks.delete("strong"));
  if (/font-style:\s*italic/i.test(css)) marks.add("em");
  if (/text-decoration[^;]*line-through/i.test(css)) marks.add("s");
  return [...marks];
}

/** Words that stand alone become paragraphs; what is empty goes; a cell's one paragraph is the cell. */
export function tidy(root) {
  for (const place of root.querySelectorAll("td, th, li")) {
    const only = place.children.length === 1 && place.firstElementChild.localName === "p" && place.textContent.trim() === place.firstElementChild.textContent.trim();
    if (only) place.firstElementChild.replaceWith(...place.firstElementChild.childNodes);
  }
  for (const block of root.querySelectorAll("p, li, td, th, h2, h3, h4")) {
    while (block.lastChild?.nodeName === "BR") block.lastChild.remove();
    if (block.firstChild?.nodeType === Node.TEXT_NODE) block.firstChild.data = block.firstChild.data.trimStart();
    if (block.lastChild?.nodeType === Node.TEXT_NODE) block.lastChild.data = block.lastChild.data.trimEnd();
  }
  let paragraph = null;
  for (const child of [...root.childNodes]) {
    const isInline = child.nodeType === Node.TEXT_NODE || ["strong", "em", "u", "s", "code", "sub", "sup", "a", "img", "br"].includes(child.localName);
    if (!isInline) paragraph = null;
    else if (child.nodeName === "BR") (child.remove(), (paragraph = null));
    else {
      if (!paragraph) child.before((paragraph = root.ownerDocument.createElement("p")));
      paragraph.append(child);
    }
  }
  for (const one of [...root.querySelectorAll("p, h2, h3, h4, strong, em, u, s, a, li, ul, ol, blockquote, aside")].reverse()) {
    if (!one.textContent.trim() && !one.querySelector("img, table, hr")) one.remove();
  }
}
