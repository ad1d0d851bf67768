"""One transaction for each thing that happens: an action joins the one it is called in.

Django's `atomic` would set a savepoint around each nested action: two statements each, eight for a
mail. Nobody needs them: an action refuses before it writes, and whoever wants to go on after a
failure inside (a reaction, a batch) sets a savepoint of its own with `transaction.atomic()`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run in the caller's transaction, or in one of its own."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        with transaction.atomic():
            return function(*args, **kwargs)

    return inside
