"""The points at which a test may kill the mail process (see `esmero.kernel.failpoints`).

Fetching, for each mail and folder: `imap.connected`, `imap.selected`, `imap.planned` (a new folder
has its cursor), `imap.fetched` (the bytes are here, nothing is stored), `imap.stored` (one mail is
committed), `imap.before_cursor`, `imap.after_cursor`.

Listening: `listen.before_store` (all bytes are here), `listen.after_store` (committed, not yet
answered), `listen.after_reply` (250 is on its way).

Sending: `smtp.before_connect`, `smtp.after_connect`, `smtp.after_mail`, `smtp.after_rcpt`,
`smtp.before_data`, `smtp.before_end` (all but the end is sent, and that it will be is committed),
`smtp.after_data` (the end is sent, no answer yet), `smtp.after_250` (the answer is here, not yet
committed), `smtp.after_note` (committed).
"""

from typing import Final

FETCHING: Final = (
    "imap.connected",
    "imap.selected",
    "imap.planned",
    "imap.fetched",
    "imap.stored",
    "imap.before_cursor",
    "imap.after_cursor",
)
LISTENING: Final = ("listen.before_store", "listen.after_store", "listen.after_reply")
SENDING: Final = (
    "smtp.before_connect",
    "smtp.after_connect",
    "smtp.after_mail",
    "smtp.after_rcpt",
    "smtp.before_data",
    "smtp.before_end",
    "smtp.after_data",
    "smtp.after_250",
    "smtp.after_note",
)
POINTS: Final = FETCHING + LISTENING + SENDING
