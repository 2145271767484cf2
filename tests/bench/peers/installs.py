"""A peer's name to a program that can be started, in a scratch folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 300


class Unavailable(Exception):
    """A peer cannot be installed here, or does not start."""


@dataclass(frozen=True, slots=True)
class Program:
    """Something that was installed."""

    path: Path
    version: str


def from_pypi(folder: Path, package: str, script: str) -> Program:
    """Install a package into an environment of its own. Raises Unavailable."""
    environment = folder / package
    python = environment / "bin" / "python"
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(environment))
    if not (environment / "bin" / script).exists():
        _run(str(python), "-m", "pip", "install", "--quiet", package)
    code = f"import importlib.metadata; print(importlib.metadata.version({package!r}))"
    return Program(environment / "bin" / script, _run(str(python), "-c", code))


def from_debian(folder: Path, package: str, script: str) -> Program:
    """Unpack a package of Debian's, which takes no rights; one that is installed is used as it is.

    Raises Unavailable.
    """
    found = shutil.which(script)
    path = Path(found) if found else folder / package / "usr" / "bin" / script
    if not path.exists():
        packed = folder / f"{package}.deb"
        packed.mkdir(parents=True, exist_ok=True)
        _run("apt-get", "download", "--quiet", package, folder=packed)
        for one in packed.glob("*.deb"):
            _run("dpkg-deb", "--extract", str(one), str(folder / package))
    return Program(path, _run(str(path), "--version"))


def from_npm(folder: Path, package: str, script: str) -> Program:
    """Install a package; what it starts in the end is used, without the script around it.

    Raises Unavailable.
    """
    place = folder / package
    if not place.exists():
        place.mkdir(parents=True)
        words = ("--prefix", str(place), "--no-audit", "--no-fund", "--silent", package)
        _run("npm", "install", *words)
    binaries = sorted(place.glob(f"node_modules/{package}-*/{script}"))
    path = binaries[0] if binaries else place / "node_modules" / ".bin" / script
    return Program(path, _run(str(path), "--version"))


def _run(*argv: str, folder: Path | None = None) -> str:
    """Run a step of an installation; give what it printed."""
    try:
        done = subprocess.run(
            argv, cwd=folder, capture_output=True, text=True, check=True, timeout=_PATIENCE_S
        )
    except FileNotFoundError as error:
        raise Unavailable(f"there is no {argv[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{' '.join(argv[:4])} took more than {_PATIENCE_S} s") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "it did not say why").strip().splitlines()[-1]
        raise Unavailable(f"{' '.join(argv[:4])} failed: {last}") from error
    return done.stdout.strip()
