/** Finding by some letters of what one means, in order, without case and accents. Pure. */

/** Lower case without accents: "Devolución" → "devolucion". */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * How well `query` fits `text` (both folded): 0 for not at all, higher for better. All words of the
 * query must fit: as the beginning of a word best, then within one, then as letters in their order
 * that begin words ("gr" → "guardar respuesta").
 */
export function score(query, text) {
  let sum = 0;
  for (const word of query.split(/\s+/).filter(Boolean)) {
    const found = scoreOf(word, text);
    if (!found) return 0;
    sum += found;
  }
  return sum;
}

function scoreOf(word, text) {
  const at = text.indexOf(word);
  if (at === 0) return 100;
  if (at > 0 && isStart(text, at)) return 80;
  if (new RegExp(`[\\s\\-/(«#]${escaped(word)}`, "u").test(text)) return 80;
  if (at > 0) return word.length > 2 ? 50 : 20;
  return word.length > 1 && word.length <= 12 ? scattered(word, text) : 0;
}

function isStart(text, at) {
  return /[^\p{L}\p{N}]/u.test(text[at - 1]);
}

function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Letters of a word in their order; those that begin words count more, gaps count less. */
function scattered(word, text) {
  let from = 0;
  let starts = 0;
  let gaps = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at === -1) return 0;
    if (at === 0 || isStart(text, at)) starts += 1;
    else gaps += at - from;
    from = at + 1;
  }
  if (starts === word.length) return 40;
  return starts && gaps <= word.length ? Math.max(1, 20 - gaps) : 0;
}

/** The entries that fit, best first, at most `most`; each has `text` (folded). Equal ones keep their order. */
export function best(query, entries, most = 8) {
  const asked = fold(query).trim();
  if (!asked) return entries.slice(0, most);
  return entries
    .map((entry, place) => ({ entry, place, points: score(asked, entry.text) }))
    .filter(({ points }) => points)
    .sort((a, b) => b.points - a.points || a.place - b.place)
    .slice(0, most)
    .map(({ entry }) => entry);
}
