"""A shop with two departments; nothing kept between tests."""

from __future__ import annotations

import pytest

from esmero.conversations import queries as conversations
from esmero.desk import queries
from tests import cast


@pytest.fixture
def house(db: None) -> cast.House:
    """Ana answers in care, Bruno in sales; Carla supervises, Dora administers."""
    conversations.order.forget_tags()
    queries.forget()
    found = cast.open_house()
    yield found
    conversations.order.forget_tags()
    queries.forget()
    cast.forget()
