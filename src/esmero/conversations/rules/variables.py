"""The variables of saved answers: an allow-list of names, filled without any logic."""

from __future__ import annotations

import re
from collections.abc import Mapping

from esmero.kernel.templating import fill

NAMES = (
    "customer_name",
    "customer_full_name",
    "customer_address",
    "subject",
    "number",
    "promise_time",
    "agent_name",
    "shop_name",
    "shop_telephone",
    "shop_website",
)
_LEFT = re.compile(r"\{\{\s*[a-z_]{1,40}\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill a saved answer in. What has no value stays as it is, to be seen and written by hand."""
    return fill(text, {name: values[name] for name in NAMES if values.get(name, "").strip()})


def left_open(text: str) -> list[str]:
    """Return the variables that still stand in a text, in order, each once; `{{7*7}}` is none."""
    return list(dict.fromkeys(_LEFT.findall(text)))
