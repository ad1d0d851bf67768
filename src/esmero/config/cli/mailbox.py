"""`esmero mailbox add|test|list`: the addresses of the shop."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esmero.config import env
from esmero.config.cli.context import shop
from esmero.config.cli.problems import Problem
from esmero.config.cli.words import note, say, t

if TYPE_CHECKING:
    from esmero.channels import ports
    from esmero.channels.models import Mailbox
    from esmero.channels.ports import Step

IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SERVER = ("host", "port", "security")
SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    commands = parser.add_subparsers(dest="action", required=True)
    add = commands.add_parser("add", help=t("connect a mailbox"))
    add.add_argument("address")
    add.add_argument(
        "--imap", required=True, metavar="HOST[:PORT]", help=t("where mail is fetched")
    )
    add.add_argument("--smtp", required=True, metavar="HOST[:PORT]", help=t("where mail is sent"))
    for name in ("imap", "smtp"):
        add.add_argument(
            f"--{name}-security",
            choices=list(IMAP_PORTS),
            help=t("how the connection is protected; without, by the port"),
        )
    add.add_argument("--username", default="", help=t("without, the address"))
    add.add_argument(
        "--password-file",
        type=Path,
        help=t("file with the password (else ESMERO_MAILBOX_PASSWORD, else asked for)"),
    )
    add.add_argument("--name", default="", help=t("as customers see the sender"))
    add.add_argument("--department", help=t("short name of the department that answers"))
    add.add_argument(
        "--take",
        default="from_now",
        metavar="from_now|all|DAYS",
        help=t("what of the mail that is there: none (default), all, or that of the last days"),
    )
    add.add_argument(
        "--no-sent", action="store_true", help=t("do not follow the folder of sent mail")
    )
    add.add_argument("--no-test", action="store_true", help=t("connect without trying it first"))
    test = commands.add_parser("test", help=t("try to sign in, to fetch and to send"))
    test.add_argument("address", nargs="?", help=t("without, all of them"))
    listing = commands.add_parser("list", help=t("show the mailboxes and how they do"))
    for command in (add, test, listing):
        command.add_argument("--json", action="store_true", help=t("print one JSON object"))


def run(args: argparse.Namespace) -> int:
    """Run one of the three."""
    with shop():
        return {"add": _add, "test": _test, "list": _list}[args.action](args)


def _add(args: argparse.Namespace) -> int:
    from esmero.channels import actions, ports, queries
    from esmero.channels.enums import Security
    from esmero.kernel.clock import now
    from esmero.kernel.errors import Refusal

    imap_host, imap_port, imap_security = _server("imap", args.imap, args.imap_security)
    smtp_host, smtp_port, smtp_security = _server("smtp", args.smtp, args.smtp_security)
    take, days = _take(args.take)
    facts: dict[str, Any] = {
        "address": args.address,
        "name": args.name,
        "department_id": _department(args.department),
        "imap_host": imap_host,
        "imap_port": imap_port,
        "imap_security": Security(imap_security),
        "smtp_host": smtp_host,
        "smtp_port": smtp_port,
        "smtp_security": Security(smtp_security),
        "username": args.username,
        "password": _password(args),
        "take": take,
        "take_days": days,
        "follows_sent": not args.no_sent,
        # Whoever has a shell here may name servers of the own network.
        "allows_private": True,
    }
    if queries.mailbox_of_address(args.address):
        raise Problem(t("{address} is connected already.", address=args.address))
    if not args.no_test:
        outcome = ports.mail_servers().try_out(_trial(facts), at=now())
        tried = outcome.steps
        if not outcome.is_ok:
            _tell(args.address, tried, is_json=args.json)
            note("Not connected. Mend this, or use --no-test.")
            return 1
    try:
        pk = actions.connect_mailbox(**facts, at=now(), actor="cli")
    except Refusal as refusal:
        raise Problem(str(refusal)) from refusal
    if args.json:
        print(json.dumps({"id": pk, "address": args.address}))
    else:
        say("{address} is connected; its mail is fetched from now on.", address=args.address)
        say("esmero mailbox test {address} sends two mails there and back.", address=args.address)
    return 0


def _server(kind: str, text: str, security: str | None) -> tuple[str, int, str]:
    """Split `host[:port]`; what is not said follows from the rest."""
    ports = IMAP_PORTS if kind == "imap" else SMTP_PORTS
    host, port = text, None
    if ":" in text.rpartition("]")[2]:
        try:
            host, port = env.split_host_port(f"--{kind}", text)
        except env.EnvironmentProblem as problem:
            raise Problem(str(problem), status=2) from problem
    if security is None:
        by_port = {number: name for name, number in ports.items() if name != "none"}
        security = by_port.get(port or ports["tls" if kind == "imap" else "starttls"], "none")
        if security == "none" and port is not None:
            note(
                "{kind}: port {port} says nothing about protection: using none. "
                "--{kind}-security changes that.",
                kind=kind,
                port=port,
            )
    return host.strip("[]"), port or ports[security], security


def _take(text: str) -> tuple[Any, int]:
    from esmero.channels.enums import Take

    if text in {"from_now", "all"}:
        return Take(text), 30
    if text.isdigit() and 1 <= int(text) <= 3650:
        return Take.LAST_DAYS, int(text)
    raise Problem(
        t("--take: {text} is neither from_now, all nor days.", text=repr(text)), status=2
    )


def _department(slug: str | None) -> int | None:
    from esmero.people import queries

    if slug is None:
        return queries.default_department_id()
    found = queries.department_by_slug(slug)
    if found is None:
        names = ", ".join(department.slug for department in queries.departments())
        raise Problem(
            t("There is no department {slug}; there are: {names}", slug=slug, names=names),
            status=2,
        )
    return int(found.pk)


def _password(args: argparse.Namespace) -> str:
    try:
        if args.password_file:
            return str(args.password_file.read_text().strip("\r\n"))
        given = env.read("ESMERO_MAILBOX_PASSWORD")
    except (OSError, env.EnvironmentProblem) as problem:
        raise Problem(str(problem), status=2) from problem
    if given or not sys.stdin.isatty():
        return given
    return getpass.getpass(t("Password of the mailbox: "))


def _list(args: argparse.Namespace) -> int:
    from esmero.channels import queries
    from esmero.kernel.clock import now

    health = {item.mailbox.pk: item for item in queries.health(at=now())}
    rows = []
    for box in queries.mailboxes():
        item = health.get(box.pk)
        rows.append(
            {
                "id": box.pk,
                "address": box.address,
                "is_active": box.is_active,
                "error": box.error if item and item.is_failing else "",
                "last_reached_at": _iso(box.last_reached_at),
                "last_mail_at": _iso(box.last_mail_at),
                "waiting": item.waiting if item else 0,
                "quarantined": item.quarantined if item else 0,
            }
        )
    if args.json:
        print(json.dumps({"mailboxes": rows}))
        return 0
    if not rows:
        say("No mailbox yet: esmero mailbox add ADDRESS --imap HOST --smtp HOST")
    for row in rows:
        state = row["error"] or (t("ok") if row["is_active"] else t("switched off"))
        print(f"{row['address']:<40} {row['last_reached_at'] or '-':<26} {state}")
    return 0


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _test(args: argparse.Namespace) -> int:
    from esmero.channels import ports, queries
    from esmero.kernel.clock import now

    boxes: list[Mailbox] = list(queries.mailboxes())
    if args.address:
        boxes = [box for box in boxes if box.address == args.address.strip().lower()]
        if not boxes:
            raise Problem(t("There is no mailbox {address}.", address=args.address), status=2)
    is_well = True
    for box in boxes:
        tried = ports.mail_servers().probe(box.pk, at=now())
        is_well &= ports.is_well(tried)
        _tell(box.address, tried, is_json=args.json)
    return 0 if is_well else 1


def _trial(facts: dict[str, Any]) -> ports.Trial:
    from esmero.channels import ports

    names = ("address", "username", "password", "allows_private")
    servers = [f"{kind}_{what}" for kind in ("imap", "smtp") for what in SERVER]
    # Nothing is sent from an address that is not ours yet.
    return ports.Trial(**{name: facts[name] for name in (*names, *servers)}, sends=False)


def _tell(address: str, tried: Sequence[Step], *, is_json: bool) -> None:
    if is_json:
        steps = [
            {
                "step": step.name,
                "ok": step.is_ok,
                "skipped": step.is_skipped,
                "code": step.code,
                "said": step.said,
            }
            for step in tried
        ]
        print(json.dumps({"address": address, "steps": steps}))
        return
    for step in tried:
        if step.is_skipped:
            continue
        result = t("ok") if step.is_ok else f"{step.code}: {step.said}"
        print(f"{address:<40} {step.name:<13} {result}")
