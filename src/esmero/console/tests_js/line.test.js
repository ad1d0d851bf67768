import assert from "node:assert/strict";
import test from "node:test";

import { covers, has, Known, Line, pause, readCursor } from "../static/console/js/lib/line.js";

const at = (text) => readCursor(text);

test("a cursor is read as the server writes it", () => {
  assert.deepEqual(at("1205-1201-1203~1204"), { high: 1205, missing: [[1201, 1201], [1203, 1204]] });
  for (const odd of ["", null, undefined, "x", "1-", "1~2", "1-2~"]) assert.equal(at(odd), null);
  assert.deepEqual([1200, 1201, 1202, 1204, 1205, 1206].map((n) => has(at("1205-1201-1203~1204"), n)), [true, false, true, false, true, false]);
});

test("a window that comes later is told what its page has not, and nothing twice", () => {
  const known = new Known();
  known.take({ hello: { me: 3, counts: { inbox: 1 }, here: { 7: [[4, "l"]] } } }, "100", "100");
  known.take({ news: [{ e: 103, c: 7 }] }, "103-101~102", "100");
  known.take({ news: [{ e: 102, c: 8 }], counts: { inbox: 2 } }, "103-101", "100");
  assert.deepEqual(known.greeting("103-101~102").news, [{ e: 102, c: 8 }]);
  assert.deepEqual(known.greeting("100").news.map((one) => one.e), [103, 102]);
  assert.equal(known.greeting("103-101").news, undefined);
  assert.deepEqual(known.greeting("103-101").hello, { me: 3, counts: { inbox: 2 }, here: { 7: [[4, "l"]] } });
  assert.equal(known.greeting("103-101").reset, undefined);
});

test("a page from before the stream began is told to look at everything anew", () => {
  const known = new Known();
  known.take({ hello: { me: 3, counts: {} } }, "100", "100-98");
  assert.equal(known.greeting("99").reset, true);
  assert.equal(known.greeting("").reset, true);
  assert.equal(known.greeting("101-97").reset, true); // 97 was told before the stream began
  assert.equal(known.greeting("101-98").reset, undefined);
  assert.equal(covers(at("100"), at("100")), true);
});

test("who is gone is forgotten, and what was kept too long is not missed unnoticed", () => {
  const known = new Known();
  known.take({ hello: { me: 3, counts: {}, here: { 7: [[4, "w"]] } } }, "10", "10");
  known.take({ here: { 7: [] } }, "10", "10");
  assert.deepEqual(known.here, {});
  known.take({ news: Array.from({ length: 500 }, (_, n) => ({ e: 11 + n, c: 1 })) }, "510", "10");
  assert.equal(known.greeting("10").reset, true);
  assert.equal(known.greeting("400").news.length, 110);
});

test("a line that was refused tries again with its cursor, later each time and never all at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const told = [];
  const open = (url) => {
    const source = { url, readyState: 1, close() {} };
    asked.push(source);
    return source;
  };
  const line = new Line("/c/vivo/", (said) => told.push(said), open);
  line.begin("5");
  asked[0].onmessage({ lastEventId: "9", data: '{"hello":{"me":1}}' });
  asked[0].readyState = 2;
  asked[0].onerror();
  assert.deepEqual(told.at(-1), { down: true });
  t.mock.timers.tick(2_000);
  assert.equal(asked.length, 2);
  assert.match(asked[1].url, /linea=[0-9a-f]{20}&desde=9$/);
  asked[1].onmessage({ lastEventId: "9", data: "{}" });
  assert.equal(told.length, 2); // a mere tick of the cursor is not told
  assert.ok(pause(0, 0) >= 250 && pause(9, 1) <= 45_000 && pause(3, 0.1) !== pause(3, 0.9));
});

test("a line that the browser itself brings back is left to it", () => {
  const asked = [];
  const line = new Line("/c/vivo/", () => {}, (url) => asked.push(url) && { readyState: 0 });
  line.begin();
  line.begin();
  assert.equal(asked.length, 1);
});
