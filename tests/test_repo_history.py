from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import FIRST_COMMIT, Repo
from plantrack.errors import PlaceError
from plantrack.repo import find_place, git, head_blobs, last_commits
from plantrack.repo.document import blob_name
from plantrack.repo.history import pathspecs

MakeRepo = Callable[..., Repo]
FIRST_S = int(FIRST_COMMIT.timestamp())


def days(repo: Repo | Path, *paths: str) -> dict[str, float]:
    """Return the day of the last commit by path: the nth commit of a repository is on day n."""
    folder = repo.path if isinstance(repo, Repo) else repo
    found = last_commits(find_place(str(folder)), paths)
    return {path: (time_s - FIRST_S) / 86400 for path, time_s in found.items()}


def test_each_path_has_the_time_of_the_newest_commit_that_touched_it(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": "1", "docs/b.md": "1", "docs/deep/c.md": "1", "src/x.py": "1"},
        {"docs/b.md": "2"},
        {"src/x.py": "2"},
        {"a.md": "2", "docs/deep/d.md": "1"},
    )
    paths = ("a.md", "docs/b.md", "docs/deep/c.md", "docs/deep/d.md")
    assert days(repo, *paths) == dict(zip(paths, (3, 1, 0, 3), strict=True))
    assert days(repo, "docs/b.md") == {"docs/b.md": 1}


def test_the_committer_s_time_counts(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    repo.write({"a.md": "2"})
    later = FIRST_COMMIT + timedelta(days=9)
    repo.git("commit", "--quiet", "--all", "-m", "x", "--date", "2020-01-01T00:00:00", when=later)
    assert days(repo, "a.md") == {"a.md": 9}


def test_the_order_is_the_line_s_and_not_the_dates(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    repo.write({"a.md": "3"})
    repo.git("commit", "--quiet", "--all", "-m", "x", when=FIRST_COMMIT - timedelta(days=5))
    assert days(repo, "a.md") == {"a.md": -5}


def test_a_rename_touches_the_new_path_also_from_another_folder(make_repo: MakeRepo) -> None:
    repo = make_repo({"old/a.md": "text\n" * 20, "docs/b.md": ""}, {"docs/b.md": "2"})
    repo.git("mv", "old/a.md", "docs/a.md")
    repo.commit({})
    assert days(repo, "docs/a.md", "old/a.md", "docs/b.md") == {"docs/a.md": 2, "docs/b.md": 1}


def test_a_merge_is_the_step_that_brought_what_came_with_it(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1", "c.md": "1"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"b.md": "2"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"a.md": "2"})
    repo.git("merge", "--quiet", "--no-ff", "side", when=FIRST_COMMIT + timedelta(days=7))
    assert days(repo, "a.md", "b.md", "c.md") == {"a.md": 2, "b.md": 7, "c.md": 0}


def test_what_changes_only_in_the_merge_itself_is_touched_by_it(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"b.md": "2"})
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    repo.write({"a.md": "evil"})
    repo.git("add", "a.md")
    repo.git("commit", "--quiet", "-m", "merge", when=FIRST_COMMIT + timedelta(days=7))
    assert days(repo, "a.md", "b.md") == {"a.md": 7, "b.md": 7}


def test_an_uncommitted_or_deleted_document_has_no_commit(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"}, {"b.md": None})
    repo.write({"new.md": "", "b.md": "again"})
    assert days(repo, "a.md", "b.md", "new.md", "gone.md") == {"a.md": 0}
    assert days(repo, "new.md") == {}


def test_a_mode_change_and_a_file_that_became_a_link_are_touches(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"}, {"c.md": ""})
    (repo.path / "a.md").chmod(0o755)
    repo.commit({})
    (repo.path / "b.md").unlink()
    (repo.path / "b.md").symlink_to("a.md")
    repo.commit({})
    assert days(repo, "a.md", "b.md") == {"a.md": 2, "b.md": 3}


STRANGE = ["-n.md", "a\nb.md", "\n:x.md", ":100644 x.md", 'q"uote\'s.md', "tab\t.md", ":(glob)x.md",
           "b*[a]?.md", "caf\udce9.md", "ünï.md", "1700000000", "-d/--x/a.md", ":d/\n:/a.md",
           "R100", "\\.md"]  # fmt: skip


def test_strange_names_are_told_apart(make_repo: MakeRepo) -> None:
    repo = make_repo(*({name: ""} for name in STRANGE), {"last.md": ""})
    expected = {name: float(day) for day, name in enumerate(STRANGE)}
    assert days(repo, *STRANGE) == expected
    assert days(repo, ":(glob)x.md", "b*[a]?.md") == {":(glob)x.md": 6, "b*[a]?.md": 7}


def test_a_worktree_has_its_own_line(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    repo.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "HEAD~1")
    assert days(tmp_path / "tree", "a.md") == {"a.md": 0}


def test_a_shallow_clone_ends_at_its_oldest_commit(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({"a.md": "1"}, {"b.md": "1"}, {"b.md": "2"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "2", f"file://{repo.path}", clone], check=True)
    assert days(clone, "a.md", "b.md") == {"a.md": 1, "b.md": 2}


def test_history_that_is_missing_is_left_out_and_nothing_is_fetched(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"docs/a.md": "1", "docs/b.md": "1"}, {"docs/b.md": "2"}, {"docs/c.md": "1"})
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--filter=tree:0", f"file://{repo.path}", str(clone)]
    subprocess.run(command, check=True)
    objects = sorted((clone / ".git/objects").rglob("*"))
    assert days(clone, "docs/a.md", "docs/b.md", "docs/c.md") in ({}, {"docs/c.md": 2})
    assert sorted((clone / ".git/objects").rglob("*")) == objects


def test_before_the_first_commit_and_outside_git_there_is_nothing(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo()
    repo.write({"a.md": ""})
    (tmp_path / "plain").mkdir()
    assert days(repo, "a.md") == days(tmp_path / "plain", "a.md") == {}


def test_without_paths_or_without_git_nothing_is_asked(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": ""})
    monkeypatch.setenv("PATH", "/nothing/here")
    assert days(repo) == days(repo, "a.md") == {}


def test_git_s_refusal_is_said(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": ""})
    head = repo.git("rev-parse", "HEAD").strip()
    (repo.path / ".git/objects" / head[:2] / head[2:]).unlink()
    with pytest.raises(PlaceError, match="git cannot read"):
        days(repo, "a.md")


def test_the_stream_is_left_as_soon_as_every_path_was_met(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"b.md": "x"}, *({"a.md": str(n)} for n in range(3)))
    chunks = [b"1767528000\0\n:1 2 3 4 M\0a.md\0"]
    asked: list[str] = []

    def endless(*_: object) -> object:
        try:
            while True:
                asked.append("chunk")
                yield chunks[0]
        finally:
            asked.append("closed")

    monkeypatch.setattr(git, "stream", endless)
    assert days(repo, "a.md") == {"a.md": 3.0}
    assert asked == ["chunk", "closed"]


def test_settings_that_change_what_log_prints_are_taken_back(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": "text\n" * 20}, {"docs/b.md": "1"})
    repo.git("mv", "docs/a.md", "docs/c.md")
    repo.commit({"docs/c.md": "text\n" * 21})
    plain = days(repo, "docs/b.md", "docs/c.md")
    assert plain == {"docs/b.md": 1, "docs/c.md": 2}
    for setting in (
        "log.follow=true", "log.showRoot=false", "log.diffMerges=combined", "diff.renames=copies",
        "diff.relative=true", "log.date=relative", "format.pretty=fuller", "log.abbrevCommit=true",
        "color.ui=always", "log.decorate=full", "diff.orderFile=/nowhere", "core.quotePath=true",
        "diff.ignoreSubmodules=none", "i18n.logOutputEncoding=UTF-16", "log.mailmap=true",
    ):  # fmt: skip
        repo.git("config", *setting.split("=", 1))
    assert days(repo, "docs/b.md", "docs/c.md") == plain
    assert days(repo, "docs/c.md") == {"docs/c.md": 2}


def test_an_answer_of_another_kind_is_no_history(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": ""})
    answers = [b"garbage\0:1 2 3 4 M\0a.md\0", b"12\0\n:1 2 3 4 M\0", b"12\0\n:1 2 3 4 M\0a.m"]
    for answer in answers:

        def stream(*_: object, answer: bytes = answer) -> Iterator[bytes]:
            yield answer

        monkeypatch.setattr(git, "stream", stream)
        assert days(repo, "a.md") == {}


def test_the_blobs_of_head_are_those_git_names(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({name: name.encode("utf-8", "surrogateescape") for name in STRANGE})
    repo.write({"-n.md": "changed", "new.md": ""})
    place = find_place(str(repo.path))
    assert head_blobs(place, [*STRANGE, "new.md", ":d"]) == {
        name: blob_name(name.encode("utf-8", "surrogateescape")) for name in STRANGE
    }
    (tmp_path / "plain").mkdir()
    assert head_blobs(find_place(str(tmp_path / "plain")), STRANGE) == {}


# --- pathspecs ------------------------------------------------------------------------------------


def test_folders_stand_for_their_files_and_top_files_for_themselves() -> None:
    assert pathspecs(["docs/a.md", "docs/deep/b.md", "c.md", "x/y/d.md"]) == ["docs", "x/y", "c.md"]
    assert pathspecs(["a/x.md", "a-b/x.md", "a/b/x.md"]) == ["a", "a-b"]
    assert pathspecs([]) == []


def test_many_folders_are_gathered_under_few() -> None:
    assert pathspecs([f"a/{n}/x.md" for n in range(100)] + ["b/c/x.md"]) == ["a", "b"]
    assert pathspecs([f"{n}/x.md" for n in range(100)]) == ["."]
    assert pathspecs([f"{n}.md" for n in range(100)]) == ["."]


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "b", "a-b", "a0"]), min_size=1, max_size=4).map("/".join),
        max_size=90,
    )
)
def test_pathspecs_are_few_and_hold_every_path(paths: list[str]) -> None:
    specs = pathspecs(paths)
    assert len(specs) <= 64
    assert all(
        any(spec in (".", path) or path.startswith(spec + "/") for spec in specs) for path in paths
    )
