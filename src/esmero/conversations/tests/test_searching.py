"""Search finds the same by both of its ways, newest first, and only what may be seen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from esmero.conversations import queries
from esmero.conversations.models import Conversation, Message
from esmero.conversations.reads import searching
from esmero.people.enums import Role
from esmero.people.models import Agent, Customer, CustomerAddress, Department, Membership

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Write = Callable[..., int]


@pytest.fixture(params=["by the index", "among the newest"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "among the newest":
        monkeypatch.setattr(searching, "FEW", -1)


@pytest.fixture
def departments() -> list[Department]:
    return [Department.objects.create(name=name, slug=name) for name in ("ventas", "garantia")]


@pytest.fixture
def bruno(departments: list[Department]) -> Agent:
    agent = Agent.objects.create(email="bruno@tienda.example", name="Bruno", created_at=AT)
    Membership.objects.create(agent=agent, department=departments[0])
    return agent


@pytest.fixture
def ana() -> Agent:
    role = Role.SUPERVISOR.value
    return Agent.objects.create(email="ana@tienda.example", name="Ana", role=role, created_at=AT)


@pytest.fixture
def write(departments: list[Department]) -> Write:
    moments = iter(AT + timedelta(hours=n) for n in range(1000))

    def one(*texts: str, subject: str = "", place: int = 0, name: str = "Otra Persona") -> int:
        at = next(moments)
        customer = Customer.objects.create(name=name, created_at=at)
        CustomerAddress.objects.create(
            customer=customer,
            value=f"cliente{customer.pk}@correo.example",
            is_primary=True,
            created_at=at,
        )
        conversation = Conversation.objects.create(
            subject=subject, customer=customer, department=departments[place],
            channel="mail", opened_at=at, last_message_at=at,
        )  # fmt: skip
        for text in texts:
            Message.objects.create(
                conversation=conversation, direction="in", channel="mail", at=at,
                author_customer=customer, subject=subject, text=text,
            )  # fmt: skip
        return conversation.pk

    return one


@pytest.mark.usefixtures("_way")
def test_words_are_found_newest_first_each_conversation_once(write: Write, ana: Agent) -> None:
    old = write("La cafetera no calienta", "¿Y la cafetera?", subject="Devolución")
    write("Otra cosa")
    new = write("Quiero otra CAFETERA", subject="devolucion de ayer")
    assert queries.search(ana, "cafeteras devolución").ids == [new, old]
    assert queries.search(ana, "cafetera devolucion").has_more is False
    assert queries.search(ana, "cafetera", limit=1) == searching.Found([new], True)
    assert queries.search(ana, "zanfona").ids == []
    assert queries.search(ana, "de la y").ids == []
    assert queries.search(ana, "50% 'o --").ids == []


@pytest.mark.usefixtures("_way")
def test_only_what_may_be_seen_is_found(write: Write, ana: Agent, bruno: Agent) -> None:
    hers = write("Un reembolso", place=0)
    other = write("Un reembolso", place=1, name="Lucía Peña")
    assert queries.search(ana, "reembolso").ids == [other, hers]
    assert queries.search(bruno, "reembolso").ids == [hers]
    assert queries.search(bruno, f"#{other}").ids == []
    assert queries.search(bruno, "Lucía").ids == []
    assert queries.search(ana, "lucía").ids == [other]
    Conversation.objects.filter(pk=other).update(owner_agent=bruno)
    assert queries.search(bruno, "reembolso").ids == [other, hers]


def test_common_words_that_the_newest_do_not_hold_are_found_by_the_index(
    write: Write, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FEW", -1)
    monkeypatch.setattr(searching, "NEWEST", 2)
    old = write("Un reembolso")
    for _ in range(3):
        write("Nada")
    assert queries.search(ana, "reembolso").ids == [old]


def test_numbers_addresses_and_people_are_found(write: Write, ana: Agent) -> None:
    first = write("Hola", name="Begoña Ibáñez")
    mentions = write("Soy la vecina de Begoña Ibáñez")
    address = CustomerAddress.objects.order_by("id")[0].value
    assert queries.search(ana, str(first)).ids == [first]
    assert queries.search(ana, address.upper()).ids == [first]
    assert queries.search(ana, "begoña ibá").ids[0] == first
    assert queries.search(ana, "Begoña Ibáñez").ids == [first, mentions]


def test_the_number_of_statements_does_not_grow(write: Write, ana: Agent) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.search(ana, "Otra Persona")
        return len(captured)

    write("Hola")
    few = asked()
    for _ in range(12):
        write("Otra persona escribe")
    assert asked() == few
