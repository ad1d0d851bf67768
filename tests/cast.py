"""The people of the tests: a named cast, and others around them so that nothing passes by being alone.

Ana, Bruno and Carla work in the shop; Marta and Julián are customers. Everything here goes through
the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from esmero.channels import queries as channel_queries
from esmero.knowledge import queries as knowledge_queries
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises import forecasts
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind
from esmero.shop import actions as shop
from esmero.shop import queries as shop_queries

# A Thursday, 11:40 in Madrid, with the shop open from 9 to 14 and from 16:30 to 19.
NOON = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)
WEEK = [[(540, 840), (990, 1140)]] * 5 + [[], []]
PASSWORD = "una-clave-larga-1"


@dataclass(frozen=True)
class House:
    """Ids of what every test may need."""

    care: int  # atención al cliente
    sales: int
    ana: int  # agent in care
    bruno: int  # agent in sales
    carla: int  # supervisor
    dora: int  # admin
    hours: int


def forget() -> None:
    """Drop what the process keeps between tests."""
    shop_queries.forget()
    channel_queries.forget()
    knowledge_queries.published.forget()
    promise_queries.forget()
    forecasts.forget()


def open_house(*, target_minutes: int = 240, zone: str = "Europe/Madrid") -> House:
    """Open a shop with two departments, four people and hours."""
    forget()
    at = NOON - timedelta(days=100)
    shop.open_shop(name="Barro", country="ES", language="es", zone=zone, at=at)
    care = people.open_department(
        name="Atención al cliente", slug="atencion", is_default=True, at=at, actor="system"
    )
    sales = people.open_department(name="Ventas", slug="ventas", at=at, actor="system")
    ana = people.hire_agent(
        email="ana@barro.example", name="Ana", role=Role.AGENT, password=PASSWORD,
        department_ids=[care], at=at,
    )  # fmt: skip
    bruno = people.hire_agent(
        email="bruno@barro.example", name="Bruno", role=Role.AGENT, password=PASSWORD,
        department_ids=[sales], at=at,
    )  # fmt: skip
    carla = people.hire_agent(
        email="carla@barro.example", name="Carla", role=Role.SUPERVISOR, password=PASSWORD,
        department_ids=[care], at=at,
    )  # fmt: skip
    dora = people.hire_agent(
        email="dora@barro.example", name="Dora", role=Role.ADMIN, password=PASSWORD, at=at
    )
    hours = promises.open_hours(
        name="Tienda", zone=zone, week=WEEK, is_default=True, at=at, actor="system"
    )
    promises.set_standard(kind=Kind.ANSWER, target_minutes=target_minutes, at=at, actor="system")
    promises.set_standard(
        kind=Kind.UPDATE, target_minutes=2 * target_minutes, at=at, actor="system"
    )
    shop.finish_setup(at=at)
    forget()
    return House(care, sales, ana, bruno, carla, dora, hours)
