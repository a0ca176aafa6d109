"""`python -m eigenstill.lean`: the same as `eigenstill lean`."""

import sys

from eigenstill.cli import main

if __name__ == "__main__":
    sys.exit(main(["lean", *sys.argv[1:]]))
