"""A small team of two departments, made through the actions; every test gets its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from esmero.channels import queries as channel_queries
from esmero.conversations import actions as conversations
from esmero.kernel.clock import now
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import Role
from esmero.people.models import Agent
from esmero.promises import forecasts
from esmero.promises import queries as promise_queries
from esmero.shop import queries as shop_queries

AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test reads its own settings, and reads them once: queries can be counted."""
    shop_queries.forget()
    promise_queries.forget()
    forecasts.forget()
    channel_queries.forget()
    monkeypatch.setattr(shop_queries, "_KEEP_SECONDS", 3600.0)
    monkeypatch.setattr(channel_queries._Kept, "SECONDS", 3600.0)


@dataclass
class Team:
    """Ana answers in support; Bruno in sales; Carla supervises both."""

    support: int
    sales: int
    ana: Agent
    bruno: Agent
    carla: Agent

    def client(self, agent: Agent) -> Client:
        client = Client()
        client.force_login(agent)
        return client

    def write(
        self,
        text: str = "¿Aguanta el lavavajillas?",
        *,
        subject: str = "Vajilla Turia",
        sender: str = "marta@example.com",
        name: str = "Marta Ruiz",
        department: int | None = None,
        at: datetime | None = None,
        **more: object,
    ) -> conversations.Received:
        at = at or now() - timedelta(minutes=20)
        contact = conversations.Contact(
            channel="mail",
            sender_email=sender,
            sender_name=name,
            subject=subject,
            text=text,
            received_at=at,
            department_id=self.support if department is None else department,
            **more,  # type: ignore[arg-type]
        )
        return conversations.receive(contact=contact, at=at)

    def give(self, conversation_id: int, agent: Agent) -> None:
        conversations.assign_conversation(
            conversation_id=conversation_id, agent_id=agent.pk, at=now(), by=self.carla.pk
        )


@pytest.fixture
def team(db: None) -> Team:
    support = people.open_department(name="Atención al cliente", at=AT, actor="system")
    sales = people.open_department(name="Ventas", at=AT, actor="system")

    def hired(name: str, role: Role, *departments: int) -> Agent:
        pk = people.hire_agent(
            email=f"{name.split()[0].lower()}@example.com",
            name=name,
            role=role,
            password=None,
            department_ids=departments,
            at=now(),
        )
        agent = people_queries.agent(pk)
        assert agent is not None
        return agent

    return Team(
        support=support,
        sales=sales,
        ana=hired("Ana Soler", Role.AGENT, support),
        bruno=hired("Bruno Gil", Role.AGENT, sales),
        carla=hired("Carla Vidal", Role.SUPERVISOR, support, sales),
    )
