"""Run as a program: `child.py FILE LIMITS` writes the pages of a PDF to stdout, a line each.

It knows nothing of the house. It sets its own limits before it reads a byte: memory, processor
time, size of what it writes, seconds for a page.
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import sys
from typing import Any

_SLOW_PAGES_MOST = 20


class PageTooSlow(BaseException):
    """A page took longer than it may (no Exception, so that no parser swallows it)."""


def _too_slow(_number: int, _frame: object) -> None:
    raise PageTooSlow


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _limit(limits: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["chars"] * 8,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.signal(signal.SIGALRM, _too_slow)
    sys.setrecursionlimit(2000)


def _notes(reader: Any) -> list[str]:
    """Whether the file would do something when it is opened."""
    root = reader.trailer["/Root"]
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    acts = "/AA" in root or "/JavaScript" in names
    opens = root.get("/OpenAction")
    opens = opens.get_object() if opens is not None else None
    if isinstance(opens, dict):
        acts = acts or opens.get("/S") in {"/JavaScript", "/Launch", "/URI", "/SubmitForm"}
    return ["scripts"] if acts else []


def main(path: str, limits: dict[str, Any]) -> None:
    """Do it."""
    _limit(limits)
    logging.disable(logging.CRITICAL)
    from pypdf import PdfReader  # noqa: PLC0415  after the limits

    try:
        signal.setitimer(signal.ITIMER_REAL, limits["page"] * 8)
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return _say(refused="encrypted")
        count = len(reader.pages)
        try:
            notes = _notes(reader)
        except Exception:  # noqa: BLE001  a broken catalogue says nothing
            notes = []
    except MemoryError:
        return _say(refused="too_much")
    except PageTooSlow:
        return _say(refused="too_much")
    except Exception:  # noqa: BLE001  whatever a stranger's file does to the parser
        return _say(refused="broken")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    _say(count=count, notes=notes)
    _pages(reader, min(count, limits["pages"]), limits)
    return _say(end=True)


def _pages(reader: Any, count: int, limits: dict[str, Any]) -> None:
    left, slow = limits["chars"], 0
    for number in range(count):
        text = ""
        try:
            signal.setitimer(signal.ITIMER_REAL, limits["page"])
            text = reader.pages[number].extract_text() or ""
        except (PageTooSlow, MemoryError):
            slow += 1
        except Exception:  # noqa: BLE001  one broken page is not the file
            text = ""
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        text = text[: min(limits["page_chars"], left)]
        left -= len(text)
        if slow > _SLOW_PAGES_MOST or left <= 0:
            return
        _say(text=text)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
