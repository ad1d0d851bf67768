"""What can be wrong with the database that Esmero brings along."""

from esmero.config.cli.words import t


class ClusterProblem(Exception):
    """The cluster cannot be made, started or stopped; the message says why and what to do.

    `text` is one of the command line's texts, with the values that it names.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text, values)
        self._text, self._values = text, values

    def __str__(self) -> str:
        return t(self._text, **self._values)


class ClusterBusy(ClusterProblem):
    """Another process holds the data folder."""
