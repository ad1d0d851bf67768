"""Writes of the shop's own facts."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import F

from esmero.kernel import audit
from esmero.kernel.transactions import action
from esmero.shop import queries
from esmero.shop.errors import AlreadySetUp, BadColour, UnknownZone
from esmero.shop.models import Shop, ShopText

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
        "telephone",
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
    audit.record(at=at, actor=actor, action="shop.text_worded", key=key, language=language)
