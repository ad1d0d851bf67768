"""The search process of the benchmark `search`: serves an empty index on the socket it is given."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Serve until standard input ends."""
    from esmero.conversations.adapters.spelling import Dictionaries
    from esmero.knowledge.adapters.encoders.usem3 import Usem3
    from esmero.knowledge.search import Index, Vocabulary
    from esmero.knowledge.search.memory import keep_small
    from esmero.knowledge.search.serving import Server

    keep_small()
    dictionaries = Dictionaries()
    dictionaries.wait()
    index = Index(Usem3(), Vocabulary(is_word=dictionaries.is_word))
    server = Server(index, Path(sys.argv[1]))
    server.start()
    print("ready", flush=True)
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    done.wait()
    server.close()


if __name__ == "__main__":
    main()
