"""Knowledge: what customers can find out by themselves, how they find it, what they ask."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Context `knowledge`."""

    name = "esmero.knowledge"

    def ready(self) -> None:
        """Register the reactions."""
        from esmero.knowledge import reactions  # noqa: F401
