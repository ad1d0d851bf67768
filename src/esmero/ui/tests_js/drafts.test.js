import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf, pauseBefore, same, Shelf } from "../static/ui/js/lib/drafts.js";

class Memory {
  map = new Map();
  getItem(key) { return this.map.get(key) ?? null; }
  setItem(key, value) { this.map.set(key, value); }
  removeItem(key) { this.map.delete(key); }
}

test("the pause doubles and ends at half a minute", () => {
  assert.deepEqual([1, 2, 3, 6, 50].map(pauseBefore), [1000, 2000, 4000, 30_000, 30_000]);
});

test("tokens, passwords and files are not kept; repeated names are", () => {
  const entries = [["text", "hola"], ["cc", "ana@example.com"], ["cc", "bruno@example.com"],
    ["csrfmiddlewaretoken", "t"], ["secret", "s"], ["file", { name: "a.jpg" }]];
  assert.deepEqual(fieldsOf(entries, ["secret"]), { text: "hola", cc: ["ana@example.com", "bruno@example.com"] });
});

test("the order of fields does not matter, their text does", () => {
  assert.equal(same({ a: "1", b: "2" }, { b: "2", a: "1" }), true);
  assert.equal(same({ a: "1" }, { a: "1 " }), false);
});

test("a shelf gives back what it keeps until it is old or cleared", () => {
  const shelf = new Shelf(new Memory(), "/drafts/7/");
  assert.equal(shelf.take(0), null);
  assert.equal(shelf.put({ text: "hola" }, 1000), true);
  assert.deepEqual(shelf.take(2000), { at: 1000, fields: { text: "hola" } });
  assert.equal(shelf.take(1000 + 15 * 86_400_000), null);
  shelf.clear();
  assert.equal(shelf.take(2000), null);
});

test("two forms have two shelves", () => {
  const memory = new Memory();
  new Shelf(memory, "/drafts/7/").put({ text: "siete" }, 0);
  assert.equal(new Shelf(memory, "/drafts/8/").take(0), null);
});

test("a full or forbidden storage is no error", () => {
  const refuse = () => { throw new Error("QuotaExceededError"); };
  const shelf = new Shelf({ getItem: refuse, setItem: refuse, removeItem: refuse }, "x");
  assert.equal(shelf.put({ text: "a" }, 0), false);
  assert.equal(shelf.take(0), null);
  shelf.clear();
});

test("spoilt text on the shelf counts as none", () => {
  const memory = new Memory();
  memory.setItem("esmero-draft:x", "{half");
  assert.equal(new Shelf(memory, "x").take(0), null);
});
