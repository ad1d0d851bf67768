"""Blocked and trusted senders."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.channels.enums import Judgement
from esmero.console.access import TeamRequest, team
from esmero.console.settings.saving import GET_POST, POST, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.people.enums import Role

SHOWN = 500


class SenderForm(forms.Form):
    """An address or a domain, and what is said about it."""

    pattern = forms.CharField(
        label=_("Address or domain"),
        max_length=320,
        help_text=_("One address (ana@example.com) or a whole domain (@example.com)."),
    )
    judgement = forms.ChoiceField(
        label=_("From there"),
        widget=forms.RadioSelect,
        choices=[
            (Judgement.BLOCK.value, pgettext_lazy("senders", "everything is suspect")),
            (Judgement.TRUST.value, pgettext_lazy("senders", "nothing is suspect")),
        ],
        initial=Judgement.BLOCK.value,
    )


@team(Role.SUPERVISOR, GET_POST)
def senders(request: TeamRequest) -> HttpResponse:
    """What the shop has said about senders, and a form to say more."""
    form = SenderForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid() and goes_well(
            form,
            lambda: channels.judge_sender(
                pattern=form.cleaned_data["pattern"],
                judgement=Judgement(form.cleaned_data["judgement"]),
                at=now(),
                by=request.agent.pk,
            ),
        ):
            return back_to(request, "console:settings_senders")
        return _page(request, form, status=422)
    return _page(request, form)


def _page(request: TeamRequest, form: SenderForm, *, status: int = 200) -> HttpResponse:
    rows = list(queries.sender_rules()[:SHOWN])
    context = {
        "form": form,
        "blocked": [row for row in rows if row.judgement == Judgement.BLOCK.value],
        "trusted": [row for row in rows if row.judgement == Judgement.TRUST.value],
        "shown": SHOWN if len(rows) == SHOWN else 0,
    }
    return show(request, "console/settings/senders.html", "senders", context, status=status)


@team(Role.SUPERVISOR, POST)
def forget_sender(request: TeamRequest, rule_id: int) -> HttpResponse:
    """Take a rule back."""
    channels.unjudge_sender(rule_id=rule_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:settings_senders", said=gettext("Removed."))
