/** Keyboard shortcuts: what was pressed, and which shortcut that completes. Pure. */

const NAMED = { " ": "space", esc: "escape", del: "delete" };
const MODIFIERS = new Set(["shift", "control", "alt", "meta", "altgraph", "capslock", "dead"]);

/**
 * The name of a key press, or "" for one that is no shortcut: modifiers alone, dead keys, AltGr
 * (Spanish layouts write @ # [ ] with it) and half-composed letters.
 * Keys by what they write: "?" needs no "shift", a capital is "shift+a" (not with caps lock alone);
 * Control and Meta are both "mod".
 */
export function nameOf(event) {
  const key = (event.key ?? "").toLowerCase();
  if (!key || MODIFIERS.has(key) || event.isComposing) return "";
  if (event.getModifierState?.("AltGraph")) return "";
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey && mod) return "";
  const name = NAMED[key] ?? key;
  const letter = name.toUpperCase() !== name;
  const shift = event.shiftKey && (mod || letter) ? "shift+" : "";
  return `${mod ? "mod+" : ""}${event.altKey ? "alt+" : ""}${shift}${name}`;
}

/** A shortcut as an element writes it ("g i", "Ctrl+Enter") as a list of key names. */
export function stepsOf(shortcut) {
  return shortcut
    .trim()
    .split(/\s+/)
    .map((step) => step.toLowerCase().replace(/^(ctrl|control|cmd|meta)\+/, "mod+"));
}

/** The shortcuts of an element that has several ("/|s"), each as steps. */
export function waysOf(shortcuts) {
  return shortcuts.split("|").filter(Boolean).map(stepsOf);
}

/** Whether this place takes letters itself: there only "mod+…" and "escape" are shortcuts. */
export function takesLetters(element) {
  if (!element?.closest) return false;
  if (element.closest("[contenteditable]:not([contenteditable='false'])")) return true;
  const field = element.closest("input, textarea, select");
  if (!field) return false;
  return !["checkbox", "radio", "button", "submit", "reset", "file"].includes(field.type);
}

/** Follows presses over time: g then i within a second is "g i". */
export class Sequence {
  #last = [];
  #at = -Infinity;

  constructor(patience = 1000) {
    this.patience = patience;
  }

  /** Add a press at `now` (ms); gives the shortcut among `known` (lists of steps) it completes, or null. */
  press(name, now, known) {
    const presses = now - this.#at > this.patience ? [name] : [...this.#last, name];
    this.#at = now;
    this.#last = presses.slice(-3);
    for (let from = 0; from < presses.length; from += 1) {
      const tail = presses.slice(from).join(" ");
      const found = known.find((steps) => steps.join(" ") === tail);
      if (found) {
        this.#last = [];
        return found;
      }
    }
    return null;
  }
}
