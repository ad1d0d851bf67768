"""Kinds of customers: their names, who belongs to one, and what becomes of that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from esmero.kernel.errors import NotFound
from esmero.people import actions, queries
from esmero.people.errors import TierExists, TierNameless
from esmero.people.models import Customer
from tests.cast import open_house

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 11, tzinfo=UTC)


@pytest.fixture
def by() -> dict[str, object]:
    return {"at": AT, "by": open_house().ana}


def customer(name: str, email: str) -> int:
    return actions.know_sender(email=email, name=name, language="es", at=AT).customer_id


@pytest.mark.parametrize(
    ("name", "refusal"), [("vip", TierExists), ("  VÍP ", TierExists), (" ", TierNameless)]
)
def test_a_tier_has_a_name_of_its_own(by, name, refusal):
    vip = actions.add_tier(name="VIP", **by)
    with pytest.raises(refusal):
        actions.add_tier(name=name, **by)
    other = actions.add_tier(name="Club", **by)
    with pytest.raises(refusal):
        actions.rename_tier(tier_id=other, name=name, **by)
    actions.rename_tier(tier_id=vip, name="Vip", **by)
    assert [one.name for one in queries.tiers.tiers()] == ["Club", "Vip"]


def test_a_merged_customer_lends_its_tier_and_takes_it_along_again(by):
    vip, club = (actions.add_tier(name=name, **by) for name in ("VIP", "Club"))
    marta, twin = customer("Marta", "marta@cliente.example"), customer("M", "m@casa.example")
    actions.set_tier(customer_id=twin, tier_id=vip, **by)
    merge = actions.merge_customers(kept_id=marta, merged_id=twin, **by)

    def tier_of(pk: int) -> str:
        found = queries.tiers.tier_of(queries.group_of(pk))
        return found.name if found else ""

    assert (tier_of(marta), tier_of(twin)) == ("VIP", "VIP")
    assert queries.tiers.sizes() == {}  # she is not counted by what is lent to her
    actions.set_tier(customer_id=twin, tier_id=club, **by)
    assert (tier_of(marta), queries.tiers.sizes()) == ("Club", {club: 1})
    actions.undo_merge(merge_id=merge, **by)
    assert (tier_of(marta), tier_of(twin)) == ("Club", "VIP")


def test_none_is_none_for_the_whole_group(by):
    vip = actions.add_tier(name="VIP", **by)
    marta, twin = customer("Marta", "marta@cliente.example"), customer("M", "m@casa.example")
    actions.set_tier(customer_id=twin, tier_id=vip, **by)
    actions.merge_customers(kept_id=marta, merged_id=twin, **by)
    actions.set_tier(customer_id=marta, tier_id=None, **by)
    assert queries.tiers.tier_of(queries.group_of(marta)) is None


def test_what_is_not_there_is_refused_and_nothing_changes(by):
    marta = customer("Marta", "marta@cliente.example")
    vip = actions.add_tier(name="VIP", **by)
    for wrong in (
        lambda: actions.set_tier(customer_id=marta, tier_id=vip + 9, **by),
        lambda: actions.set_tier(customer_id=marta + 99, tier_id=vip, **by),
        lambda: actions.rename_tier(tier_id=vip + 9, name="X", **by),
        lambda: actions.remove_tier(tier_id=vip + 9, **by),
    ):
        with pytest.raises(NotFound):
            wrong()
    assert Customer.objects.get(pk=marta).tier_id is None


def test_removing_a_tier_or_erasing_a_customer_leaves_none(by):
    vip, club = (actions.add_tier(name=name, **by) for name in ("VIP", "Club"))
    marta, eva = customer("Marta", "marta@cliente.example"), customer("Eva", "eva@casa.example")
    actions.set_tier(customer_id=marta, tier_id=vip, **by)
    actions.set_tier(customer_id=eva, tier_id=club, **by)
    actions.remove_tier(tier_id=vip, **by)
    actions.erase_customer(customer_id=eva, at=AT, actor="system")
    assert not Customer.objects.filter(tier__isnull=False).exists()
