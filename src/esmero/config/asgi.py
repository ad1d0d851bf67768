"""What uvicorn serves: the pages, as Django's WSGI callable in a pool of threads.

Django's own ASGI handler costs six times as much for each request (docs/decisions). What stays
open for long belongs beside the pages, as plain ASGI, not into the pool.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from esmero.config.bridge import Bridge, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esmero.config.settings")

THREADS = 4
"""Requests at a time in one process; each keeps a database connection. More only wait for each
other's turn at the interpreter: on two cores six gave 25 conversations a second, three 43.
"""

_pages = Bridge(get_wsgi_application(), threads=THREADS)

# Both need what get_wsgi_application has set up.
from esmero.console.live.watching import TeamSurface  # noqa: E402
from esmero.live import here  # noqa: E402
from esmero.live.app import Live  # noqa: E402

LIVE_PATH = "/c/vivo/"
live = here.use(Live(TeamSurface(), cookie=settings.SESSION_COOKIE_NAME))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer HTTP by the pages, what stays open beside them; refuse WebSockets; follow the
    server's life.
    """
    if scope["type"] == "http" and scope["path"] == LIVE_PATH:
        await live(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _life(receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1000})


async def _life(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live.start()
        else:
            live.stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
