"""A small installation for the tests of the supervisor: run as a program of its own.

`python supervised.py FOLDER` supervises a web server, a worker that writes and one that ignores
its signal, and appends what it is told to FOLDER/log.
"""

import signal
import sys
import time
from functools import partial
from pathlib import Path

from esmero.config import web
from esmero.config.postgres import Cluster
from esmero.config.supervisor import Job, Supervisor

# The tests may run under nohup, whose children do not hear this one.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

FOLDER = Path(sys.argv[1])
WORDS = set(sys.argv[2:])


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        import asyncio

        await asyncio.sleep(1.0)
    body = str(__import__("os").getpid()).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def told(event, **values):
    words = " ".join(f"{name}={value}" for name, value in values.items())
    with (FOLDER / "log").open("a") as log:
        log.write(f"{event} {words}\n")


def work(stop, ready):
    ready()
    while not stop.wait(0.05):
        (FOLDER / "beat").write_text(str(time.time()))
    (FOLDER / "worked").write_text("to the end")


def deaf(stop, ready):
    ready()
    time.sleep(600)


def failing(stop, ready):
    raise RuntimeError("cannot start")


listening = web.listen("127.0.0.1", 0)
(FOLDER / "port").write_text(str(listening.getsockname()[1]))
jobs = [
    Job("web", partial(web.serve, listening, app, ()), count=2, rank=0),
    Job("worker", work, rank=1, grace=2.0),
]
if "deaf" in WORDS:
    jobs.append(Job("deaf", deaf, rank=1, grace=0.5))
if "failing" in WORDS:
    jobs.append(Job("failing", failing, rank=1))
cluster = None
if "database" in WORDS:
    cluster = Cluster(FOLDER, is_durable=False)
    cluster.start()
    (FOLDER / "url").write_text(cluster.url())
supervisor = Supervisor(
    jobs, told=told, database=cluster, in_child=[cluster.forget] if cluster else []
)
sys.exit(supervisor.run())
