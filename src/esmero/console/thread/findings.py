"""What the reply check says of a letter: the facts gathered, the findings in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from esmero.channels import queries as channel_queries
from esmero.console.thread import compose, recipients
from esmero.console.times import frames_on, parse_due
from esmero.conversations import ports, queries
from esmero.conversations.enums import Check, Level
from esmero.conversations.enums import Kind as About
from esmero.conversations.queries import replycheck
from esmero.kernel.composed import composed
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from esmero.ui.formats import listing, when

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

# Asked at every Send, and each time a writer pauses.
_owed = composed(promises.open_promises_of)
_mailboxes = composed(channel_queries.mailboxes)
_team = composed(people.team)
_departments = composed(people.departments)
# A reply keeps these by itself: they hold no time that is named in it.
_KEPT_BY_REPLY = {Kind.ANSWER.value, Kind.UPDATE.value}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the strip above Send shows it. `word` and `meant`: a slip and its correction;
    `time`: words that could be promised.
    """

    key: str
    code: str
    text: str
    stops: bool
    word: str = ""
    meant: str = ""
    time: str = ""


def findings_of(
    conversation: Conversation,
    agent: Agent,
    asked: Mapping[str, str],
    *,
    at: datetime,
    send_at: datetime | None = None,
) -> list[Shown]:
    """Return what is to be looked at in what a form holds, in the words of the reader."""
    levels = queries.check_levels()
    zone = the_shop().zone
    now = at.astimezone(zone)
    text = asked.get("text", "")
    to = recipients.parse(asked.get("to", ""), lenient=True)
    cc = recipients.parse(asked.get("cc", ""), lenient=True)
    reply = compose.reply_draft(conversation, agent, compose.number(asked.get("draft", "")))
    addresses, names = queries.people_in(conversation.pk)
    own = channel_queries.own_addresses()
    named = {a.lower() for _n, a in (*to, *cc)} | replycheck.mails_named(text)
    calendar = promises.house(at=at).calendar(conversation.department_id)
    frames = partial(frames_on, calendar)
    owed = _owed(ref("conversation", conversation.pk))
    due = _promised(conversation, asked, at=at, calendar=calendar)
    tracked = [p.due_at for p in owed if p.kind not in _KEPT_BY_REPLY]
    speller = ports.speller()
    letter = replycheck.Letter(
        text=text,
        to=to,
        cc=cc,
        files=[(f.name, f.blob.size) for f in queries.draft_files(reply)] if reply else [],
        asked=[m.text for m in queries.unanswered(conversation.pk)],
        is_complaint=conversation.kind == About.COMPLAINT.value,
        is_first=queries.is_first_reply(conversation, before=at),
        is_late=send_at is not None
        and any(p.kind == Kind.ANSWER.value and p.due_at < send_at for p in owed),
        addresses=addresses,
        own_addresses=own,
        names=names,
        others=people.owners_of(named - addresses - own),
        times=_times(text, now, frames),
        tracked=[one.astimezone(zone) for one in [*tracked, *([due] if due else [])]],
        known=_known_words(agent),
        is_word=speller.is_word if speller.is_ready() else None,
        levels=levels,
    )
    found = [_shown(one) for one in replycheck.check(letter)]
    level = levels.get(Check.CLOSED) or replycheck.usual_level(Check.CLOSED)
    if due is not None and level is not Level.OFF:
        closed = _closed(due.astimezone(zone), now, frames, stops=level is Level.STOP)
        found = [*closed, *found]
    return found


def _times(text: str, now: datetime, frames: partial[Any]) -> list[replycheck.Time]:
    found = []
    for one in promises.spoken_in(text, now=now):
        due = promises.due_of(one, now=now, frames=frames)
        if due > now:
            found.append(replycheck.Time(text[one.start : one.end], one.start, due))
    return found


def _promised(
    conversation: Conversation, asked: Mapping[str, str], *, at: datetime, calendar: object
) -> datetime | None:
    text = asked.get("promise_when", "").strip()
    if not text:
        return None
    try:
        return parse_due(text, at=at, zone=the_shop().zone, calendar=calendar)
    except InvalidInput:
        return None


def _known_words(agent: Agent) -> frozenset[str]:
    shop = the_shop()
    texts = [shop.name]
    texts += [one.name for named in (_mailboxes(), _team(), _departments()) for one in named]
    words = {word.lower() for text in texts for word in text.replace("-", " ").split()}
    return frozenset(words | queries.words_known() | ports.names())


def _closed(due: datetime, now: datetime, frames: partial[Any], *, stops: bool) -> list[Shown]:
    proposed = promises.kept_within(due, now=now, frames=frames)
    if proposed is None:
        return []
    text = gettext("You promise %(when)s, and nobody works then. Better: %(better)s.") % {
        "when": when(due, now), "better": when(proposed, now),
    }  # fmt: skip
    key = f"{Check.CLOSED.value}-{due:%m%d%H%M}"
    return [Shown(key, Check.CLOSED.value, text, stops, time=compose.typed_time(proposed))]


def _shown(found: replycheck.Finding) -> Shown:
    about = found.about
    word = meant = time = ""
    if found.code is Check.SPELLING:
        word, meant = about
    if found.code is Check.LOOSE_DATE:
        time = about[0]
    text = _sentence(found)
    return Shown(found.key, found.code.value, text, found.stops, word, meant, time)


def _sentence(found: replycheck.Finding) -> str:
    about = found.about
    first = about[0] if about else ""
    match found.code:
        case Check.VARIABLE:
            text = gettext("Nothing fills %(names)s: write it by hand.")
            return text % {"names": listing(list(about))}
        case Check.STRANGER if len(about) > 1:
            text = gettext("%(name)s (%(address)s) is a customer, but not of this conversation.")
            return text % {"name": about[0], "address": about[1]}
        case Check.STRANGER:
            return gettext("You greet %(name)s: nobody here has that name.") % {"name": first}
        case Check.FILE_MISSING:
            return gettext("You say “%(words)s” and there is no file.") % {"words": first}
        case Check.FILE_UNSAID:
            return gettext("%(name)s goes along without a word about it.") % {"name": first}
        case Check.OPEN_COPIES:
            text = gettext("%(count)s people will see each other's addresses. Better in Bcc.")
            return text % {"count": first}
        case Check.CAPITALS:
            return gettext("“%(words)s” is in capitals: it reads as shouting.") % {"words": first}
        case Check.SPELLING if about[1]:
            return gettext("“%(word)s”: did you mean “%(meant)s”?") % {
                "word": about[0], "meant": about[1],
            }  # fmt: skip
        case Check.SPELLING:
            return gettext("“%(word)s” is in no dictionary.") % {"word": first}
        case Check.QUESTIONS:
            return gettext("Not answered yet: %(questions)s") % {"questions": " ".join(about)}
        case Check.BIG_FILE:
            text = gettext("%(name)s is large: it goes as a link, not inside the mail.")
            return text % {"name": first}
        case Check.LOOSE_DATE:
            return gettext("“%(words)s” is in no promise.") % {"words": first}
        case Check.NO_GREETING:
            return gettext("The first mail to this customer, without greeting or thanks.")
        case Check.ABRUPT if first:
            return gettext("It is a complaint: “%(words)s” may hurt.") % {"words": first}
        case Check.ABRUPT:
            return gettext("It is a complaint: so short, or without an apology, it sounds abrupt.")
        case Check.LATE:
            return gettext("It would leave after the answer is due: the promise breaks.")
    return found.code.value
