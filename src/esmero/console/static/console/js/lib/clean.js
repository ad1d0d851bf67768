import { marksOf, prepared, tidy, wordLevel, wordList } from "./markup.js";

/** What is pasted (from Word, from mails, from pages) in the few elements that an article has. */

const BLOCKS = { h1: "h2", h2: "h2", h3: "h3", h4: "h4", h5: "h4", h6: "h4", p: "p", div: "p", section: "p", article: "p", main: "p", header: "p", footer: "p", center: "p", address: "p", dt: "p", dd: "p", figcaption: "p", caption: "p", pre: "pre" };
const GONE = new Set(["script", "style", "meta", "link", "title", "head", "xml", "template", "svg", "math", "iframe", "object", "button", "input", "select", "textarea", "noscript", "o:p", "colgroup", "col"]);
const LINK = /^(https?:|mailto:|tel:|\/)/i;
const OURS = /(?:^|\/)(?:c\/saber|ayuda)\/archivo\/([\w-]{10,60})\/$/;

/**
 * Clean `html` into { html, inline, left, files }: `inline` when it is a piece of one paragraph; `left` counts
 * pictures that lie elsewhere; `files` are pictures that came along as data, each waiting in html as
 * <img data-file="N">.
 */
export function cleaned(html, parse = (text) => new DOMParser().parseFromString(text, "text/html").body) {
  const found = { left: 0, files: [] };
  const root = document.implementation.createHTMLDocument("").createElement("div");
  const source = parse(prepared(html));
  new Writer(root, found).children(source);
  tidy(root);
  const only = root.children.length === 1 && root.firstElementChild.localName === "p" ? root.firstElementChild : null;
  return { html: only ? only.innerHTML : root.innerHTML, inline: Boolean(only), ...found };
}

class Writer {
  constructor(root, found) {
    this.root = root;
    this.found = found;
    this.at = root;
    this.lists = [];
  }

  make(name) {
    return this.root.ownerDocument.createElement(name);
  }

  children(node) {
    for (const child of [...node.childNodes]) this.node(child);
  }

  node(node) {
    if (node.nodeType === Node.TEXT_NODE) return this.text(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
    const name = node.localName;
    const css = node.getAttribute("data-css") ?? "";
    if (GONE.has(name) || /mso-list:\s*ignore|display:\s*none|mso-hide:\s*all/i.test(css)) return undefined;
    if (/\bgmail_signature/.test(node.className)) return undefined;
    const level = name === "p" ? wordLevel(node, css) : 0;
    if (level) return this.wordItem(node, level);
    if (this.isBlock(node)) this.lists = [];
    if (name === "br") return void this.at.append(this.make("br"));
    if (name === "hr") return void this.block("hr", () => {});
    if (name === "img") return this.picture(node);
    if (name === "a") return this.link(node);
    if (name === "table") return this.table(node);
    if (name === "ul" || name === "ol") return this.block(name, () => this.children(node));
    if (name === "li") return this.item(node);
    if (name === "blockquote") return this.block("blockquote", () => this.children(node));
    if (name === "aside") return this.block("aside", (made) => { made.dataset.kind = node.dataset.kind ?? "note"; this.children(node); });
    if (BLOCKS[name]) return this.paragraph(node, BLOCKS[name], css);
    return this.marked(node, marksOf(name, css));
  }

  isBlock(node) {
    return Boolean(BLOCKS[node.localName]) || ["ul", "ol", "table", "blockquote", "hr"].includes(node.localName);
  }

  text(data) {
    const said = this.at.closest("pre") ? data : data.replace(/[\s\u00a0]+/g, " ");
    if (said !== " " || (this.at !== this.root && this.at.localName !== "ul" && this.at.localName !== "ol")) this.at.append(said);
  }

  within(made, write) {
    const before = this.at;
    before.append(made);
    this.at = made;
    write(made);
    this.at = before;
  }

  /** A block stands in the page, a list item, a cell, a quote or a box: never inside a paragraph. */
  block(name, write) {
    const before = this.at;
    this.at = before.closest("li, td, th, blockquote, aside") ?? this.root;
    this.within(this.make(name), write);
    this.at = before.closest("p, h2, h3, h4") ? this.at : before;
  }

  paragraph(node, name, css) {
    const inner = node.querySelector("p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre");
    if (inner && name !== "pre") return this.children(node);
    const isTitle = /MsoTitle|MsoHeading/i.test(node.className);
    const made = isTitle ? "h2" : name;
    const whole = made.startsWith("h") ? [] : marksOf("", css);
    return this.block(made, () => this.wrapped(whole, () => this.children(node)));
  }

  marked(node, marks) {
    this.wrapped(marks, () => this.children(node));
  }

  wrapped(marks, write) {
    const wanted = marks.filter((mark) => !this.at.closest(mark) && !(mark === "strong" && this.at.closest("h2, h3, h4, th")));
    if (!wanted.length) return write();
    const [mark, ...rest] = wanted;
    return this.within(this.make(mark), () => this.wrapped(rest, write));
  }

  link(node) {
    const href = (node.getAttribute("href") ?? "").trim();
    if (!LINK.test(href) || this.at.closest("a")) return this.children(node);
    const made = this.make("a");
    made.setAttribute("href", href);
    return this.within(made, () => this.children(node));
  }

  picture(node) {
    const src = (node.getAttribute("data-src") ?? "").trim();
    const ours = OURS.exec(src);
    const made = this.make("img");
    made.alt = node.getAttribute("alt") ?? "";
    if (ours) made.setAttribute("src", `/c/saber/archivo/${ours[1]}/`);
    else if (/^data:image\/(png|jpeg|gif|webp);base64,/i.test(src)) made.dataset.file = this.found.files.push(src) - 1;
    else {
      const small = Number(node.getAttribute("width")) === 1 || Number(node.getAttribute("height")) === 1;
      if (!small) this.found.left += 1;
      return;
    }
    for (const side of ["width", "height"]) if (/^\d{1,4}$/.test(node.getAttribute(side) ?? "")) made.setAttribute(side, node.getAttribute(side));
    this.at.append(made);
  }

  item(node) {
    const isListed = ["ul", "ol"].includes(this.at.localName);
    const write = () => this.within(this.make("li"), () => this.children(node));
    return isListed ? write() : this.block("ul", write);
  }

  /** Word writes lists as paragraphs; their level stands in a style, their kind in the sign before them. */
  wordItem(node, level) {
    const name = wordList(node);
    while (this.lists.length > level) this.lists.pop();
    if (this.lists.length === level && this.lists.at(-1).localName !== name) this.lists.pop();
    while (this.lists.length < level) {
      const place = this.lists.at(-1)?.lastElementChild ?? this.root;
      const made = this.make(this.lists.length === level - 1 ? name : "ul");
      place.append(made);
      this.lists.push(made);
    }
    const before = this.at;
    this.at = this.lists.at(-1);
    this.within(this.make("li"), () => this.children(node));
    this.at = before;
  }

  /** A table that only lays out a mail is no table. */
  table(node) {
    const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node);
    const widest = Math.max(0, ...rows.map((row) => row.cells.length));
    if (node.querySelector("table") || node.getAttribute("role") === "presentation" || widest < 2) return this.children(node);
    return this.block("table", () => this.within(this.make("tbody"), () => rows.forEach((row, number) => this.row(row, number === 0))));
  }

  row(row, isFirst) {
    const isHead = isFirst && [...row.cells].every((cell) => cell.localName === "th" || cell.closest("thead") || cell.querySelector("b, strong") || /font-weight:\s*(bold|[6-9]00)/i.test(cell.innerHTML));
    this.within(this.make("tr"), () => {
      for (const cell of row.cells) {
        const made = this.make(isHead || cell.localName === "th" ? "th" : "td");
        for (const name of ["colspan", "rowspan"]) if (cell[name === "colspan" ? "colSpan" : "rowSpan"] > 1) made.setAttribute(name, cell.getAttribute(name));
        this.within(made, () => this.children(cell));
      }
    });
  }
}

/** Plain text as paragraphs; one alone is a piece of the paragraph around it. */
export function ofPlain(text) {
  const safe = (part) => part.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const parts = text.replace(/\r\n/g, "\n").split(/\n\s*\n/).map((part) => safe(part.trim()).replace(/\n/g, "<br>")).filter(Boolean);
  return parts.length === 1 ? parts[0] : parts.map((part) => `<p>${part}</p>`).join("");
}
