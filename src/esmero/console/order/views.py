"""Saved views: made from a form of conditions, shown among the lists, counted when looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.context import page, piece
from esmero.console.counts import MOST
from esmero.console.inbox.going import count_of
from esmero.console.inbox.lists import BY_PROMISE, BY_RECENCY, MINE, Place
from esmero.console.inbox.places import a_list
from esmero.console.order.fields import Several, YesNo
from esmero.console.order.words import DUE, LANGUAGES, PRIORITIES, STATES
from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.saving import goes_well
from esmero.console.words import ABOUT, CHANNELS
from esmero.conversations import queries as conversations
from esmero.desk import actions as desk
from esmero.desk import queries as desk_queries
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import queries as people

BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)


class ViewForm(forms.Form):
    """A name, conditions that must all hold, an order, and who sees it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    state = Several(label=_("State"), choices=list(STATES.items()), help_text=_(
        "None chosen: what is not resolved."
    ))  # fmt: skip
    owner = Several(label=_("Owner"))
    department = Several(label=_("Department"))
    tag = Several(label=_("Tag"))
    due = Several(label=pgettext_lazy("condition", "Promise"), choices=list(DUE.items()))
    priority = Several(label=_("Priority"), choices=list(PRIORITIES.items()))
    channel = Several(label=_("Came by"), choices=list(CHANNELS.items()))
    kind = Several(label=_("What it is about"), choices=list(ABOUT.items()))
    language = Several(label=_("Language"), choices=list(LANGUAGES.items()))
    unanswered = YesNo(label=_("Waits for our answer"))
    snoozed = YesNo(label=_("Snoozed"))
    failed = YesNo(label=_("Something did not arrive"))
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[
            (BY_PROMISE, pgettext_lazy("order", "By promise")),
            (BY_RECENCY, pgettext_lazy("order", "Newest")),
        ],
    )
    shared = ChoiceOrNone(
        label=_("Who sees it"), help_text=_("Each sees in it only what she may see anyway.")
    )

    def __init__(self, *args: Any, agent: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = people.department_ids_of(agent)
        departments = [
            (str(d.pk), d.name) for d in people.departments() if seen is None or d.pk in seen
        ]
        owners = [("me", gettext("me")), ("nobody", gettext("nobody"))]
        owners += [(f"agent:{a.pk}", a.name) for a in people.team() if a.pk != agent.pk]
        choices = {
            "owner": owners,
            "department": departments,
            "tag": [(str(tag.id), tag.name) for tag in conversations.order.tags()],
            "shared": [("", gettext("only me")), *departments],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    @property
    def conditions(self) -> dict[str, Any]:
        """What was filled in."""
        other = {"name", "order", "shared"}
        return {name: value for name, value in self.cleaned_data.items() if name not in other}


@team(methods=BOTH)
def new(request: TeamRequest) -> HttpResponse:
    """Make one."""
    if request.method == "POST":
        return _saved(request, None)
    form = ViewForm(agent=request.agent, initial={"order": BY_PROMISE})
    return _page(request, form, None)


@team(methods=BOTH)
def edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change one's own; what others share is only looked at."""
    row = desk_queries.views.view_for(request.agent, pk)
    if row is None:
        raise NotFound(view_id=pk)
    if request.method == "POST":
        return _saved(request, row)
    initial = {
        "name": row.name, "order": row.order, "shared": str(row.department_id or ""),
        **{k: [str(v) for v in vs] if isinstance(vs, list) else vs
           for k, vs in row.conditions.items()},
    }  # fmt: skip
    return _page(request, ViewForm(agent=request.agent, initial=initial), row)


def _saved(request: TeamRequest, row: Any) -> HttpResponse:
    form = ViewForm(request.POST, agent=request.agent)
    found: list[int] = []
    if form.is_valid() and goes_well(
        form,
        lambda: found.append(
            desk.save_view(
                view_id=row.pk if row else None,
                name=form.cleaned_data["name"],
                conditions=form.conditions,
                order=form.cleaned_data["order"],
                department_id=int(form.cleaned_data["shared"] or 0) or None,
                agent_id=request.agent.pk,
                at=now(),
            )
        ),
    ):
        return HttpResponseRedirect(reverse("console:inbox", args=[f"v-{found[0]}"]))
    return _page(request, form, row, status=422)


def _page(request: TeamRequest, form: ViewForm, row: Any, *, status: int = 200) -> HttpResponse:
    is_mine = row is None or row.owner_id == request.agent.pk
    context = {"form": form, "row": row, "is_mine": is_mine}
    return page(request, "console/order/view.html", context, here="inbox", status=status)


@team(methods=POST)
def drop(request: TeamRequest, pk: int) -> HttpResponse:
    """Delete one's own."""
    desk.drop_view(view_id=pk, agent_id=request.agent.pk, at=now())
    return HttpResponseRedirect(reverse("console:inbox", args=[MINE.slug]))


@team()
def counts(request: TeamRequest) -> HttpResponse:
    """How much is in each view, up to a hundred: asked when the lists are opened."""
    at = now()
    rows = []
    for view in desk_queries.views.views_for(request.agent):
        one = a_list(f"v-{view.pk}")
        if one is not None:
            count = count_of(Place(one), request.agent, at=at, most=MOST)
            rows.append({"view": view, "count": count})
    return piece(request, "console/order/_views.html", {"views": rows})
