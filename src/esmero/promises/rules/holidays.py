"""National and regional holidays of the countries that Esmero's shops live in.

**Source:** the `holidays` package (public holidays by law and decree, revised with each release).
Local holidays (a town's two days in Spain) are not in it: a shop enters them as special days.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from esmero.kernel.errors import InvalidInput

COUNTRIES: Final = {
    "ES": "España",
    "MX": "México",
    "CO": "Colombia",
    "AR": "Argentina",
    "PE": "Perú",
    "CL": "Chile",
    "EC": "Ecuador",
    "UY": "Uruguay",
    "CR": "Costa Rica",
    "PA": "Panamá",
    "DO": "República Dominicana",
    "GT": "Guatemala",
    "BO": "Bolivia",
    "PY": "Paraguay",
    "VE": "Venezuela",
    "HN": "Honduras",
    "SV": "El Salvador",
    "NI": "Nicaragua",
}
"""ISO 3166-1 code to the country's own name."""

_REGION_NAMES: Final = {
    ("ES", "AS"): "Principado de Asturias",
    ("ES", "CT"): "Cataluña",
    ("ES", "IB"): "Islas Baleares",
    ("ES", "MC"): "Región de Murcia",
    ("ES", "MD"): "Comunidad de Madrid",
    ("ES", "NC"): "Comunidad Foral de Navarra",
    ("ES", "VC"): "Comunidad Valenciana",
}
"""Where the package's own name is short or stands in two languages."""

_LANGUAGES: Final = {"es": "es", "en": "en_US"}


class PlaceUnknown(InvalidInput):
    """A country or region whose holidays are not known."""

    code = "place_unknown"


def regions_of(country: str) -> dict[str, str]:
    """Region codes (ISO 3166-2 without the country) with their names, in the order of the names.

    Empty where a country has national holidays only. Raises PlaceUnknown.
    """
    entity = _entity(country)
    names: dict[str, str] = {}
    for name, code in getattr(entity, "subdivisions_aliases", {}).items():
        names.setdefault(code, _REGION_NAMES.get((country, code), name))
    return dict(sorted(names.items(), key=lambda one: _unaccented(one[1])))


def holidays_of(
    country: str, region: str | None, years: Iterable[int], language: str = "es"
) -> dict[date, str]:
    """The holidays of a country, and of a region of it, in `years`, named in es or en.

    Raises PlaceUnknown.
    """
    code = "es" if language.lower().startswith("es") else "en"
    found: dict[date, str] = {}
    for year in years:
        found |= _holidays_in(country, region or None, year, code)
    return found


@lru_cache(maxsize=256)
def _holidays_in(country: str, region: str | None, year: int, language: str) -> dict[date, str]:
    entity = _entity(country)
    if region is not None and region not in regions_of(country):
        raise PlaceUnknown(field="region", country=country, region=region)
    found = entity(years=year, subdiv=region, language=_LANGUAGES[language])
    # Asking for one year may bring days observed in another: those come with their own year.
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def _entity(country: str) -> Any:
    if country not in COUNTRIES:
        raise PlaceUnknown(field="country", country=country)
    # Loaded at the first use: 60 ms that a command which asks for no holiday need not spend.
    return getattr(import_module("holidays"), country)


def _unaccented(name: str) -> str:
    return name.translate(str.maketrans("ÁÉÍÓÚÑáéíóúñ", "AEIOUNaeioun"))
