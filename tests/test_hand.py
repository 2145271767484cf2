from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from plantrack.sync import hand
from plantrack.sync.hand import Hand, Lost

LONG = 3 << 20  # bytes: more than any pipe holds


def doubling(about: str) -> Callable[[str], tuple[str, int]]:
    return lambda question: (about + question * 2, os.getpid())


def growing(length: int) -> Callable[[bytes], bytes]:
    return lambda question: question[:1] * length


def failing(_: object) -> Callable[[object], NoReturn]:
    def fail(question: object) -> NoReturn:
        raise ValueError(question)

    return fail


def dallying(seconds: float) -> Callable[[object], None]:
    return lambda _: time.sleep(seconds)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_another_process_answers_in_the_order_of_the_questions() -> None:
    one = Hand(doubling, "so ")
    for question in ("a", "b", "c"):
        one.ask(question)
    answers: list[Any] = []
    while len(answers) < 3:
        answers += one.answers(wait=True)
    assert [words for words, _ in answers] == ["so aa", "so bb", "so cc"]
    assert {pid for _, pid in answers} != {os.getpid()}
    assert list(one.answers(wait=False)) == []
    one.close()


def test_neither_side_waits_for_ever_when_both_have_much_to_say() -> None:
    one = Hand(growing, LONG)
    for _ in range(3):
        one.ask(b"x" * LONG)
    answers: list[bytes] = []
    while len(answers) < 3:
        answers += one.answers(wait=True)
    assert answers == [b"x" * LONG] * 3
    one.close()


def test_who_failed_answers_no_more() -> None:
    one = Hand(failing, None)
    one.ask("what")
    with pytest.raises(Lost):
        list(one.answers(wait=True))
    one._process.wait(30)  # noqa: SLF001 - nobody listens from now on
    with pytest.raises(Lost):
        one.ask("what")
    one.close()


def test_who_says_nothing_for_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "SILENCE_S", 0.05)
    one = Hand(dallying, 60)
    one.ask("what")
    with pytest.raises(Lost):
        list(one.answers(wait=True))
    began = time.monotonic()
    one.close()
    assert time.monotonic() - began < 30  # it was ended, not waited for


def test_where_no_process_can_be_started_it_is_lost_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Lost):
        Hand(doubling, "")


ORPHAN = """
import os, sys
from test_hand import dallying
from plantrack.sync.hand import Hand
one = Hand(dallying, 60)
one.ask("what")
print(one._process.pid, flush=True)
sys.stdin.read(1)
os._exit(0)
"""


def test_it_ends_with_the_process_that_started_it_whatever_it_is_doing() -> None:
    here = str(Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)])},
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert is_alive(pid)
    process.communicate(b"\n", timeout=60)
    until = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_alive(pid)


def test_nothing_is_imported_from_the_folder_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')"
    for name in ("multiprocessing", "pickle", "importlib", "signal", "plantrack", "mistune"):
        (tmp_path / f"{name}.py").write_text(trap)
    monkeypatch.chdir(tmp_path)
    one = Hand(doubling, "so ")
    one.ask("a")
    ((words, _),) = one.answers(wait=True)
    assert words == "so aa"
    assert not (tmp_path / "sprung").exists()
    one.close()
