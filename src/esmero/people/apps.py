"""Who is who: customers with their addresses, the team with its departments."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Context `people`."""

    name = "esmero.people"
