"""`python -m esmero`: the command line."""

import sys

from esmero.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
