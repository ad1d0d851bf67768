"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Surface `portal`."""

    name = "esmero.portal"
