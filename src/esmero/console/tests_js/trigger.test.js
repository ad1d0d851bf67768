import assert from "node:assert/strict";
import { test } from "node:test";
import { around, openVariable, triggerAt, wordIn } from "../static/console/js/lib/trigger.js";

const ALL = ["answers", "articles", "promise", "people"];
const at = (text, wanted = ALL) => triggerAt(text, text.length, wanted);

test("a slash at the start of a word begins a saved answer", () => {
  assert.deepEqual(at("/"), { kind: "answers", query: "", start: 0, before: "" });
  assert.deepEqual(at("Hola\n\n/dev"), { kind: "answers", query: "dev", start: 6, before: "" });
  assert.deepEqual(at("Mira /gastos de en"), { kind: "answers", query: "gastos de en", start: 5, before: "Mira " });
  for (const text of ["y/o", "https://a", "1/2", "//", "/ ", "Hola"]) assert.equal(at(text), null, text);
});

test("two question marks begin an article, a question does not", () => {
  assert.deepEqual(at("??"), { kind: "articles", query: "", start: 0, before: "" });
  assert.deepEqual(at("Mira ??cambio de talla"), { kind: "articles", query: "cambio de talla", start: 5, before: "Mira " });
  for (const text of ["¿Qué??", "?", "???", "?? ", "¿De verdad?"]) assert.equal(at(text), null, text);
  assert.equal(at("??talla", ["answers"]), null);
});

test("a colon before words begins a promise", () => {
  assert.deepEqual(at("Te llamo :lunes 10"), { kind: "promise", query: "lunes 10", start: 9, before: "Te llamo " });
  assert.equal(at("Sale :el lunes 10:00").query, "el lunes 10:00");
  assert.equal(at(":mañana por la tarde").query, "mañana por la tarde");
  for (const text of ["Hola, Marta:", "Hola: te digo", ":)", "a:b", ": lunes", ":"]) assert.equal(at(text), null, text);
});

test("an at sign begins a mention where mentions are wanted", () => {
  assert.deepEqual(at("¿Lo ves, @Ana L"), { kind: "people", query: "Ana L", start: 9, before: "¿Lo ves, " });
  assert.equal(at("@").query, "");
  assert.equal(at("ana@b"), null);
  assert.equal(at("@Ana", ["answers", "promise"]), null);
});

test("only what stands before the caret in its line counts", () => {
  assert.equal(triggerAt("/dev\nmás", 8, ALL), null);
  assert.equal(triggerAt("/dev más", 4, ALL).query, "dev");
});

test("the first open variable is found, a sum is none", () => {
  assert.deepEqual(openVariable("Hola, {{ customer_name }}: {{7*7}}"), [6, 25]);
  assert.equal(openVariable("{{7*7}} {{ a.b }}"), null);
});

test("a word is found whole, with its signs as signs", () => {
  assert.deepEqual(wordIn("enbiamosx enbiamos.", "enbiamos"), [10, 18]);
  assert.deepEqual(wordIn("día dia", "dia"), [4, 7]);
  assert.equal(wordIn("hola", "h.la"), null);
});

test("choosing goes round", () => {
  assert.deepEqual([around(0, -1, 3), around(2, 1, 3), around(0, 1, 0)], [2, 0, -1]);
});
