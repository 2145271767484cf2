"""What `make fuzz` runs: arguments to a search for inputs that break a promise."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the search is a package
    from fuzz.command import main

    sys.exit(main())
