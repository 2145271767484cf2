from __future__ import annotations

import re
import subprocess
import sys

import pytest

from conftest import PROJECT_ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
def test_a_short_soak_in_a_small_tree_loses_nothing() -> None:
    script = PROJECT_ROOT / "tests" / "soak" / "run.py"
    asked = ["--seconds", "1", "--files", "300", "--documents", "30", "--round", "0.7"]
    argv = [sys.executable, str(script), *asked]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nlost      0\n" in done.stdout
    assert re.search(r"^compared  [1-9]", done.stdout, re.MULTILINE)
    assert "... seed " in done.stderr
