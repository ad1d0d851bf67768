"""A shop's own colour: from one, the four tokens it replaces, readable in both themes. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

LIGHT_PAPER, DARK_PAPER = "#FBF8F3", "#201B17"
"""The grounds the colour must be read on: `--bg` light, `--surface` dark (the worse of two)."""
ENOUGH = 5.5
"""Lowest contrast of a coloured text on its ground; WCAG 2.2 AA asks 4.5.

Source: WCAG 2.2, success criterion 1.4.3; the house asks for more.
"""
ENOUGH_ON_SOFT = 4.5
"""The same for the colour on its own pale ground, where only pressed buttons and avatars stand."""
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


class NotAColour(ValueError):
    """The text is not `#RRGGBB`."""


@dataclass(frozen=True)
class Tokens:
    """The four tokens of one theme, each `#RRGGBB`."""

    primary: str
    hover: str
    soft: str
    on: str


def tokens(colour: str) -> tuple[Tokens, Tokens]:
    """The tokens for the light and the dark theme of a shop's `colour` (`#RRGGBB`).

    The colour keeps its hue; it is darkened (light theme) or lightened (dark theme) until links in
    it and text on it can be read. Raises NotAColour.
    """
    rgb = _parts(colour)
    return _first_readable(_light, rgb, (0, 0, 0)), _first_readable(_dark, rgb, (255, 255, 255))


def shop_css(colour: str) -> str:
    """The stylesheet that a shop's pages load after ours (`shop_css_url`). Raises NotAColour."""
    light, dark = tokens(colour)
    pairs = {
        "--primary": (light.primary, dark.primary),
        "--primary-hover": (light.hover, dark.hover),
        "--primary-soft": (light.soft, dark.soft),
        "--on-primary": (light.on, dark.on),
    }
    rules = "".join(f"{name}:light-dark({a},{b});" for name, (a, b) in pairs.items())
    return f":root{{{rules}}}\n"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (`#RRGGBB`), 1 to 21.

    Source: WCAG 2.2, definitions of "contrast ratio" and "relative luminance".
    """
    low, high = sorted((_luminance(_parts(one)), _luminance(_parts(other))))
    return (high + 0.05) / (low + 0.05)


_Rgb = tuple[float, float, float]


def _parts(colour: str) -> _Rgb:
    if not _HEX.fullmatch(colour):
        raise NotAColour(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _text(rgb: _Rgb) -> str:
    return "#" + "".join(f"{round(part):02X}" for part in rgb)


def _mix(one: _Rgb, other: _Rgb, share: float) -> _Rgb:
    a, b, c = (x + (y - x) * share for x, y in zip(one, other, strict=True))
    return a, b, c


def _luminance(rgb: _Rgb) -> float:
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in rgb
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _light(rgb: _Rgb) -> tuple[Tokens, str]:
    made = Tokens(
        primary=_text(rgb),
        hover=_text(_mix(rgb, (0, 0, 0), 0.22)),
        soft=_text(_mix(rgb, (255, 255, 255), 0.88)),
        on="#FFFFFF",
    )
    return made, LIGHT_PAPER


def _dark(rgb: _Rgb) -> tuple[Tokens, str]:
    made = Tokens(
        primary=_text(rgb),
        hover=_text(_mix(rgb, (255, 255, 255), 0.28)),
        soft=_text(_mix(rgb, _parts(DARK_PAPER), 0.86)),
        on=_text(_mix(rgb, (0, 0, 0), 0.86)),
    )
    return made, DARK_PAPER


def _first_readable(
    make: Callable[[_Rgb], tuple[Tokens, str]], rgb: _Rgb, towards: _Rgb
) -> Tokens:
    for step in range(51):
        made, paper = make(_mix(rgb, towards, step / 50))
        read = [contrast(made.primary, ground) for ground in (paper, made.on)]
        if min(read) >= ENOUGH and contrast(made.primary, made.soft) >= ENOUGH_ON_SOFT:
            return made
    return make(towards)[0]
