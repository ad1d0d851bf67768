import assert from "node:assert/strict";
import { test } from "node:test";

import { addFiles, sizeWords } from "../static/ui/js/lib/files.js";

const file = (name, size, lastModified = 1) => ({ name, size, lastModified });

test("sizes read like the server's", () => {
  assert.equal(sizeWords(840, "es"), "840 B");
  assert.equal(sizeWords(12_300, "es"), "12 kB");
  assert.equal(sizeWords(1_240_000, "es"), "1,2 MB");
  assert.equal(sizeWords(1_240_000, "en"), "1.2 MB");
  assert.equal(sizeWords(10_000_000, "es"), "10 MB");
});

test("large ones and those beyond the count are refused by name", () => {
  const [small, large, third] = [file("a", 10), file("b", 2000), file("c", 10)];
  const result = addFiles([file("z", 1)], [small, large, third], { maxBytes: 1000, maxCount: 2 });
  assert.deepEqual(result, { files: [file("z", 1), small], tooBig: [large], tooMany: [third] });
});

test("choosing the same file twice holds it once; a newer one of that name is another", () => {
  const held = [file("a", 10, 1)];
  const limits = { maxBytes: 1000, maxCount: 9 };
  assert.equal(addFiles(held, [file("a", 10, 1)], limits).files.length, 1);
  assert.equal(addFiles(held, [file("a", 10, 2)], limits).files.length, 2);
});

test("the files held before are not changed in place", () => {
  const held = [file("a", 10)];
  addFiles(held, [file("b", 10)], { maxBytes: 1000, maxCount: 9 });
  assert.equal(held.length, 1);
});
