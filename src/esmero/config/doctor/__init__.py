"""What `esmero doctor` looks at. A check is a function that yields findings; the modules beside
this one register theirs by a decorator, and the command runs them all."""

from esmero.config.doctor.findings import Finding, Level, checks_that_need, fail, ok, warn

__all__ = ["Finding", "Level", "checks_that_need", "fail", "ok", "warn"]
