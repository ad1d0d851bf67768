"""`esmero doctor`: check this installation and say what to do."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from dataclasses import asdict

from esmero.config.cli.context import environment, is_embedded, shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import t
from esmero.config.doctor import Finding, Level, checks_that_need, fail, warn
from esmero.config.env import Environment
from esmero.config.postgres import Cluster

_COLOURS = {Level.OK: "32", Level.WARN: "33", Level.FAIL: "31"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Run all checks, print a line for each, and return 1 when one failed."""
    from esmero.config.doctor import machine  # noqa: F401 - registers its checks

    chosen = environment()
    findings = list(_look("nothing", chosen))
    address = ""
    if is_embedded() and not Cluster(chosen.data).exists():
        findings.append(warn("database", t("nothing is there yet"), t("start it: esmero up")))
        return _tell(findings, address, is_json=args.json)
    try:
        with shop():
            from esmero.config.doctor import rows, work  # noqa: F401 - register their checks

            address = os.environ["DATABASE_URL"]
            _reach()
            findings += _look("database", chosen)
    except Problem as problem:
        remedy = (
            t("see the log in {data}/postgres/log", data=chosen.data)
            if is_embedded()
            else t("does the server run, and is DATABASE_URL right?")
        )
        findings.append(fail("database", str(problem), remedy))
    return _tell(findings, address, is_json=args.json)


def _reach() -> None:
    """Ask the database once, so that one that is away is told once. Raises Problem."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        raise Problem(" ".join(str(problem).split())) from problem


def _tell(findings: list[Finding], address: str, *, is_json: bool) -> int:
    if is_json:
        told = [asdict(finding) for finding in findings]
        print(json.dumps({"database": _without_password(address), "findings": told}))
    else:
        for finding in findings:
            _print(finding)
    return 1 if any(finding.level == Level.FAIL for finding in findings) else 0


def _look(what: str, chosen: Environment) -> Iterable[Finding]:
    for check in checks_that_need(what):
        try:
            yield from check(chosen)
        except Exception as problem:  # noqa: BLE001 - an entry: one check must not hide the others
            yield fail(
                check.__name__.removeprefix("check_"),
                f"{type(problem).__name__}: {problem}",
                t("report this: the check itself failed"),
            )


def _without_password(address: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if parts.password:
        return address.replace(f":{parts.password}@", ":***@", 1)
    return address


def _print(finding: Finding) -> None:
    level = f"{finding.level:<4}"
    if os.isatty(1):
        level = f"\x1b[{_COLOURS[finding.level]}m{level}\x1b[0m"
    print(f"{level}  {finding.subject:<9} {finding.text}")
    if finding.remedy:
        print(f"      → {finding.remedy}")
