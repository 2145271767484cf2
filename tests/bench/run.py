"""What `make bench` and `make guard` run: arguments to tables of measurements."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the benchmarks are a package
    if sys.argv[1:2] == ["guard"]:
        from bench import guard_command

        sys.exit(guard_command.main(sys.argv[2:]))
    from bench.command import main

    sys.exit(main())
