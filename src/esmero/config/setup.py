"""Setting up the shop from the command line, and the link by which it is done in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from esmero.kernel.clock import now
from esmero.kernel.ids import new_token, token_digest
from esmero.knowledge import actions as knowledge
from esmero.people import actions as people
from esmero.people import queries as people_queries
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.shop import actions as shop
from esmero.shop import queries
from esmero.shop.errors import AlreadySetUp

PATH = "/instalar/{token}/"
"""Of the wizard's first page."""

ZONES = queries.ZONES
HOURS = "L-V 9:00-14:00,16:30-19:00"
Week = list[list[tuple[int, int]]]

_DAYS = {"L": 0, "M": 1, "X": 2, "J": 3, "V": 4, "S": 5, "D": 6}
_ENGLISH = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_FRAME = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")


class HoursUnclear(ValueError):
    """Opening hours that cannot be read; the text is the part that is not understood."""


def parse_hours(text: str) -> Week:
    """Read `L-V 9:00-14:00,16:30-19:00; S 10-14` as seven days of frames in minutes of the day.

    Days are L M X J V S D or Mo Tu We Th Fr Sa Su; a day that is not named is closed. Raises
    HoursUnclear.
    """
    week: Week = [[] for _ in range(7)]
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        days, _, frames = part.partition(" ")
        found = [_frame(word) for word in frames.split(",")]
        for day in _days(days):
            week[day] = found
    return week


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.upper().split(","):
        first, dash, last = part.partition("-")
        names = _DAYS | _ENGLISH
        if first not in names or (dash and last not in names):
            raise HoursUnclear(text)
        start, end = names[first], names[last or first]
        if end < start:
            raise HoursUnclear(text)
        found += range(start, end + 1)
    return found


def _frame(text: str) -> tuple[int, int]:
    match = _FRAME.fullmatch(text.strip())
    if match is None:
        raise HoursUnclear(text)
    numbers = [int(group or 0) for group in match.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if not 0 <= start < end <= 24 * 60 or numbers[1] > 59 or numbers[3] > 59:
        raise HoursUnclear(text)
    return start, end


@dataclass(frozen=True, slots=True)
class Answers:
    """What the set-up asks."""

    name: str
    country: str
    region: str
    language: str
    zone: str
    admin_email: str
    admin_name: str
    password: str
    """Empty: the administrator signs in by a code sent to the address."""
    week: Week


def is_done() -> bool:
    """Say whether the shop has been set up."""
    return queries.the_shop(fresh=True).is_set_up


def link() -> str | None:
    """Return a new link to the wizard, which ends all earlier ones; None once it is done."""
    token = new_token()
    try:
        shop.offer_setup(token_digest=token_digest(token), at=now())
    except AlreadySetUp:
        return None
    return str(settings.ENV.url) + PATH.format(token=token)


def password_problems(password: str, *, email: str, name: str) -> list[str]:
    """Return what is wrong with a password, in words; empty when nothing is."""
    if not password:
        return []
    try:
        validate_password(password, user=get_user_model()(email=email, name=name))
    except ValidationError as problem:
        return list(problem.messages)
    return []


@transaction.atomic
def set_up(answers: Answers, *, at: datetime) -> None:
    """Make shop, hours, first department and administrator, and close the set-up.

    Raises AlreadySetUp, UnknownZone, EmailTaken, BadHours; then nothing has been made.
    """
    if is_done():
        raise AlreadySetUp()
    shop.open_shop(
        name=answers.name,
        country=answers.country,
        region=answers.region,
        language=answers.language,
        zone=answers.zone,
        at=at,
    )
    promises.open_hours(
        name="Horario" if answers.language == "es" else "Opening hours",
        zone=answers.zone,
        country=answers.country,
        region=answers.region,
        week=answers.week,
        is_default=True,
        at=at,
        actor="system",
    )
    department = people_queries.default_department_id()
    if department is None:
        department = people.open_department(
            name="Atención al cliente" if answers.language == "es" else "Customer service",
            is_default=True,
            at=at,
            actor="system",
        )
    people.hire_agent(
        email=answers.admin_email,
        name=answers.admin_name,
        role=Role.ADMIN,
        password=answers.password or None,
        department_ids=[department],
        language=answers.language,
        at=at,
    )
    knowledge.lay_out_start(language=answers.language, at=at, by=None)
    shop.finish_setup(at=at)
