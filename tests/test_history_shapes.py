"""Lines of every shape: whatever led to a line, what is known of it is what a new reading gives."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from history_samples import assert_books_balance, known, pending, told
from sync_samples import Here

MakeRepo = Callable[..., Repo]
GAUGES, BERTHS, PILOTS = "Read the gauges", "Paint the berth board", "Call every pilot"
LATER = FIRST_COMMIT + timedelta(days=9)


def checklist(*tasks: str, title: str = "Tides") -> str:
    """Write a design doc with these tasks, each "x words" or "words"."""
    boxes = "\n".join(f"- [x] {t[2:]}" if t.startswith("x ") else f"- [ ] {t}" for t in tasks)
    return f"# {title}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


def texts(here: Here) -> list[str]:
    """Read the texts of the line's changes, in order, after comparing with a new reading."""
    here.refresh()
    assert_books_balance(here)
    now = known(here)
    folder = here.path / ".plan-history"
    aside = here.path.parent / "aside"
    folder.rename(aside)
    here.refresh()
    anew = known(here)
    shutil.rmtree(folder)
    aside.rename(folder)
    for part in type(now).__dataclass_fields__:
        assert getattr(now, part) == getattr(anew, part), part
    return [text for _, _, text in told(here)]


def test_before_the_first_commit_there_is_the_work_tree_alone(make_repo: MakeRepo) -> None:
    repo = make_repo()
    here = Here(repo.path)
    assert texts(here) == []
    repo.write({"a.md": checklist(GAUGES)})
    assert texts(here) == []
    assert pending(here) == [("added", "open", GAUGES)]
    repo.commit({})
    assert texts(here) == [GAUGES]
    assert pending(here) == []


def test_empty_commits_and_a_detached_head_are_followed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    assert texts(here) == [GAUGES]
    repo.commit({})
    assert texts(here) == [GAUGES]
    repo.git("checkout", "--quiet", "--detach")
    repo.commit({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    assert texts(here) == [GAUGES, GAUGES, BERTHS]
    repo.git("checkout", "--quiet", "main")
    assert texts(here) == [GAUGES]
    with here.open() as store:
        line = store.past.line()
    assert line is not None
    assert line.head == repo.git("rev-parse", "main").strip()


def test_a_branch_without_a_common_past_begins_from_nothing(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    assert texts(here) == [GAUGES]
    repo.git("checkout", "--quiet", "--orphan", "other")
    assert texts(here) == []
    assert pending(here) == [("added", "open", GAUGES)]
    repo.git("rm", "-rfq", ".")
    assert (texts(here), pending(here)) == ([], [])
    repo.commit({"b.md": checklist(PILOTS)})
    assert texts(here) == [PILOTS]
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "other", when=LATER)
    assert texts(here) == [GAUGES, PILOTS]


def test_a_merge_of_many_branches_is_one_revision(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    for name in ("one", "two", "three"):
        repo.git("checkout", "--quiet", "-b", name, "main")
        repo.commit({f"{name}.md": checklist(f"Do {name}", title=name)})
        repo.commit({f"{name}.md": checklist(f"x Do {name}", title=name)})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README.md": "# Tides\n"})
    here = Here(repo.path)
    assert texts(here) == [GAUGES]
    repo.git("merge", "--quiet", "--no-edit", "one", "two", "three", when=LATER)
    assert texts(here) == [GAUGES, "Do one", "Do three", "Do two"]
    assert [change[:2] for change in told(here)[1:]] == [("added", "arrived done")] * 3


def test_another_repository_merged_into_a_folder_brings_its_documents(make_repo: MakeRepo) -> None:
    other = make_repo({"docs/b.md": checklist(PILOTS, f"x {BERTHS}")}, name="other")
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    assert texts(here) == [GAUGES]
    repo.git("fetch", "--quiet", str(other.path), "main:theirs")
    ours = ("-s", "ours", "--no-commit", "--allow-unrelated-histories")
    repo.git("merge", "--quiet", *ours, "theirs", when=LATER)
    repo.git("read-tree", "--prefix=lib/", "-u", "theirs")
    repo.git("commit", "--quiet", "--no-edit", when=LATER)
    assert texts(here) == [GAUGES, PILOTS, BERTHS]


def test_a_submodule_and_a_bare_repository_inside_keep_to_themselves(make_repo: MakeRepo) -> None:
    other = make_repo({"docs/b.md": checklist(PILOTS)}, name="other")
    repo = make_repo({"a.md": checklist(GAUGES)})
    allowed = ("-c", "protocol.file.allow=always")
    repo.git(*allowed, "submodule", "add", "--quiet", str(other.path), "module")
    repo.commit({})
    bare = ["git", "clone", "--quiet", "--bare", str(other.path), str(repo.path / "bare.git")]
    subprocess.run(bare, check=True)
    here, inner = Here(repo.path), Here(repo.path / "module")
    assert texts(here) == [GAUGES]
    assert texts(inner) == [PILOTS]
    assert pending(here) == []


def test_a_repository_of_the_longer_hash_is_known_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "repo"
    command = ["git", "init", "--quiet", "--initial-branch", "main", "--object-format=sha256"]
    subprocess.run([*command, path], check=True)
    repo, here = Repo(path), Here(path)
    repo.commit({"a.md": checklist(GAUGES, BERTHS)})
    repo.commit({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    assert texts(here) == [GAUGES, BERTHS, GAUGES]
    repo.write({"a.md": checklist(f"x {GAUGES}", f"x {BERTHS}")})
    here.refresh()
    assert pending(here) == [("ticked", "", BERTHS)]


def test_branches_kept_in_tables_are_followed(tmp_path: Path) -> None:
    path = tmp_path / "repo"
    command = ["git", "init", "--quiet", "--initial-branch", "main", "--ref-format=reftable"]
    if subprocess.run([*command, path], capture_output=True, check=False).returncode:
        pytest.skip("this git has no reftable")
    repo, here = Repo(path), Here(path)
    repo.commit({"a.md": checklist(GAUGES)})
    assert texts(here) == [GAUGES]
    repo.commit({"a.md": checklist(f"x {GAUGES}")})
    assert texts(here) == [GAUGES, GAUGES]
