"""Writes about tiers: which there are, and who belongs to one."""

from __future__ import annotations

from datetime import datetime

from esmero.kernel import audit
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import fold, one_line, storable
from esmero.kernel.transactions import action
from esmero.people import queries
from esmero.people.errors import TierExists, TierNameless
from esmero.people.models import Customer, Tier
from esmero.shop import actions as shop


def _free_name(name: str, *, but: int | None = None) -> str:
    """Return the name as it is kept. Raises TierExists, TierNameless."""
    said = one_line(storable(name), 40)
    if not said:
        raise TierNameless(field="name")
    if any(fold(one.name) == fold(said) and one.pk != but for one in Tier.objects.all()):
        raise TierExists(field="name", name=said)
    return said


@action
def add_tier(*, name: str, at: datetime, by: int) -> int:
    """Add a tier and return its id. Raises TierExists, TierNameless."""
    tier = Tier.objects.create(name=_free_name(name))
    _changed("tier.added", tier.pk, at=at, by=by, name=tier.name)
    return tier.pk


@action
def rename_tier(*, tier_id: int, name: str, at: datetime, by: int) -> None:
    """Give a tier another name. Raises NotFound, TierExists, TierNameless."""
    free = _free_name(name, but=tier_id)
    if not Tier.objects.filter(pk=tier_id).update(name=free):
        raise NotFound(tier_id=tier_id)
    _changed("tier.renamed", tier_id, at=at, by=by, name=free)


@action
def remove_tier(*, tier_id: int, at: datetime, by: int) -> None:
    """Drop a tier: its customers have none then, and the standards set for it go with it.

    Promises already made keep their times. Raises NotFound.
    """
    tier = Tier.objects.select_for_update().filter(pk=tier_id).first()
    if tier is None:
        raise NotFound(tier_id=tier_id)
    tier.delete()
    _changed("tier.removed", tier_id, at=at, by=by, name=tier.name)


@action
def set_tier(*, customer_id: int, tier_id: int | None, at: datetime, by: int) -> None:
    """Let a customer belong to a tier, or to none (None). Promises already made keep their times.

    Holds for all that were found to be this customer. Raises NotFound.
    """
    if tier_id is not None and not Tier.objects.filter(pk=tier_id).exists():
        raise NotFound(tier_id=tier_id)
    root, *merged = queries.group_of(customer_id)
    rows = Customer.objects.select_for_update().filter(pk__in=[root, *merged], erased_at=None)
    if not rows.exists():
        raise NotFound(customer_id=customer_id)
    was = queries.tiers.tier_of([root, *merged])
    if (was.pk if was else None) == tier_id:
        return
    rows.filter(pk=root).update(tier_id=tier_id)
    if tier_id is None:
        # Otherwise one that was merged into it would lend it hers.
        rows.filter(pk__in=merged).update(tier_id=None)
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="customer.tier_set",
        ref=ref("customer", root),
        tier_id=tier_id or 0,
    )


def _changed(what: str, tier_id: int, *, at: datetime, by: int, name: str) -> None:
    audit.record(at=at, actor=ref("agent", by), action=what, ref=ref("tier", tier_id), name=name)
    shop.settings_changed()
