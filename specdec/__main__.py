"""`python -m specdec`."""

import sys

from specdec.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
