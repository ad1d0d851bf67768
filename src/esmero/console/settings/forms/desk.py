"""Tags, macros, rules on arrival, and how the work is shared out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.channels import queries as channels
from esmero.console.order.fields import Several, YesNo
from esmero.console.order.words import LANGUAGES, PRIORITIES, SHARES, SNOOZES
from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.words import ABOUT, CHANNELS, RELEASES, RELEASES_BY_HAND
from esmero.conversations import queries as conversations
from esmero.desk import queries as desk
from esmero.desk.queries import Act, read_acts, saved_answer_id
from esmero.people import queries as people

HUES = [
    ("0", pgettext_lazy("tag", "grey ring")), ("1", pgettext_lazy("tag", "green dot")),
    ("2", pgettext_lazy("tag", "blue frame")), ("3", pgettext_lazy("tag", "ochre square")),
    ("4", pgettext_lazy("tag", "red diamond")), ("5", pgettext_lazy("tag", "terracotta dot")),
    ("6", pgettext_lazy("tag", "blue diamond")), ("7", pgettext_lazy("tag", "dotted ring")),
]  # fmt: skip
_UNCHANGED = ("", pgettext_lazy("act", "leave it as it is"))


class TagForm(forms.Form):
    """A tag: its name, its sign, and whether it is a line of products."""

    name = forms.CharField(label=_("Name"), max_length=40)
    hue = forms.ChoiceField(label=_("Sign"), choices=HUES)
    is_line = forms.BooleanField(
        label=_("It is a line of products"),
        required=False,
        help_text=_("Agents can be good at it; the queue is then shared out to them first."),
    )


class _Acting(forms.Form):
    """What is done: the fields of acts that macros and rules have in common."""

    to = ChoiceOrNone(label=_("Give it to"))
    add = Several(label=_("Put on tags"))
    off = Several(label=_("Take off tags"))
    priority = ChoiceOrNone(label=_("Priority"), choices=[_UNCHANGED, *PRIORITIES.items()])

    def _targets(self, *, me: bool) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [_UNCHANGED]
        if me:
            found.append(("me", gettext("whoever runs it")))
        found += [(f"department:{d.pk}", d.name) for d in people.departments()]
        found += [(f"agent:{a.pk}", a.name) for a in people.team()]
        return [*found, ("nobody", gettext("nobody: back to the queue"))]

    def _offer(self, **choices: list[tuple[str, Any]]) -> None:
        tags = [(str(tag.id), tag.name) for tag in conversations.order.tags()]
        for name, values in {"add": tags, "off": tags, **choices}.items():
            if name in self.fields:
                self.fields[name].choices = values  # type: ignore[attr-defined]

    def _common(self) -> list[dict[str, str]]:
        data = self.cleaned_data
        raw = [{"do": "tag", "value": pk} for pk in data.get("add", [])]
        raw += [{"do": "untag", "value": pk} for pk in data.get("off", [])]
        if data.get("to"):
            raw.append({"do": "assign", "value": data["to"]})
        if data.get("priority"):
            raw.append({"do": "priority", "value": data["priority"]})
        return raw


def initial_of(acts: Iterable[Act]) -> dict[str, Any]:
    """Return the form's values of stored acts."""
    found: dict[str, Any] = {"add": [], "off": []}
    names = {"assign": "to", "priority": "priority", "reply": "reply", "macro": "macro"}
    for act in acts:
        if act.do.value in ("tag", "untag"):
            found["add" if act.do.value == "tag" else "off"].append(act.value)
        elif act.do.value in names:
            is_saved = act.do.value == "reply" and saved_answer_id(act.value)
            found["answer" if is_saved else names[act.do.value]] = act.value
        elif act.do.value == "snooze":
            found["then"] = f"snooze:{act.value}"
        elif act.do.value in ("resolve", "wait"):
            found["then"] = f"{act.do.value}:{act.value}".rstrip(":")
    return found


class MacroForm(_Acting):
    """A macro: several acts under one name."""

    name = forms.CharField(label=_("Name"), max_length=80)
    department = ChoiceOrNone(label=_("For"))
    answer = ChoiceOrNone(label=_("Reply with a saved answer"))
    reply = forms.CharField(
        label=_("Or with a text of its own"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "With the variables of saved answers, {{ customer_name }} for one. Whoever runs it "
            "sees the text and may change it before it leaves."
        ),
    )
    then = ChoiceOrNone(label=_("Then"))
    field_order = ("name", "department", "answer", "reply", "to", "add", "off", "priority", "then")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = [(str(d.pk), d.name) for d in people.departments()]
        then: list[tuple[str, Any]] = [
            _UNCHANGED,
            ("wait", gettext("wait for the customer")),
            ("resolve", gettext("resolve")),
            ("resolve:keep", gettext("resolve; open promises tick on")),
        ]
        then += [
            (f"resolve:release:{r.value}", gettext("resolve; let open promises go: %(why)s")
             % {"why": RELEASES[r.value]})
            for r in RELEASES_BY_HAND
        ]  # fmt: skip
        then += [
            (f"snooze:{value}", gettext("snooze %(when)s") % {"when": label})
            for value, label in SNOOZES.items()
        ]
        self._offer(
            to=self._targets(me=True),
            department=[("", gettext("the whole shop")), *departments],
            then=then,
            answer=[
                ("", gettext("none")),
                *((f"answer:{one.pk}", one.title) for one in conversations.saved_answers()),
            ],
        )

    @property
    def acts(self) -> list[Act]:
        """What was filled in, as acts."""
        raw = self._common()
        reply = self.cleaned_data["answer"] or self.cleaned_data["reply"].strip()
        if reply:
            raw.append({"do": "reply", "value": reply})
        do, _colon, value = self.cleaned_data["then"].partition(":")
        if do:
            raw.append({"do": do, "value": value})
        return read_acts(raw)


class RuleForm(_Acting):
    """A rule on arrival: conditions that must all hold, and what is then done."""

    name = forms.CharField(label=_("Name"), max_length=80)
    mailbox = Several(label=_("Mailbox"))
    department = Several(label=_("Department"))
    channel = Several(label=_("Came by"), choices=list(CHANNELS.items()))
    kind = Several(label=_("What it is about"), choices=list(ABOUT.items()))
    language = Several(label=_("Language"), choices=list(LANGUAGES.items()))
    sender = forms.CharField(
        label=_("Sender or domain"), required=False, max_length=500,
        help_text=_("ana@example.com or @example.com; several with commas."),
    )  # fmt: skip
    subject = forms.CharField(
        label=_("Words in the subject"), required=False, max_length=500,
        help_text=_("One of them, several with commas. Accents do not matter; devol* begins any."),
    )  # fmt: skip
    text = forms.CharField(label=_("Words in subject or text"), required=False, max_length=500)
    not_text = forms.CharField(label=_("None of these words"), required=False, max_length=500)
    has_files = YesNo(label=_("Brings files"))
    new = YesNo(label=_("Writes for the first time"))
    open_hours = YesNo(label=_("Comes within opening hours"))
    tag = Several(label=_("Bears a tag"), help_text=_("One that an earlier rule has put on."))
    macro = ChoiceOrNone(
        label=_("Run a macro"),
        help_text=_("Only what it assigns, tags and weighs: a rule neither writes nor resolves."),
    )
    ends = forms.BooleanField(label=_("No later rule is looked at"), required=False)
    is_on = forms.BooleanField(label=_("On"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(
            to=self._targets(me=False),
            macro=[("", gettext("none")), *((str(m.pk), m.name) for m in desk.macros())],
            mailbox=[(str(box.pk), box.address) for box in channels.mailboxes()],
            department=[(str(d.pk), d.name) for d in people.departments()],
            tag=[(str(tag.id), tag.name) for tag in conversations.order.tags()],
        )

    CONDITIONS = (
        "mailbox", "department", "channel", "kind", "language", "sender", "subject", "text",
        "not_text", "has_files", "new", "open_hours", "tag",
    )  # fmt: skip
    ACTS = ("to", "add", "off", "priority", "macro")

    @property
    def conditions(self) -> dict[str, Any]:
        """What must hold."""
        return {name: self.cleaned_data[name] for name in self.CONDITIONS}

    @property
    def acts(self) -> list[Act]:
        """What is done."""
        raw = self._common()
        if self.cleaned_data["macro"]:
            raw.append({"do": "macro", "value": self.cleaned_data["macro"]})
        return read_acts(raw)


class DepartmentWorkForm(forms.Form):
    """How a department's queue is shared out."""

    share = forms.ChoiceField(
        label=_("When something arrives"), choices=list(SHARES.items()), widget=forms.RadioSelect
    )
    gives_back = forms.BooleanField(
        label=_("Who has not answered by half of the promise gives it back"),
        required=False,
        help_text=_("It goes to the queue, or to the next one. Not while she is writing."),
    )


class AgentWorkForm(forms.Form):
    """What somebody is good at and how much she takes on."""

    capacity = forms.IntegerField(
        label=_("Open conversations at most"), min_value=0, max_value=500,
        help_text=_("As many as she gets by themselves. 0: none; she takes what she wants."),
    )  # fmt: skip
    languages = Several(
        label=_("Languages"),
        choices=list(LANGUAGES.items()),
        help_text=_("None chosen: that of the shop."),
    )
    line_ids = Several(label=_("Lines of products"))
    writes = forms.BooleanField(label=_("Writes"), required=False)
    speaks = forms.BooleanField(label=_("Speaks on the telephone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(str(t.id), t.name) for t in conversations.order.tags() if t.is_line]
        self.fields["line_ids"].choices = lines  # type: ignore[attr-defined]
