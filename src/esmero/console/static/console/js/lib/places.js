import { before } from "./rows.js";

/** Where rows stand in a list's element, and changing them without moving what one looks at. */

export function rowsOf(list) {
  return [...list.querySelectorAll("[data-item]")];
}

export function numberOf(row) {
  return Number(row.id.slice(2));
}

/** The conversations on the first page of a list as it is now, none where that cannot be read. */
export async function numbersAt(url) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return [];
  return [...(await answer.text()).matchAll(/ id="c-(\d+)"/g)].map(([, number]) => Number(number));
}

function keyOf(row) {
  const due = row.querySelector("es-due")?.getAttribute("due");
  return { id: numberOf(row), due: due ? Date.parse(due) : null, last: Date.parse(row.querySelector("time").dateTime) };
}

/** The row before which this one belongs, true for the end, null for below all that is shown. */
export function placeOf(list, order, row) {
  const here = keyOf(row);
  const next = rowsOf(list).find((one) => one !== row && before(here, keyOf(one), order));
  return next ?? (list.querySelector("#more") ? null : true);
}

/** Put a row in its place; false when that lies below what is shown. */
export function insert(list, order, row) {
  const place = placeOf(list, order, row);
  if (!place) return false;
  if (place !== true) {
    place.before(row);
    return true;
  }
  const nav = list.querySelector("nav");
  nav.insertBefore(row, nav.querySelector("#more"));
  list.querySelector(".pane-body")?.remove();
  return true;
}

/** Whether the newer form of a row may stand where the old one does. */
export function fits(list, order, old, fresh) {
  const rows = rowsOf(list);
  const at = rows.indexOf(old);
  const key = keyOf(fresh);
  const above = rows[at - 1];
  const below = rows[at + 1];
  return (!above || before(keyOf(above), key, order)) && (!below || before(key, keyOf(below), order));
}

/** Change rows so that the one at the upper edge stays where it is; at the top the newest shows. */
export function keeping(list, changed, change) {
  const edge = list.getBoundingClientRect().top;
  const anchor = list.scrollTop < 24 ? null : rowsOf(list).find((row) => row !== changed && row.getBoundingClientRect().bottom > edge);
  const was = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) list.scrollTop += anchor.getBoundingClientRect().top - was;
}
