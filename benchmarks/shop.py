"""A small shop for the benchmarks, opened through the actions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ids:
    """What the benchmarks need of it."""

    department: int
    agent: int
    mailbox: int


def open_small_shop(address: str, *, password: str | None = None) -> Ids:
    """Open a shop with one department, three agents and a mailbox that only receives."""
    from esmero.channels import actions as channels
    from esmero.kernel import clock
    from esmero.people import actions as people
    from esmero.people.enums import Role
    from esmero.promises import actions as promises
    from esmero.promises.enums import Kind
    from esmero.shop import actions as shop

    at = clock.now()
    shop.open_shop(name="Tienda", country="ES", language="es", zone="Europe/Madrid", at=at)
    department = people.open_department(name="Soporte", is_default=True, at=at, actor="system")
    agents = [
        people.hire_agent(
            email=f"{name.lower()}@tienda.example",
            name=name,
            role=Role.SUPERVISOR if name == "Ana" else Role.AGENT,
            password=password,
            department_ids=[department],
            at=at,
        )
        for name in ("Ana", "Bruno", "Carla")
    ]
    promises.open_hours(
        name="Tienda",
        zone="Europe/Madrid",
        country="ES",
        week=[[(540, 840), (990, 1140)]] * 5 + [[], []],
        is_default=True,
        at=at,
        actor="system",
    )
    promises.set_standard(kind=Kind.ANSWER, target_minutes=240, at=at, actor="system")
    mailbox = channels.connect_mailbox(
        address=address, name="Tienda", department_id=department, at=at
    )
    shop.finish_setup(at=at)
    return Ids(department, agents[0], mailbox)
