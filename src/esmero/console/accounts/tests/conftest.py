"""A team and mail that goes to our outbox, as in the running house."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests import cast


@pytest.fixture(autouse=True)
def _as_running(settings) -> None:
    # Django's test runner puts mail aside; here it takes the real way.
    settings.EMAIL_BACKEND = "esmero.channels.adapters.mail.backend.OutboxBackend"
    # Half a second a password is for attackers, not for tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cast.forget()


@pytest.fixture
def house(db) -> cast.House:
    cache.clear()
    return cast.open_house()
