"""Promises in the words of a customer's page: what was said, what came of it, why that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from esmero.conversations.enums import Channel
from esmero.conversations.enums import State as Turn
from esmero.kernel.errors import Refusal
from esmero.portal import voice
from esmero.promises import actions as promise_actions
from esmero.promises import queries as promises
from esmero.promises.enums import Initiative, Kind, Reason, State
from esmero.ui import formats

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.promises.models import Promise

# A promise counts as soon due in its last fifth, as its chip does.
_SOON_SHARE = 0.2
# With fewer words given, a share says nothing yet.
WORDS_LEAST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """The promise that matters now. `due_at` is None where nothing ticks."""

    state: str
    words: str
    made_at: datetime | None = None
    due_at: datetime | None = None
    gone: float = 0.0
    starts: str = ""
    why: str = ""


def due(moment: datetime, *, at: datetime, zone: str) -> str:
    """Return a due time as it is said: "hoy antes de las 16:30"."""
    language = voice.language_of(get_language() or "")
    return promises.say_due(moment, now=at, zone=zone, language=language)


def answer_now(*, at: datetime, zone: str) -> str:
    """Return by when a message of this moment would be answered; '' where nobody can say."""
    try:
        told = promise_actions.expected_due(
            kind=Kind.ANSWER, department_id=None, channel=Channel.FORM.value, at=at
        )
    except Refusal:  # hours that never open
        return ""
    return due(told.due_at, at=at, zone=zone)


def open_words(kind: str, time: str) -> str:
    """Return what an open promise says."""
    said = {
        Kind.ANSWER.value: _("We will answer you %(time)s."),
        Kind.UPDATE.value: _("We will tell you how it goes %(time)s."),
        Kind.SOLVE.value: _("You will have it solved %(time)s."),
        Kind.CALL.value: _("We will call you %(time)s."),
    }
    return said.get(kind, _("You will hear from us %(time)s.")) % {"time": time}


def missed_words(kind: str, time: str) -> str:
    """Return what is said of a promise whose time has passed."""
    said = {
        Kind.ANSWER.value: _("We are late: we had promised you an answer %(time)s. Sorry."),
        Kind.UPDATE.value: _("We are late: we had promised you news %(time)s. Sorry."),
        Kind.SOLVE.value: _("We are late: it should have been solved %(time)s. Sorry."),
        Kind.CALL.value: _("We are late: we should have called you %(time)s. Sorry."),
    }
    return said.get(kind, _("We are late: the time was %(time)s. Sorry.")) % {"time": time}


def shown(
    conversation: Conversation, found: list[Promise], *, at: datetime, zone: str
) -> Shown | None:
    """Return the promise to show large: the open one due first, else how the matter stands."""
    owed = sorted((p for p in found if p.state == State.OPEN.value), key=lambda p: p.due_at)
    if owed:
        return _open(owed[0], at=at, zone=zone)
    if conversation.state == Turn.WAITING.value:
        return Shown("waiting", _("It is your turn: we are waiting for your answer."))
    if conversation.state == Turn.RESOLVED.value:
        return Shown("kept", _("Your enquiry is solved."))
    broken = [p for p in found if p.state == State.BROKEN.value]
    if broken and conversation.awaits_reply_since is not None:
        last = max(broken, key=lambda p: p.due_at)
        return Shown("broken", missed_words(last.kind, due(last.due_at, at=at, zone=zone)))
    return None


def _open(promise: Promise, *, at: datetime, zone: str) -> Shown:
    whole = (promise.due_at - promise.made_at).total_seconds()
    left = (promise.due_at - at).total_seconds()
    time = due(promise.due_at, at=at, zone=zone)
    state = "late" if left < 0 else "soon" if left < _SOON_SHARE * whole else "ok"
    words = missed_words(promise.kind, time) if left < 0 else open_words(promise.kind, time)
    return Shown(
        state=state,
        words=words,
        made_at=promise.made_at,
        due_at=promise.due_at,
        gone=1 - left / whole,
        starts=_("We told you %(when)s") % {"when": formats.when(promise.made_at, at)},
        why=why(promise),
    )


def why(promise: Promise) -> str:
    """Return where a time comes from, as the promise's own basis says."""
    basis: dict[str, Any] = promise.basis or {}
    leading = basis.get("leading")
    if leading == "forecast" and basis.get("forecast_n") and basis.get("forecast_minutes"):
        share = round(float(basis.get("quantile") or 0.95) * 100)
        origin = _(
            "From what we really take: of the last %(count)s of this kind, %(share)s in 100 were "
            "done within %(time)s of opening time. A margin is added."
        ) % {
            "count": basis["forecast_n"],
            "share": share,
            "time": formats.duration(60 * float(basis["forecast_minutes"])),
        }
    elif leading == "chosen":
        origin = _("The person who handles your enquiry has chosen it.")
    elif leading == "remaining":
        origin = _("It is the time that was left when we asked you something.")
    elif leading == "legal":
        origin = _("It is the deadline that the law sets.")
    else:
        origin = _(
            "It is the time that we have set ourselves for this, counted in our opening hours."
        )
    return f"{origin} " + _(
        "If we see that we cannot make it, you will hear of it before the hour, not after."
    )


def name_of(kind: str) -> str:
    """Return what was promised, for a list."""
    said = {
        Kind.ANSWER.value: _("To answer you"),
        Kind.UPDATE.value: _("To tell you how it goes"),
        Kind.SOLVE.value: _("To solve it"),
        Kind.CALL.value: _("To call you"),
    }
    return said.get(kind, _("To get back to you"))


def outcome(promise: Promise, *, at: datetime, zone: str) -> tuple[str, str]:
    """Return a promise's state, as the look names it, and the words for what became of it."""
    if promise.state == State.OPEN.value:
        return ("late" if promise.due_at < at else "ok"), due(promise.due_at, at=at, zone=zone)
    ended = promise.settled_at or promise.due_at
    if promise.state == State.KEPT.value:
        early = formats.duration(promise.due_at - ended)
        return "kept", _("kept %(when)s, %(time)s early") % {
            "when": formats.when(ended, at),
            "time": early,
        }
    if promise.state == State.BROKEN.value:
        return "broken", _("not kept: it was due %(when)s") % {
            "when": formats.when(promise.due_at, at)
        }
    if promise.state == State.RENEGOTIATED.value:
        if promise.initiative == Initiative.CUSTOMER.value:
            return "moved", _("moved because you asked for it")
        return "broken", _("not kept: we moved it %(when)s") % {"when": formats.when(ended, at)}
    if promise.reason == Reason.WAITING.value:
        return "waiting", _("resting while we wait for your answer")
    return "released", _("no longer needed")


def kept_line(promise: Promise, *, who: str) -> str:
    """Return the line between messages that says that a promise was kept."""
    early = formats.duration(promise.due_at - (promise.settled_at or promise.due_at))
    if who:
        return _("%(name)s kept the word, %(time)s early") % {"name": who, "time": early}
    return _("Word kept, %(time)s early") % {"time": early}


def missed_line(word: promises.public.Word, *, at: datetime) -> str:
    """Return what became of a word that was not kept, without saying of whom it was."""
    when = formats.when(word.due_at, at)
    if word.is_moved:
        return _("It was due %(when)s; we said before that it would be later.") % {"when": when}
    return _("It was due %(when)s, and the time passed.") % {"when": when}


def hundred_words(words: Sequence[promises.public.Word]) -> str:
    """Return the sentence about the shop's last promises."""
    kept = sum(word.is_kept for word in words)
    return ngettext(
        "Of the last time that we gave an hour, we kept %(kept)s.",
        "Of the last %(count)s times that we gave an hour, we kept %(kept)s.",
        len(words),
    ) % {"count": len(words), "kept": kept}
