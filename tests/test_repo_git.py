"""Repositories that try to run code, hang us, or lead us elsewhere."""

from __future__ import annotations

import os
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import canaries
from canaries import TRICKS, hostile
from conftest import Repo
from plantrack.config import Config
from plantrack.core.model import Finding
from plantrack.errors import PlaceError
from plantrack.repo import (
    Place,
    find_place,
    git,
    list_documents,
    read_document,
    read_head,
    revisions,
    waiting,
)
from plantrack.repo.blobs import Blobs
from plantrack.repo.revisions import Revision
from plantrack.repo.stream import talk

MakeRepo = Callable[..., Repo]


def past(place: Place) -> list[Revision]:
    """Read the line of HEAD, and what each revision did."""
    return list(revisions.read_line(place, head=read_head(place).commit))


def read_everything(top: Path) -> tuple[str, ...]:
    """Make every call to git there is, and read every document; return what was listed."""
    place = find_place(str(top))
    listing = list_documents(place, Config())
    changed = [one.blob for revision in past(place) for one in revision.files]
    with Blobs(place, max_bytes=1000) as blobs:
        assert all(data is not None for _, data in blobs.read(filter(None, changed)))
    for path in listing.documents:
        assert not isinstance(read_document(place, path, max_bytes=1000), Finding)
    read_head(place)
    head = Path(f"{place.git_dir}/HEAD")
    before = head.read_text()
    head.write_text("ref: refs/heads/.invalid")  # only git itself can explain this one
    read_head(place)
    head.write_text(before)
    return listing.documents


# --- canaries -------------------------------------------------------------------------------------


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Return a script that leaves the file `sang` beside itself."""
    return canaries.make(tmp_path)


@pytest.mark.parametrize("name", TRICKS)
def test_no_program_a_repository_names_is_run(make_repo: MakeRepo, canary: Path, name: str) -> None:
    repo = make_repo({"docs/a.md": "1"}, {"b.md": "1"})
    hostile(repo, TRICKS[name], canary)
    assert read_everything(repo.path) == ("b.md", "docs/a.md")
    assert not (canary.parent / "sang").exists()


@pytest.mark.parametrize("name", [name for name, trick in TRICKS.items() if trick.proof])
def test_the_canary_does_sing_where_git_is_not_held_back(
    make_repo: MakeRepo, canary: Path, name: str
) -> None:
    repo = make_repo({"docs/a.md": "1"}, {"b.md": "1"})
    hostile(repo, TRICKS[name], canary)
    subprocess.run(
        ["git", *TRICKS[name].proof.split()], cwd=repo.path, capture_output=True, check=False
    )
    assert (canary.parent / "sang").exists()


def test_a_git_that_lies_in_the_repository_is_not_run(
    make_repo: MakeRepo, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"docs/a.md": "1"})
    for folder in ("", "docs/", "bin/"):
        (repo.path / folder).mkdir(exist_ok=True)
        (repo.path / folder / "git").symlink_to(canary)
    monkeypatch.chdir(repo.path / "docs")
    monkeypatch.setenv("PATH", f".:bin::{os.environ['PATH']}")
    assert read_everything(repo.path) == ("docs/a.md",)
    assert not (canary.parent / "sang").exists()
    monkeypatch.setenv("PATH", ".:bin:docs:")
    assert git.program() is None


def test_a_folder_called_git_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.program() is None


# --- leading elsewhere ----------------------------------------------------------------------------


def test_variables_of_git_from_the_environment_are_dropped(
    make_repo: MakeRepo, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, other = make_repo({"a.md": "1"}), make_repo({"other.md": "1"}, name="other")
    for name, value in {
        "GIT_DIR": str(other.path / ".git"),
        "GIT_WORK_TREE": str(other.path),
        "GIT_INDEX_FILE": str(other.path / ".git/index"),
        "GIT_OBJECT_DIRECTORY": str(other.path / ".git/objects"),
        "GIT_PREFIX": "docs/",
        "GIT_NAMESPACE": "x",
        "GIT_ICASE_PATHSPECS": "1",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_EXTERNAL_DIFF": str(canary),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(canary),
        "GIT_CONFIG_PARAMETERS": f"'core.fsmonitor={canary}'",
        "GIT_CEILING_DIRECTORIES": str(repo.path),
        "GIT_TRACE": str(canary.parent / "traced"),
        "GIT_EXEC_PATH": str(canary.parent),
    }.items():
        monkeypatch.setenv(name, value)
    place = find_place(str(repo.path))
    assert list_documents(place, Config()).documents == ("a.md",)
    assert {one.path for revision in past(place) for one in revision.files} == {"a.md"}
    assert not (canary.parent / "sang").exists()
    assert not (canary.parent / "traced").exists()


@pytest.mark.parametrize("setting", ["core.worktree=ELSEWHERE", "core.bare=true"])
def test_a_work_tree_set_to_somewhere_else_is_not_read(
    make_repo: MakeRepo, tmp_path: Path, setting: str
) -> None:
    repo = make_repo({"a.md": "1"})
    (tmp_path / "private").mkdir()
    (tmp_path / "private/secret.md").write_text("secret")
    (tmp_path / "private/ours.md").symlink_to("secret.md")
    (repo.path / "ours.md").write_text("ours")
    name, value = setting.replace("ELSEWHERE", str(tmp_path / "private")).split("=")
    repo.git("config", name, value)
    assert read_everything(repo.path) == ("a.md", "ours.md")


def test_an_embedded_bare_repository_runs_nothing(make_repo: MakeRepo, canary: Path) -> None:
    repo = make_repo({"docs/a.md": "1"})
    subprocess.run(["git", "init", "-q", "--bare", repo.path / "docs"], check=True)
    with (repo.path / "docs/config").open("a") as config:
        config.write(f"[core]\n\tfsmonitor = {canary}\n\tworktree = .\n\tbare = false\n")
    assert read_everything(repo.path) == ("docs/a.md",)
    with pytest.raises(PlaceError):
        find_place(str(repo.path / "docs"))
    assert not (canary.parent / "sang").exists()


def test_replacements_do_not_rewrite_the_past(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    before = past(find_place(str(repo.path)))
    repo.git("replace", "HEAD", "HEAD~1")
    assert past(find_place(str(repo.path))) == before


def test_nothing_is_written_into_the_repository(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": "1"}, {"b.md": "1"})
    os.utime(repo.path / "b.md")  # a refresh of the index would be due

    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in repo.path.rglob("*")
        }

    before = state()
    place = find_place(str(repo.path))
    list_documents(place, Config())
    past(place)
    assert state() == before


# --- hanging --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [".mailmap", ".gitattributes", ".git/info/attributes", "x.md"])
def test_a_fifo_in_the_tree_keeps_nobody_waiting(make_repo: MakeRepo, name: str) -> None:
    repo = make_repo({"docs/a.md": "1"})
    repo.git("config", "mailmap.file", str(repo.path / "x.md"))
    repo.git("config", "diff.orderFile", str(repo.path / "x.md"))
    os.mkfifo(repo.path / name)
    assert read_everything(repo.path) == ("docs/a.md",)


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of ours in git's place."""
    path = folder / "stand-in/git"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(path.parent), prepend=os.pathsep)


@pytest.fixture
def place(make_repo: MakeRepo) -> Place:
    return find_place(str(make_repo({"a.md": "1"}).path))


def test_a_git_that_never_answers_is_given_up(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "exec sleep 1000", monkeypatch)
    monkeypatch.setattr(git, "LIMIT_S", 0.2)
    with pytest.raises(PlaceError, match="did not answer") as caught:
        git.run(place, "rev-parse", "HEAD")
    assert caught.value.remedy


def test_a_stream_that_never_ends_is_cut(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "echo started; exec sleep 1000", monkeypatch)
    monkeypatch.setattr(git, "LIMIT_S", 0.3)
    assert list(git.stream(place, "log")) == [b"started\n"]


def test_lines_are_cut_and_the_last_one_without_an_end_is_dropped(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "printf 'first\\n\\nlong'; sleep 0.1; printf 'er than\\nthat\\nhalf'"
    stand_in(tmp_path, script, monkeypatch)
    assert git.lines(place, "rev-list", longest=6) == [b"first", b"", b"longer", b"that"]


def test_a_line_that_would_fill_the_memory_is_cut_while_it_is_read(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "head -c 50000000 /dev/zero; echo; echo end; head -c 9000000 /dev/zero >&2"
    stand_in(tmp_path, script, monkeypatch)
    tracemalloc.start()
    found = git.lines(place, "rev-list", longest=10)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [b"\0" * 10, b"end"]
    assert most < 2_000_000


def test_lines_of_a_git_that_never_ends_or_fails_are_refused(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "echo one; echo 'fatal: no way' >&2; exit $CODE", monkeypatch)
    monkeypatch.setenv("CODE", "128")
    assert git.lines(place, "rev-list", longest=9, accepted=(0, 128)) == [b"one"]
    with pytest.raises(PlaceError, match="no way"):
        git.lines(place, "rev-list", longest=9)
    monkeypatch.setenv("CODE", "0; sleep 1000")
    (tmp_path / "stand-in/git").write_text("#!/bin/sh\necho one; exec sleep 1000\n")
    monkeypatch.setattr(git, "LIMIT_S", 0.2)
    with pytest.raises(PlaceError, match="did not answer"):
        git.lines(place, "rev-list", longest=9)


def test_a_slow_answer_is_waited_for(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "cat; sleep 0.3; echo done", monkeypatch)
    monkeypatch.setattr(git, "_QUIET_S", 0.1)
    asked: list[Place] = []
    monkeypatch.setattr(waiting, "refuse", asked.append)
    assert git.run(place, "ls-files", feed=b"fed ") == b"fed done\n"
    assert git.lines(place, "rev-list", longest=9) == [b"done"]
    assert asked == [place, place]


def test_a_reason_not_to_wait_ends_git(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 1000", monkeypatch)
    monkeypatch.setattr(git, "_QUIET_S", 0.3)
    os.mkfifo(f"{place.git_dir}/fifo")
    for ask in (
        lambda: git.run(place, "ls-files"),
        lambda: git.lines(place, "rev-list", longest=9),
        lambda: next(_heard(place)),
    ):
        with pytest.raises(PlaceError, match="fifo is no regular file, and git would wait for it"):
            ask()
        pid = int((tmp_path / "pid").read_text())
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _heard(place: Place) -> Iterator[bytes]:
    with talk(place, "cat-file", "--batch") as answers:
        yield answers.hear()


def test_leaving_a_stream_early_ends_git(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "echo $$; exec sleep 1000", monkeypatch)
    chunks = git.stream(place, "log")
    pid = int(next(chunks))
    chunks.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_git_cannot_ask_for_anything(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "cat; env", monkeypatch)
    monkeypatch.setenv("GIT_ASKPASS", "canary")
    monkeypatch.setenv("LANGUAGE", "de")
    seen = dict(line.split("=", 1) for line in git.run(place, "log").decode().splitlines())
    assert seen.keys() & {"GIT_ASKPASS", "GIT_DIR"} == set()
    assert (seen["GIT_TERMINAL_PROMPT"], seen["LC_ALL"], seen["PWD"]) == ("0", "C", place.top)


def test_without_git_a_question_to_it_is_refused_with_advice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nothing/here")
    with pytest.raises(PlaceError, match="not installed") as caught:
        git.run(place, "rev-parse", "HEAD")
    assert "2.31" in caught.value.remedy


@pytest.mark.parametrize("command", ["status", "diff", "show", "blame", "grep", "hash-object"])
def test_commands_that_run_a_repository_s_programs_are_no_commands_of_ours(
    place: Place, command: str
) -> None:
    with pytest.raises(AssertionError):
        git.run(place, command)


def test_an_exit_code_without_words_is_told_as_such(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, "exit 3", monkeypatch)
    with pytest.raises(PlaceError, match="exit code 3"):
        git.run(place, "rev-parse", "HEAD")
