"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Surface `config`."""

    name = "esmero.config"
