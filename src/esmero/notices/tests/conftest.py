"""A shop with two departments; nothing kept between tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from esmero.conversations import queries as conversations
from esmero.desk import queries as desk
from esmero.notices.reads import whom
from tests import cast


def _forget() -> None:
    conversations.order.forget_tags()
    desk.forget()
    whom.forget()


@pytest.fixture
def house(db: None) -> Iterator[cast.House]:
    """Ana answers in care, Bruno in sales; Carla supervises, Dora administers."""
    _forget()
    yield cast.open_house()
    _forget()
    cast.forget()
