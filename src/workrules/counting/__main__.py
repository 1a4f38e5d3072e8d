"""`python -m workrules.counting`."""

import sys

from workrules.counting.cli import main

if __name__ == "__main__":
    sys.exit(main())
