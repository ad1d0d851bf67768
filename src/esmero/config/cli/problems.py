"""What ends a command with a message for the person at the terminal."""


class Problem(Exception):
    """A message that says what is wrong and what to do; `status` is the exit status."""

    def __init__(self, message: str, *, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
