"""What the targets `bench`, `bench-peers` and `guard` run: arguments to tables of figures."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])  # the benchmarks are a package
    if sys.argv[1:2] == ["guard"]:
        from bench import guard_command

        sys.exit(guard_command.main(sys.argv[2:]))
    if sys.argv[1:2] == ["peers"]:
        from bench.peers import command

        sys.exit(command.main(sys.argv[2:]))
    from bench.command import main

    sys.exit(main())
