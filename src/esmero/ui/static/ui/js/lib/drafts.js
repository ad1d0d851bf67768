/** When to try again, and what is kept on this device until the server has it. Pure but for `storage`. */

/** Milliseconds to wait before try number `tries` (1 = first repeat): 1, 2, 4 … at most 30 s. */
export function pauseBefore(tries) {
  return Math.min(30_000, 1000 * 2 ** Math.max(0, tries - 1));
}

/** The fields of a form as plain text, without files, passwords and the form's own tokens. */
export function fieldsOf(entries, secrets = []) {
  const kept = {};
  for (const [name, value] of entries) {
    if (typeof value !== "string" || name === "csrfmiddlewaretoken" || secrets.includes(name)) continue;
    kept[name] = name in kept ? [].concat(kept[name], value) : value;
  }
  return kept;
}

/** Whether two sets of fields say the same. */
export function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(fields) {
  return Object.keys(fields).sort().map((name) => [name, fields[name]]);
}

/** A copy on this device, only while the server lacks it; full or forbidden storage is no error. */
export class Shelf {
  constructor(storage, key) {
    this.storage = storage;
    this.key = `esmero-draft:${key}`;
  }

  put(fields, now) {
    return this.#try(() => this.storage.setItem(this.key, JSON.stringify({ at: now, fields }))) !== null;
  }

  /** What is kept and not older than `age` ms, or null. */
  take(now, age = 14 * 86_400_000) {
    const text = this.#try(() => this.storage.getItem(this.key));
    const found = text ? this.#try(() => JSON.parse(text)) : null;
    return found && now - found.at <= age ? found : null;
  }

  clear() {
    this.#try(() => this.storage.removeItem(this.key));
  }

  #try(act) {
    try {
      return act() ?? undefined;
    } catch {
      return null;
    }
  }
}
