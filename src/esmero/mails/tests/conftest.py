"""What every test here needs forgotten between two of them."""

from collections.abc import Iterator

import pytest

from esmero.mails import automatic
from esmero.promises import forecasts
from esmero.promises import queries as promises
from esmero.shop import queries as shop


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    for forget in (shop.forget, promises.forget, forecasts.forget, automatic.forget):
        forget()
    yield
    shop.forget()
