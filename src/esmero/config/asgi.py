"""What uvicorn serves: the pages, as Django's WSGI callable in a pool of threads.

Django's own ASGI handler costs six times as much for each request (docs/decisions). What stays
open for long belongs beside the pages, as plain ASGI, not into the pool.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from esmero.config.bridge import Bridge, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esmero.config.settings")

THREADS = 6
"""Requests at a time in one process; each thread keeps a database connection."""

_pages = Bridge(get_wsgi_application(), threads=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer HTTP by the pages; refuse WebSockets; follow the server's life."""
    if scope["type"] == "http":
        await _pages(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1000})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
