from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import described
from conftest import Repo
from plantrack.__main__ import main
from plantrack.core.clean import clean
from test_live import OTHER, PATH, PLAN, TICKED, TIDES, save
from view_samples import PAYLOADS

PATIENCE_S = 20.0
BEGUN = "(Ctrl-C ends it)"


@dataclass(slots=True)
class Watching:
    """A watch in a process of its own, and the lines it has printed."""

    process: subprocess.Popen[bytes]
    _parts: dict[int, bytes] = field(default_factory=dict)

    def line(self, *, of_stderr: bool = False) -> str:
        """Wait for a line; "" when there will be none any more."""
        stream = self.process.stderr if of_stderr else self.process.stdout
        assert stream is not None
        descriptor = stream.fileno()
        end = time.monotonic() + PATIENCE_S
        while b"\n" not in self._parts.get(descriptor, b""):
            ready, _, _ = select.select([descriptor], [], [], max(end - time.monotonic(), 0))
            assert ready, self._parts
            part = os.read(descriptor, 65536)
            if not part:
                return ""
            self._parts[descriptor] = self._parts.get(descriptor, b"") + part
        line, _, self._parts[descriptor] = self._parts[descriptor].partition(b"\n")
        return line.decode("ascii" if b"schema" in line else "utf-8")

    def object(self) -> dict[str, Any]:
        """Wait for an object; give what its schema has in it."""
        found = json.loads(self.line())
        described.hold(found, "watch")
        assert isinstance(found, dict)
        return found

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; give the exit code and what else was on stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors.decode()


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    """Two documents with a plan, committed."""
    return make_repo({PATH: PLAN, OTHER: TIDES, ".gitignore": ".plan-history/\n"})


def command(path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "plantrack", "-C", str(path), "watch", *arguments]


@contextmanager
def watch(path: Path, *arguments: str, begins: bool = True) -> Iterator[Watching]:
    """Watch a place; it has begun when the block begins, and ended when the block ends."""
    process = subprocess.Popen(
        command(path, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        found = Watching(process)
        try:
            if begins:
                assert BEGUN in found.line(of_stderr=True)
            yield found
        finally:
            process.kill()


# --- lines and objects ----------------------------------------------------------------------------


def test_a_pipe_gets_a_line_a_change_at_once(repo: Repo) -> None:
    with watch(repo.path) as found:
        save(repo, {PATH: TICKED})
        line = found.line()
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \[x\]  docs/0001-berths.md:8  \w{4,}  ticked  "
            "Draw the berths",
            line,
        )
        repo.commit({}, "Draw them")
        assert "  committed  1 item: Draw them  (Ada Example)" in found.line()


def test_a_program_gets_an_object_a_change(repo: Repo) -> None:
    with watch(repo.path, "--json") as found:
        save(repo, {PATH: TICKED})
        one = found.object()
        assert (one["event"], one["kind"], one["path"], one["line"]) == (
            "changed",
            "ticked",
            PATH,
            8,
        )
        repo.git("switch", "--quiet", "--create", "idea")
        two = found.object()
        assert (two["event"], two["branch_before"], two["branch_after"]) == (
            "switched",
            "main",
            "idea",
        )


def test_only_documents_asked_for_are_watched(repo: Repo) -> None:
    with watch(repo.path, "0002", "--json") as found:
        save(repo, {PATH: TICKED, OTHER: TIDES.replace("[ ] Read", "[x] Read")})
        assert found.object()["path"] == OTHER
        assert found.end() == (130, "plantrack: interrupted\n")


def test_an_empty_folder_is_waited_for(tmp_path: Path) -> None:
    place = Repo(tmp_path / "empty")
    place.path.mkdir()
    with watch(place.path, "--plain", begins=False) as found:
        assert "no document with a plan" in found.line(of_stderr=True)
        save(place, {PATH: PLAN})
        assert "  appeared  Design: Berth Board  (0/3)" in found.line()


def test_polling_tells_the_same(repo: Repo) -> None:
    with watch(repo.path, "--plain", "--poll") as found:
        save(repo, {PATH: TICKED})
        assert "ticked  Draw the berths" in found.line()


def test_a_trouble_is_told_on_stderr_and_for_programs_as_an_object(repo: Repo) -> None:
    with watch(repo.path, "--plain") as plain, watch(repo.path, "--json") as found:
        save(repo, {"plantrack.toml": "exclude = 3\n"})
        assert "exclude must be a list" in plain.line(of_stderr=True)
        one = found.object()
        assert (one["event"], one["is_over"]) == ("trouble", False)
        (repo.path / "plantrack.toml").unlink()
        assert plain.line(of_stderr=True).startswith("plantrack: over: ")
        assert found.object()["is_over"] is True


def test_hostile_text_is_told_harmlessly(repo: Repo) -> None:
    with watch(repo.path, "--plain") as plain, watch(repo.path, "--json") as found:
        payload = " ".join(PAYLOADS.values())[:1500].replace("\n", " ").replace("\r", " ")
        text = PLAN.replace("[ ] Draw the berths", f"[x] Draw the berths {payload}")
        save(repo, {PATH: text.encode("utf-8", "replace").decode()})
        line = plain.line()
        assert clean(line) == line
        assert found.object()["kind"] in {"ticked", "removed"}


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("form", ["--plain", "--json"])
def test_a_signal_ends_it_in_order(repo: Repo, form: str, number: int) -> None:
    with watch(repo.path, form) as found:
        assert found.end(number) == (130, "plantrack: interrupted\n")


def test_a_signal_that_is_ignored_stays_ignored(repo: Repo) -> None:
    line = ["nohup", *command(repo.path, "--plain")]
    process = subprocess.Popen(
        line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        found = Watching(process)
        assert BEGUN in found.line(of_stderr=True)
        process.send_signal(signal.SIGHUP)
        save(repo, {PATH: TICKED})
        assert "ticked" in found.line()
        process.kill()


def test_it_ends_well_when_its_reader_goes_away(repo: Repo) -> None:
    with watch(repo.path, "--plain") as found:
        assert found.process.stdout is not None
        found.process.stdout.close()
        assert found.process.wait(PATIENCE_S) == 0
        assert found.process.stderr is not None
        assert found.process.stderr.read() == b""


def test_head_gets_its_line_and_all_ends(repo: Repo) -> None:
    line = " ".join(command(repo.path, "--plain"))
    shell = f'{line} | head -n 1; echo "${{PIPESTATUS[0]}}"'
    process = subprocess.Popen(
        ["bash", "-c", shell], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        assert BEGUN in process.stderr.readline()
        save(repo, {PATH: TICKED})
        output, errors = process.communicate(timeout=PATIENCE_S)
    first, code = output.splitlines()
    assert "ticked" in first
    assert (code, errors) == ("0", "")


# --- --on-change ----------------------------------------------------------------------------------


def test_a_command_is_run_for_each_change_with_it_on_stdin(repo: Repo, tmp_path: Path) -> None:
    script = tmp_path / "tell.sh"
    script.write_text('#!/bin/sh\ncat >> "$1"\n')
    script.chmod(0o755)
    heard = tmp_path / "heard it all"
    with watch(repo.path, "--plain", "--on-change", f"{script} '{heard}'") as found:
        save(repo, {PATH: TICKED.replace("[ ] Snap", "[x] Snap")})
        assert "Draw" in found.line()
        assert "Snap" in found.line()
        found.end()
    told = [json.loads(line) for line in heard.read_text().splitlines()]
    assert [one["text_after"] for one in told] == [
        "Draw the berths",
        "Snap every stay to the half hour",
    ]


def test_a_command_that_fails_is_told_once(repo: Repo) -> None:
    with watch(repo.path, "--json", "--on-change", "false") as found:
        save(repo, {PATH: TICKED})
        assert "--on-change: false failed: exit code 1" in found.line(of_stderr=True)
        save(repo, {PATH: PLAN})
        assert [found.object()["kind"], found.object()["kind"]] == ["ticked", "unticked"]
        assert found.end() == (130, "plantrack: interrupted\n")


@pytest.mark.parametrize("asked", ["no-such-program-anywhere --loud", "'unclosed", ""])
def test_a_command_that_cannot_be_run_is_refused_before_anything(
    repo: Repo, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(repo.path), "watch", "--plain", "--on-change", asked]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not (repo.path / ".plan-history").exists()


# --- in this process ------------------------------------------------------------------------------


@dataclass(slots=True)
class Here:
    """Watches in this process, and ends as by a signal."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def told(self, deed: Callable[[], None], least: int, *arguments: str) -> tuple[str, str]:
        """Watch while something is done until so many lines were printed; give both outputs."""
        files = [self.folder / name for name in ("out", "err")]

        def do() -> None:
            self._wait(lambda: BEGUN in files[1].read_text())
            deed()
            self._wait(lambda: sum(len(one.read_text().splitlines()) for one in files) > least)
            if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
                os.kill(os.getpid(), signal.SIGTERM)

        before = signal.getsignal(signal.SIGTERM)
        doer = threading.Thread(target=do)
        with files[0].open("w") as out, files[1].open("w") as err:
            self.monkeypatch.setattr(sys, "stdout", out)
            self.monkeypatch.setattr(sys, "stderr", err)
            doer.start()
            code = main(["watch", *arguments])
            self.monkeypatch.undo()
        doer.join()
        assert code == 130
        assert signal.getsignal(signal.SIGTERM) is before
        return files[0].read_text(), files[1].read_text()

    @staticmethod
    def _wait(found: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not found() and time.monotonic() < end:
            time.sleep(0.01)


@pytest.fixture
def here(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.chdir(repo.path)
    with pytest.MonkeyPatch.context() as own:
        return Here(tmp_path, own)


def test_a_line_is_local_time_in_the_configured_zone(here: Here, repo: Repo) -> None:
    save(repo, {"plantrack.toml": 'timezone = "Pacific/Kiritimati"\n'})
    out, err = here.told(lambda: save(repo, {PATH: TICKED}), 1, "--plain")
    shown = datetime.fromisoformat(f"{out[:19]}+14:00")
    assert abs((shown - datetime.now(UTC)).total_seconds()) < 3600  # noqa: TID251 -- as it is shown
    assert err.splitlines()[1:] == ["plantrack: interrupted"]


def test_every_failure_of_a_command_is_a_line_on_stderr(here: Here, repo: Repo) -> None:
    out, err = here.told(
        lambda: save(repo, {PATH: TICKED}), 2, "--json", "--on-change", "false", "docs"
    )
    assert json.loads(out)["kind"] == "ticked"
    assert "--on-change: false failed" in err
    assert "watching 2 documents" in err


def test_a_trouble_is_told_beside_the_lines(here: Here, repo: Repo) -> None:
    out, err = here.told(lambda: save(repo, {"plantrack.toml": "exclude = 3\n"}), 1)
    assert out == ""
    assert "exclude must be a list" in err


# --- what is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        ["--once", "--plain"],
        ["--plain", "--json"],
        ["--once", "--json"],
        ["--once", "--on-change", "true"],
        ["--once", "--poll"],
        ["--plain", "--by", "milestones"],
        ["--json", "--by", "leaves"],
        ["--by", "weeks"],
    ],
)
def test_options_that_exclude_each_other_are_refused(
    repo: Repo, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(repo.path), "watch", *asked]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_name_of_nothing_is_refused(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(repo.path), "watch", "--plain", "nonesuch"]) == 1
    assert "nonesuch" in capsys.readouterr().err


def test_once_prints_a_frame(
    repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["-C", str(repo.path), "watch", "--once"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 30
    assert max(map(len, lines)) <= 100
    assert "Draw the berths" in "\n".join(lines)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")
    assert main(["-C", str(repo.path), "watch", "--once", "--by", "milestones"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert max(map(len, lines)) <= 60
