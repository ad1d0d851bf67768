"""Reads of the shop; kept in memory for a moment, since every mail and page asks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from esmero.kernel.models import Blob
from esmero.shop.models import Shop, ShopText
from esmero.shop.rules import ZONES as ZONES

_KEEP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Link:
    """What the shop adds to the head or the foot of its pages."""

    place: str
    url: str
    labels: tuple[tuple[str, str], ...]

    def label(self, language: str) -> str:
        """Return its name in a language, else in the one that it has."""
        found = dict(self.labels)
        return found.get(language) or next((name for _code, name in self.labels if name), "")


@dataclass(frozen=True, slots=True)
class ShopCard:
    """What the house needs to know of its shop."""

    name: str
    country: str
    region: str
    language: str
    zone: ZoneInfo
    voice: str
    primary_colour: str
    website: str
    telephone: str
    is_demo: bool
    is_set_up: bool
    settings_version: int
    fax: str = ""
    street: str = ""
    map_url: str = ""
    links: tuple[Link, ...] = ()
    logo_name: str = ""
    """The logo's name in an address, made of its bytes; '' where there is none."""


_UNBORN = ShopCard(
    name="Esmero",
    country="ES",
    region="",
    language="es",
    zone=ZoneInfo("Europe/Madrid"),
    voice="tu",
    primary_colour="",
    website="",
    telephone="",
    is_demo=False,
    is_set_up=False,
    settings_version=0,
)
_kept: tuple[float, ShopCard] | None = None


def the_shop(*, fresh: bool = False) -> ShopCard:
    """Return the shop; at most two seconds old unless `fresh`. Before set-up a neutral one."""
    global _kept
    if not fresh and _kept is not None and time.monotonic() - _kept[0] < _KEEP_SECONDS:
        return _kept[1]
    row = Shop.objects.filter(pk=1).select_related("logo").defer("logo__data").first()
    card = _UNBORN if row is None else _card(row)
    _kept = (time.monotonic(), card)
    return card


def forget() -> None:
    """Drop what this process keeps (after a change, and between tests)."""
    global _kept
    _kept = None


def _card(row: Shop) -> ShopCard:
    return ShopCard(
        name=row.name,
        country=row.country,
        region=row.region,
        language=row.language,
        zone=ZoneInfo(row.zone),
        voice=row.voice,
        primary_colour=row.primary_colour,
        website=row.website,
        telephone=row.telephone,
        is_demo=row.is_demo,
        is_set_up=row.set_up_at is not None,
        settings_version=row.settings_version,
        fax=row.fax,
        street=row.street,
        map_url=row.map_url,
        links=tuple(
            Link(one["place"], one["url"], tuple(sorted(one["labels"].items())))
            for one in row.links
        ),
        logo_name=f"{row.logo.sha256[:20]}.{row.logo_type}" if row.logo else "",
    )


def logo() -> Blob | None:
    """Return the logo's file."""
    row = Shop.objects.filter(pk=1).select_related("logo").first()
    return row.logo if row else None


def text_of(key: str, language: str) -> tuple[str, str] | None:
    """Return the shop's own (subject, body) of a text, or None where it kept the built-in one."""
    return (
        ShopText.objects.filter(key=key, language=language).values_list("subject", "body").first()
    )


def own_texts(language: str) -> dict[str, tuple[str, str]]:
    """Return the (subject, body) of the texts that the shop words itself in a language, by key."""
    rows = ShopText.objects.filter(language=language).values_list("key", "subject", "body")
    return {key: (subject, body) for key, subject, body in rows}


def is_setup_token(token_digest: str) -> bool:
    """Say whether this digest opens the set-up pages now: never again once the shop is set up."""
    return (
        bool(token_digest)
        and Shop.objects.filter(pk=1, set_up_at=None, setup_token_digest=token_digest).exists()
    )
