"""What to tell: a high quantile of measured answer times, corrected for how few they are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Forecast:
    """The business minutes within which, by measurement, a share `quantile` is done.

    `minutes` includes `margin`, the part added because data are thin; `n` is how many
    observations stand behind it, `class_used` the class of work they come from.
    """

    minutes: float
    n: int
    class_used: str
    margin: float
    quantile: float
