/** Sizes of files in words and which of them are refused. Pure. */

/** A size in decimal units of `language`: "840 B", "12 kB", "1,2 MB"; as esmero.ui.formats.size. */
export function sizeWords(bytes, language) {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kB"] : [bytes / 1_000_000, "MB"];
  const digits = unit === "MB" && bytes < 9_950_000 ? 1 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${new Intl.NumberFormat(language, options).format(value)} ${unit}`;
}

/** Two files are the same choice when name, size and date agree. */
export function sameFile(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

/**
 * Add `fresh` files to `held`: gives { files, tooBig, tooMany } where files are what to hold now,
 * doubles left out, tooBig those over `maxBytes`, tooMany those beyond `maxCount`.
 */
export function addFiles(held, fresh, { maxBytes, maxCount }) {
  const files = [...held];
  const tooBig = [];
  const tooMany = [];
  for (const file of fresh) {
    if (files.some((other) => sameFile(file, other))) continue;
    if (file.size > maxBytes) tooBig.push(file);
    else if (files.length >= maxCount) tooMany.push(file);
    else files.push(file);
  }
  return { files, tooBig, tooMany };
}
