"""Opening the demo shop: departments with their hours and mailboxes, the team, the customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from esmero.channels import actions as channels
from esmero.config.demo.content.shapes import DemoCustomer, DemoDepartment, DemoShop
from esmero.people import actions as people
from esmero.people.enums import AddressKind, Role
from esmero.promises import actions as promises
from esmero.promises.enums import Kind
from esmero.shop import actions as shop

PASSWORD = "brasa-y-candil"  # noqa: S105  the demo's, printed for everybody
OPENED_BEFORE = timedelta(days=120)
KNOWN_BEFORE = timedelta(days=100)


@dataclass
class House:
    """The demo's ids by the names that its content uses."""

    content: DemoShop
    now: datetime
    departments: dict[str, int] = field(default_factory=dict)
    agents: dict[str, int] = field(default_factory=dict)
    mailboxes: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)

    def open(self) -> None:
        """Open everything, some months ago."""
        start = self.now - OPENED_BEFORE
        content = self.content
        shop.open_shop(
            name=content.name,
            country=content.country,
            region=content.region,
            language=content.language,
            zone=content.zone,
            at=start,
            is_demo=True,
        )
        for department in content.departments.values():
            self._open_department(department, start)
        promises.set_standard(kind=Kind.SOLVE, target_minutes=40 * 60, at=start, actor="system")
        promises.set_standard(kind=Kind.CALL, target_minutes=4 * 60, at=start, actor="system")
        # Made once for all of them: it is the same, and slow by intent.
        known = make_password(PASSWORD)
        for agent in content.agents.values():
            self.agents[agent.id] = people.hire_agent(
                email=agent.email,
                name=agent.name,
                role=Role(agent.role),
                password=None,
                password_hash=known,
                department_ids=[self.departments[d] for d in agent.departments],
                signature=agent.signature,
                at=start,
            )
        for customer in content.customers.values():
            self._introduce(customer)
        shop.finish_setup(at=start)

    def _introduce(self, customer: DemoCustomer) -> None:
        at = self.now - KNOWN_BEFORE
        known = people.know_sender(
            email=customer.addresses[0].email,
            name=customer.name,
            language=customer.language,
            at=at,
        )
        self.customers[customer.id] = known.customer_id
        for address in customer.addresses[1:]:
            people.add_address(
                customer_id=known.customer_id,
                kind=AddressKind.EMAIL,
                value=address.email,
                is_verified=address.is_verified,
                at=at,
            )
        for phone in customer.phones:
            people.add_address(
                customer_id=known.customer_id,
                kind=AddressKind.PHONE,
                value=phone.replace(" ", ""),
                is_verified=True,
                at=at,
            )
        people.change_customer(
            customer_id=known.customer_id,
            name=customer.name,
            company=customer.company,
            language=customer.language,
            zone=customer.zone,
            note=customer.remark,
            at=at,
            by=next(iter(self.agents.values())),
        )

    def _open_department(self, department: DemoDepartment, start: datetime) -> None:
        content = self.content
        pk = people.open_department(
            name=department.name,
            slug=department.id,
            description=department.description,
            is_default=department.id == "atencion",
            at=start,
            actor="system",
        )
        self.departments[department.id] = pk
        week = [
            [(_minute(f.opens), _minute(f.closes)) for f in department.frames if weekday in f.days]
            for weekday in range(7)
        ]
        hours_id = promises.open_hours(
            name=department.name,
            zone=content.zone,
            country=content.country,
            region=content.region,
            week=week,
            is_default=department.id == "atencion",
            at=start,
            actor="system",
        )
        promises.keep_hours(department_id=pk, hours_id=hours_id, at=start, actor="system")
        promises.set_standard(
            kind=Kind.ANSWER,
            department_id=pk,
            target_minutes=department.target_minutes,
            limit_minutes=department.limit_minutes,
            limit_in_business_time=True,
            at=start,
            actor="system",
        )
        promises.set_standard(
            kind=Kind.UPDATE,
            department_id=pk,
            target_minutes=department.update_minutes,
            at=start,
            actor="system",
        )
        self.mailboxes[department.id] = channels.connect_mailbox(
            address=department.mailbox,
            name=f"{content.name}, {department.name.lower()}",
            department_id=pk,
            at=start,
        )

    def send_away(self) -> None:
        """Let those be absent who are."""
        for agent in self.content.agents.values():
            if agent.absence is not None:
                away = agent.absence
                people.begin_absence(
                    agent_id=self.agents[agent.id],
                    starts_at=self.now - timedelta(days=away.from_days_ago),
                    ends_at=self.now + timedelta(days=away.until_days),
                    substitute_id=self.agents.get(away.substitute),
                    note=away.reason,
                    at=self.now - timedelta(days=away.from_days_ago),
                    actor="system",
                )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
