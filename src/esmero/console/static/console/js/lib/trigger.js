/** What is being typed at the caret: the start of a saved answer, an article, a promise or a mention. Pure. */

const KINDS = [
  ["answers", /(^|\s)\/((?:[\p{L}\d][\p{L}\d -]{0,39})?)$/u],
  ["articles", /(^|\s)\?\?((?:[\p{L}\d¿][^\n?]{0,79})?)$/u],
  ["promise", /(^|\s):([\p{L}\d][^\n:;!?]{0,48}(?::\d{0,2})?)$/u],
  ["people", /(^|[\s(])@((?:[\p{L}.'-]{1,30}(?: [\p{L}.'-]{0,30})?)?)$/u],
];

/**
 * {kind, query, start, before} for the text before `caret`, or null. `start` is where the sign stands,
 * `before` what stands in front of it in its line. Only the kinds in `wanted` count.
 */
export function triggerAt(text, caret, wanted) {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  for (const [kind, pattern] of KINDS) {
    if (!wanted.includes(kind)) continue;
    const found = pattern.exec(line);
    if (!found) continue;
    const at = found.index + found[1].length;
    return { kind, query: found[2].trim(), start: caret - line.length + at, before: line.slice(0, at) };
  }
  return null;
}

/** Where the first variable that nothing has filled stands in a text: [start, end], or null. */
export function openVariable(text) {
  const found = /\{\{\s*[a-z_]{1,40}\s*\}\}/.exec(text);
  return found ? [found.index, found.index + found[0].length] : null;
}

/** Where a whole word stands in a text: [start, end], or null. */
export function wordIn(text, word) {
  const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = new RegExp(`(?<![\\p{L}\\d])${plain}(?![\\p{L}\\d])`, "u").exec(text);
  return found ? [found.index, found.index + word.length] : null;
}

/** The next place in a list of `count` when one goes `step` from `at`, round and round. */
export function around(at, step, count) {
  return count ? (at + step + count) % count : -1;
}
