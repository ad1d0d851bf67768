"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Surface `config`."""

    name = "esmero.config"

    def ready(self) -> None:
        """Let strangers meet (every app is loaded by now: this one comes last)."""
        from esmero.config.threads import keep_by_thread, read_moments_quickly
        from esmero.config.wiring import wire

        keep_by_thread()
        read_moments_quickly()
        wire()
