"""What `make backtest` runs: arguments to tables of how often `next` was right."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the backtest is a package
    from backtest.command import main

    sys.exit(main())
