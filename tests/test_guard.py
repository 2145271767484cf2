"""The guard that counts instructions."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from bench import guard, guard_command, stage
from bench.guard import Counts, Finding
from bench.stage import Stage
from bench.trial import Skipped

HERE = Counts("CPython 3.11, SQLite 3.40.1", 29_000_000, {"next": 4.0, "parse": 1.0})
ELSEWHERE = Counts("CPython 3.11, SQLite 3.40.1", 22_000_000, {"next": 4.4, "parse": 1.2})
NEWER = Counts("CPython 3.12, SQLite 3.40.1", 29_000_000, {"next": 3.8})
BASELINE = (ELSEWHERE, HERE, NEWER)


def counted(next_ratio: float, nothing: int = 29_100_000, **others: float) -> Counts:
    return Counts(HERE.build, nothing, {"next": next_ratio, **others})


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(4.0, "ok"), (4.079, "ok"), (3.921, "ok"), (4.081, "slower"), (3.9, "quicker")],
)
def test_what_differs_by_more_than_the_tolerance_is_told(ratio: float, verdict: str) -> None:
    (finding,) = guard.held_against(BASELINE, counted(ratio))
    assert finding.verdict == verdict
    assert finding.expected == 4.0


def test_a_path_the_baseline_does_not_know_is_new() -> None:
    findings = guard.held_against(BASELINE, counted(4.0, status=5.5))
    assert findings == (Finding("next", 4.0, 4.0), Finding("status", 5.5, None))
    assert findings[1].verdict == "new"


def test_a_build_of_python_is_known_by_its_versions_and_by_what_nothing_takes() -> None:
    (finding,) = guard.held_against(BASELINE, counted(4.4, nothing=22_300_000))
    assert finding.expected == 4.4
    with pytest.raises(Skipped, match=r"not known \(CPython 3\.11, SQLite 3\.40\.1, 26,000,000"):
        guard.held_against(BASELINE, counted(4.0, nothing=26_000_000))
    with pytest.raises(Skipped, match="not known"):
        guard.held_against((), HERE)


def test_what_is_written_down_for_one_build_moves_the_others_by_the_same_share() -> None:
    after = guard.written(BASELINE, counted(4.2, status=5.5))
    assert [one.nothing for one in after] == [22_000_000, 29_100_000, 29_000_000]
    assert after[0].ratios == pytest.approx({"next": 4.62, "parse": 1.2})
    assert after[1] == counted(4.2, status=5.5)
    assert after[2].ratios == pytest.approx({"next": 3.99})
    assert guard.written((), HERE) == (HERE,)


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "guard.json"
    file.write_text(json.dumps(guard.as_json(BASELINE)))
    assert guard.known(file) == BASELINE


def test_the_baseline_that_is_kept_knows_every_path() -> None:
    kept = guard.known()
    assert len(kept) > 1
    assert {tuple(one.ratios) for one in kept} == {("next", "status", "refresh", "parse")}


def test_findings_are_told_with_counts_and_shares() -> None:
    findings = (Finding("next", 4.2, 4.0), Finding("status", 5.5, None))
    assert guard.render(findings, HERE) == (
        "path    instructions  of pass  baseline  change  verdict\n"
        "------  ------------  -------  --------  ------  -------\n"
        "next    121,800,000   4.2000   4.0000    +5.00%  slower\n"
        "status  159,500,000   5.5000   -         +0.00%  new\n"
        "\n"
        "pass: 29,000,000 instructions with CPython 3.11, SQLite 3.40.1; tolerance 2%\n"
    )


def test_without_valgrind_it_is_said_that_nothing_was_counted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert guard_command.main(["--keep", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("skipped: valgrind is missing")


def test_a_slower_path_fails_and_is_written_down_on_purpose(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "guard.json"
    file.write_text(json.dumps(guard.as_json(BASELINE)))
    monkeypatch.setattr(guard, "count", lambda _stage, _python: counted(4.2, parse=0.9))
    words = ["--keep", str(tmp_path), "--baseline", str(file)]
    assert guard_command.main(words) == 1
    assert "--write holds on to what was gained" in capsys.readouterr().out
    assert guard_command.main([*words, "--write"]) == 0
    assert guard.known(file)[1] == counted(4.2, parse=0.9)
    assert guard_command.main(words) == 0


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="needs valgrind")
def test_the_same_work_takes_the_same_instructions_and_an_import_more(tmp_path: Path) -> None:
    runs = guard.Runs(
        Stage(tmp_path, stage.QUICK, stage.entry("module"), lambda _: None),
        sys.executable,
        tmp_path,
    )
    once, again = (runs.count("-c", "pass") for _ in range(2))
    assert abs(again / once - 1) < guard.TOLERANCE / 4
    assert runs.count("-c", "import typing") > once * (1 + guard.TOLERANCE)
