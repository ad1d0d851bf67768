"""Writes of the shop's own facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import F

from esmero.kernel import audit, files
from esmero.kernel.models import Blob
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action
from esmero.shop import queries
from esmero.shop.errors import AlreadySetUp, BadColour, BadLink, BadLogo, UnknownZone
from esmero.shop.models import Shop, ShopText

LOGO_BYTES_MOST = 200_000
LOGO_KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _forget_after_commit() -> None:
    transaction.on_commit(partial(queries.forget))


def check_zone(zone: str) -> None:
    """Raise UnknownZone when there is no such IANA zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownZone(zone=zone) from None


@action
def open_shop(
    *,
    name: str,
    country: str,
    region: str = "",
    language: str,
    zone: str,
    at: datetime,
    is_demo: bool = False,
) -> None:
    """Create the shop, or take over its facts while it is not yet set up. Raises UnknownZone."""
    check_zone(zone)
    Shop.objects.update_or_create(
        pk=1,
        defaults={
            "name": name,
            "country": country,
            "region": region,
            "language": language,
            "zone": zone,
            "is_demo": is_demo,
        },
        create_defaults={
            "name": name,
            "country": country,
            "region": region,
            "language": language,
            "zone": zone,
            "is_demo": is_demo,
            "created_at": at,
        },
    )
    _forget_after_commit()


@action
def offer_setup(*, token_digest: str, at: datetime) -> None:
    """Let the holder of a new token do the set-up; earlier tokens end. Raises AlreadySetUp."""
    shop, _ = Shop.objects.select_for_update().get_or_create(
        pk=1, defaults={"name": "Esmero", "created_at": at}
    )
    if shop.set_up_at is not None:
        raise AlreadySetUp()
    shop.setup_token_digest = token_digest
    shop.save(update_fields=["setup_token_digest"])
    _forget_after_commit()


@action
def finish_setup(*, at: datetime) -> None:
    """Close the set-up pages for ever. Raises AlreadySetUp."""
    shop = Shop.objects.select_for_update().get(pk=1)
    if shop.set_up_at is not None:
        raise AlreadySetUp()
    shop.set_up_at, shop.setup_token_digest = at, ""
    shop.save(update_fields=["set_up_at", "setup_token_digest"])
    _forget_after_commit()


@action
def change_shop(*, at: datetime, actor: str, **facts: str) -> None:
    """Change some of the shop's facts. Raises UnknownZone, BadColour."""
    allowed = {
        "name", "country", "region", "language", "zone", "voice", "primary_colour", "website",
        "telephone", "fax", "street", "map_url",
    }  # fmt: skip
    if unknown := facts.keys() - allowed:
        raise TypeError(f"not facts of a shop: {sorted(unknown)}")
    if "zone" in facts:
        check_zone(facts["zone"])
    if facts.get("primary_colour") and not _COLOUR.fullmatch(facts["primary_colour"]):
        raise BadColour(colour=facts["primary_colour"])
    Shop.objects.filter(pk=1).update(**facts, settings_version=F("settings_version") + 1)
    audit.record(at=at, actor=actor, action="shop.changed", fields=sorted(facts))
    _forget_after_commit()


LINKS_MOST = 12
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?!/))\S{1,480}")


@action
def change_links(*, links: Sequence[Mapping[str, Any]], at: datetime, actor: str) -> None:
    """Set what the shop adds to the head and the foot of its pages.

    Each has a place (`head`, `foot`), an address (https, http, mailto, tel, or one of ours) and a
    name by language. Raises BadLink.
    """
    kept = []
    for one in links:
        url = str(one["url"]).strip()
        labels = {
            str(code)[:5]: one_line(storable(str(name)), 60)
            for code, name in dict(one["labels"]).items()
            if str(name).strip()
        }
        if one["place"] not in {"head", "foot"} or not labels or not _SAFE_LINK.fullmatch(url):
            raise BadLink(url=url[:80])
        kept.append({"place": one["place"], "url": url, "labels": labels})
    if len(kept) > LINKS_MOST:
        raise BadLink(url="", limit=LINKS_MOST)
    Shop.objects.filter(pk=1).update(links=kept, settings_version=F("settings_version") + 1)
    audit.record(at=at, actor=actor, action="shop.links_changed", count=len(kept))
    _forget_after_commit()


@action
def set_logo(*, data: bytes, kind: str, at: datetime, actor: str) -> None:
    """Set the shop's logo: `kind` is what the surface found the bytes to be (LOGO_KINDS).

    Drawings (SVG) are not among them: they can hold scripts. Raises BadLogo.
    """
    if kind not in LOGO_KINDS:
        raise BadLogo(why="kind")
    if len(data) > LOGO_BYTES_MOST:
        raise BadLogo(why="bytes", limit=LOGO_BYTES_MOST)
    _replace_logo(files.put(data, at=at), LOGO_KINDS[kind])
    audit.record(at=at, actor=actor, action="shop.logo_changed")


@action
def remove_logo(*, at: datetime, actor: str) -> None:
    """Take the logo away."""
    _replace_logo(None, "")
    audit.record(at=at, actor=actor, action="shop.logo_removed")


def _replace_logo(blob: Blob | None, kind: str) -> None:
    shop = Shop.objects.select_for_update(of=("self",)).select_related("logo").get(pk=1)
    old = shop.logo
    Shop.objects.filter(pk=1).update(
        logo=blob, logo_type=kind, settings_version=F("settings_version") + 1
    )
    if old is not None:
        files.delete(old)
    _forget_after_commit()


@action
def settings_changed() -> None:
    """Tell every process that something it keeps in memory has changed."""
    Shop.objects.filter(pk=1).update(settings_version=F("settings_version") + 1)
    _forget_after_commit()


@action
def word_text(
    *, key: str, language: str, subject: str, body: str, at: datetime, actor: str
) -> None:
    """Store the shop's own wording of a customer text; an empty body brings the built-in back."""
    if body.strip():
        ShopText.objects.update_or_create(
            key=key,
            language=language,
            defaults={"subject": subject, "body": body, "changed_at": at},
        )
    else:
        ShopText.objects.filter(key=key, language=language).delete()
    Shop.objects.filter(pk=1).update(settings_version=F("settings_version") + 1)
    _forget_after_commit()
    audit.record(at=at, actor=actor, action="shop.text_worded", key=key, language=language)
