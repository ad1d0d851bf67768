"""The list of articles, with what narrows it, and how one begins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge import words
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import languages, state_of
from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.saving import GET_POST, goes_well
from esmero.kernel.clock import now
from esmero.kernel.text import one_line
from esmero.knowledge import actions, queries
from esmero.knowledge.enums import Audience, Kind
from esmero.shop.queries import the_shop

PAGE = 50
_FILTERS = {
    "estado": "state", "tipo": "kind", "categoria": "category", "idioma": "language",
    "para": "audience", "falta": "needs",
}  # fmt: skip


@team()
def shelf(request: TeamRequest) -> HttpResponse:
    """All articles, narrowed as the address says."""
    return _list(request, "articles", wanted_of(request))


@team()
def news(request: TeamRequest) -> HttpResponse:
    """What is new in the shop: the same list with one kind."""
    return _list(request, "news", wanted_of(request, kind=Kind.NEWS.value))


def wanted_of(request: HttpRequest, *, kind: str = "") -> queries.shelf.Wanted:
    """Read the filters; an unknown value narrows nothing."""
    given = {name: request.GET.get(key, "")[:40] for key, name in _FILTERS.items()}
    allowed = {
        "state": set(words.STATES), "kind": set(words.KINDS), "audience": set(words.AUDIENCES),
        "needs": set(words.NEEDS), "language": {s + c for c in languages() for s in ("", "-")},
    }  # fmt: skip
    for name, values in allowed.items():
        if given[name] not in values:
            given[name] = ""
    category = given["category"]
    is_id = category.isascii() and category.isdigit() and len(category) < 9
    if not (category == "none" or is_id):
        given["category"] = ""
    given["kind"] = kind or given["kind"]
    return queries.shelf.Wanted(words=one_line(request.GET.get("q", ""), 200), **given)


def _list(request: TeamRequest, place: str, wanted: queries.shelf.Wanted) -> HttpResponse:
    at = now()
    today = at.astimezone(the_shop().zone).date()
    spoken = get_language() or "es"
    start = request.GET.get("desde", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    some = list(
        queries.shelf.narrowed(wanted, at=at, today=today).select_related("owner_agent")[
            first : first + PAGE + 1
        ]
    )
    tree = queries.shelf.category_tree(spoken)
    names = {row.pk: name for row, name, _level in tree}
    rows = [_row(row, names, spoken) for row in queries.shelf.rows_of(some[:PAGE], at=at)]
    kept = {key: value for key, value in request.GET.items() if value and key != "desde"}

    def part(at_row: int) -> str:
        return "?" + urlencode({**kept, **({"desde": at_row} if at_row else {})})

    context: dict[str, Any] = {
        "rows": rows,
        "wanted": wanted,
        "filters": _filters(request, wanted, tree, at, today, with_kinds=place == "articles"),
        "is_narrowed": any(kept.get(key) for key in (*_FILTERS, "q")),
        "newer": part(max(0, first - PAGE)) if first else "",
        "older": part(first + PAGE) if len(some) > PAGE else "",
        "new_url": reverse("console:know_new") + ("?tipo=news" if place == "news" else ""),
        "is_news": place == "news",
    }
    return show(request, "console/knowledge/list.html", place, context)


def _row(row: queries.shelf.Row, names: dict[int, str], spoken: str) -> dict[str, Any]:
    text = row.text(spoken)
    return {
        "pk": row.article.pk,
        "title": (text.title if text else "") or gettext("Without a title"),
        "kind": words.KINDS[row.article.kind],
        "category": names.get(row.article.category_id or 0, ""),
        "audience": words.AUDIENCES[row.article.audience]
        if row.article.audience != Audience.PUBLIC.value
        else "",
        "owner": row.article.owner_agent.name if row.article.owner_agent else "",
        "states": [
            (code, row.texts[code].language.upper(), words.SIGNS[state_of(row.texts[code])],
             words.STATES[state_of(row.texts[code])])
            for code in languages()
            if code in row.texts
        ],
        "missing": [code.upper() for code in languages() if code not in row.texts],
        "review_on": row.article.review_on,
        "saved_at": max((t.saved_at for t in row.texts.values()), default=row.article.created_at),
        "reads": row.reads,
        "helpful": row.helpful,
        "votes": row.helpful + row.unhelpful,
        "is_archived": row.article.archived_at is not None,
    }  # fmt: skip


def _filters(
    request: TeamRequest, wanted: queries.shelf.Wanted, tree: Any, at: Any, today: Any,
    *, with_kinds: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the lists of choices with how many each holds; what holds nothing is left out."""
    counts = queries.shelf.counts(at=at, today=today)
    named = languages()
    lists: list[tuple[str, str, str, list[tuple[str, Any, int]]]] = [
        ("falta", pgettext("filter", "Needs"), wanted.needs,
         [(key, name, counts.needs.get(key, 0)) for key, name in words.NEEDS.items()]),
        ("estado", pgettext("filter", "State"), wanted.state,
         [(key, name, counts.states.get(key, 0)) for key, name in words.STATES.items()]),
        ("tipo", pgettext("filter", "Kind"), wanted.kind,
         [(key, name, counts.kinds.get(key, 0)) for key, name in words.KINDS.items()]),
        ("categoria", pgettext("filter", "Category"), wanted.category,
         [*((str(row.pk), ("– " if level else "") + name, counts.categories.get(str(row.pk), 0))
            for row, name, level in tree),
          ("none", pgettext("filter", "without one"), counts.categories.get("none", 0))]),
        ("idioma", pgettext("filter", "Language"), wanted.language,
         [*((code, name, counts.languages.get(code, 0)) for code, name in named.items()),
          *((f"-{code}", gettext("not yet in %(language)s") % {"language": name},
             counts.total - counts.languages.get(code, 0)) for code, name in named.items())]),
        ("para", pgettext("filter", "For"), wanted.audience,
         [(key, name, counts.audiences.get(key, 0)) for key, name in words.AUDIENCES.items()]),
    ]  # fmt: skip
    if not with_kinds:
        lists = [one for one in lists if one[0] not in {"tipo", "categoria"}]
    return [
        {
            "key": key,
            "label": label,
            "chosen": chosen,
            "choices": [one for one in choices if one[2] or one[0] == chosen],
        }
        for key, label, chosen, choices in lists
    ]


class NewForm(forms.Form):
    """What an article begins with."""

    title = forms.CharField(
        label=_("Title"), max_length=200,
        help_text=_("As a customer would ask it: “How do I return an order?”"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What it is"), choices=list(words.KINDS.items()), widget=forms.RadioSelect,
        initial=Kind.FAQ.value,
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"))
    category = ChoiceOrNone(label=_("Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(languages().items())  # type: ignore[attr-defined]
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]


def category_choices(
    *, tops_only: bool = False, without: int | None = None
) -> list[tuple[str, str]]:
    """Return the categories to choose from, the lower level marked."""
    tree = queries.shelf.category_tree(get_language() or "es")
    return [
        ("", gettext("none")),
        *(
            (str(row.pk), ("– " if level else "") + name)
            for row, name, level in tree
            if row.pk != without and not (tops_only and level)
        ),
    ]


@team(methods=GET_POST)
def new(request: TeamRequest) -> HttpResponse:
    """Begin an article: its title and what it is; then the editor."""
    asked = request.GET.get("tipo", "")
    initial = {
        "kind": asked if asked in words.KINDS else Kind.FAQ.value,
        "language": the_shop().language,
        "title": one_line(request.GET.get("titulo", ""), 200),
    }
    form = NewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made: list[int] = []
        if goes_well(
            form,
            lambda: made.append(
                actions.create_article(
                    kind=Kind(data["kind"]),
                    language=data["language"],
                    title=data["title"],
                    category_id=int(data["category"]) if data["category"] else None,
                    at=now(),
                    by=request.agent.pk,
                )
            ),
            field="title",
        ):
            args = [made[0], data["language"]]
            where = reverse("console:know_write", args=args)
            if data["kind"] == Kind.MANUAL.value:
                where = reverse("console:know_article", args=[made[0]]) + "#archivos"
            return HttpResponseRedirect(where)
    context = {"form": form, "said": words.KINDS_SAID}
    status = 422 if request.method == "POST" else 200
    return show(request, "console/knowledge/new.html", "", context, status=status)
