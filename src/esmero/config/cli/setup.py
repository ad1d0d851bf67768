"""`esmero setup`: set up the shop, with questions at a terminal, without them anywhere."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path

from esmero.config import env
from esmero.config.cli.context import shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import language, say, t


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; what is not given is asked for, at a terminal."""
    parser.add_argument("--shop", help=t("name of the shop"))
    parser.add_argument("--country", help=t("two letters: ES, MX, CO…"))
    parser.add_argument("--region", default=None, help=t("for regional holidays: MD, CT, JAL…"))
    parser.add_argument("--language", choices=["es", "en"], help=t("of the customers"))
    parser.add_argument("--zone", help=t("time zone: Europe/Madrid…"))
    parser.add_argument("--admin-email", help=t("address of the first administrator"))
    parser.add_argument("--admin-name", help=t("name of the first administrator"))
    parser.add_argument(
        "--password-file",
        type=Path,
        help=t("file with the administrator's password (else ESMERO_ADMIN_PASSWORD)"),
    )
    parser.add_argument("--hours", help=t("opening hours: {example}", example="L-V 9-14,16:30-19"))
    parser.add_argument("--no-input", action="store_true", help=t("ask nothing"))
    parser.add_argument("--link", action="store_true", help=t("only print a link to the wizard"))
    parser.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Set up, or print a link. Returns 1 when it was done before."""
    with shop():
        from esmero.config import migrating, setup

        migrating.migrate(lambda name, number, of: None)
        if setup.is_done():
            raise Problem(t("The shop is set up already; change it in the console."))
        if args.link:
            print(setup.link())
            return 0
        return _set_up(args)


def _set_up(args: argparse.Namespace) -> int:
    from esmero.config import setup
    from esmero.kernel.clock import now
    from esmero.kernel.errors import Refusal

    asks = not args.no_input and sys.stdin.isatty()
    name = _value(args.shop, t("Name of the shop"), "", asks, "--shop")
    country = _value(args.country, t("Country"), "ES", asks, "--country").upper()
    zone = _value(args.zone, t("Time zone"), setup.ZONES.get(country, ""), asks, "--zone")
    email = _value(args.admin_email, t("Your address"), "", asks, "--admin-email")
    admin = _value(args.admin_name, t("Your name"), email.partition("@")[0], asks, "--admin-name")
    hours = _value(args.hours, t("Opening hours"), setup.HOURS, asks, "--hours")
    password = _password(args, asks)
    problems = setup.password_problems(password, email=email, name=admin)
    if problems:
        raise Problem(" ".join(problems), status=2)
    try:
        week = setup.parse_hours(hours)
    except setup.HoursUnclear as problem:
        told = t("--hours: {part} is not understood.", part=repr(str(problem)))
        raise Problem(told, status=2) from problem
    answers = setup.Answers(
        name=name,
        country=country,
        region=args.region or "",
        language=args.language or language(),
        zone=zone,
        admin_email=email,
        admin_name=admin,
        password=password,
        week=week,
    )
    try:
        setup.set_up(answers, at=now())
    except Refusal as refusal:
        raise Problem(f"{refusal.code}: {refusal.params}", status=2) from refusal
    if args.json:
        print(json.dumps({"shop": name, "admin": email, "zone": zone}))
    else:
        say("{name} is set up. Sign in as {email}.", name=name, email=email)
    return 0


def _value(given: str | None, question: str, default: str, asks: bool, option: str) -> str:
    if given is not None:
        return given.strip()
    answer = ""
    if asks:
        answer = input(f"{question} [{default}]: " if default else f"{question}: ").strip()
    answer = answer or default
    if not answer:
        raise Problem(t("{option} is missing.", option=option), status=2)
    return answer


def _password(args: argparse.Namespace, asks: bool) -> str:
    try:
        if args.password_file:
            return str(args.password_file.read_text().strip())
        given = env.read("ESMERO_ADMIN_PASSWORD")
    except (OSError, env.EnvironmentProblem) as problem:
        raise Problem(str(problem), status=2) from problem
    if given or not asks:
        return given
    return getpass.getpass(t("Password (10 characters or more; empty: codes by mail): "))
