"""`esmero web`: serve the pages only."""

from __future__ import annotations

import argparse

from esmero.config import web
from esmero.config.cli.context import environment
from esmero.config.cli.parts import run_part
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments: address and port are in the environment."""


def run(args: argparse.Namespace) -> int:
    """Serve on ESMERO_BIND and PORT until a signal comes."""
    from esmero.config import running

    chosen = environment()
    try:
        listening = web.listen(chosen.bind, chosen.port)
    except OSError as problem:
        raise Problem(f"{chosen.bind}:{chosen.port}: {problem}", status=2) from problem
    except web.AddressInUse as problem:
        raise Problem(t("Port {port} is taken.", port=chosen.port)) from problem
    say("Serving on {address}", address=f"{chosen.bind}:{listening.getsockname()[1]}")
    return run_part(lambda environment: [running.web_job(listening, environment)])
