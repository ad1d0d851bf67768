"""The cast at its desks: a signed-in browser for each of Ana, Bruno, Carla and Dora."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import pytest
from django.test import Client

from esmero.console import context as frames
from esmero.people import queries as people
from esmero.shop import queries as shop_queries
from tests.cast import House, open_house


@dataclass
class Desk:
    """Ana and Bruno are agents, Carla supervises, Dora administers."""

    house: House
    _clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Client:
        if name not in ("ana", "bruno", "carla", "dora"):
            raise AttributeError(name)
        if name not in self._clients:
            agent = people.agent(getattr(self.house, name))
            assert agent is not None
            self._clients[name] = Client()
            self._clients[name].force_login(agent)
        return self._clients[name]


@pytest.fixture
def desk(db: None, settings, monkeypatch: pytest.MonkeyPatch) -> Desk:
    # What is kept for a moment is kept for the whole test: queries can be counted at any pace.
    monkeypatch.setattr(frames, "_kept", None)
    monkeypatch.setattr(frames, "_KEEP_SECONDS", 3600.0)
    monkeypatch.setattr(shop_queries, "_KEEP_SECONDS", 3600.0)
    # What passwords cost is no part of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Desk(open_house())


def text(answer) -> str:
    """What a page says, without its head."""
    return answer.content.decode()


def errors(answer) -> list[str]:
    """What the form of a page complains about."""
    found = re.findall(r'class="why"[^>]*>.*?<span>(.*?)</span>', text(answer), re.S)
    found += re.findall(r'role="alert">.*?<p>(.*?)</p>', text(answer), re.S)
    return [html.unescape(one) for one in found]
