"""The house's own icons: line drawings on a 24-unit grid, inlined where they are used.

Inlined rather than fetched: no request, no flash, they take the colour of the text, and a piece
of a page that htmx brings needs nothing else. Repeated icons cost almost nothing after gzip.
"""

from markupsafe import Markup

_STROKE = 'fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"'

ICONS: dict[str, str] = {
    "today": "M3 17h18M6.5 17a5.5 5.5 0 0 1 11 0M12 4.5v3M4.6 8.6l1.9 1.9M19.4 8.6l-1.9 1.9",
    "inbox": "M4 13.5 6.4 5h11.2L20 13.5V19H4zM4 13.5h4.5l1.2 2.4h4.6l1.2-2.4H20",
    "chat": "M4 5.5h16v11h-8.5L7 20v-3.5H4zM8 9.5h8M8 12.7h5",
    "phone": "M6 3.8h3l1.5 4.4-2 1.5a11 11 0 0 0 5.8 5.8l1.5-2 4.4 1.5v3a2 2 0 0 1-2.2 2"
    "A16.4 16.4 0 0 1 4 6a2 2 0 0 1 2-2.2z",
    "mail": "M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7",
    "form": "M5 3.5h14v17H5zM8.5 8h7M8.5 12h7M8.5 16h3.5",
    "person": "M15.7 8.2a3.7 3.7 0 1 1-7.4 0 3.7 3.7 0 0 1 7.4 0zM5 20c.5-4 3.3-6.2 7-6.2"
    "s6.5 2.2 7 6.2",
    "people": "M12.3 8.5a3.3 3.3 0 1 1-6.6 0 3.3 3.3 0 0 1 6.6 0zM3 19.5c.4-3.6 2.8-5.6 6-5.6"
    "s5.6 2 6 5.6M15.6 5.6a3.3 3.3 0 0 1 0 5.9M17.5 14.4c2 .8 3.2 2.5 3.5 5.1",
    "order": "M4 8l8-4 8 4v8.5l-8 4-8-4zM4 8l8 4 8-4M12 12v8.5M8 6l8 4",
    "book": "M12 6.5C10 5 7.5 4.5 4 4.5v13c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2v-13c-3.5 0-6 .5-8 2z"
    "M12 6.5v13",
    "list": "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.01M4.5 12v.01M4.5 17.5v.01",
    "steps": "M10 6.5h10M10 12h10M10 17.5h10M4 5l1.5-1v5M4 9h3M4 15.2c.3-1.6 2.8-1.4 2.6.3"
    "-.1 1-1.4 1.9-2.6 3.5h2.8",
    "picture": "M3.5 5h17v14h-17zM3.5 16l5-5 4 4 3-3 5 5M15.5 9v.01",
    "table": "M3.5 5h17v14h-17zM3.5 10h17M3.5 14.5h17M10 5v14",
    "report": "M4 4v16h16M8 15.5l3.5-4.5 3 2.5L19.5 7",
    "settings": "M4 7h9M17.4 7H20M4 12h2.5M10.9 12H20M4 17h9M17.4 17H20"
    "M17.4 7a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z"
    "M10.9 12a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z"
    "M17.4 17a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0z",
    "more": "M5 11.2v1.6M12 11.2v1.6M19 11.2v1.6M4.2 12h1.6M11.2 12h1.6M18.2 12h1.6",
    "menu": "M4 6.5h16M4 12h16M4 17.5h16",
    "search": "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15 15l5 5",
    "down": "M6 9.5l6 6 6-6",
    "up": "M6 14.5l6-6 6 6",
    "next": "M9.5 5.5L16 12l-6.5 6.5",
    "back": "M14.5 5.5L8 12l6.5 6.5",
    "close": "M6 6l12 12M18 6L6 18",
    "plus": "M12 5v14M5 12h14",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "reply": "M9.5 6L4 11.5 9.5 17M4.5 11.5h8.5c4 0 6.5 2 7 6",
    "forward": "M14.5 6l5.5 5.5-5.5 5.5M19.5 11.5H11c-4 0-6.5 2-7 6",
    "return": "M4 9.5h11.5a4.7 4.7 0 0 1 0 9.5H9M8 5L3.5 9.5 8 14",
    "undo": "M9 5L4.5 9.5 9 14M5 9.5h9a5.5 5.5 0 0 1 0 11h-4",
    "refresh": "M19.5 12a7.5 7.5 0 1 1-2.6-5.7M19.5 3.5v4h-4",
    "send": "M4 12L20.5 4.5 16 20l-4-6.5zM12 13.5l8.5-9",
    "clip": "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.2 4.2l-7.6 7.6"
    "a1.5 1.5 0 0 1-2.1-2.1l6.8-6.8",
    "file": "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5",
    "image": "M4 5h16v14H4zM4 16l5-5 4.5 4.5L16 13l4 4M16.6 9a1.2 1.2 0 1 1-2.4 0"
    " 1.2 1.2 0 0 1 2.4 0z",
    "note": "M5 4h14v10.5L14 20H5zM14 20v-5.5h5M8.5 8.5h7M8.5 12h4",
    "clock": "M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0zM12 7.5V12l3 2",
    "snooze": "M19.5 14.5A8 8 0 1 1 9.5 4.5a6.5 6.5 0 0 0 10 10zM15 5h4.5L15 9.5h4.5",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
    "bolt": "M13 3L5 13.5h6L10 21l8.5-11h-6z",
    "pen": "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
    "eye": "M2.5 12C5 7.7 8.2 5.8 12 5.8s7 1.9 9.5 6.2c-2.5 4.3-5.7 6.2-9.5 6.2"
    "S5 16.3 2.5 12zM14.7 12a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0z",
    "warning": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2v.01",
    "alert": "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 7.5V13M12 16.3v.01",
    "info": "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 11v5.5M12 7.7v.01",
    "shield": "M12 3.5l7.5 2.7v5.3c0 4.5-3 7.6-7.5 9-4.5-1.4-7.5-4.5-7.5-9V6.2zM9 12l2.2 2.2"
    "L15.3 10",
    "lock": "M5.5 10.5h13V20h-13zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.3v2",
    "key": "M12.5 8.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM11.3 11.3L20 20M17 17l2-2M14.5 14.5l1.5-1.5",
    "offline": "M7 18a4 4 0 0 1-.6-7.95 5.5 5.5 0 0 1 10.6-.8A4.4 4.4 0 0 1 17.5 18M4 4l16 16",
    "kiln": "M4.5 20v-8.5a7.5 7.5 0 0 1 15 0V20zM8.5 20v-5a3.5 3.5 0 0 1 7 0v5M3 20h18",
    "receipt": "M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9 8h6M9 11.5h6",
    "truck": "M2.5 6h11.5v10.5H2.5zM14 9.5h4l3.5 3.5v3.5H14M8.3 18a1.8 1.8 0 1 1-3.6 0"
    " 1.8 1.8 0 0 1 3.6 0zM19.3 18a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15",
    "upload": "M12 15.5v-11M7 9l5-5 5 5M4.5 19.5h15",
    "link": "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3 3"
    "A4 4 0 0 0 11 18.7l1.2-1.2",
    "globe": "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM3.5 12h17M12 3.5c5 5 5 12 0 17"
    "M12 3.5c-5 5-5 12 0 17",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
    "bell-off": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M4 4l16 16",
    "star": "M12 4l2.5 5.2 5.5.7-4 3.9 1 5.6-5-2.8-5 2.8 1-5.6-4-3.9 5.5-.7z",
    "tag": "M4 4h7.5l8.5 8.5-7.5 7.5L4 11.5zM8.3 8v.01",
    "filter": "M4 5.5h16l-6 7.5V19l-4-2v-4z",
    "trash": "M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.3 10.5v6M13.7 10.5v6",
    "merge": "M6 4v4.5a6 6 0 0 0 6 6V20M18 4v4.5a6 6 0 0 1-6 6M9 17l3 3 3-3",
    "sun": "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM12 3.5v2M12 18.5v2M3.5 12h2"
    "M18.5 12h2M6 6l1.4 1.4M16.6 16.6L18 18M18 6l-1.4 1.4M7.4 16.6L6 18",
    "moon": "M19.5 14.5A8 8 0 1 1 9.5 4.5a6.5 6.5 0 0 0 10 10z",
    "exit": "M14 4.5H5v15h9M10 12h10M16.5 8l4 4-4 4",
    "keyboard": "M3 6.5h18v11H3zM7 10.2v.01M10.3 10.2v.01M13.7 10.2v.01M17 10.2v.01M8 14h8",
    "hand": "M8 12V6.5a1.5 1.5 0 0 1 3 0V11M11 10V5a1.5 1.5 0 0 1 3 0v6M14 10.5V7"
    "a1.5 1.5 0 0 1 3 0v7.5a6 6 0 0 1-6 6c-3 0-4.5-1.5-6.5-5.5l-1-2"
    "a1.4 1.4 0 0 1 2.4-1.5L8 14",
}

STATES: dict[str, str] = {
    "ok": '<circle cx="8" cy="8" r="4" fill="currentColor"/>',
    "soon": '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor"'
    ' stroke-width="1.5"/><path d="M8 8V2.5A5.5 5.5 0 0 1 13.5 8z" fill="currentColor"/>',
    "late": '<path d="M8 2.2l6.3 11.3H1.7z" fill="currentColor" stroke="currentColor"'
    ' stroke-linejoin="round"/>',
    "broken": '<path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor"'
    ' stroke-width="2.2" stroke-linecap="round"/>',
    "kept": '<path d="M3 8.6l3.3 3.3L13 5" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
    "mended": '<path d="M13.2 8A5.2 5.2 0 1 1 11 3.75M11.2 1v3h-3" fill="none"'
    ' stroke="currentColor" stroke-width="1.7" stroke-linecap="round"'
    ' stroke-linejoin="round"/>',
    "moved": '<path d="M2.5 8h10M9 4.5L12.5 8 9 11.5" fill="none" stroke="currentColor"'
    ' stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>',
    "released": '<path d="M3.5 8h9" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round"/>',
    "waiting": '<path d="M5.5 4v8M10.5 4v8" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round"/>',
}

_BUILT = {
    name: Markup(  # noqa: S704 - constants of this file, nothing from outside
        f'<svg class="icon" viewBox="0 0 24 24" {_STROKE} stroke-linejoin="round"'
        f' aria-hidden="true"><path d="{path}"/></svg>'
    )
    for name, path in ICONS.items()
}
_STATE_USE = {
    name: Markup(  # noqa: S704 - constants of this file, nothing from outside
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#p-{name}"/></svg>'
    )
    for name in STATES
}
_SPRITE = Markup(  # noqa: S704 - constants of this file, nothing from outside
    "<svg hidden><defs>"
    + "".join(
        f'<symbol id="p-{name}" viewBox="0 0 16 16">{drawing}</symbol>'
        for name, drawing in STATES.items()
    )
    + "</defs></svg>"
)


def icon(name: str) -> Markup:
    """The icon as inline SVG, hidden from screen readers: put words beside it or a label around.

    Raises KeyError for a name that is not in ICONS.
    """
    return _BUILT[name]


def state_icon(state: str) -> Markup:
    """The sign of a promise's state. It points into the page's `state_sprite`, so that a script
    can change the state of a chip by changing one attribute. Raises KeyError for other states.
    """
    return _STATE_USE[state]


def state_sprite() -> Markup:
    """The state signs as symbols; each layout holds it once."""
    return _SPRITE
