"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class MailsConfig(AppConfig):
    """Surface `mails`."""

    name = "esmero.mails"
