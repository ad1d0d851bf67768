"""Blocked and trusted senders."""

from __future__ import annotations

import pytest

from esmero.channels.models import SenderRule
from esmero.console.settings.tests.desk import errors, text


def test_sender_blocked_trusted_and_forgotten(desk):
    for pattern, judgement in (("@Spam.example", "block"), ("marta@example.com", "trust")):
        wish = {"pattern": pattern, "judgement": judgement}
        assert desk.carla.post("/c/ajustes/remitentes/", wish).status_code == 302
    rows = SenderRule.objects.order_by("id")
    assert [(r.pattern, r.judgement, r.by_agent_id) for r in rows] == [
        ("@spam.example", "block", desk.house.carla),
        ("marta@example.com", "trust", desk.house.carla),
    ]
    page = text(desk.carla.get("/c/ajustes/remitentes/"))
    assert page.index("@spam.example") < page.index("marta@example.com")
    desk.carla.post(f"/c/ajustes/remitentes/{rows[0].pk}/quitar/")
    assert [r.pattern for r in SenderRule.objects.all()] == ["marta@example.com"]


@pytest.mark.parametrize("pattern", ["", "spam", "a b@example.com"])
def test_sender_that_is_none_answers_422_at_its_field(desk, pattern):
    wish = {"pattern": pattern, "judgement": "block"}
    answer = desk.carla.post("/c/ajustes/remitentes/", wish)
    assert (answer.status_code, len(errors(answer))) == (422, 1)
    assert SenderRule.objects.count() == 0


def test_agents_block_nobody_here(desk):
    wish = {"pattern": "@spam.example", "judgement": "block"}
    assert desk.ana.post("/c/ajustes/remitentes/", wish).status_code == 403
    assert SenderRule.objects.count() == 0
