"""The first page: search, what is asked most, the state of the team; and the shop's word."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from esmero.knowledge import queries as knowledge
from esmero.knowledge.enums import Audience, Kind
from esmero.portal import frame, prefix, readers, seo, shelving, team, words
from esmero.portal.help.dressing import SHORT, dressed, icon_of
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop

ASKED_SHOWN = 5
NEWS_SHOWN = 3
SHELVES_SHOWN = 8


def _is_short(one: knowledge.published.Whole) -> bool:
    """Say whether it is read where it is listed: a guide has its own page."""
    return one.card.kind == Kind.FAQ.value and len(one.plain) <= SHORT


@require_safe
@frame.public
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page."""
    at, language = frame.moment(), frame.language()
    reader = readers.audience_of(request)
    now = team.now(at=at)
    most = knowledge.published.most_asked(
        language=language, reader=reader, at=at, limit=ASKED_SHOWN
    )
    shelves = shelving.shelves(language=language, reader=reader)
    ids = {one.category_id for one in shelves}
    shop = the_shop()
    answered = [(one.card.title, one.plain) for one in most if one.card.kind == Kind.FAQ.value]
    things = [seo.organization(address=now.address), seo.website(language=language)]
    if answered and reader is Audience.PUBLIC:
        things.append(seo.questions(answered, language=language))
    return frame.show(
        request,
        "portal/home/home.html",
        at=at,
        place="home",
        most=[(one, dressed(one.body).body if _is_short(one) else None) for one in most],
        shelves=[one for one in shelves if one.parent_id not in ids][:SHELVES_SHOWN],
        icon_of=icon_of,
        news=knowledge.published.news(language=language, reader=reader, limit=NEWS_SHOWN),
        given=list(now.words),
        given_words=words.hundred_words(now.words) if now.words else "",
        head=seo.head(
            title=_("Help"),
            description=_(
                "Answers and contact of %(shop)s: search in your own words, or write to a person "
                "and get a time for the answer at once."
            )
            % {"shop": shop.name},
            language=language,
            addresses={code: prefix.link("portal:home") for code, _label in settings.LANGUAGES},
            things=things,
        ),
    )


@require_safe
@frame.page
def our_word(request: HttpRequest) -> HttpResponse:
    """Show the shop's last promises, and of each that was not kept what became of it."""
    at = frame.moment()
    given = promises.public.last_words()
    return frame.show(
        request,
        "portal/home/word.html",
        at=at,
        given=given,
        given_words=words.hundred_words(given),
        missed=[
            (words.name_of(word.kind), words.missed_line(word, at=at))
            for word in reversed(given)
            if not word.is_kept
        ],
    )
