import assert from "node:assert/strict";
import { test } from "node:test";

import { best, fold, score } from "../static/ui/js/lib/fuzzy.js";

const entries = (...texts) => texts.map((name) => ({ name, text: fold(name) }));
const names = (query, ...texts) => best(query, entries(...texts)).map((entry) => entry.name);

test("case and accents do not matter, the eñe neither", () => {
  assert.equal(fold("Devolución Ñandú"), "devolucion nandu");
  assert.deepEqual(names("DEVOLUCION", "Devolución de la olla", "Factura"), ["Devolución de la olla"]);
});

test("beginnings of words come before their insides, and both before scattered letters", () => {
  assert.deepEqual(names("per", "Superior", "Mi perfil", "Persona", "Por el reloj"), [
    "Persona",
    "Mi perfil",
    "Superior",
    "Por el reloj",
  ]);
});

test("first letters of words find it", () => {
  assert.equal(names("gb", "Guardar en la bandeja", "Globo")[0], "Guardar en la bandeja");
});

test("every word must fit", () => {
  assert.equal(score("olla rota", "olla entera"), 0);
  assert.ok(score("rota olla", "la olla esta rota") > 0);
});

test("what means something to a regular expression is only letters here", () => {
  for (const odd of ["(", "a*", "[", "\\", "a+b", "$", "^"]) assert.equal(score(odd, "nada"), 0);
});

test("nothing asked gives the first ones in their order", () => {
  assert.deepEqual(names("", "b", "a"), ["b", "a"]);
  assert.equal(best("", entries(..."abcdefghijkl")).length, 8);
});

test("a thousand entries are gone through within a frame", () => {
  const many = entries(...Array.from({ length: 1000 }, (_, n) => `Pregunta ${n} sobre la cafetera de Begoña`));
  const begun = performance.now();
  best("begoña caf", many);
  assert.ok(performance.now() - begun < 100);
});
