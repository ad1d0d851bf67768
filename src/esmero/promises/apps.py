"""Promises: made, watched, settled, and recorded so that nobody can polish the record."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Context `promises`."""

    name = "esmero.promises"
