"""See docs/reference/house.md for what this storey is."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Surface `console`."""

    name = "esmero.console"

    def ready(self) -> None:
        """Write down who signs in; end the sessions of who leaves."""
        from esmero.console import history
        from esmero.console.accounts import record, sessions  # noqa: F401  reactions register

        record.listen()
        history.load()
