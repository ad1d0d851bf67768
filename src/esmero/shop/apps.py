"""The shop itself: name, voice, country, zone, and texts that it may change."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Context `shop`."""

    name = "esmero.shop"
