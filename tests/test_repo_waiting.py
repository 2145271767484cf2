from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import acting
from conftest import Repo
from plantrack.errors import PlaceError
from plantrack.repo import find_place, waiting

MakeRepo = Callable[..., Repo]
PLAN = "# A\n\n## Implementation Plan\n\n- [ ] a\n"
WAITED_FOR = (  # by git, or by us, when a FIFO stands there
    ".git/config",
    ".git/config.worktree",
    ".git/index",
    ".git/info/sparse-checkout",
    ".git/objects/info/alternates",
    ".git/objects/info/commit-graph",
    ".git/packed-refs",
    ".git/refs/heads/main",
    ".git/shallow",
    ".gitignore",
    ".plan-history/plans.db",
    ".plan-history/plans.db-wal",
    ".plan-history/plans.db.lock",
    "docs/.gitattributes",
    "plantrack.toml",
    "pyproject.toml",
)


def put_fifo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.fixture
def repo(make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A document that was renamed, so that its content was compared; entered."""
    repo = make_repo({"docs/a.md": PLAN}, {"docs/a.md": None, "docs/b.md": PLAN + "- [ ] b\n"})
    monkeypatch.chdir(repo.path)
    return repo


@pytest.mark.no_cover  # whole commands that other tests run once
@pytest.mark.parametrize("name", WAITED_FOR)
@pytest.mark.parametrize("words", [["status"], ["diff", "main~1..main"]], ids=" ".join)
def test_a_fifo_in_the_place_of_a_file_keeps_nobody_waiting(
    repo: Repo, name: str, words: list[str]
) -> None:
    if name.endswith(".worktree"):
        repo.git("config", "core.repositoryFormatVersion", "1")
        repo.git("config", "extensions.worktreeConfig", "true")
    if "sparse" in name:
        repo.git("config", "core.sparseCheckout", "true")
    put_fifo(repo.path / name)
    shown = acting.run(words)
    assert "did not answer" not in shown.err
    assert shown.code in {0, 2, 3, 5}, shown
    assert shown.code in {0, 2} or name.rpartition("/")[2] in shown.err, shown


@pytest.mark.parametrize("key", ["include.path", "core.excludesFile"])
def test_a_fifo_that_the_configuration_names_keeps_nobody_waiting(repo: Repo, key: str) -> None:
    repo.git("config", "include.path", "../more")
    (repo.path / "more").write_text("[core]\n\tbare = false\n")
    repo.git("config", "--add", key, str(repo.path / "fifo"))
    put_fifo(repo.path / "fifo")
    shown = acting.run(["status"])
    assert shown.code == 3
    assert "fifo is no regular file, and git would wait for it for ever" in shown.err


def test_a_configuration_that_includes_itself_is_looked_into_once(repo: Repo) -> None:
    place = find_place(str(repo.path))
    (repo.path / ".git/config").write_text("[include]\n\tpath = config\n\tpath = more\n")
    (repo.path / ".git/more").write_text("[include]\n\tpath = config\n\tpath\n\tpath = x\0y\n")
    waiting.refuse(place)
    with (repo.path / ".git/more").open("a") as more:
        more.write('[includeIf "gitdir:x"]\n\tpath = "fifo" ; of ours\n')
    put_fifo(repo.path / ".git/fifo")
    with pytest.raises(PlaceError, match="fifo is no regular file"):
        waiting.refuse(place)


def test_a_repository_of_files_alone_makes_nobody_wait(repo: Repo) -> None:
    (repo.path / "link").symlink_to("docs")
    waiting.refuse(find_place(str(repo.path)))


def test_so_much_is_looked_through_and_no_more(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(repo.path / ".git/hooks")
    put_fifo(repo.path / "docs/.gitattributes")
    place = find_place(str(repo.path))
    with pytest.raises(PlaceError, match="gitattributes"):
        waiting.refuse(place)
    monkeypatch.setattr(waiting, "MOST_ENTRIES", 5)
    waiting.refuse(place)
