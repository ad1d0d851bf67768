"""A mail server that takes everything and writes down when: `python -m benchmarks.sink PORT LOG`.

One JSON line a mail: `t` (epoch seconds), `to`, `id` (Message-ID), `auto` (Auto-Submitted).
"""

from __future__ import annotations

import asyncio
import email
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import UnthreadedController


def main(port: int, log: Path) -> None:
    """Serve until SIGTERM."""
    out = log.open("a", buffering=1)

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            moment = time.time()
            head = envelope.content.partition(b"\r\n\r\n")[0]
            mail = email.message_from_bytes(head + b"\r\n\r\n")
            line = {
                "t": moment,
                "to": envelope.rcpt_tos,
                "id": mail.get("Message-ID", ""),
                "auto": mail.get("Auto-Submitted", ""),
            }
            out.write(json.dumps(line) + "\n")
            return "250 OK"

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    controller = UnthreadedController(
        Handler(), hostname="127.0.0.1", port=port, loop=loop, decode_data=False
    )
    controller.begin()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, loop.stop)
    loop.run_forever()
    controller.end()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
