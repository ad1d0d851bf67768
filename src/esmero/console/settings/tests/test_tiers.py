"""Kinds of customers in the settings, and what is promised to each."""

from __future__ import annotations

import pytest

from esmero.console.settings.tests.desk import errors, text
from esmero.console.settings.tests.test_standards import GOOD
from esmero.people.models import Tier
from esmero.promises.models import StandardRow

TIERS = "/c/ajustes/tipos-de-cliente/"


def test_tiers_are_added_renamed_and_removed_with_their_standards(desk):
    assert "A todos los clientes se les promete lo mismo." in text(desk.dora.get(TIERS))
    assert desk.dora.post(TIERS, {"name": "Mayorista"}).status_code == 302
    vip = Tier.objects.get()
    refused = desk.dora.post(TIERS, {"name": " mayorista"})
    assert (refused.status_code, errors(refused)) == (
        422, ["Ya hay un tipo de cliente con ese nombre."],
    )  # fmt: skip
    assert desk.dora.post(f"{TIERS}{vip.pk}/", {"name": "VIP"}).status_code == 302
    desk.dora.post("/c/ajustes/promesas/nueva/", GOOD | {"tier": str(vip.pk)})
    row = StandardRow.objects.get(tier=vip)
    assert (row.kind, row.target_minutes) == ("answer", 60)
    assert "VIP" in text(desk.dora.get("/c/ajustes/promesas/"))
    assert f'<option value="{vip.pk}" selected>' in text(
        desk.dora.get(f"/c/ajustes/promesas/{row.pk}/")
    )
    assert desk.dora.post(f"{TIERS}{vip.pk}/quitar/").status_code == 302
    assert not StandardRow.objects.filter(pk=row.pk).exists()
    assert "VIP" not in text(desk.dora.get("/c/ajustes/promesas/"))


def test_standards_ask_for_a_tier_only_where_there_are_some(desk):
    new = "/c/ajustes/promesas/nueva/"
    assert 'name="tier"' not in text(desk.dora.get(new))
    vip = Tier.objects.create(name="VIP")
    assert 'name="tier"' in text(desk.dora.get(new))
    bad = desk.dora.post(new, GOOD | {"tier": str(vip.pk + 9)})
    assert (bad.status_code, len(errors(bad))) == (422, 1)


@pytest.mark.parametrize("who", ["ana", "carla"])
def test_only_who_administers_sets_tiers(desk, who):
    assert getattr(desk, who).post(TIERS, {"name": "VIP"}).status_code == 403
    assert not Tier.objects.exists()
