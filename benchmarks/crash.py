"""kill -9 at every named point of intake, filing and sending: nothing lost, nothing doubled.

Mails come by IMAP from a real Dovecot and by SMTP; worker and mail process run as they do in the
product, acknowledgements and replies of agents go to a real SMTP server. In each round one of them
dies at its point, is started again, and everything has to arrive.

Lost: a mail without exactly one message, one promise and an acknowledgement at the server, or an
agent's reply that is neither delivered nor shown as uncertain. Doubled: two messages of one mail,
two Message-IDs for one row, or any repeat at the server outside the points between "all bytes are
sent" and our commit, where an automatic mail may go again once with the same Message-ID.
"""

from __future__ import annotations

import smtplib
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import parts
from benchmarks.frame import Bench
from benchmarks.letters import TOKEN, Letter, letters

FILING = (
    "file.claimed",
    "file.parsed",
    "file.received",
    "file.acknowledged",
    "file.before_commit",
    "file.committed",
)
SENDING = (
    "send.marked",
    "send.rendered",
    "smtp.before_connect",
    "smtp.after_connect",
    "smtp.after_mail",
    "smtp.after_rcpt",
    "smtp.before_data",
    "smtp.before_end",
    "smtp.after_data",
    "smtp.after_250",
    "send.before_settle",
    "send.settled",
    "send.committed",
    "smtp.after_note",
)
FETCHING = (
    "imap.connected",
    "imap.selected",
    "imap.fetched",
    "imap.stored",
    "imap.before_cursor",
    "imap.after_cursor",
)
LISTENING = ("listen.before_store", "listen.after_store", "listen.after_reply")
QUICK = ("file.received", "imap.stored", "smtp.before_data", "smtp.after_250")
ADDRESS = "soporte@tienda.example"


@dataclass
class _Run:
    bench: Bench
    log: Path
    sink_log: Path
    smtp_in: int
    imap: object
    worker: parts.Part
    mail: parts.Part
    sent: dict[str, Letter] = field(default_factory=dict)
    replied: dict[int, int] = field(default_factory=dict)  # message id → round
    reached: list[str] = field(default_factory=list)


def run(bench: Bench) -> None:
    """Measure."""
    from tests.servers import DovecotServer, has_dovecot

    if not has_dovecot():
        raise SystemExit("dovecot is not installed: apt-get install dovecot-imapd")
    parts.set_up_django()
    parts.migrate()
    points = QUICK if bench.is_quick else FILING + FETCHING + LISTENING + SENDING
    per_round = 5 if bench.is_quick else 8
    sink_port, smtp_in = parts.free_port(), parts.free_port()
    with DovecotServer() as imap, parts.sink(sink_port, bench.data / "sink.jsonl"):
        imap.create_user("soporte", "secreto")
        _open_shop(imap.port, sink_port)
        log = bench.data / "parts.log"
        environment = {"ESMERO_SMTP_IN": f"127.0.0.1:{smtp_in}"}
        state = _Run(
            bench=bench,
            log=log,
            sink_log=bench.data / "sink.jsonl",
            smtp_in=smtp_in,
            imap=imap,
            worker=parts.start("worker", log=log),
            mail=parts.start("mail", log=log, **environment),
        )
        try:
            mails = letters(len(points) * per_round, seed=bench.seed, to=ADDRESS)
            for number, point in enumerate(points):
                batch = [next(mails) for _ in range(per_round)]
                _round(state, number, point, batch, environment)
            _settle(state)
            _judge(state, points)
        finally:
            state.worker.stop()
            state.mail.stop()


def _open_shop(imap_port: int, smtp_port: int) -> None:
    from esmero.channels import actions as channels
    from esmero.channels.enums import Security
    from esmero.kernel import clock
    from esmero.people import actions as people
    from esmero.people.enums import Role
    from esmero.shop import actions as shop

    at = clock.now()
    shop.open_shop(name="Tienda", country="ES", language="es", zone="Europe/Madrid", at=at)
    department = people.open_department(name="Soporte", is_default=True, at=at, actor="system")
    people.hire_agent(
        email="ana@tienda.example",
        name="Ana",
        role=Role.AGENT,
        password=None,
        department_ids=[department],
        at=at,
    )
    channels.connect_mailbox(
        address=ADDRESS,
        name="Tienda",
        department_id=department,
        imap_host="127.0.0.1",
        imap_port=imap_port,
        imap_security=Security.NONE,
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        smtp_security=Security.NONE,
        username="soporte",
        password="secreto",  # noqa: S106  of the server that this benchmark starts
        allows_private=True,
        at=at,
    )
    shop.finish_setup(at=at)


def _round(
    state: _Run, number: int, point: str, batch: list[Letter], environment: dict[str, str]
) -> None:
    """Arm one process, let mail come and replies go until it dies, and start it again."""
    is_worker = point in FILING
    armed = {"ESMERO_FAILPOINT": f"{point}:{2 if point in FILING else 1}"}
    if is_worker:
        state.worker.stop()
        state.worker = parts.start("worker", log=state.log, **armed)
    else:
        state.mail.stop()
        state.mail = parts.start("mail", log=state.log, **environment, **armed)
    victim = state.worker if is_worker else state.mail
    by_smtp = point in LISTENING or (number % 3 == 2 and point not in FETCHING)
    for letter in batch:
        state.sent[letter.token] = letter
    pending = _deliver(state, batch, by_smtp=by_smtp)
    if point in SENDING:
        _reply_to_some(state, number)
    if parts.wait(victim.ended, within=20.0):
        if victim.was_killed():
            state.reached.append(point)
    else:
        state.bench.note(f"{point} was not reached")
    if is_worker:
        state.worker.stop()
        state.worker = parts.start("worker", log=state.log)
    else:
        state.mail.stop()
        state.mail = parts.start("mail", log=state.log, **environment)
    # A sending server that got no answer tries again: that is its part of "nothing is lost".
    _deliver(state, pending, by_smtp=True)
    tokens = {letter.token for letter in batch}
    parts.wait(lambda: tokens <= _filed(tokens), within=30.0)


def _deliver(state: _Run, batch: list[Letter], *, by_smtp: bool) -> list[Letter]:
    """Bring mails and return those for which no 250 came."""
    if not by_smtp:
        for letter in batch:
            state.imap.deliver("soporte", letter.data)  # type: ignore[attr-defined]
        return []
    failed = []
    for letter in batch:
        try:
            with smtplib.SMTP("127.0.0.1", state.smtp_in, timeout=5) as server:
                server.sendmail(letter.sender, [ADDRESS], letter.data)
        except (OSError, smtplib.SMTPException):
            failed.append(letter)
    return failed


def _filed(tokens: set[str]) -> set[str]:
    from esmero.conversations.models import Message

    found = Message.objects.filter(direction="in").values_list("from_address", flat=True)
    return {t for address in found for t in TOKEN.findall(address)} & tokens


def _reply_to_some(state: _Run, number: int) -> None:
    """Let Ana answer two conversations that wait."""
    from esmero.channels import actions as channels
    from esmero.conversations import actions as conversations
    from esmero.conversations.enums import After
    from esmero.conversations.models import Conversation, Message
    from esmero.kernel import clock
    from esmero.people import queries as people

    ana = people.team()[0]
    waiting = Conversation.objects.filter(awaits_reply_since__isnull=False).order_by("id")[:2]
    for conversation in waiting:
        first = Message.objects.filter(conversation=conversation, direction="in").first()
        if first is None:
            continue
        channels.send_reply(
            reply=conversations.Reply(
                conversation_id=conversation.pk,
                agent_id=ana.pk,
                text="Hola: lo miro y te escribo hoy.",
                to=[(first.from_name, first.from_address)],
                after=After.RESOLVE,
                undo_seconds=0,
            ),
            at=clock.now(),
        )
        out = Message.objects.filter(conversation=conversation, direction="out").last()
        if out is not None:
            state.replied[out.pk] = number


def _settle(state: _Run) -> None:
    """Wait until everything has come to rest."""
    from esmero.channels.models import Delivery, RawMail

    def is_at_rest() -> bool:
        moving = Delivery.objects.filter(state__in=["queued", "handing_over"]).exists()
        return not moving and not RawMail.objects.filter(state="stored").exists()

    if not parts.wait(is_at_rest, within=60.0, every=0.2):
        state.bench.note("not everything came to rest within a minute")
    time.sleep(0.5)


def _judge(state: _Run, points: tuple[str, ...]) -> None:
    from esmero.channels.models import Delivery
    from esmero.conversations.models import Message
    from esmero.promises.models import Promise

    in_messages: Counter[str] = Counter()
    promises: Counter[str] = Counter()
    conversation_of: dict[str, int] = {}
    for conversation_id, address in Message.objects.filter(direction="in").values_list(
        "conversation_id", "from_address"
    ):
        for token in TOKEN.findall(address):
            in_messages[token] += 1
            conversation_of[token] = conversation_id
    answers = Counter(Promise.objects.filter(kind="answer").values_list("subject_ref", flat=True))
    for token, conversation_id in conversation_of.items():
        promises[token] = answers[f"conversation:{conversation_id}"]
    acknowledged: dict[str, list[str]] = defaultdict(list)
    arrivals: Counter[str] = Counter()
    for line in parts.read_sink(state.sink_log):
        header = str(line["id"])
        arrivals[header] += 1
        if line["auto"]:
            for address in line["to"]:  # type: ignore[attr-defined]
                for token in TOKEN.findall(address):
                    acknowledged[token].append(header)
    states = dict(Delivery.objects.values_list("message_header", "state"))
    by_message = dict(
        Delivery.objects.filter(message__isnull=False).values_list("message_id", "message_header")
    )
    lost = [
        token
        for token in state.sent
        if in_messages[token] < 1 or promises[token] < 1 or not acknowledged[token]
    ]
    # An uncertain one is not lost: it is shown, with one click to send it again.
    lost += [
        str(pk)
        for pk, header in by_message.items()
        if not arrivals[header] and states[header] != "uncertain"
    ]
    doubled = [t for t in state.sent if in_messages[t] > 1 or promises[t] > 1]
    too_many = [t for t, headers in acknowledged.items() if len(set(headers)) > 1]
    # The product counts a repeat where the sender died after the end of the data, nowhere else.
    unknown = set(
        Delivery.objects.filter(repeats=1, is_automatic=True).values_list(
            "message_header", flat=True
        )
    )
    too_many += [
        header for header, count in arrivals.items() if count > (2 if header in unknown else 1)
    ]
    uncertain = sum(1 for s in states.values() if s == "uncertain")
    repeated = sum(1 for count in arrivals.values() if count > 1)
    bench = state.bench
    if not bench.is_quick:
        bench.figure("points", len(state.reached))
        bench.figure("mails", len(state.sent))
    bench.figure("lost", len(lost))
    bench.figure("doubled", len(doubled))
    bench.figure("acknowledgements_too_many", len(too_many))
    bench.note(
        f"{len(state.reached)} of {len(points)} points killed a process; {len(state.sent)} mails, "
        f"{len(state.replied)} replies; {repeated} mails went twice with one Message-ID, "
        f"{uncertain} are shown as uncertain"
    )
    if lost or doubled or too_many:
        kept = Path("build") / "crash-parts.log"
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(state.log.read_bytes())
        bench.note(f"what the processes said: {kept}")
    for name, found in (("lost", lost), ("doubled", doubled), ("too many", too_many)):
        if found:
            bench.note(f"{name}: {found[:5]}")
