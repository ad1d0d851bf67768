"""The cast at its desks."""

from esmero.console.settings.tests.desk import desk

__all__ = ["desk"]
