"""Channels: how contacts come in and replies go out."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Context `channels`."""

    name = "esmero.channels"
