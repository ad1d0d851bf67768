"""What a shop gives its pages: its logo, its links, its legal texts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from esmero.kernel import files
from esmero.shop import queries as shops
from esmero.shop.queries import the_shop
from esmero.ui.links import link

_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
LEGAL = ("aviso-legal", "privacidad", "cookies", "devoluciones")


@dataclass(frozen=True, slots=True)
class Named:
    """A link with its name."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Face:
    """What a page shows of its shop."""

    logo_url: str
    links: tuple[shops.Link, ...]

    def links_of(self, place: str, language: str) -> list[Named]:
        """Return the shop's own links of the head or the foot."""
        return [Named(one.label(language), one.url) for one in self.links if one.place == place]


def face() -> Face:
    """Return what the pages show of the shop."""
    shop = the_shop()
    logo_url = link("portal:logo", shop.logo_name) if shop.logo_name else ""
    return Face(logo_url, shop.links)


def legal_names() -> list[tuple[str, str]]:
    """Return the legal texts: the name in the address, and as it is shown."""
    return list(
        zip(LEGAL, (_("Legal notice"), _("Privacy"), _("Cookies"), _("Returns")), strict=True)
    )


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """The shop's logo under a name made of its bytes: kept for a year, another one has another
    name.
    """
    if not name or name != the_shop().logo_name:
        raise Http404
    blob = shops.logo()
    if blob is None:
        raise Http404
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    response = HttpResponse(files.read(blob), content_type=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
