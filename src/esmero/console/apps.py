"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Surface `console`."""

    name = "esmero.console"
