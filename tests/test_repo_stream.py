from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.errors import PlaceError
from plantrack.repo import find_place, git
from plantrack.repo.stream import talk

MakeRepo = Callable[..., Repo]
CHECK = ("cat-file", "--batch-check")


def test_more_than_any_pipe_holds_goes_both_ways_at_once(make_repo: MakeRepo) -> None:
    place = find_place(str(make_repo().path))
    names = [f"{number:040x}" for number in range(50_000)]
    with talk(place, *CHECK) as answers:
        for at in range(0, len(names), 20_000):
            answers.say("".join(f"{name}\n" for name in names[at : at + 20_000]).encode())
        answers.finish()
        assert [record.split()[0].decode() for record in answers.records(b"\n")] == names
        assert answers.is_complete()


def test_an_answer_comes_while_more_may_be_asked(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    head = repo.git("rev-parse", "HEAD").strip()
    with talk(find_place(str(repo.path)), *CHECK) as answers:
        for _ in range(3):
            answers.say(f"{head}\n".encode())
            assert answers.hear().startswith(f"{head} commit ".encode())
        assert not answers.is_complete()
        answers.finish()
        assert answers.hear() == b""
        assert answers.is_complete()
        answers.say(b"too late\n")
        assert answers.hear() == b""


def test_what_is_said_to_a_git_that_has_ended_is_lost_without_harm(make_repo: MakeRepo) -> None:
    with talk(find_place(str(make_repo().path)), "cat-file", "--no-such-option") as answers:
        assert answers.hear() == b""
        assert not answers.is_complete()
        answers.say(b"hello\n" * 100_000)
        answers.finish()
        assert answers.hear() == b""
        assert not answers.is_complete()


def test_silence_has_a_limit_also_while_much_is_still_to_be_said(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = find_place(str(make_repo().path))
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 100\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "LIMIT_S", 0.1)
    with talk(place, *CHECK) as answers:
        for _ in range(3):
            answers.say(b"x" * 1_000_000)
        with pytest.raises(PlaceError, match="did not answer"):
            answers.hear()
