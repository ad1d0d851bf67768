"""Hires the team of the journeys and sets their standards: `python -m tests.journeys.team`.

Ana and Bruno are agents of Atención, Carla supervises it, Dora administers; Ventas is there so that
nothing passes because there is only one department.
"""

from __future__ import annotations

from esmero.config.cli.context import shop

PASSWORD = "una-clave-larga-1"
PEOPLE = {"ana": "Ana Luz", "bruno": "Bruno Gil", "carla": "Carla Paz", "dora": "Dora Ros"}
# Business time from a message to its answer, and to the next news.
ANSWER_MINUTES, UPDATE_MINUTES = 240, 480


def hire() -> None:
    """Do it, through the actions."""
    from esmero.kernel.clock import now
    from esmero.people import actions as people
    from esmero.people import queries as people_queries
    from esmero.people.enums import Role
    from esmero.promises import actions as promises
    from esmero.promises.enums import Kind

    care = people_queries.default_department_id()
    assert care is not None
    people.open_department(name="Ventas", slug="ventas", at=now(), actor="system")
    for name, role in (("ana", Role.AGENT), ("bruno", Role.AGENT), ("carla", Role.SUPERVISOR)):
        people.hire_agent(
            email=f"{name}@barro.example",
            name=PEOPLE[name],
            role=role,
            password=PASSWORD,
            department_ids=[care],
            language="es",
            at=now(),
        )
    promises.set_standard(
        kind=Kind.ANSWER, target_minutes=ANSWER_MINUTES, at=now(), actor="system"
    )
    promises.set_standard(
        kind=Kind.UPDATE, target_minutes=UPDATE_MINUTES, at=now(), actor="system"
    )


if __name__ == "__main__":
    with shop():
        hire()
