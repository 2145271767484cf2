from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack.repo import find_place
from plantrack.repo.state import busy, is_partial, is_shallow

MakeRepo = Callable[..., Repo]


@pytest.fixture
def split(make_repo: MakeRepo) -> Repo:
    """Return a repository whose branches main and side contradict each other."""
    repo = make_repo({"a.md": "1\n"})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a.md": "side\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.md": "main\n"})
    return repo


def fails(repo: Repo, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    command = ["git", *identity, *arguments]
    assert subprocess.run(command, cwd=repo.path, capture_output=True, check=False).returncode != 0


def state(folder: Path) -> str:
    return busy(find_place(str(folder)))


def test_a_repository_at_rest_and_a_plain_folder_are_free(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    (tmp_path / "plain").mkdir()
    assert state(make_repo({"a.md": ""}).path) == state(tmp_path / "plain") == ""
    assert state(make_repo(name="unborn").path) == ""


@pytest.mark.parametrize(
    ("command", "words", "way_out"),
    [
        (("merge", "side"), "a merge", ("merge", "--abort")),
        (("rebase", "side"), "a rebase", ("rebase", "--abort")),
        (("rebase", "--apply", "side"), "a rebase", ("rebase", "--abort")),
        (("cherry-pick", "side"), "a cherry-pick", ("cherry-pick", "--abort")),
        (("revert", "HEAD~1"), "a revert", ("revert", "--abort")),
    ],
)
def test_what_git_has_not_finished_is_named_until_it_is(
    split: Repo, command: tuple[str, ...], words: str, way_out: tuple[str, ...]
) -> None:
    fails(split, *command)
    assert state(split.path) == f"{words} is under way"
    split.git(*way_out)
    assert state(split.path) == ""


def test_a_row_of_commits_is_being_picked_until_the_last_one_is(split: Repo) -> None:
    split.git("switch", "-q", "side")
    split.commit({"b.md": "2\n"})
    split.git("switch", "-q", "main")
    fails(split, "cherry-pick", "side~1", "side")
    split.commit({"a.md": "both\n"})
    assert state(split.path) == "several commits are being picked or reverted"
    split.git("cherry-pick", "--continue")
    assert state(split.path) == ""


def test_patches_that_are_being_applied_are_named(split: Repo) -> None:
    patch = split.path.parent / "x.patch"
    patch.write_text(split.git("format-patch", "--stdout", "main..side"))
    fails(split, "am", str(patch))
    assert state(split.path) == "patches are being applied (git am)"


def test_a_lock_on_the_index_means_that_git_is_at_work(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": ""})
    (repo.path / ".git/index.lock").symlink_to("nowhere")
    assert "index.lock" in state(repo.path)


def test_a_bisection_is_no_hindrance(make_repo: MakeRepo) -> None:
    repo = make_repo(*({"a.md": str(number)} for number in range(5)))
    repo.git("bisect", "start", "HEAD", "HEAD~4")
    assert (repo.path / ".git/BISECT_LOG").exists()
    assert state(repo.path) == ""


def test_each_worktree_has_a_state_of_its_own(split: Repo, tmp_path: Path) -> None:
    split.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "main")
    fails(split, "merge", "side")
    assert (state(split.path), state(tmp_path / "tree")) == ("a merge is under way", "")


def test_a_clone_without_older_commits_or_without_contents_is_known_for_one(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    repo.git("config", "uploadpack.allowFilter", "true")
    found = {}
    for way in ("--depth=1", "--filter=blob:none", "--no-local"):
        clone = tmp_path / way
        subprocess.run(["git", "clone", "-q", way, f"file://{repo.path}", clone], check=True)
        place = find_place(str(clone))
        found[way] = (is_shallow(place), is_partial(place))
    assert found == {
        "--depth=1": (True, False),
        "--filter=blob:none": (False, True),
        "--no-local": (False, False),
    }
    clone = tmp_path / "--depth=1"
    subprocess.run(["git", "-C", clone, "fetch", "-q", "--unshallow"], check=True)
    assert not is_shallow(find_place(str(clone)))


def test_a_worktree_of_a_shallow_clone_is_shallow_and_a_plain_folder_is_not(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{repo.path}", clone], check=True)
    subprocess.run(["git", "-C", clone, "worktree", "add", "-q", tmp_path / "tree"], check=True)
    assert is_shallow(find_place(str(tmp_path / "tree")))
    (tmp_path / "plain").mkdir()
    assert not is_shallow(find_place(str(tmp_path / "plain")))
    assert not is_partial(find_place(str(tmp_path / "plain")))


def test_looking_starts_no_process_and_imports_little() -> None:
    code = "import plantrack.repo.state, sys; print({'subprocess', 'typing'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    environment = {"PYTHONPATH": str(PROJECT_ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
