/** How much time is left, in words: the same as esmero.ui.formats, kept ticking. Pure. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const SYMBOLS = { second: "s", minute: "min", hour: "h" };

/** A length in seconds as at most two [value, unit] pairs, rounded down. */
export function parts(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  if (days >= 3) return [[days, "day"]];
  if (days) return hours ? [[days, "day"], [hours, "hour"]] : [[days, "day"]];
  if (hours) return minutes ? [[hours, "hour"], [minutes, "minute"]] : [[hours, "hour"]];
  return minutes ? [[minutes, "minute"]] : [[whole, "second"]];
}

/** The length in words of `language`: "5 h 20 min". */
export function words(seconds, language) {
  return parts(seconds).map(([value, unit]) => unitWords(value, unit, language)).join(" ");
}

function unitWords(value, unit, language) {
  if (unit !== "day") return `${value} ${SYMBOLS[unit]}`;
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/**
 * The state of an open promise: "ok", "soon" or "late". Moments in milliseconds; `soon` is when it
 * begins to be soon, else the last fifth of the time since `made`; NaN for what is not known.
 */
export function stateAt(now, { due, soon = NaN, made = NaN }) {
  if (now > due) return "late";
  const from = Number.isNaN(soon) ? due - (due - made) / 5 : soon;
  return now >= from ? "soon" : "ok";
}

/** Fill the text of a state: "{} left" with the time; which of one/other by the first number. */
export function phrase(seconds, language, { one, other }) {
  const first = parts(seconds)[0][0];
  const rule = new Intl.PluralRules(language).select(first);
  return (rule === "one" ? one : other).replace("{}", words(seconds, language));
}

/**
 * How far the page's server is ahead of this device (ms): `sent` when it wrote the page, `received` when
 * its answer began here. Under five seconds, or for a page out of a cache, the device is believed.
 */
export function clockOffset({ sent, received, fromCache }) {
  const offset = sent - received;
  return fromCache || Number.isNaN(offset) || Math.abs(offset) < 5000 ? 0 : offset;
}

/** Milliseconds until the words change: on the second below a minute, else on the minute. */
export function nextTick(milliseconds) {
  const step = Math.abs(milliseconds) < 60_000 ? 1000 : 60_000;
  const rest = ((milliseconds % step) + step) % step;
  return Math.max(250, (rest || step) + 20);
}
