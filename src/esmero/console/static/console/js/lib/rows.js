/** The order of a list's rows, as the server's: what is owed by its time, the rest by recency. */

export function before(one, other, order) {
  if (order === "plazo") {
    const owed = Number(other.due !== null) - Number(one.due !== null);
    if (owed) return owed < 0;
    if (one.due !== null && one.due !== other.due) return one.due < other.due;
    if (one.due !== null) return one.id < other.id;
  }
  if (one.last !== other.last) return one.last > other.last;
  return one.id > other.id;
}

const BRINGS = new Set([
  "opened", "message_received", "assigned", "reopened", "woken", "snoozed", "suspicion_cleared", "marked_as_spam",
  "reply_written", "reply_handed_over", "reply_not_delivered", "waiting", "resolved",
]);

/** Whether this may put a conversation into a list in which it does not stand: then one asks. */
export function mayEnter(news, list, me) {
  if (news.gone || !(BRINGS.has(news.k) || news.k.startsWith("promise."))) return false;
  if (list === "mias") return news.o === me;
  if (list === "sin-dueno") return !news.o;
  return ["equipo", "todas", "pospuestas", "sospechosos"].includes(list);
}
