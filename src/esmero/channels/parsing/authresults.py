"""SPF, DKIM and DMARC verdicts of our own receiving server.

Only the topmost `Authentication-Results` of a trusted authserv-id counts: whatever stands further
down may have been written by the sender. **Source:** RFC 8601, sections 2.2 and 5.
"""

import re

from esmero.channels.parsing.headers import Headers
from esmero.channels.parsing.types import AuthVerdict

_METHOD = re.compile(r"(?i)^\s*(spf|dkim|dmarc)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)")
_COMMENT = re.compile(r"\([^()]*\)")
_BETTER = {"pass": 3, "fail": 2, "softfail": 2, "temperror": 1, "permerror": 1}


def read_verdict(headers: Headers, trusted: tuple[str, ...]) -> AuthVerdict:
    """The verdicts, 'none' for whatever was not checked by a trusted server."""
    wanted = {name.lower().strip() for name in trusted}
    for value in headers.all("authentication-results"):
        text = value
        for _ in range(4):
            text, count = _COMMENT.subn(" ", text)
            if not count:
                break
        head, _, rest = text.partition(";")
        identity = head.split()[0].strip('"').lower() if head.split() else ""
        if identity not in wanted:
            continue
        found = {"spf": "none", "dkim": "none", "dmarc": "none"}
        for clause in rest.split(";"):
            match = _METHOD.match(clause)
            if not match:
                continue
            method, verdict = match[1].lower(), match[2].lower()
            if _BETTER.get(verdict, 0) > _BETTER.get(found[method], 0) or found[method] == "none":
                found[method] = verdict
        return AuthVerdict(found["spf"], found["dkim"], found["dmarc"], identity)
    return AuthVerdict()
