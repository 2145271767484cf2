from __future__ import annotations

import pytest

from plantrack.watch import reach, sift
from plantrack.watch.cover import Cover, cover
from plantrack.watch.sift import ANYTHING, Hint, What
from plantrack.watch.values import Ground

GROUND = Ground(
    "/home/ada/project",
    "/home/ada/project/.git/worktrees/one",
    "/home/ada/project/.git",
    ("", "docs"),
    takes=lambda path: path.endswith((".md", ".gitignore")),
    enters=lambda folder: "node_modules" not in folder,
)
GIT = Hint(in_git=True)

# --- what counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "what", "hint"),
    [
        ("docs/plan.md", What.WRITTEN, Hint("docs/plan.md", is_complete=True)),
        ("docs/plan.md", What.BEGUN, Hint("docs/plan.md")),
        ("docs/plan.md", What.GONE, Hint("docs/plan.md")),
        (".gitignore", What.WRITTEN, Hint(".gitignore", is_complete=True)),
        ("docs/plan.py", What.WRITTEN, None),
        ("docs/.#plan.md", What.BEGUN, None),
    ],
)
def test_a_file_counts_when_it_is_taken(path: str, what: What, hint: Hint | None) -> None:
    assert sift.of_tree(GROUND, path, what, is_folder=False) == hint


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("docs/new", ANYTHING),
        ("docs/folder.md", ANYTHING),
        (".git", ANYTHING),
        ("node_modules", None),
        (".plan-history", None),
        ("docs/.plan-history", None),
    ],
)
@pytest.mark.parametrize("what", What)
def test_a_folder_counts_when_documents_may_be_in_it(
    path: str, hint: Hint | None, what: What
) -> None:
    assert sift.of_tree(GROUND, path, what, is_folder=True) == hint


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("HEAD", GIT),
        ("index", GIT),
        ("packed-refs", GIT),
        ("refs/heads/main", GIT),
        ("refs/heads/feature/one", GIT),
        ("reftable/tables.list", GIT),
        ("MERGE_HEAD", GIT),
        ("rebase-merge", GIT),
        ("ORIG_HEAD", None),
        ("FETCH_HEAD", None),
        ("logs/HEAD", None),
        ("objects/pack", None),
        ("refs/remotes/origin/main", None),
        ("HEAD.lock", None),
        ("index.lock", None),
        ("refs/heads/main.lock", None),
    ],
)
def test_a_file_of_git_counts_when_it_says_what_is_checked_out(
    path: str, hint: Hint | None
) -> None:
    assert sift.of_git(path, What.WRITTEN) == hint


def test_a_lock_counts_only_when_the_index_is_free_again() -> None:
    assert sift.of_git("index.lock", What.GONE) == GIT
    assert sift.of_git("HEAD.lock", What.GONE) is None


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/home/ada/project", ANYTHING),
        ("/home/ada/project/docs/plan.md", Hint("docs/plan.md", is_complete=True)),
        ("/home/ada/project/docs/node_modules/deep/plan.md", None),
        ("/home/ada/project/.git/HEAD", GIT),
        ("/home/ada/project/.git/refs/heads/main", GIT),
        ("/home/ada/project/.git/worktrees/one/HEAD", GIT),
        ("/home/ada/project/.git/objects/ab.md", None),
        ("/home/ada/project-two/plan.md", None),
        ("/elsewhere/plan.md", None),
    ],
)
def test_an_absolute_path_is_sifted_where_it_belongs(path: str, hint: Hint | None) -> None:
    assert sift.of_absolute(GROUND, path, What.WRITTEN, is_folder=False) == hint


def test_outside_git_there_is_nothing_of_git() -> None:
    ground = Ground("/top", None, None, (), takes=lambda _: True)
    hint = sift.of_absolute(ground, "/top/.git", What.BEGUN, is_folder=True)
    assert hint == ANYTHING  # a repository is made


# --- which folders --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folders", "watched"),
    [
        ((), ("",)),
        (("",), ("",)),
        (("docs",), ("", "docs")),
        (("a/b/c",), ("", "a", "a/b", "a/b/c")),
        (("a/b", "a", "a/b", "", "c"), ("", "a", "a/b", "c")),
    ],
)
def test_a_folder_is_watched_with_those_above_it(
    folders: tuple[str, ...], watched: tuple[str, ...]
) -> None:
    assert cover(folders) == Cover(watched, 0)


def test_beyond_the_most_the_first_ones_are_watched() -> None:
    assert cover(("a/b", "c", "d/e", "d", "f"), most=5) == Cover(("", "a", "a/b", "c", "d"), 2)


# --- far file systems -----------------------------------------------------------------------------

ROOT = "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw"


def mounted(point: str, kind: str) -> str:
    return f"{ROOT}\n36 21 0:32 / {point} rw,relatime shared:1 - {kind} server:/export rw\n"


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("", ""),
        (ROOT, ""),
        (mounted("/home", "nfs4"), "nfs4"),
        (mounted("/home/ada/my\\040project", "fuse.sshfs"), "fuse.sshfs"),
        (mounted("/home/ada/my\\040project/docs", "cifs"), "cifs"),
        (mounted("/home/ada/my\\040project/build", "cifs"), ""),
        (mounted("/home/ada/my", "nfs"), ""),
        (mounted("/srv", "nfs"), ""),
        (mounted("/home", "btrfs"), ""),
        (mounted("/home", "overlay"), ""),
        (mounted("/", "9p"), "9p"),
        (mounted("/home", "nfs") + "37 36 8:1 / /home/ada rw - ext4 /dev/sdb rw\n", ""),
    ],
)
def test_a_far_file_system_is_told_by_the_mount_a_folder_is_on(mounts: str, kind: str) -> None:
    assert reach.far(mounts, "/home/ada/my project", {"", "docs"}) == kind
