"""Saved answers, and what the reply check looks at."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well, show
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.conversations.enums import Check, Level
from esmero.conversations.queries import replycheck
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import queries as people
from esmero.people.enums import Role

MEANINGS: dict[str, Lazy | str] = {
    "customer_name": _("the customer's first name"),
    "customer_full_name": _("the customer's whole name"),
    "customer_address": _("the customer's mail address"),
    "subject": _("what the conversation is about"),
    "number": _("the number of the matter"),
    "promise_time": _("the next promised time, as people say it"),
    "agent_name": _("your own first name"),
    "shop_name": _("the name of the shop"),
    "shop_telephone": _("the shop's telephone"),
    "shop_website": _("the shop's website"),
}
CHECKS: dict[Check, tuple[Lazy | str, Lazy | str]] = {
    Check.VARIABLE: (_("Variables left open"), _("What nothing filled would reach the customer.")),
    Check.STRANGER: (
        _("Somebody of another conversation"),
        _("Another customer's address, or a greeting by a name that nobody here has."),
    ),
    Check.FILE_MISSING: (
        _("A file that is not there"),
        _("“Attached” is written and nothing is attached."),
    ),
    Check.OPEN_COPIES: (
        _("Addresses that strangers would see"),
        _("Many people in To and Cc who do not know each other."),
    ),
    Check.LATE: (
        _("Scheduled too late"),
        _("It would leave after the answer is due."),
    ),
    Check.CLOSED: (
        _("A promise when nobody works"),
        _("Its time lies outside the opening hours or on a holiday."),
    ),
    Check.QUESTIONS: (
        _("Questions without an answer"),
        _("The customer asked several things and nothing in the reply touches some."),
    ),
    Check.LOOSE_DATE: (
        _("Times that no promise holds"),
        _("“On Monday” in the text, and nobody would be reminded."),
    ),
    Check.CAPITALS: (_("Capitals"), _("They read as shouting.")),
    Check.ABRUPT: (
        _("An abrupt answer to a complaint"),
        _("Very short, without an apology, or with words that hurt."),
    ),
    Check.NO_GREETING: (
        _("No greeting for a new customer"),
        _("The first mail to somebody has neither greeting nor thanks."),
    ),
    Check.FILE_UNSAID: (
        _("A file without a word"),
        _("Something is attached and the text does not say what."),
    ),
    Check.BIG_FILE: (_("Large files"), _("They go as a link instead of inside the mail.")),
    Check.SPELLING: (
        _("Spelling"),
        _("Spanish and English; names of customers, colleagues and products are known."),
    ),
}
LEVELS = [
    (Level.STOP.value, pgettext_lazy("reply check", "stops once")),
    (Level.TELL.value, pgettext_lazy("reply check", "is told")),
    (Level.OFF.value, pgettext_lazy("reply check", "is left out")),
]


class AnswerForm(forms.Form):
    """A saved answer."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10})
    )
    department = forms.ChoiceField(label=_("Department"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("every language")), *settings.LANGUAGES],
    )
    tags = forms.CharField(
        label=_("Words to find it by"),
        max_length=200,
        required=False,
        help_text=_("What one would type after the slash, with spaces between."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["department"])
        field.choices = [
            ("", gettext("all departments")),
            *((str(one.pk), one.name) for one in people.departments()),
        ]


@team(Role.SUPERVISOR)
def answers(request: TeamRequest) -> HttpResponse:
    """All saved answers."""
    context = {
        "rows": list(queries.saved_answers()),
        "languages": dict(settings.LANGUAGES),
    }
    return show(request, "console/settings/answers.html", "answers", context)


@team(Role.SUPERVISOR, GET_POST)
def new_answer(request: TeamRequest) -> HttpResponse:
    """Write a new one."""
    return _answer(request, None, {})


@team(Role.SUPERVISOR, GET_POST)
def answer(request: TeamRequest, answer_id: int) -> HttpResponse:
    """Change one."""
    row = queries.saved_answer(answer_id)
    if row is None:
        raise NotFound(answer_id=answer_id)
    initial = {
        "title": row.title,
        "text": row.text,
        "department": str(row.department_id or ""),
        "language": row.language,
        "tags": row.tags,
    }
    return _answer(request, answer_id, initial)


def _answer(request: TeamRequest, answer_id: int | None, initial: dict[str, str]) -> HttpResponse:
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if goes_well(
            form,
            lambda: conversations.save_answer(
                answer_id=answer_id,
                title=data["title"],
                text=data["text"].replace("\r\n", "\n"),
                department_id=int(data["department"]) if data["department"] else None,
                language=data["language"],
                tags=data["tags"],
                at=now(),
                by=request.agent.pk,
            ),
            field="text",
        ):
            return back_to(request, "console:settings_answers")
    context = {
        "form": form,
        "answer_id": answer_id,
        "variables": [(name, MEANINGS[name]) for name in queries.VARIABLES],
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "console/settings/answer.html", "answers", context, status=status)


@team(Role.SUPERVISOR, POST)
def remove_answer(request: TeamRequest, answer_id: int) -> HttpResponse:
    """Forget one."""
    conversations.remove_answer(answer_id=answer_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_answers", said=gettext("Removed."))


@team(Role.SUPERVISOR, GET_POST)
def checks(request: TeamRequest) -> HttpResponse:
    """What each finding does, and the shop's own words."""
    levels = queries.check_levels()
    if request.method == "POST":
        at = now()
        for code in CHECKS:
            asked = request.POST.get(code.value, "")
            if asked not in {one.value for one in Level}:
                continue
            level = Level(asked)
            if level is (levels.get(code) or replycheck.usual_level(code)):
                continue
            usual = level is replycheck.usual_level(code)
            conversations.set_check(
                code=code, level=None if usual else level, at=at, by=request.agent.pk
            )
        return back_to(request, "console:settings_check")
    context = {
        "rows": [
            (code.value, name, why, (levels.get(code) or replycheck.usual_level(code)).value)
            for code, (name, why) in CHECKS.items()
        ],
        "levels": LEVELS,
        "words": list(queries.known_words()),
    }
    return show(request, "console/settings/check.html", "check", context)


class WordForm(forms.Form):
    """A word that is right here."""

    word = forms.CharField(max_length=60)


@team(Role.SUPERVISOR, POST)
def add_word(request: TeamRequest) -> HttpResponse:
    """Take a word as right."""
    form = WordForm(request.POST)
    said = gettext("Write one word, without figures.")
    if form.is_valid() and goes_well(
        form,
        lambda: conversations.learn_word(
            word=form.cleaned_data["word"], at=now(), by=request.agent.pk
        ),
    ):
        said = gettext("Saved.")
    return back_to(request, "console:settings_check", said=said, anchor="words")


@team(Role.SUPERVISOR, POST)
def remove_word(request: TeamRequest, word_id: int) -> HttpResponse:
    """Take it back."""
    conversations.forget_word(word_id=word_id)
    return back_to(request, "console:settings_check", said=gettext("Removed."), anchor="words")
