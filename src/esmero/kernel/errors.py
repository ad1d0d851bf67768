"""One root for everything that the house refuses, so that a surface can translate it by
its code.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """An action that cannot be done, with a stable `code` and the values of its sentence."""

    code: ClassVar[str] = "refused"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params

    def __str__(self) -> str:
        values = ", ".join(f"{k}={v!r}" for k, v in self.params.items())
        return f"{self.code}({values})"


class NotFound(Refusal):
    """The thing does not exist, or the asker may not know that it does."""

    code = "not_found"


class NotAllowed(Refusal):
    """The asker may see the thing but not do this."""

    code = "not_allowed"


class InvalidInput(Refusal):
    """A value cannot be used; `field` names it."""

    code = "invalid_input"


class OutsideFailure(Exception):
    """Something outside (a mail server, a provider) failed; `permanent` says that trying again is
    vain.
    """

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class DeliveryError(OutsideFailure):
    """A mail could not be handed over."""
