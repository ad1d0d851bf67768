"""Notices: who of the team is told of what, on the screen, by mail and by push."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Context `notices`."""

    name = "esmero.notices"

    def ready(self) -> None:
        """Register the reactions."""
        from esmero.notices import reactions  # noqa: F401
