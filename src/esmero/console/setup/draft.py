"""What has been answered so far, kept in the session; passwords only sealed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from esmero.kernel import secrets

KEY = "setup"
STEPS = ("tienda", "cuenta", "buzon", "horario", "departamentos", "listo")
"""The screens, by their part of the address."""

Answers = dict[str, Any]


class Draft:
    """The answers by screen. A screen is done when it was sent or skipped."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        held = request.session.get(KEY)
        self._held: dict[str, Any] = held if isinstance(held, dict) else {}

    def of(self, step: str) -> Answers:
        """Return the answers of a screen; nothing when it was skipped or not yet seen."""
        found = self._held.get(step)
        return dict(found) if isinstance(found, dict) else {}

    def keep(self, step: str, answers: Answers) -> None:
        """Store the answers of a screen; none of them means that it was skipped."""
        self._held = {**self._held, step: answers}
        self._session[KEY] = self._held

    def is_done(self, step: str) -> bool:
        """Say whether a screen was sent or skipped."""
        return step in self._held

    def first_open(self) -> str:
        """Return the screen to go on with."""
        return next((step for step in STEPS if step not in self._held), STEPS[-1])

    def drop(self) -> None:
        """Forget everything."""
        self._session.pop(KEY, None)


def sealed(password: str) -> str:
    """Return a password as it may lie in a session's row."""
    return secrets.seal(password)


def opened(answers: Answers) -> str:
    """Return the password of some answers."""
    return secrets.unseal(str(answers.get("password_sealed", "")))
