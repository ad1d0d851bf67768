"""The palette: where one can go, and what is found, as this member may see it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext, pgettext

from esmero.console.access import TeamRequest, team
from esmero.console.context import page, rail
from esmero.console.customers.seeing import visible
from esmero.console.inbox import lists
from esmero.console.settings.saving import places as settings_places
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.text import fold
from esmero.people import queries as people
from esmero.ui.links import link

CONVERSATIONS_MOST, CUSTOMERS_MOST, RECENT_MOST = 8, 6, 25
CANDIDATES = 40
LETTERS_LEAST = 3
PLACE, SETTING, CONVERSATION, CUSTOMER = "place", "setting", "conversation", "customer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    kind: str
    name: str
    url: str
    line: str = ""


@team()
def data(request: TeamRequest) -> HttpResponse:
    """Return places and recent conversations, or with `q` what is found, as JSON."""
    words = _words(request)
    found = _found(request, words) if words else [*places(request), *_recent(request)]
    return JsonResponse({"found": [asdict(entry) for entry in found]})


@team()
def go(request: TeamRequest) -> HttpResponse:
    """The palette as a page."""
    words = _words(request)
    entries = places(request)
    if words:
        asked = fold(words).split()
        entries = [e for e in entries if all(word in fold(e.name) for word in asked)]
        entries += _found(request, words)
    titles = {
        PLACE: gettext("Go to"),
        SETTING: pgettext("rail", "Settings"),
        CONVERSATION: gettext("Conversations"),
        CUSTOMER: pgettext("rail", "People"),
    }
    groups: list[tuple[str, list[Entry]]] = []
    for kind, title in titles.items():
        of_kind = [entry for entry in entries if entry.kind == kind]
        if of_kind:
            groups.append((title, of_kind))
    context: dict[str, Any] = {"words": words, "groups": groups}
    return page(request, "console/go/page.html", context)


def _words(request: TeamRequest) -> str:
    return " ".join(request.GET.get("q", "").split())[:100]


def places(request: TeamRequest) -> list[Entry]:
    """Return the pages that this member may open: the rail's, the lists, the settings."""
    found = [Entry(PLACE, item["label"], item["url"]) for item in rail({}, here="")]
    found += [
        Entry(PLACE, str(one.title), link("console:inbox", one.slug), gettext("List"))
        for one in lists.LISTS.values()
    ]
    found += [
        Entry(SETTING, place["label"], place["url"], group["heading"])
        for group in settings_places(request, "")
        for place in group["entries"]
    ]
    return found


def _recent(request: TeamRequest) -> list[Entry]:
    at = now()
    listed = lists.read(lists.Place(lists.MINE, lists.BY_PROMISE), request.agent, at=at)
    return [_conversation(row) for row in listed.rows[:RECENT_MOST]]


def _conversation(row: lists.Row) -> Entry:
    line = " · ".join(part for part in (f"#{row.id}", row.who) if part)
    name = row.subject or gettext("Without subject")
    return Entry(CONVERSATION, name, link("console:thread", row.id), line)


def _found(request: TeamRequest, words: str) -> list[Entry]:
    agent, at = request.agent, now()
    ids = conversations.quickly_found(agent, words, limit=CONVERSATIONS_MOST)
    found = [_conversation(row) for row in lists.rows_by_id(ids, agent, at=at)]
    rows = {}
    if len(words) >= LETTERS_LEAST:
        rows = {c.pk: c for c in people.search_customers(words, limit=CANDIDATES)}
    allowed = visible(agent, list(rows))[:CUSTOMERS_MOST]
    addresses = people.main_addresses_of(allowed)
    for pk in allowed:
        name = rows[pk].name or addresses.get(pk, "") or gettext("Nameless")
        line = rows[pk].company or addresses.get(pk, "")
        found.append(Entry(CUSTOMER, name, link("console:customer", pk), line))
    return found
