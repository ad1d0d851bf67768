import assert from "node:assert/strict";
import test from "node:test";

import { before, mayEnter } from "../static/console/js/lib/rows.js";

const row = (id, due, last) => ({ id, due, last });

test("by promise: what is owed by its time, then the rest by recency", () => {
  const rows = [row(1, null, 50), row(2, 900, 10), row(3, 100, 1), row(4, 100, 2), row(5, null, 60), row(6, null, 60)];
  const sorted = rows.toSorted((a, b) => (before(a, b, "plazo") ? -1 : 1));
  assert.deepEqual(sorted.map((one) => one.id), [3, 4, 2, 6, 5, 1]);
});

test("by recency the promise does not matter", () => {
  const sorted = [row(1, 5, 50), row(2, null, 70), row(3, 1, 70)].toSorted((a, b) => (before(a, b, "reciente") ? -1 : 1));
  assert.deepEqual(sorted.map((one) => one.id), [3, 2, 1]);
});

test("one asks only for what may stand in the list", () => {
  const mine = { k: "assigned", o: 3 };
  assert.deepEqual(["mias", "sin-dueno", "equipo", "busqueda", "borradores"].map((list) => mayEnter(mine, list, 3)), [true, false, true, false, false]);
  assert.equal(mayEnter({ k: "assigned", o: 4 }, "mias", 3), false);
  assert.equal(mayEnter({ k: "message_received", o: 0 }, "sin-dueno", 3), true);
  assert.equal(mayEnter({ k: "promise.made", o: 3 }, "mias", 3), true);
  assert.equal(mayEnter({ k: "note_written", o: 3 }, "equipo", 3), false);
  assert.equal(mayEnter({ gone: 1 }, "todas", 3), false);
});
