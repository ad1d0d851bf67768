"""Fifty agents at their desks, in a shop with 100,000 conversations and 1,000,000 messages.

The product runs as `esmero up` runs it. Each agent has the live stream of a browser open and,
every 20 to 40 s, does what one does: looks at the list, opens a conversation, types (two drafts
are saved), sends. What the streams tell is acted upon as the console's scripts do: the changed row
is asked for. The agents are one process of their own (`benchmarks.desk_agents`); every answer is
checked. Before they begin, the streams stand idle for a while.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks import old_data, old_shop, parts
from benchmarks.frame import percentile
from benchmarks.http_client import ROOT
from benchmarks.start import Up, pss_mb
from esmero.config.postgres import Cluster

if TYPE_CHECKING:
    from benchmarks.frame import Bench

AGENTS = 50
WARM_SECONDS = 20.0
IDLE_SECONDS = 20.0


def run(bench: Bench) -> None:
    """Measure."""
    size = old_data.QUICK if bench.is_quick else old_data.FULL
    folder, seconds = old_shop.filled_folder(size, bench.seed)
    for name, value in seconds.items():
        bench.figure(f"fill_{name}", value, "s")
    os.environ["ESMERO_CLOCK"] = str(old_shop.set_clock(folder))
    up = Up(folder)
    try:
        up.first_page()
        os.environ |= {"ESMERO_DATA": str(folder), "DATABASE_URL": Cluster(folder).url()}
        parts.set_up_django()
        cookies = signed_in(AGENTS)
        for _ in range(20):
            up.page()
        bench.calibrate()
        alone = pss_mb(up.pids())
        lasts = 60.0 if bench.is_quick else 180.0
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.desk_agents"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        ) as agents:
            assert agents.stdin
            assert agents.stdout
            task = {"port": up.port, "cookies": cookies, "seconds": lasts, "seed": bench.seed}
            agents.stdin.write(json.dumps(task) + "\n")
            agents.stdin.flush()
            assert agents.stdout.readline() == "listening\n"
            time.sleep(2)
            bench.figure("stream_kb", (pss_mb(up.pids()) - alone) * 1024 / AGENTS, "kB")
            before = parts.cpu_seconds(up.pids())
            time.sleep(IDLE_SECONDS)
            used = parts.cpu_seconds(up.pids()) - before
            bench.figure("idle_cpu_share", used / IDLE_SECONDS)
            agents.stdin.write("go\n")
            agents.stdin.flush()
            before, begun = parts.cpu_seconds(up.pids()), time.monotonic()
            found = json.loads(agents.stdout.readline())
            used = parts.cpu_seconds(up.pids()) - before
            bench.figure("busy_cpu_share", used / (time.monotonic() - begun))
        bench.figure("memory_mb", pss_mb(up.pids()), "MB")
        for name in ("list", "thread", "draft", "send", "appears"):
            bench.figure(f"{name}_p50_ms", percentile(found[name], 0.5), "ms")
            bench.figure(f"{name}_p95_ms", percentile(found[name], 0.95), "ms")
        bench.figure("sends", len(found["send"]))
        bench.figure("untold", found["untold"])
        bench.note(f"{found['stopped']} sends were stopped by something new, {found['rows']} rows")
    finally:
        up.stop()


def signed_in(count: int) -> list[str]:
    """Return the cookies of so many agents, hired where there are too few."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connections

    from esmero.config import settings
    from esmero.console.accounts.store import SessionStore
    from esmero.kernel.clock import now
    from esmero.people import actions as people
    from esmero.people import queries
    from esmero.people.enums import Role

    departments = [one.pk for one in queries.departments()]
    there = {one.email for one in queries.team()}
    for number in range(count):
        email = f"mesa{number}@tienda.example"
        if email not in there:
            people.hire_agent(
                email=email,
                name=f"Mesa {number}",
                role=Role.AGENT,
                password=None,
                department_ids=[departments[number % len(departments)]],
                at=now() - timedelta(days=1),
            )
    cookies = []
    for number in range(count):
        agent = queries.agent_by_email(f"mesa{number}@tienda.example")
        assert agent is not None
        session = SessionStore()
        session[SESSION_KEY] = str(agent.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
        session.create()
        cookies.append(str(session.session_key))
    connections.close_all()
    return cookies
