"""The kernel: what every context stands on, and nothing that belongs to one of them."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Clock, events, files, secrets and the other members of a closed list."""

    name = "esmero.kernel"
