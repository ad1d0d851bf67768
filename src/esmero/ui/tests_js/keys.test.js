import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf, Sequence, stepsOf, takesLetters, waysOf } from "../static/ui/js/lib/keys.js";

const press = (key, more = {}) => ({ key, getModifierState: (name) => name === more.held, ...more });

test("a key is named by what it writes", () => {
  assert.equal(nameOf(press("r")), "r");
  assert.equal(nameOf(press("?", { shiftKey: true })), "?");
  assert.equal(nameOf(press("A", { shiftKey: true })), "shift+a");
  assert.equal(nameOf(press("A")), "a");
  assert.equal(nameOf(press("Enter", { ctrlKey: true })), "mod+enter");
  assert.equal(nameOf(press("k", { metaKey: true })), "mod+k");
});

test("AltGr, dead keys, modifiers and half-composed letters are no shortcuts", () => {
  assert.equal(nameOf(press("@", { held: "AltGraph", ctrlKey: true, altKey: true })), "");
  assert.equal(nameOf(press("#", { ctrlKey: true, altKey: true })), "");
  assert.equal(nameOf(press("Dead")), "");
  assert.equal(nameOf(press("Shift", { shiftKey: true })), "");
  assert.equal(nameOf(press("n", { isComposing: true })), "");
});

test("a written shortcut becomes steps", () => {
  assert.deepEqual(stepsOf("g i"), ["g", "i"]);
  assert.deepEqual(stepsOf(" Ctrl+Enter "), ["mod+enter"]);
});

test("a sequence completes within its patience only", () => {
  const known = [["g", "i"], ["i"], ["r"]];
  const quick = new Sequence(1000);
  assert.equal(quick.press("g", 0, known), null);
  assert.deepEqual(quick.press("i", 900, known), ["g", "i"]);
  const slow = new Sequence(1000);
  slow.press("g", 0, known);
  assert.deepEqual(slow.press("i", 1500, known), ["i"]);
});

test("after a false start the last key still counts", () => {
  const keys = new Sequence(1000);
  keys.press("x", 0, [["r"]]);
  assert.deepEqual(keys.press("r", 10, [["r"]]), ["r"]);
});

test("text fields take letters, boxes and buttons do not", () => {
  const at = (tag, type) => ({
    closest: (wanted) => (tag !== "edit" && wanted.startsWith("input") && tag ? { type } : tag === "edit" ? {} : null),
  });
  assert.equal(takesLetters(at("input", "text")), true);
  assert.equal(takesLetters(at("textarea", "textarea")), true);
  assert.equal(takesLetters(at("input", "checkbox")), false);
  assert.equal(takesLetters(at("edit")), true);
  assert.equal(takesLetters(at(null)), false);
  assert.equal(takesLetters(null), false);
});

test("an element may be reached in two ways", () => {
  assert.deepEqual(waysOf("/|s"), [["/"], ["s"]]);
  assert.deepEqual(waysOf("g i|Ctrl+I"), [["g", "i"], ["mod+i"]]);
});
