"""A shop's colour becomes four tokens that can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esmero.ui import palette
from esmero.ui.palette import NotAColour, contrast, shop_css, tokens

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@given(colours)
def test_every_colour_can_be_read_in_both_themes(colour: str) -> None:
    light, dark = tokens(colour)
    for theme, paper in ((light, palette.LIGHT_PAPER), (dark, palette.DARK_PAPER)):
        assert contrast(theme.primary, paper) >= palette.ENOUGH
        assert contrast(theme.primary, theme.on) >= palette.ENOUGH
        assert contrast(theme.primary, theme.soft) >= palette.ENOUGH_ON_SOFT
        assert contrast(theme.hover, theme.on) >= palette.ENOUGH


def test_a_good_colour_is_left_alone() -> None:
    assert tokens("#A23E1B")[0].primary == "#A23E1B"


def test_a_pale_colour_is_darkened_for_paper() -> None:
    assert tokens("#FFD84D")[0].primary != "#FFD84D"


def test_contrast_of_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_shop_css_sets_the_four_tokens() -> None:
    text = shop_css("#0F5B66")
    assert text.startswith(":root{--primary:light-dark(#0F5B66,#")
    names = re.findall(r"--[a-z-]+(?=:)", text)
    assert names == ["--primary", "--primary-hover", "--primary-soft", "--on-primary"]


@pytest.mark.parametrize("text", ["", "red", "#FFF", "#GGGGGG", "#FFFFFF;}body{display:none"])
def test_what_is_not_a_colour_is_refused(text: str) -> None:
    with pytest.raises(NotAColour):
        shop_css(text)
