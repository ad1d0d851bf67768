"""Pure facts about places."""

from typing import Final

ZONES: Final = {
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "CO": "America/Bogota",
    "AR": "America/Argentina/Buenos_Aires",
    "PE": "America/Lima",
    "CL": "America/Santiago",
    "EC": "America/Guayaquil",
    "UY": "America/Montevideo",
    "CR": "America/Costa_Rica",
    "PA": "America/Panama",
    "DO": "America/Santo_Domingo",
    "GT": "America/Guatemala",
    "BO": "America/La_Paz",
    "PY": "America/Asuncion",
    "VE": "America/Caracas",
    "HN": "America/Tegucigalpa",
    "SV": "America/El_Salvador",
    "NI": "America/Managua",
}
"""The zone in which most shops of a country are. Source: IANA zone1970.tab."""
