"""Desk: how the team orders its work. Views, macros, rules on arrival, distribution, bulk acts."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Context `desk`."""

    name = "esmero.desk"

    def ready(self) -> None:
        """Register the reactions."""
        from esmero.desk import reactions  # noqa: F401
