import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { clockOffset, nextTick, parts, phrase, stateAt, words } from "../static/ui/js/lib/due.js";

// The same table that test_formats.py reads: server and browser must say the same.
const table = JSON.parse(readFileSync(new URL("../tests/durations.json", import.meta.url)));
const plain = (text) => text.replaceAll(/\s/g, " ");

test("words say what the server says", () => {
  for (const [seconds, es, en] of table) {
    assert.equal(plain(words(seconds, "es")), es);
    assert.equal(plain(words(seconds, "en")), en);
  }
});

test("parts have no sign", () => {
  assert.deepEqual(parts(-7200), [[2, "hour"]]);
});

test("a promise is soon in the last fifth and late after its moment", () => {
  const promise = { made: 0, due: 1000 };
  assert.equal(stateAt(799, promise), "ok");
  assert.equal(stateAt(800, promise), "soon");
  assert.equal(stateAt(1000, promise), "soon");
  assert.equal(stateAt(1001, promise), "late");
});

test("an explicit moment decides when it is soon; with nothing known it stays ok", () => {
  assert.equal(stateAt(500, { due: 1000, made: 0, soon: 400 }), "soon");
  assert.equal(stateAt(999, { due: 1000 }), "ok");
});

test("the phrase agrees with its first number", () => {
  const left = { one: "queda {}", other: "quedan {}" };
  assert.equal(plain(phrase(60, "es", left)), "queda 1 min");
  assert.equal(plain(phrase(1080, "es", left)), "quedan 18 min");
});

test("the next tick comes when the words change", () => {
  assert.equal(nextTick(61_500), 1520);
  assert.equal(nextTick(120_000), 60_020);
  assert.equal(nextTick(30_400), 420);
  assert.equal(nextTick(-90_000), 30_020);
});

test("a device that is wrong follows the server, not a cached page", () => {
  assert.equal(clockOffset({ sent: 3_600_000, received: 0, fromCache: false }), 3_600_000);
  assert.equal(clockOffset({ sent: 4000, received: 0, fromCache: false }), 0);
  assert.equal(clockOffset({ sent: 3_600_000, received: 0, fromCache: true }), 0);
  assert.equal(clockOffset({ sent: NaN, received: 0, fromCache: false }), 0);
});
