"""Conversations: what customers and team write to each other, and who owns the next step."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Context `conversations`."""

    name = "esmero.conversations"

    def ready(self) -> None:
        """Register the reactions."""
        from esmero.conversations import reactions  # noqa: F401
