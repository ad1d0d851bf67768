"""What machines are told of a page: its one address, its languages, what it is (schema.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from markupsafe import Markup

from esmero.kernel.text import one_line
from esmero.portal import prefix, voice
from esmero.shop.queries import the_shop
from esmero.ui.links import link

Thing = dict[str, Any]
_SAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028",
         0x2029: "\\u2029"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A page as search engines list it. `addresses`: by language, without prefix."""

    title: str
    description: str
    canonical: str
    alternates: list[tuple[str, str]]
    kind: str = "website"
    picture: str = ""
    things: list[Thing] = field(default_factory=list)
    changed_at: datetime | None = None

    @property
    def block(self) -> Markup:
        """The JSON-LD as it may stand in a page: data, which no policy takes for a script."""
        said = json.dumps(self.things, ensure_ascii=False, separators=(",", ":"))
        return Markup(said.translate(_SAFE))  # noqa: S704  nothing in it can end the block


def absolute(path: str) -> str:
    """Return an address of ours as the outside world opens it (ESMERO_URL)."""
    return f"{settings.ENV.url}{path}"


def public_path(language: str, path: str) -> str:
    """Return the one address of a page in a language: the shop's own language has no prefix."""
    return prefix.under("" if language == the_shop().language else language, path)


def head(
    *,
    title: str,
    description: str = "",
    language: str,
    addresses: Mapping[str, str],
    kind: str = "website",
    picture: str = "",
    things: Sequence[Thing] = (),
    changed_at: datetime | None = None,
) -> Head:
    """Return what the head of a page says. `addresses`: the same page by language, no prefix."""
    shop = the_shop()
    alternates = [
        (code, absolute(public_path(code, path))) for code, path in sorted(addresses.items())
    ]
    default = addresses.get(shop.language) or addresses[language]
    if len(alternates) > 1:
        alternates.append(("x-default", absolute(public_path(shop.language, default))))
    else:
        alternates = []
    return Head(
        title=title,
        description=one_line(description, 300),
        canonical=absolute(public_path(language, addresses[language])),
        alternates=alternates,
        kind=kind,
        picture=picture
        or (absolute(link("portal:logo", shop.logo_name)) if shop.logo_name else ""),
        things=list(things),
        changed_at=changed_at,
    )


def _thing(kind: str, **facts: Any) -> Thing:
    return {
        "@context": "https://schema.org",
        "@type": kind,
        **{key: value for key, value in facts.items() if value not in ("", None, [])},
    }


def organization(*, address: str) -> Thing:
    """Return the shop with its ways of contact. Source: schema.org/Organization."""
    shop = the_shop()
    ways: list[Thing] = []
    if shop.telephone or address:
        ways.append(
            {
                "@type": "ContactPoint",
                "contactType": "customer service",
                **({"telephone": shop.telephone} if shop.telephone else {}),
                **({"email": address} if address else {}),
                **({"faxNumber": shop.fax} if shop.fax else {}),
                "url": absolute(link("portal:contact")),
                "availableLanguage": [code for code, _name in settings.LANGUAGES],
            }
        )
    return _thing(
        "Organization",
        name=shop.name,
        url=shop.website or absolute("/"),
        logo=absolute(link("portal:logo", shop.logo_name)) if shop.logo_name else "",
        address=" ".join(shop.street.split()),
        contactPoint=ways,
    )


def website(*, language: str) -> Thing:
    """Return the help pages with their search. Source: schema.org/WebSite."""
    path = public_path(language, link("portal:search"))
    return _thing(
        "WebSite",
        name=the_shop().name,
        url=absolute(public_path(language, "/")),
        inLanguage=language,
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute(path) + "?q={search_term}"},
            "query-input": "required name=search_term",
        },
    )


def breadcrumbs(steps: Sequence[tuple[str, str]], *, language: str) -> Thing:
    """Return where a page stands: (name, path) from the first page on."""
    return _thing(
        "BreadcrumbList",
        itemListElement=[
            {
                "@type": "ListItem",
                "position": place,
                "name": name,
                "item": absolute(public_path(language, path)),
            }
            for place, (name, path) in enumerate(steps, 1)
        ],
    )


def questions(pairs: Sequence[tuple[str, str]], *, language: str) -> Thing:
    """Return questions with their answers in plain words. Source: schema.org/FAQPage."""
    return _thing(
        "FAQPage",
        inLanguage=language,
        mainEntity=[
            {
                "@type": "Question",
                "name": asked,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
            for asked, answer in pairs
        ],
    )


def article(
    *,
    title: str,
    description: str,
    path: str,
    language: str,
    first_at: datetime,
    changed_at: datetime,
    is_news: bool,
) -> Thing:
    """Return a guide, a manual or a piece of news. Source: schema.org/Article."""
    shop = the_shop()
    publisher: Thing = {
        "@type": "Organization",
        "name": shop.name,
        "url": shop.website or absolute("/"),
    }
    if shop.logo_name:
        publisher["logo"] = {
            "@type": "ImageObject",
            "url": absolute(link("portal:logo", shop.logo_name)),
        }
    address = absolute(public_path(language, path))
    return _thing(
        "NewsArticle" if is_news else "Article",
        headline=title[:110],
        description=one_line(description, 300),
        inLanguage=voice.language_of(language),
        datePublished=first_at.isoformat(),
        dateModified=changed_at.isoformat(),
        mainEntityOfPage=address,
        url=address,
        author=publisher,
        publisher=publisher,
    )
