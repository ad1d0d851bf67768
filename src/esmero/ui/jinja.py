"""The Jinja2 environment of our own surfaces (TEMPLATES option `environment`)."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment

from esmero.kernel import clock
from esmero.ui import charts, dayline, formats, icons


def environment(**options: Any) -> Environment:
    """Build the environment Django asks for.

    Beside Django's own options: `{% trans %}` and `_()` from Django's catalogues, `static()`,
    `url()`, `icon()`, and the filters of esmero.ui.formats under their own names.
    Templates named *.txt are not escaped. A literal % in a translated text is written %%,
    because newstyle gettext always formats.
    """
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    options["autoescape"] = _is_markup
    env = Environment(**options)  # noqa: S701 - escaped by name, see _is_markup
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        static=static,
        url=_url,
        icon=icons.icon,
        state_icon=icons.state_icon,
        state_sprite=icons.state_sprite,
        day_line=dayline.day_line,
        chart=charts,
        now=clock.now,
    )
    env.filters.update({f.__name__: f for f in formats.FILTERS})
    return env


def _is_markup(name: str | None) -> bool:
    """Everything is escaped but the text parts of mails."""
    return name is None or not name.endswith(".txt")


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
