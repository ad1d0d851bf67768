"""The demo shop: its content (pure data) and what fills a database with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esmero.config.demo.filling import Account


def fill(progress: Callable[[int, int], None]) -> None:
    """Fill an empty database with the demo shop as it is now."""
    from esmero.config.demo import filling
    from esmero.kernel import clock

    filling.fill(progress, now=clock.now())


def accounts() -> list[Account]:
    """Return who can sign in to the demo."""
    from esmero.config.demo import filling

    return filling.accounts()
