"""What the gallery shows: a named cast in a pottery shop, on a Thursday at 11:40."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from esmero.ui.dayline import Mark, day_line
from esmero.ui.icons import ICONS

ZONE = ZoneInfo("Europe/Madrid")
AT = datetime(2026, 11, 19, 11, 40, tzinfo=ZONE)


def at(hour: int, minute: int = 0) -> datetime:
    return AT.replace(hour=hour, minute=minute)


class SampleForm(forms.Form):
    name = forms.CharField(label="Nombre", help_text="Como quieres que te llamemos.")
    email = forms.EmailField(label="Correo")
    text = forms.CharField(label="Mensaje", widget=forms.Textarea, required=False)
    owner = forms.ChoiceField(label="Dueño", choices=[("1", "Nuria Soler"), ("2", "Iván Mora")])
    remedy = forms.ChoiceField(
        label="¿Qué prefieres?",
        choices=[("money", "Mi dinero: 23,00 €"), ("other", "Otra pieza")],
        widget=forms.RadioSelect,
        initial="money",
    )
    agree = forms.BooleanField(label="Avisadme por correo", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


DAY = day_line(
    frames=[(at(9), at(14)), (at(16, 30), at(19))],
    marks=[
        Mark(at(9, 30), "kept", "Pau"),
        Mark(at(10), "kept", "Inés"),
        Mark(at(10, 30), "kept", "Ramón"),
        Mark(at(11, 20), "late", "Julián"),
        Mark(at(12), "soon", "Marta"),
        Mark(at(12, 30), "ok", "Adela"),
        Mark(at(13, 30), "ok", "Óscar"),
        Mark(at(17), "ok", "La Sequieta"),
        Mark(at(17, 10), "ok", "Teresa"),
        Mark(at(18, 30), "ok", "Inés"),
    ],
    at=AT,
)
WEEKS = [
    ("24 ago", 92, 4, 4), ("31 ago", 93, 5, 2), ("7 sep", 92, 3, 5), ("14 sep", 94, 4, 2),
    ("21 sep", 0, 0, 0), ("28 sep", 94, 4, 2), ("5 oct", 95, 3, 2), ("12 oct", 95, 2, 3),
    ("19 oct", 96, 3, 1), ("26 oct", 96, 2, 2), ("2 nov", 92, 5, 3), ("9 nov", 97, 2, 1),
    ("16 nov", 97, 3, 0),
]  # fmt: skip


def _row(state: str, due: datetime, title: str, line: str, act: str) -> dict[str, Any]:
    soon_at = due if state == "ok" else AT
    return {
        "state": state, "due_at": due, "soon_at": soon_at, "title": title, "line": line, "act": act
    }  # fmt: skip


TODAY = [
    ("Te necesita ya", "", [
        _row("late", at(11, 20), "Responder a Julián Ferrer",
             "«¿La vajilla Turia aguanta el lavavajillas?» Le hemos escrito: te respondemos"
             " antes de las 13:00.", "Responder"),
        _row("soon", at(12), "Confirmar a Marta Ruiz si hay otra fuente",
             "Contestó a las 11:31. Iván ha mirado en el taller y te ha dejado una nota.",
             "Responder"),
    ]),
    ("Antes de comer", "2 promesas", [
        _row("ok", at(12, 30), "Llamar a Adela Pons",
             "Pidió que la llamaran por su lista de bodas.", "Llamar"),
        _row("ok", at(13, 30), "Devolver 46,00 € a Óscar Lledó",
             "Recibimos sus dos cuencos ayer. Dentro de tu margen: lo decides tú.", "Devolver"),
    ]),
    ("Esta tarde", "1 promesa", [
        _row("ok", at(17), "Contar a Restaurante La Sequieta cómo va su pedido",
             "60 platos hondos. El horno abre a las 16:00; Pilar avisará aquí.", "Abrir"),
    ]),
]  # fmt: skip


def _talk(who: str, subject: str, preview: str, channel: str, state: str, due: datetime | None,
          **more: Any) -> dict[str, Any]:  # fmt: skip
    promise = {"state": state, "due_at": due, "soon_at": due if state == "ok" else AT}
    base = {
        "who": who, "subject": subject, "preview": preview, "channel": channel,
        "moment": at(11, 5), "unread": False, "current": False, "seen": [],
        "promise": promise if due else None,
    }  # fmt: skip
    return base | more


ROWS = [
    _talk("Julián Ferrer", "Vajilla Turia", "¿aguanta el lavavajillas?", "mail", "late",
          at(11, 20), unread=True),
    _talk("Marta Ruiz Calvo", "La fuente llegó con una grieta", "Perfecto, con que…", "mail",
          "soon", at(12), unread=True, current=True, seen=[("Iván", "looks")]),
    _talk("Visitante de Gijón", "¿Hacéis envíos a Canarias?", "Es para un regalo", "chat",
          "soon", at(11, 50), unread=True, seen=[("Carmen", "writes")]),
    _talk("Adela Pons", "Llamada: lista de bodas", "prefiere a las 12:30", "phone", "ok",
          at(12, 30)),
    _talk("Restaurante La Sequieta", "60 platos hondos", "¿Cómo va la segunda hornada?", "form",
          "ok", at(17)),
    _talk("Inés Vidal", "Jarra con asa suelta", "¡Qué rapidez! Gracias", "mail", "mended",
          at(9), moment=AT - timedelta(days=1)),
    _talk("Ramón Ortí", "Factura con otro NIF", "Ya la tengo, gracias", "mail", "kept",
          at(9), moment=AT - timedelta(days=2)),
]  # fmt: skip


def scene(theme: str = "") -> dict[str, Any]:
    form = SampleForm({"name": "Marta", "email": "marta.ruiz@example", "owner": "1"})
    form.is_valid()
    return {
        "lang": "es",
        "at": AT,
        "dir": "ltr",
        "theme": theme,
        "density": "comfortable",
        "shop": {
            "name": "Barro Vivo",
            "url": "#shop",
            "line": "Barro Vivo, cerámica de Manises. Atendemos de lunes a viernes.",
        },
        "places": [
            {"label": "Ayuda", "url": "#help"},
            {"label": "Tienda", "url": "#store"},
            {"label": "Mis pedidos", "url": "#orders"},
            {"label": "Mis consultas", "url": "#cases", "current": True},
        ],
        "foot": [{"label": "Plazos legales", "url": "#law"}, {"label": "Mis datos", "url": "#me"}],
        "languages": [
            {"code": "es", "label": "Español", "url": "#es"},
            {"code": "en", "label": "English", "url": "#en"},
        ],
        "person_url": "#person",
        "me": {"name": "Nuria Soler", "url": "#me", "here": True},
        "rail": [
            {"label": "Hoy", "url": "#today", "icon": "today", "count": 6, "current": True},
            {"label": "Bandejas", "url": "#inbox", "icon": "inbox", "count": 12},
            {"label": "Chat", "url": "#chat", "icon": "chat", "count": 2, "key": "g c"},
            {"label": "Llamadas", "url": "#calls", "icon": "phone"},
            {"label": "Clientes", "url": "#people", "icon": "people"},
            {"label": "Informes", "url": "#reports", "icon": "report"},
            {"label": "Ajustes", "url": "#settings", "icon": "settings"},
        ],
        "g": {
            "at": AT,
            "made": at(9, 35),
            "yesterday": AT - timedelta(days=1),
            "due_ok": at(17),
            "due_soon": at(12),
            "due_late": at(11, 20),
            "due_far": at(10) + timedelta(days=4),
            "promise": {"state": "soon", "due_at": at(12), "made_at": at(9, 35)},
            "day": DAY,
            "hundred": [index % 20 != 7 for index in range(100)],
            "form": form,
            "files": [
                {"name": "borde.jpg", "url": "#borde", "size": 1_240_000},
                {"name": "factura.pdf", "url": "#factura", "size": 84_000},
            ],
            "weeks": WEEKS,
            "trend": [
                (label, kept / (kept + mended + broken) if kept else None)
                for label, kept, mended, broken in WEEKS
            ],
            "kinds": [("Responder", 681, 14, 7), ("Entregar", 293, 19, 14), ("Llamar", 86, 1, 1)],
            "icons": sorted(ICONS),
            "sum": Decimal("143.50"),
            "today": TODAY,
            "rows": ROWS,
            "week": [
                ("11", "L", "kept"),
                ("9", "M", "kept"),
                ("8", "X", "kept"),
                ("3/4", "J", "late"),
                ("–", "V", ""),
                ("–", "S", ""),
                ("–", "D", ""),
            ],
        },
    }
