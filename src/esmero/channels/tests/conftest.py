"""A shop with two mailboxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from esmero.channels import actions, ports
from esmero.channels.tests.cast import PlainRenderer
from tests.cast import NOON, House, open_house


@pytest.fixture
def house() -> Iterator[House]:
    before = ports._renderer
    ports.use_renderer(PlainRenderer())
    house = open_house()
    actions.connect_mailbox(
        address="hola@barro.example", name="Barro", department_id=house.care, at=NOON
    )
    actions.connect_mailbox(
        address="ventas@barro.example", name="Ventas", department_id=house.sales, at=NOON
    )
    yield house
    ports._renderer = before
