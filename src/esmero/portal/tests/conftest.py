"""A shop, a customer with an enquiry, and a moment that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from esmero.channels import actions as channels
from esmero.config import catalogues
from esmero.conversations import queries as conversations
from esmero.conversations.models import Conversation
from esmero.kernel import clock
from esmero.portal import asked, kept
from esmero.portal.contact import forms
from esmero.portal.help import searching
from tests.cast import NOON, House, forget, open_house

MARTA = "marta@cliente.example"


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    catalogues.compile_stale()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    _forget_all()
    yield
    _forget_all()


def _forget_all() -> None:
    forget()
    kept.forget()
    asked.forget()
    searching.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock."""

    def _at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    _at(NOON)
    return _at


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests fill in forms as quickly as they can."""
    monkeypatch.setattr(forms, "QUICKEST", timedelta(seconds=-1))


@pytest.fixture
def house(db: None, at: Callable[[datetime], None]) -> House:
    opened = open_house()
    channels.connect_mailbox(
        address="hola@barro.example", name="Barro", department_id=opened.care, at=NOON
    )
    return opened


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="es")


def write_in(
    *, email: str = MARTA, text: str = "Llegó con una grieta.", minutes: int = 0
) -> Conversation:
    """Make an enquiry through the form's own door."""
    at = NOON + timedelta(minutes=minutes)
    accepted = channels.accept_form(
        form=channels.Form(
            once=channels.new_once(), name="Marta Ruiz", email=email, subject="La fuente",
            text=text, department_id=None, ip="", language="es",
        ),
        at=at,
    )  # fmt: skip
    return Conversation.objects.get(pk=accepted.conversation_id)


def page_of(conversation: Conversation, *, at: datetime = NOON) -> str:
    """Return the address of an enquiry's page."""
    return reverse("portal:enquiry", args=[conversations.link_of(conversation.token, at=at)])
