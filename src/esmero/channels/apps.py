"""Channels: how contacts come in and replies go out."""

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from esmero.channels.ports import MailServers


class ChannelsConfig(AppConfig):
    """Context `channels`."""

    name = "esmero.channels"

    def ready(self) -> None:
        """Say who talks with mail servers; the libraries for it are loaded when first needed."""
        from esmero.channels import ports

        ports.use_mail_servers(_mail_servers)


def _mail_servers() -> "MailServers":
    from esmero.channels.adapters.mail.servers import Servers

    return Servers()
