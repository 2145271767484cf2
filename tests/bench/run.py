"""What `make bench` runs: arguments to a table of measurements."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the benchmarks are a package
    from bench.command import main

    sys.exit(main())
