"""The two screens of the team's journeys: a desk, and a telephone of 360 pixels.

What is done by a key on a desk is done on a telephone by what a finger reaches; the helpers here do
one or the other by the screen that the window has.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

Screen = dict[str, object]
WIDE: Screen = {}
NARROW: Screen = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
NAMES = ["wide", "narrow"]
# For journeys that stand by themselves: two passes in one shop.
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=NAMES)


@pytest.fixture(scope="module", name="screen", params=[WIDE, NARROW], ids=NAMES)
def two_screens(request: pytest.FixtureRequest) -> Screen:
    """Imported by a module whose journeys go on from each other: all of them once on each screen."""
    return request.param


# Controls that one sees and that reach beyond the screen, unless what holds them can be scrolled.
OUTSIDE = """[...document.querySelectorAll('a, button, summary, input, select, textarea, label')]
  .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.vh'))
  .filter(one => {
    const box = one.getBoundingClientRect();
    if (!box.width || (box.left >= -1 && box.right <= innerWidth + 1)) return false;
    for (let up = one.parentElement; up; up = up.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;
    return true;
  }).map(one => one.outerHTML.slice(0, 120))"""


def is_narrow(page: Page) -> bool:
    """Say whether this window is a telephone."""
    return bool(page.viewport_size and page.viewport_size["width"] <= 360)


def fits(page: Page) -> None:
    """Fail when the page can be moved sideways, or a control lies beyond its edge."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"
    assert page.evaluate(OUTSIDE) == [], page.url


def seen(what: Locator) -> Locator:
    """Fail unless it is there for the eye: neither hidden nor see-through."""
    expect(what).to_be_visible()
    way = "one => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })"
    assert what.evaluate(way), f"{what} cannot be seen"
    return what


def act(page: Page, key: str, name: str) -> None:
    """Ask for something in the open thread: by its key, or by its entry in the thread's menu."""
    if not is_narrow(page):
        page.keyboard.press(key)
        return
    menu = page.locator("#thread-head es-menu").last
    menu.locator("summary").tap()
    entry = menu.get_by_role("link", name=name, exact=True)
    entry.or_(menu.get_by_role("button", name=name, exact=True)).locator("visible=true").tap()


def beside(page: Page) -> Locator:
    """Return what stands beside the thread; a telephone shows it by a button, in the thread's place."""
    context = page.locator("#context")
    if is_narrow(page) and not context.is_visible():
        page.locator("#thread-head .back a[href='#context']").tap()
    expect(context).to_be_visible()
    return context


def to_thread(page: Page) -> None:
    """Go back from what stands beside the thread to the thread."""
    if is_narrow(page):
        page.locator("#context .back a").first.tap()
    expect(page.locator("#thread")).to_be_visible()


def pick(page: Page, row: Locator, *, up_to: bool = False) -> None:
    """Choose a row of a list (`up_to`: with the rows from the last one chosen; not by finger)."""
    if is_narrow(page):
        seen(row.locator("xpath=preceding-sibling::label")).tap()
        return
    row.focus()
    page.keyboard.press("Shift+X" if up_to else "x")
