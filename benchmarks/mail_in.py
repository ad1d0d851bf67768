"""Mail from the SMTP listener to the customer's acknowledgement, in bursts and one at a time.

Worker and mail process run as in the product, with `fsync` on and one transaction a mail; the
acknowledgements go to a local SMTP server. Clients and that server are processes of their own,
whose CPU is not counted. `accepted`: raw mail committed; `filed`: conversation, promise and
acknowledgement committed; both while everything else goes on.
"""

from __future__ import annotations

import smtplib
import time
from typing import TYPE_CHECKING

from benchmarks import parts
from benchmarks.frame import percentile
from benchmarks.letters import TOKEN, Letter, letters
from benchmarks.listen import send

if TYPE_CHECKING:
    from benchmarks.frame import Bench

TO = "soporte@tienda.example"
SINGLE_EVERY = 0.25


def run(bench: Bench) -> None:
    """Measure a burst and single mails."""
    from benchmarks.shop import open_small_shop

    parts.set_up_django()
    parts.migrate()
    open_small_shop(TO)
    count = 300 if bench.is_quick else 1000
    sink_port, smtp_in = parts.free_port(), parts.free_port()
    environment = {
        "ESMERO_SMTP_IN": f"127.0.0.1:{smtp_in}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink_port}",
    }
    log, sink_log = bench.data / "parts.log", bench.data / "sink.jsonl"
    with parts.sink(sink_port, sink_log):
        worker = parts.start("worker", log=log, **environment)
        mail = parts.start("mail", log=log, **environment)
        pids = [worker.process.pid, mail.process.pid, bench.cluster.pid() or 0]
        try:
            parts.wait_for_port(smtp_in)
            # Imports, plans and connections are there before anything is timed.
            warm = [one.data for one in letters(40, seed=bench.seed, to=TO, run="warm")]
            send(smtp_in, warm, is_kept=True)
            _wait_acknowledged(sink_log, len(warm))
            _burst(bench, count, smtp_in, pids, sink_log, already=len(warm))
            _single(bench, 20 if bench.is_quick else 60, smtp_in, sink_log)
        finally:
            worker.stop()
            mail.stop()


def _burst(
    bench: Bench, count: int, smtp_in: int, pids: list[int], sink_log: object, *, already: int
) -> None:
    from esmero.channels.models import Delivery, RawMail

    mails = [one.data for one in letters(count, seed=bench.seed, to=TO, run="burst")]
    cpu = [parts.cpu_seconds([pid]) for pid in pids]
    begun = time.time()
    send(smtp_in, mails, is_kept=True)
    accepted = time.time() - begun
    if not _wait_acknowledged(sink_log, already + count):
        raise RuntimeError("not every mail was acknowledged")
    used = [parts.cpu_seconds([pid]) - before for pid, before in zip(pids, cpu, strict=True)]
    last = RawMail.objects.filter(state="filed").latest("filed_at").filed_at
    done = Delivery.objects.filter(state="sent").latest("sent_at").sent_at
    filed = last.timestamp() - begun
    bench.figure("accepted_per_s", count / accepted, "/s")
    bench.figure("filed_per_s", count / filed, "/s")
    bench.figure("acknowledged_per_s", count / (done.timestamp() - begun), "/s")
    bench.figure("cpu_ms_per_mail", 1000 * sum(used) / count, "ms")
    for name, seconds in zip(("worker", "mail", "database"), used, strict=True):
        bench.figure(f"{name}_cpu_ms", 1000 * seconds / count, "ms")


def _single(bench: Bench, count: int, smtp_in: int, sink_log: object) -> None:
    sent: dict[str, float] = {}
    for letter in letters(count, seed=bench.seed, to=TO, run="single"):
        _deliver(letter, smtp_in)
        sent[letter.token] = time.time()
        time.sleep(SINGLE_EVERY)

    def arrived() -> dict[str, float]:
        found = {}
        for line in parts.read_sink(sink_log):  # type: ignore[arg-type]
            for address in line["to"]:  # type: ignore[attr-defined]
                for token in TOKEN.findall(address):
                    found[token] = float(line["t"])  # type: ignore[arg-type]
        return found

    parts.wait(lambda: sent.keys() <= arrived().keys(), within=30.0)
    moments = arrived()
    delays = [moments[token] - at for token, at in sent.items()]
    bench.figure("single_ack_p50_s", percentile(delays, 0.50), "s")
    bench.figure("single_ack_p95_s", percentile(delays, 0.95), "s")


def _deliver(letter: Letter, smtp_in: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_in, timeout=10) as server:
        server.sendmail(letter.sender, [TO], letter.data)


def _wait_acknowledged(sink_log: object, count: int) -> bool:
    return parts.wait(
        lambda: len(parts.read_sink(sink_log)) >= count,  # type: ignore[arg-type]
        within=180.0,
        every=0.3,
    )
