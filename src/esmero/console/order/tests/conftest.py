"""The team of the console's tests."""

from esmero.console.tests.conftest import *  # noqa: F403  its team and texts
