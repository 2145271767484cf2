from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.config import Config
from plantrack.core.model import Finding
from plantrack.errors import PlaceError
from plantrack.repo import (
    Listing,
    Place,
    controls_changed,
    find_place,
    folders_changed,
    list_documents,
    plain_tree,
    read_document,
)
from plantrack.repo.git_tree import kept_out, not_gone

MakeRepo = Callable[..., Repo]
Tree = Mapping[str, str | bytes | None]


def listing(
    folder: Path, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()
) -> Listing:
    return list_documents(find_place(str(folder)), Config(include=include, exclude=exclude))


def folders(listed: Listing) -> list[str]:
    return [folder for folder, _ in listed.folders]


def found(listed: Listing) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in listed.findings]


def settle() -> None:
    """Let the clock leave the tick in which the last file was written."""
    time.sleep(0.06)


def is_current(place: Place, listed: Listing) -> bool:
    return not folders_changed(place, listed.folders) and not controls_changed(listed.controls)


@pytest.fixture
def plain(tmp_path: Path) -> Callable[[Tree], Path]:
    """Return `plain(files)`: a folder outside git."""

    def make(files: Tree) -> Path:
        Repo(tmp_path / "plain").write(files)
        return tmp_path / "plain"

    return make


@pytest.fixture(params=["git", "no git"])
def tree(
    request: pytest.FixtureRequest, make_repo: MakeRepo, plain: Callable[[Tree], Path]
) -> Callable[[Tree], Path]:
    """Return `tree(files)`: the same files tracked by git, and in a plain folder."""
    return plain if request.param == "no git" else lambda files: make_repo(files).path


# --- which documents ------------------------------------------------------------------------------


def test_markdown_files_are_listed_sorted_whatever_the_case_of_their_ending(
    tree: Callable[[Tree], Path],
) -> None:
    top = tree(
        dict.fromkeys(["z.md", "a.MD", "b/c.markdown", "b/d.txt", "md", "e.mdx", "f.md.bak"], "")
    )
    assert listing(top).documents == ("a.MD", "b/c.markdown", "z.md")


def test_foreign_code_hidden_folders_and_templates_are_left_out(
    tree: Callable[[Tree], Path],
) -> None:
    left_out = [
        "node_modules/x/README.md", "third_party/a.md", "src/vendor/a.md", ".github/a.md",
        "docs/design_template.md", "docs/templates/a.md",
    ]  # fmt: skip
    kept = [".kiro/specs/x/tasks.md", "docs/a.md"]
    listed = listing(tree(dict.fromkeys(left_out + kept, "")))
    assert listed.documents == tuple(kept)
    assert folders(listed) == [
        "", ".kiro", ".kiro/specs", ".kiro/specs/x", "docs", "docs/templates", "src"
    ]  # fmt: skip


def test_untracked_documents_count_and_ignored_ones_do_not(make_repo: MakeRepo) -> None:
    repo = make_repo({".gitignore": "*.draft.md\n/out/\n", "a.md": ""})
    repo.write(dict.fromkeys(["b.md", "c.draft.md", "out/d.md", "docs/out/e.md"], ""))
    assert listing(repo.path).documents == ("a.md", "b.md", "docs/out/e.md")


def test_every_place_where_git_looks_for_patterns_counts(make_repo: MakeRepo) -> None:
    repo = make_repo(dict.fromkeys(["a.md"], ""))
    repo.write(dict.fromkeys(["b.md", "c.md", "sub/d.md", "sub/e.md"], ""))
    (repo.path / "sub/.gitignore").write_text("d.md\n")
    (repo.path / ".git/info/exclude").write_text("b.md\n")
    own = Path(os.environ["XDG_CONFIG_HOME"]) / "git/ignore"
    own.parent.mkdir()
    own.write_text("c.md\n")
    assert listing(repo.path).documents == ("a.md", "sub/e.md")


def test_an_ignored_document_that_was_added_by_force_is_listed(make_repo: MakeRepo) -> None:
    repo = make_repo({".gitignore": "out/\n"})
    repo.write({"out/plan.md": "", "out/other.md": ""})
    repo.git("add", "--force", "out/plan.md")
    assert listing(repo.path).documents == ("out/plan.md",)


def test_a_listed_document_that_is_gone_is_passed_over(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "", "b/c.md": "", "d.md": ""})
    (repo.path / "a.md").unlink()
    (repo.path / "b/c.md").unlink()
    (repo.path / "b").rmdir()
    assert listing(repo.path).documents == ("d.md",)
    assert found(listing(repo.path)) == []


def test_a_document_in_conflict_is_listed_once(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "one\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"a.md": "two\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"a.md": "three\n"})
    identity = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.org")
    subprocess.run(
        ["git", *identity, "merge", "-q", "side"], cwd=repo.path, capture_output=True, check=False
    )
    assert "<<<<<<<" in (repo.path / "a.md").read_text()
    assert listing(repo.path).documents == ("a.md",)


STRANGE = ["-n.md", "a\nb.md", 'q"uote\'s.md', " lead.md", "tab\t.md", ":(glob)x.md", "b*[a]?.md",
           "caf\udce9.md", "ünï.md", "\u202eevil.md", "\\.md", "-d/--x/a.md",
           ":d/:x/a.md"]  # fmt: skip


def test_strange_names_survive_and_lead_back_to_their_file(tree: Callable[[Tree], Path]) -> None:
    top = tree({name: os.fsencode(name) for name in STRANGE})
    (top / ":e").mkdir()
    listed = listing(top)
    assert listed.documents == tuple(sorted(STRANGE))
    assert {"-d/--x", ":d/:x", ":e"} <= set(folders(listed))
    place = find_place(str(top))
    for name in STRANGE:
        source = read_document(place, name, max_bytes=1000)
        assert not isinstance(source, Finding)
        assert source.data == os.fsencode(name)


def test_a_strange_folder_can_be_ignored(make_repo: MakeRepo) -> None:
    repo = make_repo({".gitignore": ":out\n-out\n*q*\n"})
    repo.write(dict.fromkeys([":out/x", "-out/x", "a\nq/x", "in/.keep"], ""))
    assert folders(listing(repo.path)) == ["", "in"]


# --- include and exclude --------------------------------------------------------------------------


CHOICE = dict.fromkeys(
    [
        "README.md", "docs/a.md", "docs/deep/b.md", "docs/old/c.md", "docs/vendor/d.md",
        "docs/design_template.md", "vendor/ours/e.md", "vendor/theirs/f.md", ".github/g.md",
        ".github/deep/h.md", "a/.github/i.md",
    ],
    "",
)  # fmt: skip


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ((), (), "README.md docs/a.md docs/deep/b.md docs/old/c.md"),
        (("docs",), (), "docs/a.md docs/deep/b.md docs/old/c.md"),
        (("docs/*.md",), (), "docs/a.md"),
        (("docs/**/*.md",), ("docs/old/",), "docs/a.md docs/deep/b.md"),
        (("docs", "!docs/old"), (), "docs/a.md docs/deep/b.md"),
        ((), ("*.md", "!README.md"), "README.md"),
        ((), ("/docs",), "README.md"),
        (("*.md",), (), "README.md docs/a.md docs/deep/b.md docs/old/c.md"),
        (("docs/design_template.md",), (), "docs/design_template.md"),
        (("docs/*template*.md",), (), ""),
        (("vendor/ours/*.md",), (), "vendor/ours/e.md"),
        (("docs/*.md", ".github/**"), (), ".github/deep/h.md .github/g.md docs/a.md"),
        (("**/.github/*.md",), (), ".github/g.md a/.github/i.md"),
        (("/.github/", "!/.github/deep"), (), ".github/g.md"),
        (("/.github/",), ("g.md",), ".github/deep/h.md"),
        (("**/vendor/**",), (), "docs/vendor/d.md vendor/ours/e.md vendor/theirs/f.md"),
        (("nothing/",), (), ""),
    ],
)  # fmt: skip
def test_the_configuration_chooses_and_brings_back_what_it_spells_out(
    tree: Callable[[Tree], Path], include: tuple[str, ...], exclude: tuple[str, ...], expected: str
) -> None:
    listed = listing(tree(CHOICE), include=include, exclude=exclude)
    assert list(listed.documents) == sorted(expected.split())


def test_a_left_out_folder_is_watched_only_when_it_is_brought_back(make_repo: MakeRepo) -> None:
    repo = make_repo(CHOICE)
    assert "vendor" not in folders(listing(repo.path))
    listed = listing(repo.path, include=("vendor/ours/",))
    assert [folder for folder in folders(listed) if "vendor" in folder] == ["vendor", "vendor/ours"]


# --- what only looks like a document --------------------------------------------------------------


def test_what_is_no_regular_file_is_a_finding_that_names_it(tree: Callable[[Tree], Path]) -> None:
    top = tree({"a.md": "", "docs/folder.md/inner.md": "", "docs/empty.md/.keep": ""})
    os.mkfifo(top / "docs/fifo.md")
    os.mkfifo(top / "docs/fifo.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(top / "s.md"))
    (top / ".hidden").mkdir()
    os.mkfifo(top / ".hidden/fifo.md")
    listed = listing(top)
    assert listed.documents == ("a.md", "docs/folder.md/inner.md")
    assert [(finding.path, finding.message) for finding in listed.findings] == [
        ("docs/empty.md", "named like a document, but it is a folder: not read"),
        ("docs/fifo.md", "named like a document, but it is a FIFO: not read"),
        ("docs/folder.md", "named like a document, but it is a folder: not read"),
        ("s.md", "named like a document, but it is a socket: not read"),
    ]
    assert {finding.code for finding in listed.findings} == {"not-a-file"}


def test_a_link_to_a_document_is_passed_over_and_any_other_is_a_finding(
    tree: Callable[[Tree], Path], tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("secret")
    top = tree({"docs/a.md": "", "docs/a.txt": "", "vendor/v.md": "", "x/y.md": ""})
    links = {
        "same.md": "docs/a.md",
        "chain.md": "same.md",
        "text.md": "docs/a.txt",
        "folder.md": "docs",
        "dangling.md": "docs/gone.md",
        "loop.md": "loop.md",
        "up.md": "../secret.md",
        "absolute.md": str(tmp_path / "secret.md"),
        "nowhere.md": "/nowhere/at/all.md",
        "vendor/out.md": "../../secret.md",
    }
    for name, target in links.items():
        (top / name).symlink_to(target)
    (top / "vendored.md").symlink_to("vendor/v.md")
    (top / "git.md").symlink_to(".git/config")
    (top / "linked").symlink_to("docs")
    listed = listing(top)
    assert listed.documents == ("docs/a.md", "x/y.md")
    assert "linked" not in folders(listed)
    assert found(listed) == [
        ("absolute.md", "link-outside"),
        ("dangling.md", "link-dangling"),
        ("folder.md", "not-a-file"),
        ("git.md", "link-outside"),
        ("loop.md", "link-dangling"),
        ("nowhere.md", "link-outside"),
        ("text.md", "link-unlisted"),
        ("up.md", "link-outside"),
    ]


def test_a_link_to_what_is_left_out_on_purpose_is_passed_over(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/template.md": "", "old/a.md": ""})
    (repo.path / "t.md").symlink_to("docs/template.md")
    (repo.path / "o.md").symlink_to("old/a.md")
    listed = listing(repo.path, exclude=("old/",))
    assert (listed.documents, listed.findings) == ((), ())


def test_a_tracked_folder_that_became_a_link_is_not_followed(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"docs/a.md": "", "b.md": ""})
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.md").write_text("secret")
    (repo.path / "docs/a.md").unlink()
    (repo.path / "docs").rmdir()
    (repo.path / "docs").symlink_to(tmp_path / "outside")
    listed = listing(repo.path)
    assert listed.documents == ("b.md",)
    assert folders(listed) == [""]


def test_other_repositories_inside_are_not_entered(make_repo: MakeRepo) -> None:
    inner = make_repo({"i.md": ""}, name="inner")
    repo = make_repo({"a.md": ""})
    allow = ("-c", "protocol.file.allow=always")
    repo.git(*allow, "submodule", "--quiet", "add", str(inner.path), "sub")
    nested = make_repo({"n.md": "", "deep/n.md": ""}, name="repo/nested")
    (repo.path / "sub/new.md").touch()
    repo.git("worktree", "add", "--quiet", str(repo.path / "tree"))
    listed = listing(repo.path)
    assert listed.documents == ("a.md",)
    assert folders(listed) == ["", "nested", "sub", "tree"]
    assert listing(nested.path).documents == ("deep/n.md", "n.md")
    assert listing(repo.path / "tree").documents == ("a.md",)


def test_outside_git_a_repository_inside_is_named_but_not_entered(
    plain: Callable[[Tree], Path], make_repo: MakeRepo
) -> None:
    top = plain({"a.md": ""})
    make_repo({"n.md": ""}, name="plain/nested")
    (top / "stray").mkdir()
    (top / "stray/.git").write_text("gitdir: nowhere")
    (top / "kept/.git").mkdir(parents=True)
    (top / "kept/k.md").touch()
    assert listing(top).documents == ("a.md", "kept/k.md")
    assert found(listing(top)) == [("nested", "nested-repository"), ("stray", "nested-repository")]


def test_tracked_documents_stay_when_their_folder_becomes_a_repository(make_repo: MakeRepo) -> None:
    repo = make_repo({"part/a.md": ""})
    subprocess.run(["git", "init", "-q", repo.path / "part"], check=True)
    assert listing(repo.path).documents == ("part/a.md",)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing can be denied to root")
def test_a_folder_that_may_not_be_read_is_a_finding_until_it_may(
    tree: Callable[[Tree], Path],
) -> None:
    top = tree({"a.md": "", "shut/b.md": ""})
    (top / "shut").chmod(0)
    settle()
    listed = listing(top)
    try:
        assert listed.documents == ("a.md",)
        assert found(listed) == [("shut", "unreadable")]
        assert is_current(find_place(str(top)), listed)
    finally:
        (top / "shut").chmod(0o755)
    assert not is_current(find_place(str(top)), listed)


def test_a_folder_that_cannot_be_read_is_a_finding(
    tree: Callable[[Tree], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tree({"a.md": "", "shut/b.md": ""})
    really = os.scandir

    def denied(path: str) -> object:
        if path.endswith("/shut"):
            raise PermissionError(13, "Permission denied")
        return really(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", denied)
        listed = listing(top)
    assert listed.documents == ("a.md",)
    assert listed.findings == (
        Finding("shut", 0, "unreadable", "this folder cannot be read: Permission denied"),
    )
    assert str(top / "shut") in dict(listed.controls)


# --- folders --------------------------------------------------------------------------------------


def test_empty_folders_are_known_and_ignored_ones_are_not_entered(make_repo: MakeRepo) -> None:
    repo = make_repo({".gitignore": "build/\n*.log\n__pycache__/\n!kept.log\n", "src/a.py": ""})
    repo.write(dict.fromkeys(["build/deep/x", "logs/a.log", "src/__pycache__/a.pyc"], ""))
    for folder in ("empty", "a/b/c/d", "a/build/d"):
        (repo.path / folder).mkdir(parents=True)
    assert folders(listing(repo.path)) == [
        "",
        "a",
        "a/b",
        "a/b/c",
        "a/b/c/d",
        "empty",
        "logs",
        "src",
    ]


def test_folders_without_any_file_are_followed_to_a_bounded_depth(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": ""})
    (repo.path / "/".join("d" * 100)).mkdir(parents=True)
    assert 60 <= len(folders(listing(repo.path))) <= 101


def test_outside_git_ignore_files_are_honoured_at_every_level(
    plain: Callable[[Tree], Path],
) -> None:
    files = ["a.md", "out/b.md", "sub/c.md", "sub/out/d.md", "sub/e.tmp.md", "sub/k.tmp.md",
             "sub/deep/f.md", "sub/deep/g.md"]  # fmt: skip
    top = plain(dict.fromkeys(files, ""))
    (top / ".gitignore").write_text("/out/\n*.tmp.md\n")
    (top / "sub/.gitignore").write_text("!k.tmp.md\n/deep/f.md\nc.md/\n")
    (top / "sub/l.md").symlink_to("gone")
    (top / "sub/m.tmp.md").symlink_to("gone")
    listed = listing(top)
    theirs = make_git_list(top)
    assert set(listed.documents) == theirs - {"sub/l.md"}
    assert listed.documents == ("a.md", "sub/c.md", "sub/deep/g.md", "sub/k.tmp.md", "sub/out/d.md")
    assert folders(listed) == ["", "sub", "sub/deep", "sub/out"]
    assert found(listed) == [("sub/l.md", "link-dangling")]


def make_git_list(top: Path) -> set[str]:
    subprocess.run(["git", "init", "-q", top], check=True)
    command = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=True)
    (top / ".git").rename(top.parent / "put-aside")
    return {name for name in done.stdout.split("\0") if name.endswith(".md")}


@pytest.mark.parametrize("content", ["fifo", "huge", "many"])
def test_outside_git_an_ignore_file_that_is_not_honoured_is_a_finding(
    plain: Callable[[Tree], Path], content: str
) -> None:
    top = plain({"docs/a.md": ""})
    match content:
        case "fifo":
            os.mkfifo(top / "docs/.gitignore")
        case "huge":
            (top / "docs/.gitignore").write_text("#" * 100_000)
        case _:
            (top / "docs/.gitignore").write_text("x\n" * 1001 + "a.md")
    listed = listing(top)
    assert listed.documents == ("docs/a.md",)
    assert found(listed) == [("docs/.gitignore", "gitignore-skipped")]


def test_outside_git_the_walk_is_bounded(
    plain: Callable[[Tree], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = plain({"a.md": "", "/".join("d" * 70) + "/b.md": ""})
    listed = listing(top)
    assert listed.documents == ("a.md",)
    assert [code for _, code in found(listed)] == ["too-deep"]
    monkeypatch.setattr(plain_tree, "MAX_FOLDERS", 5)
    assert len(listing(top).folders) == 5
    assert found(listing(top)) == [("", "too-many-folders")]


def test_without_a_git_program_the_work_tree_is_read_as_a_plain_folder(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": "", ".gitignore": "b.md\n"})
    repo.write({"b.md": "", "c.md": ""})
    monkeypatch.setenv("PATH", "/nothing/here")
    listed = listing(repo.path)
    assert listed.documents == ("a.md", "c.md")
    assert found(listed) == [("", "no-git")]


# --- what has to rest -----------------------------------------------------------------------------


def add_empty(repo: Repo) -> None:
    (repo.path / "empty/new.md").touch()


def add_nested(repo: Repo) -> None:
    (repo.path / "x/y/z").mkdir(parents=True)
    (repo.path / "x/y/z/new.md").touch()


def delete(repo: Repo) -> None:
    (repo.path / "docs/a.md").unlink()


def rename(repo: Repo) -> None:
    (repo.path / "docs/a.md").rename(repo.path / "docs/b.md")


def edit_ignore(repo: Repo) -> None:
    with (repo.path / "docs/.gitignore").open("a") as ignore:
        ignore.write("a.md\n")


def edit_exclude(repo: Repo) -> None:
    (repo.path / ".git/info/exclude").write_text("untracked.md\n")


def add_by_force(repo: Repo) -> None:
    repo.git("add", "--force", "docs/ignored.md")


def untrack(repo: Repo) -> None:
    repo.git("rm", "--quiet", "--cached", "docs/forced.md")


def configure(repo: Repo) -> None:
    (repo.path / "plantrack.toml").write_text('exclude = ["docs/"]\n')


def remove_folder(repo: Repo) -> None:
    (repo.path / "empty").rmdir()


def stop_nesting(repo: Repo) -> None:
    (repo.path / "nested/.git").rename(repo.path.parent / "moved")


def write_own_ignore(_: Repo) -> None:
    own = Path(os.environ["XDG_CONFIG_HOME"]) / "git/ignore"
    own.parent.mkdir()
    own.write_text("untracked.md\n")


@pytest.fixture
def busy(make_repo: MakeRepo) -> Repo:
    repo = make_repo({"docs/.gitignore": "ignored.md\n", "docs/a.md": ""})
    repo.write(dict.fromkeys(["docs/ignored.md", "docs/forced.md", "untracked.md"], ""))
    repo.git("add", "--force", "docs/forced.md")
    (repo.path / "empty").mkdir()
    (repo.path / "docs/.gitignore").write_text("ignored.md\nforced.md\n")
    make_repo({"n.md": ""}, name="repo/nested")
    settle()
    return repo


@pytest.mark.parametrize(
    "change",
    [add_empty, add_nested, delete, rename, edit_ignore, edit_exclude, add_by_force, untrack,
     configure, remove_folder, stop_nesting, write_own_ignore],
)  # fmt: skip
def test_whatever_may_change_the_listing_is_noticed(
    busy: Repo, change: Callable[[Repo], None]
) -> None:
    place = find_place(str(busy.path))
    listed = listing(busy.path)
    assert is_current(place, listed)
    change(busy)
    assert not is_current(place, listed)
    settle()
    assert is_current(place, listing(busy.path))


def test_reading_and_editing_a_document_in_place_leaves_the_listing_current(busy: Repo) -> None:
    place = find_place(str(busy.path))
    listed = listing(busy.path)
    (busy.path / "docs/a.md").write_text("- [x] edited")
    read_document(place, "docs/a.md", max_bytes=100)
    assert is_current(place, listed)


def test_outside_git_changes_are_noticed_too(plain: Callable[[Tree], Path]) -> None:
    top = plain({"docs/a.md": "", ".gitignore": "x\n", "docs/deep/.keep": ""})
    settle()
    place = find_place(str(top))
    listed = listing(top)
    assert is_current(place, listed)
    (top / ".gitignore").write_text("a.md\n")
    assert not is_current(place, listed)
    settle()
    listed = listing(top)
    assert (listed.documents, is_current(place, listed)) == ((), True)
    (top / "docs/deep/b.md").touch()
    assert not is_current(place, listed)


def test_a_folder_that_changed_a_moment_ago_is_listed_again(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": ""})
    settle()
    (repo.path / "docs/b.md").touch()
    listed = listing(repo.path)
    assert dict(listed.folders)["docs"] == -1
    assert not is_current(find_place(str(repo.path)), listed)


def test_what_comes_while_git_is_asked_is_not_lost(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"docs/a.md": ""})
    settle()
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    real = subprocess.check_output(["which", "git"], text=True).strip()
    slow.write_text(
        f'#!/bin/sh\n{real} "$@"\ncode=$?\ntouch "{repo.path}/docs/late.md"\nexit $code\n'
    )
    slow.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(slow.parent), prepend=os.pathsep)
        listed = listing(repo.path)
    assert listed.documents == ("docs/a.md",)
    settle()
    assert not is_current(find_place(str(repo.path)), listed)
    assert listing(repo.path).documents == ("docs/a.md", "docs/late.md")


# --- git's refusals -------------------------------------------------------------------------------


def refusal(repo: Repo) -> PlaceError:
    with pytest.raises(PlaceError) as caught:
        listing(repo.path)
    assert caught.value.exit_code == 3
    return caught.value


def test_git_s_own_words_say_why_it_refuses(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": ""})
    (repo.path / ".git/index").write_bytes(b"rubbish" * 10)
    assert "index file" in refusal(repo).message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_repository_of_someone_else_is_refused_with_the_way_to_trust_it(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"a.md": ""})
    for path in (repo.path, repo.path / ".git"):
        os.chown(path, 12345, 12345)
    error = refusal(repo)
    assert "dubious ownership" in error.message
    assert f"safe.directory {repo.path}" in error.remedy


def test_a_git_that_is_too_old_is_named_as_such(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": ""})
    (tmp_path / "git").write_text(
        "#!/bin/sh\necho \"error: unknown option 'deduplicate'\" >&2\nexit 129\n"
    )
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    error = refusal(repo)
    assert "unknown option" in error.message
    assert error.remedy == "install git 2.31 or newer"


def test_a_lock_on_the_index_does_not_keep_us_from_reading(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": ""})
    (repo.path / ".git/index.lock").touch()
    assert listing(repo.path).documents == ("a.md",)


def test_what_git_keeps_out_of_the_work_tree_is_told_from_what_is_missing(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"docs/a.md": "", "src/b\nc.md": "", "src/deep/d.md": "", "e.md": ""})
    place = find_place(str(repo.path))
    assert kept_out(place) == frozenset()
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "docs")
    (repo.path / "docs/a.md").unlink()
    assert kept_out(place) == {"src/b\nc.md", "src/deep/d.md"}
    repo.git("sparse-checkout", "disable")
    repo.git("update-index", "--skip-worktree", "e.md")
    assert kept_out(place) == {"e.md"}
    assert kept_out(find_place(str(tmp_path))) == frozenset()
    assert not_gone(place, ["e.md", "f.md"]) == {"e.md"}


def test_what_cannot_be_looked_for_is_not_gone(tmp_path: Path) -> None:
    place = find_place(str(tmp_path))
    (tmp_path / "file").touch()
    out_of_sight = f"{'n' * 300}/a.md"  # no folder is called so; who asks is refused an answer
    missing = [out_of_sight, "gone.md", "file/a.md", "file"]
    assert not_gone(place, missing) == {out_of_sight}


def test_an_empty_repository_has_no_documents(make_repo: MakeRepo) -> None:
    listed = listing(make_repo().path)
    assert (listed.documents, folders(listed), listed.findings) == ((), [""], ())


@pytest.mark.parametrize("name", [".gitignore", "deep/er/.gitignore", ".git/info/exclude"])
def test_a_fifo_git_would_wait_for_is_named_within_seconds(make_repo: MakeRepo, name: str) -> None:
    repo = make_repo({"a.md": "", "deep/er/b.md": ""})
    path = repo.path / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    began = time.monotonic()
    error = refusal(repo)
    assert time.monotonic() - began < 20
    assert str(path) in error.message
    assert error.remedy == "remove it"
