from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack.errors import PlaceError
from plantrack.repo import Head, Place, find_place, read_head

MakeRepo = Callable[..., Repo]


def outside(folder: Path) -> Place:
    return Place(str(folder), None, None, str(folder), str(folder))


def git_says(repo: Repo, *question: str) -> str:
    return repo.git("rev-parse", *question).strip()


# --- where ----------------------------------------------------------------------------------------


def test_a_subfolder_speaks_of_the_whole_work_tree(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/deep/a.md": "# A"})
    place = find_place(str(repo.path / "docs/deep"))
    assert place == Place(
        top=str(repo.path),
        git_dir=str(repo.path / ".git"),
        common_dir=str(repo.path / ".git"),
        main_top=str(repo.path),
        start=str(repo.path / "docs/deep"),
    )


def test_a_relative_start_and_a_linked_start_are_resolved(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"docs/a.md": "# A"})
    (tmp_path / "elsewhere").symlink_to(repo.path / "docs")
    monkeypatch.chdir(repo.path / "docs")
    assert find_place(".") == find_place(str(tmp_path / "elsewhere"))
    assert find_place(".").top == str(repo.path)
    assert find_place(".").start == str(repo.path / "docs")


def test_outside_git_the_folder_itself_is_the_place(tmp_path: Path) -> None:
    assert find_place(str(tmp_path)) == outside(tmp_path)


def test_a_linked_worktree_knows_the_main_one(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({"a.md": "# A"})
    tree = tmp_path / "tree"
    repo.git("worktree", "add", "--quiet", str(tree), "-b", "side")
    place = find_place(str(tree))
    assert place == Place(
        top=str(tree),
        git_dir=str(repo.path / ".git/worktrees/tree"),
        common_dir=str(repo.path / ".git"),
        main_top=str(repo.path),
        start=str(tree),
    )
    assert read_head(place) == Head(git_says(repo, "side"), "side")


def test_a_worktree_with_relative_paths_is_read(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({"a.md": "# A"})
    tree = tmp_path / "tree"
    repo.git("worktree", "add", "--quiet", str(tree), "-b", "side")
    (tree / ".git").write_text("gitdir: ../repo/.git/worktrees/tree\n")
    (repo.path / ".git/worktrees/tree/gitdir").write_text("../../../../tree/.git\n")
    place = find_place(str(tree))
    assert place.main_top == str(repo.path)
    assert read_head(place).branch == "side"


def test_a_git_file_alone_does_not_make_another_repository_the_main_one(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    victim = make_repo({"a.md": "# A"}, name="victim")
    victim.git("worktree", "add", "--quiet", str(tmp_path / "real"), "-b", "side")
    stray = tmp_path / "stray"
    stray.mkdir()
    for git_dir in (victim.path / ".git", victim.path / ".git/worktrees/real"):
        (stray / ".git").write_text(f"gitdir: {git_dir}\n")
        assert find_place(str(stray)).main_top == str(stray)


def test_a_submodule_is_a_place_of_its_own(make_repo: MakeRepo) -> None:
    inner = make_repo({"b.md": "# B"}, name="inner")
    repo = make_repo({"a.md": "# A"})
    repo.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "sub"
    )
    place = find_place(str(repo.path / "sub"))
    assert place.top == place.main_top == str(repo.path / "sub")
    assert place.git_dir == place.common_dir == str(repo.path / ".git/modules/sub")
    assert read_head(place).commit == git_says(inner, "HEAD")


def test_a_separate_git_folder_keeps_the_memory_in_its_own_work_tree(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    subprocess.run(
        ["git", "init", "-q", "--separate-git-dir", tmp_path / "s/.git", tmp_path / "w"], check=True
    )
    place = find_place(str(tmp_path / "w"))
    assert place.git_dir == str(tmp_path / "s/.git")
    assert place.main_top == str(tmp_path / "w")


def test_a_nested_repository_is_its_own_place(make_repo: MakeRepo) -> None:
    make_repo({"a.md": "# A"})
    nested = make_repo({"b.md": "# B"}, name="repo/nested")
    assert find_place(str(nested.path)).top == str(nested.path)


@pytest.mark.parametrize("kind", ["empty folder", "fifo", "socket", "no objects", "bad head"])
def test_a_dot_git_that_is_no_repository_is_passed_over_as_git_does(
    make_repo: MakeRepo, kind: str
) -> None:
    repo = make_repo({"docs/a.md": "# A"})
    folder = repo.path / "docs"
    fake = folder / ".git"
    match kind:
        case "fifo":
            os.mkfifo(fake)
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(fake))
        case _:
            fake.mkdir()
            (fake / "refs").mkdir()
            if kind == "no objects":
                (fake / "HEAD").write_text("ref: refs/heads/main\n")
            if kind == "bad head":
                (fake / "objects").mkdir()
                (fake / "HEAD").write_text("not a head\n")
    theirs = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert find_place(str(folder)).top == theirs.stdout.strip() == str(repo.path)


@pytest.mark.parametrize("text", ["", "hello", "gitdir: /nowhere/at/all", "gitdir: a\0b"])
def test_a_git_file_that_leads_nowhere_is_refused_as_git_does(
    make_repo: MakeRepo, text: str
) -> None:
    repo = make_repo({"docs/a.md": "# A"})
    (repo.path / "docs/.git").write_text(text)
    theirs = subprocess.run(
        ["git", "rev-parse"], cwd=repo.path / "docs", capture_output=True, check=False
    )
    assert theirs.returncode == 128
    with pytest.raises(PlaceError, match="leads to no git repository") as caught:
        find_place(str(repo.path / "docs"))
    assert caught.value.remedy


def test_a_bare_repository_and_the_inside_of_dot_git_are_no_place(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": "# A"})
    subprocess.run(["git", "clone", "-q", "--bare", repo.path, tmp_path / "bare.git"], check=True)
    for folder in (tmp_path / "bare.git", tmp_path / "bare.git/refs", repo.path / ".git/objects"):
        with pytest.raises(PlaceError, match="inside of a git repository"):
            find_place(str(folder))


def test_a_bare_repository_in_disguise_inside_a_work_tree_is_no_place(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"docs/HEAD": "ref: refs/heads/main\n", "docs/objects/x": "", "docs/refs/x": ""}
    )
    assert find_place(str(repo.path)).top == str(repo.path)
    with pytest.raises(PlaceError, match="inside of a git repository"):
        find_place(str(repo.path / "docs"))


@pytest.mark.parametrize(
    "name", ["missing", "missing/deeper", "a.md", "a.md/below", "a\0b", "loop"]
)
def test_a_start_that_is_no_folder_is_refused_with_advice(make_repo: MakeRepo, name: str) -> None:
    repo = make_repo({"a.md": "# A"})
    (repo.path / "loop").symlink_to("loop")
    with pytest.raises(PlaceError) as caught:
        find_place(f"{repo.path}/{name}")
    assert caught.value.exit_code == 3
    assert caught.value.remedy.startswith("name ")


def test_a_current_folder_that_was_removed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(PlaceError):
        find_place(".")


def test_variables_of_a_git_hook_are_not_believed(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, other = make_repo({"a.md": "# A"}), make_repo({"b.md": "# B"}, name="other")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    assert find_place(str(repo.path)).git_dir == str(repo.path / ".git")


# --- head -----------------------------------------------------------------------------------------


def head(repo: Repo) -> Head:
    return read_head(find_place(str(repo.path)))


def test_a_branch_is_read_loose_and_packed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    repo.git("checkout", "--quiet", "-b", "feature/ünder_1")
    expected = Head(git_says(repo, "HEAD"), "feature/ünder_1")
    assert head(repo) == expected
    repo.git("tag", "--annotate", "--message", "x", "v1")
    repo.git("pack-refs", "--all")
    assert not list((repo.path / ".git/refs/heads").rglob("*1"))
    assert head(repo) == expected


def test_a_loose_branch_wins_over_the_packed_one(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    repo.git("pack-refs", "--all")
    assert head(repo).commit == git_says(repo, "HEAD")
    newest = repo.commit({"a.md": "# B"})
    assert head(repo) == Head(newest, "main")


def test_a_branch_without_commits_has_a_name_and_no_commit(make_repo: MakeRepo) -> None:
    assert head(make_repo()) == Head(None, "main")


def test_a_detached_head_has_no_branch(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"}, {"a.md": "# B"})
    repo.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert head(repo) == Head(git_says(repo, "HEAD"), None)


def test_outside_git_there_is_no_head(tmp_path: Path) -> None:
    assert read_head(find_place(str(tmp_path))) == Head(None, None)


def test_a_head_that_is_a_link_is_read_like_git_does(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    commit = git_says(repo, "HEAD")
    (repo.path / ".git/HEAD").unlink()
    (repo.path / ".git/HEAD").symlink_to("refs/heads/main")
    assert git_says(repo, "HEAD") == commit
    assert head(repo) == Head(commit, "main")


def test_a_branch_that_stands_for_another_is_followed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    repo.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    repo.git("symbolic-ref", "HEAD", "refs/heads/alias")
    assert head(repo) == Head(git_says(repo, "main"), "main")


@pytest.mark.parametrize(
    "text",
    [
        "ref: refs/heads/loop",
        "ref: refs/../../../secret",
        "ref: refs/heads/.invalid",
        "ref: refs/a\0",
    ],
)
def test_a_head_that_files_cannot_explain_is_put_to_git_and_may_stay_unknown(
    make_repo: MakeRepo, text: str
) -> None:
    repo = make_repo({"a.md": "# A"})
    place = find_place(str(repo.path))
    (repo.path / ".git/refs/heads/loop").write_text("ref: refs/heads/loop\n")
    (repo.path.parent / "secret").write_text("f" * 40)
    (repo.path / ".git/HEAD").write_text(text)
    assert read_head(place).commit is None


def test_git_is_believed_where_a_branch_is_stored_in_a_way_unknown_here(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": "# A"})
    place = find_place(str(repo.path))
    (repo.path / ".git/HEAD").write_text("ref: refs/heads/.invalid\n")
    stand_in = tmp_path / "bin/git"
    stand_in.parent.mkdir()
    stand_in.write_text(
        '#!/bin/sh\ncase "$*" in *--verify*) echo '
        + "a" * 40
        + ";; *) echo refs/heads/tabled;; esac\n"
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(stand_in.parent), prepend=os.pathsep)
    assert read_head(place) == Head("a" * 40, "tabled")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert read_head(place) == Head(None, None)


def test_a_head_that_became_a_fifo_does_not_keep_us_waiting(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    place = find_place(str(repo.path))
    (repo.path / ".git/refs/heads/main").unlink()
    os.mkfifo(repo.path / ".git/refs/heads/main")
    assert read_head(place) == Head(None, "main")


# --- the quick way --------------------------------------------------------------------------------


def test_asking_whether_anything_changed_imports_nothing_heavy(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "# A"})
    program = """
import sys
from plantrack import repo
place = repo.find_place(sys.argv[1])
repo.read_head(place)
assert repo.folders_changed(place, [("", 1)])
assert repo.controls_changed([(place.top + "/a.md", None)])
assert repo.stamps_changed(place, [("a.md", None)]) == ("a.md",)
assert repo.settled(repo.stamp(place, "a.md"), 0)
heavy = {"ast", "dataclasses", "enum", "hashlib", "inspect", "pathlib", "re", "subprocess",
         "threading", "typing", "plantrack.core.model", "plantrack.repo.git"}
print(*sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, sys.argv[2]){program}",
            repo.path,
            PROJECT_ROOT / "src",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")


# --- edges of the disk ----------------------------------------------------------------------------


def test_the_search_stops_where_another_file_system_begins(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"mounted/docs/a.md": ""})
    mounted = str(repo.path / "mounted")
    monkeypatch.setattr(
        "plantrack.repo.place._device", lambda folder: 2 if folder.startswith(mounted) else 1
    )
    assert find_place(mounted + "/docs").git_dir is None
    assert find_place(str(repo.path)).top == str(repo.path)


@pytest.mark.parametrize("name", ["HEAD", "refs/heads/main"])
def test_what_the_disk_does_not_give_back_is_not_taken_for_a_branch_without_commits(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A history that seems to be gone would be taken off the line."""
    repo = make_repo({"a.md": "# A\n"})
    found = find_place(str(repo.path))
    fail_at(f"{repo.path}/.git/{name}", monkeypatch, errno.EIO)
    with pytest.raises(PlaceError, match=f"{name} cannot be read: Input/output error") as caught:
        read_head(found)
    assert caught.value.remedy


def test_a_repository_the_disk_does_not_give_back_is_not_taken_for_none(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": "# A\n"})
    fail_at(f"{repo.path}/.git/HEAD", monkeypatch, errno.EIO)
    with pytest.raises(PlaceError, match="HEAD cannot be read: Input/output error"):
        find_place(str(repo.path))


def test_a_repository_that_may_not_be_read_is_passed_over_as_git_does(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": "# A\n"})
    fail_at(f"{repo.path}/.git/HEAD", monkeypatch, errno.EACCES)
    assert find_place(str(repo.path)) == outside(repo.path)


@pytest.mark.parametrize(
    ("code", "is_told"), [(errno.EIO, True), (errno.EACCES, False), (errno.ELOOP, False)]
)
def test_a_git_folder_the_disk_does_not_show_is_not_taken_for_none(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch, code: int, *, is_told: bool
) -> None:
    repo = make_repo({"a.md": "# A\n"})
    real, path = os.stat, f"{repo.path}/.git"

    def refuse(asked: Any, **named: Any) -> os.stat_result:  # noqa: ANN401 - as os.stat
        if asked == path:
            raise OSError(code, os.strerror(code), path)
        return real(asked, **named)

    monkeypatch.setattr(os, "stat", refuse)
    if is_told:
        with pytest.raises(PlaceError, match=r"\.git cannot be read: Input/output error"):
            find_place(str(repo.path))
    else:
        assert find_place(str(repo.path)) == outside(repo.path)


def fail_at(path: str, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Let one file fail to be opened: who runs this may be allowed to read everything."""
    real = os.open

    def refuse(asked: str, flags: int, mode: int = 0o777) -> int:
        if asked == path:
            raise OSError(code, os.strerror(code), asked)
        return real(asked, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
