"""The templates of this surface, strict: a name that is not given is an error, not a gap."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.template.backends.jinja2 import Jinja2
from django.utils import timezone, translation
from django.utils.translation import trans_real
from jinja2 import StrictUndefined

from esmero.ui.tests.scene import ZONE

UI = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def spanish() -> None:
    """Compiled Spanish, also where nobody ran the compiler yet."""
    folder = UI / "locale" / "es" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as source, (folder / "django.mo").open("wb") as built:
        write_mo(built, read_po(source))
    trans_real._translations.clear()


@pytest.fixture
def engine() -> Jinja2:
    return Jinja2(
        {
            "NAME": "strict",
            "DIRS": [str(UI / "jinja2")],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "esmero.ui.jinja.environment",
                "undefined": StrictUndefined,
            },
        }
    )


@pytest.fixture
def in_spain(spanish: None) -> Iterator[None]:
    with translation.override("es"), timezone.override(ZONE):
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    with translation.override("en"), timezone.override(ZONE):
        yield
