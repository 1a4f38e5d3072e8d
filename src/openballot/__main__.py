"""`python -m openballot`."""

import sys

from openballot.cli import main

if __name__ == "__main__":
    sys.exit(main())
