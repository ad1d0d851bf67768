import assert from "node:assert/strict";
import { test } from "node:test";
import { octets, session } from "../static/console/js/lib/push.js";

test("a key in base64url becomes its octets", () => {
  assert.deepEqual([...octets("_-8")], [255, 239]);
  assert.deepEqual([...octets("AQID")], [1, 2, 3]);
  assert.equal(octets("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4").length, 65);
});

test("signing in anew is noticed by its cookie", () => {
  assert.equal(session("a=1; esmero_csrf=abc; b=2"), "abc");
  assert.equal(session("esmero_csrf=xyz"), "xyz");
  assert.equal(session("other_esmero_csrf=abc"), "");
  assert.equal(session(""), "");
});
