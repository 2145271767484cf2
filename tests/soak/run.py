"""What `make soak` runs: arguments to a table of promises, and whether they were kept."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the soak is a package
    from soak.command import main

    sys.exit(main())
