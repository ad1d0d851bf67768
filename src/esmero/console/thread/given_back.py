"""A form that comes back: what it held, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from esmero.console.access import TeamRequest
from esmero.kernel.errors import Refusal
from esmero.ui.refusals import sentence


def typed(request: TeamRequest) -> dict[str, Any]:
    """Return what a form held that no draft keeps."""
    names = ("to", "cc", "bcc", "later", "then", "after", "passed")
    typed = {name: request.POST[name] for name in names if name in request.POST}
    if request.POST.get("mode") == "note":
        return {"note": request.POST.get("text", "")}
    return {**typed, "text": request.POST.get("text", "")}


def seen(request: TeamRequest) -> int | None:
    """Return the newest message that the writer of a reply had seen: a form that comes back shows
    more, and only she can say that she has read it.
    """
    text = request.POST.get("seen", "")
    return int(text) if text.isdigit() and len(text) < 19 else None


def why(refusal: Refusal) -> str:
    """Return the sentence for what was refused, with what to do."""
    field, value = str(refusal.params.get("field", "")), refusal.params.get("value", "")
    if refusal.code == "invalid_input" and field in {"to", "cc", "bcc"}:
        return gettext("“%(value)s” is no mail address.") % {"value": value}
    if refusal.code == "invalid_input" and field in {"promise_when", "when"}:
        return gettext(
            "“%(value)s” cannot be read as a time to come. Write it like “Monday 10:00”."
        ) % {"value": value}
    if field == "later":
        return gettext("Say when: “tomorrow 9:00”, “Monday at 10”, “in two hours”.")
    if refusal.code == "invalid_input" and field == "files":
        return gettext("At most %(count)s files.") % {"count": value}
    return sentence(refusal)
