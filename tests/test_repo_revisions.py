from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from fast_history import write_history
from plantrack.errors import PlaceError
from plantrack.repo import changes, find_place, git, read_head
from plantrack.repo.revisions import LATEST_S, Revision, line_of, read_line

MakeRepo = Callable[..., Repo]
FIRST_S = int(FIRST_COMMIT.timestamp())
LONG = "".join(f"line {number} of a document that is known again\n" for number in range(40))


def read(folder: Repo | Path, *since: str, head: str | None = None) -> list[Revision]:
    place = find_place(str(folder.path if isinstance(folder, Repo) else folder))
    return list(read_line(place, head=head or read_head(place).commit, since=frozenset(since)))


def told(revisions: Iterable[Revision]) -> list[str]:
    """Write each revision as "A a.md, R old.md>new.md"."""
    return [
        ", ".join(
            f"{file.status} {file.path_before + '>' if file.path_before else ''}{file.path}"
            for file in revision.files
        )
        for revision in revisions
    ]


def replay(state: dict[str, str], revision: Revision) -> None:
    """Apply a revision to (blob by path), insisting that it fits."""
    if revision.parent is None:
        state.clear()
    for file in revision.files:
        before = file.path_before or file.path
        if file.blob_before is not None:
            assert state.pop(before) == file.blob_before
    for file in revision.files:
        if file.blob is not None:
            assert file.path not in state
            state[file.path] = file.blob


def markdown_of(folder: Path, commit: str) -> dict[str, str]:
    """List (blob by path) of the Markdown files of a commit, as git has them."""
    command = ["git", "-C", str(folder), "ls-tree", "-rz", commit]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    entries = [entry.partition("\t") for entry in os.fsdecode(output).split("\0") if entry]
    return {
        path: meta.split()[2]
        for meta, _, path in entries
        if path.lower().endswith((".md", ".markdown")) and meta.startswith("100")
    }


def raw_object(repo: Repo, kind: str, data: bytes) -> str:
    """Write an object, also one that git itself would not make."""
    command = ["git", "-C", str(repo.path), "hash-object", "-wt", kind, "--stdin", "--literally"]
    done = subprocess.run(command, input=data, check=True, capture_output=True)
    return done.stdout.decode().strip()


def forget(repo: Repo | Path, name: str) -> Path:
    """Return the loose file of an object, so that it can be removed or damaged."""
    folder = repo.path if isinstance(repo, Repo) else repo
    path = folder / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o644)
    return path


def loosen(folder: Path) -> None:
    """Give every object a file of its own."""
    for pack in (folder / ".git/objects/pack").glob("*.pack"):
        data = pack.read_bytes()
        pack.with_suffix(".idx").unlink()
        pack.unlink()
        subprocess.run(["git", "-C", folder, "unpack-objects", "-q"], input=data, check=True)


def wrap_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have a line of shell run before each git."""
    real = git.program()
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\n{script}\nexec {real} "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


# --- the line -------------------------------------------------------------------------------------


def test_revisions_come_oldest_first_with_what_each_did(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": "1", "docs/b.markdown": "1", "x.py": "1"},
        {"a.md": "2", "docs/B.MD": "1"},
        {"docs/b.markdown": None},
    )
    assert told(read(repo)) == ["A a.md, A docs/b.markdown", "M a.md, A docs/B.MD",
                                "D docs/b.markdown"]  # fmt: skip


def test_a_change_names_the_blobs_before_and_after(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"}, {"a.md": None})
    one, two = (repo.git("rev-parse", f"{commit}:a.md").strip() for commit in ("@~2", "@~1"))
    found = [(file.blob_before, file.blob) for revision in read(repo) for file in revision.files]
    assert found == [(None, one), (one, two), (two, None)]


def test_a_revision_carries_what_the_commit_records(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    repo.write({"a.md": "2"})
    message = "Tick\nthe box\n\nAnd a body."
    author = ("--author", "Zoë Ünï <zoe@example.org>", "--date", "2020-01-01T00:00:00Z")
    repo.git("commit", "-qam", message, *author, when=FIRST_COMMIT + timedelta(days=3))
    first, second = read(repo)
    assert (first.parent, second.parent) == (None, first.commit)
    assert second.commit == repo.git("rev-parse", "HEAD").strip()
    assert (second.time, second.author_time) == (FIRST_S + 3 * 86400, 1577836800)
    assert (second.author, second.subject) == ("Zoë Ünï <zoe@example.org>", "Tick the box")
    assert (first.gap, second.gap) == ("", "")


def test_only_what_follows_a_known_commit_is_read(make_repo: MakeRepo) -> None:
    repo = make_repo(*({"a.md": str(number)} for number in range(5)))
    everything = read(repo)
    for number, revision in enumerate(everything):
        assert read(repo, revision.commit) == everything[number + 1 :]
    assert read(repo, everything[0].commit, everything[2].commit) == everything[3:]
    assert read(repo, "0" * 40) == everything


def test_a_known_commit_is_found_far_down_the_line(tmp_path: Path) -> None:
    write_history(tmp_path / "repo", {"a.md": LONG, "b.md": LONG}, commits=300)
    everything = read(tmp_path / "repo")
    assert len(everything) == 300
    for at in (0, 100, 235, 236, 298):
        assert read(tmp_path / "repo", everything[at].commit) == everything[at + 1 :]


def test_the_line_s_end_is_told_even_when_it_touched_no_document(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"x.py": "1"}, {"y.py": "1"})
    assert told(read(repo)) == ["A a.md", ""]
    assert read(repo)[-1].commit == repo.git("rev-parse", "HEAD").strip()
    assert read(repo)[-1].parent == repo.git("rev-parse", "HEAD~1").strip()
    assert read(repo, repo.git("rev-parse", "HEAD").strip()) == []


def test_order_is_the_line_s_and_not_the_dates(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    repo.write({"a.md": "3"})
    repo.git("commit", "-qam", "x", when=FIRST_COMMIT - timedelta(days=500))
    repo.commit({"a.md": "4"})
    assert [revision.time - FIRST_S for revision in read(repo)] == [0, 86400, -43200000, 172800]


def test_a_branch_is_read_though_a_known_line_has_merged_it(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    repo.git("checkout", "-qb", "side")
    side = [repo.commit({"b.md": "1"}), repo.commit({"b.md": "2"})]
    repo.git("checkout", "-q", "main")
    repo.commit({"a.md": "2"})
    repo.git("merge", "-q", "--no-ff", "side", when=FIRST_COMMIT)
    known = [revision.commit for revision in read(repo)]
    assert told(read(repo)) == ["A a.md", "M a.md", "A b.md"]
    assert [revision.commit for revision in read(repo, *known, head=side[-1])] == side


def test_a_merge_is_one_revision_with_its_difference_to_the_first_parent(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"})
    for name in ("one", "two"):
        repo.git("checkout", "-qb", name, "main")
        repo.commit({f"{name}.md": "1"})
        repo.commit({f"{name}.md": "2"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a.md": "2"})
    repo.git("merge", "-q", "--no-ff", "one", "two", when=FIRST_COMMIT)
    repo.git("checkout", "-qb", "ours", "main~1")
    repo.commit({"b.md": "ours"})
    repo.git("merge", "-q", "--no-ff", "-s", "ours", "main", when=FIRST_COMMIT)
    assert told(read(repo)) == ["A a.md, A b.md", "M a.md", "M b.md", ""]
    assert told(read(repo, head=repo.git("rev-parse", "main").strip())) == [
        "A a.md, A b.md", "M a.md", "A one.md, A two.md"
    ]  # fmt: skip


def test_a_line_is_named_by_its_commits_alone(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"x.py": "1"}, {"a.md": "2"})
    place, head = find_place(str(repo.path)), repo.git("rev-parse", "HEAD").strip()
    assert line_of(place, head) == tuple(repo.git("rev-list", "--reverse", "HEAD").split())
    assert line_of(place, None) == ()


def test_a_detached_head_and_a_worktree_have_lines_of_their_own(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"), "HEAD~1")
    assert told(read(tmp_path / "tree")) == ["A a.md"]
    repo.git("checkout", "-q", "--detach", "HEAD~1")
    assert told(read(repo)) == ["A a.md"]


def test_before_the_first_commit_outside_git_and_without_git_there_is_nothing(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").mkdir()
    assert read(make_repo(name="unborn")) == read(tmp_path / "plain") == []
    place = find_place(str(tmp_path / "plain"))
    assert list(read_line(place, head="1" * 40)) == []
    repo = make_repo({"a.md": "1"})
    monkeypatch.setenv("PATH", "/nothing/here")
    assert read(repo) == []
    assert line_of(find_place(str(repo.path)), "1" * 40) == ()


def test_an_empty_first_commit_and_a_long_line_without_documents_are_read(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({}, {}, {"a.md": "1"}, {})
    assert told(read(repo)) == ["A a.md", ""]


def test_a_repository_of_the_longer_hash_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.git("init", "-q", "--object-format=sha256")
    repo.commit({"a.md": LONG})
    repo.git("mv", "a.md", "b.md")
    repo.commit({"b.md": LONG + "more\n"})
    assert told(read(repo)) == ["A a.md", "R a.md>b.md"]
    assert len(read(repo)[0].files[0].blob or "") == 64


# --- files ----------------------------------------------------------------------------------------


def test_a_renamed_document_is_recognised_unchanged_or_edited(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": LONG, "b.md": LONG[::-1], "c.md": "other"})
    repo.git("mv", "a.md", "docs.md")
    repo.git("mv", "b.md", "B.MD")
    repo.commit({"B.MD": LONG[::-1] + "more\n"})
    (_, revision) = read(repo)
    assert told([revision]) == ["R b.md>B.MD, R a.md>docs.md"]
    edited, moved = revision.files
    assert moved.blob == moved.blob_before == repo.git("rev-parse", "@:docs.md").strip()
    assert edited.blob_before == repo.git("rev-parse", "@~1:b.md").strip()
    assert edited.blob == repo.git("rev-parse", "@:B.MD").strip()


def test_a_copy_or_a_rewrite_is_no_rename(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": LONG}, {"b.md": LONG, "a.md": "short\n"})
    repo.commit({"a.md": None, "c.md": "nothing of the kind\n" * 3})
    assert told(read(repo)) == ["A a.md", "M a.md, A b.md", "D a.md, A c.md"]


def test_what_becomes_or_was_no_markdown_is_added_or_removed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": LONG, "b.txt": LONG[::-1]})
    repo.git("mv", "a.md", "a.txt")
    repo.git("mv", "b.txt", "b.md")
    repo.commit({})
    assert told(read(repo)) == ["A a.md", "D a.md, A b.md"]


def test_a_mode_alone_is_no_change(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"})
    (repo.path / "a.md").chmod(0o755)
    repo.commit({"b.md": "2"})
    assert told(read(repo)) == ["A a.md, A b.md", "M b.md"]


def test_links_and_submodules_are_no_documents(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"})
    (repo.path / "link.md").symlink_to("a.md")
    commit = repo.git("rev-parse", "HEAD").strip()
    repo.git("add", "link.md")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub.md")
    repo.git("commit", "-qm", "x")
    (repo.path / "b.md").unlink()
    (repo.path / "b.md").symlink_to("a.md")
    repo.git("add", "b.md")
    repo.git("commit", "-qm", "x")
    repo.git("update-index", "--cacheinfo", f"160000,{commit},a.md")
    repo.git("commit", "-qm", "x")
    repo.git("rm", "-q", "--cached", "a.md", "sub.md")
    (repo.path / "b.md").unlink()
    repo.write({"b.md": "2", "sub.md": "1"})
    repo.git("add", "b.md", "sub.md")
    repo.git("commit", "-qm", "x")
    assert told(read(repo)) == ["A a.md, A b.md", "D b.md", "D a.md", "A b.md, A sub.md"]


STRANGE = ["-n.md", "a\nb.md", "\n:x.md", ":100644 x.md", 'q"uote\'s.md', "tab\t.md", ":(glob)x.md",
           "b*[a]?.md", "caf\udce9.md", "ünï.md", "1" * 40 + ".md", "-d/--x/a.md", ":d/\n:/a.md",
           "R100 .md", "\\.md", ".md", ".git.md/a.md"]  # fmt: skip


def test_strange_names_are_told_apart_and_renamed(make_repo: MakeRepo) -> None:
    repo = make_repo(*({name: f"{name!a}\n" * 9} for name in STRANGE))
    assert told(read(repo)) == [f"A {name}" for name in STRANGE]
    head = repo.git("rev-parse", "HEAD").strip()
    for name in STRANGE:
        (repo.path / "new" / name).parent.mkdir(parents=True, exist_ok=True)
        (repo.path / name).rename(repo.path / "new" / name)
    repo.commit({f"new/{name}": f"{name!a}\n" * 9 + "more\n" for name in STRANGE})
    (revision,) = read(repo, head)
    assert {file.status for file in revision.files} == {"R"}
    assert {(file.path_before, file.path) for file in revision.files} == {
        (name, f"new/{name}") for name in STRANGE
    }


def test_names_that_lead_out_of_a_work_tree_are_left_out(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    blob = repo.git("rev-parse", "@:a.md").strip()
    entries = [b"../up.md", b"..", b"/root.md", b"a.md", b"./b.md", b".git/x.md", b"d//e.md"]
    tree = raw_object(
        repo,
        "tree",
        b"".join(b"100644 %s\0%s" % (name, bytes.fromhex(blob)) for name in sorted(entries)),
    )
    person = b"A <a@example.org> 1767268800 +0000"
    commit = raw_object(
        repo, "commit", b"tree %s\nauthor %s\ncommitter %s\n\nx" % (tree.encode(), person, person)
    )
    assert told(read(repo, head=commit)) == ["A a.md"]


# --- what commits say -----------------------------------------------------------------------------


def commit_object(repo: Repo, author: bytes, message: bytes = b"x\n", extra: bytes = b"") -> str:
    """Write a commit with this author line, above HEAD."""
    parts = [b"tree " + repo.git("rev-parse", "@^{tree}").strip().encode()]
    parts += [b"parent " + repo.git("rev-parse", "HEAD").strip().encode()]
    return raw_object(repo, "commit", b"\n".join([*parts, author]) + extra + b"\n\n" + message)


PERSON = b"A <a@example.org> 1767268800 +0000"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"author Zo\xeb <zoe@x> 1 +0000\ncommitter " + PERSON, "Zo\udceb <zoe@x>"),
        (b"author  <> 1 +0000\ncommitter " + PERSON, ""),
        (b"author <mail@x> 1 +0000\ncommitter " + PERSON, "<mail@x>"),
        (b"author only <> 1 +0000\ncommitter " + PERSON, "only <>"),
        (b"author nobody\ncommitter " + PERSON, ""),
        (b"committer " + PERSON, ""),
        (b"encoding x", ""),
    ],
)
def test_authors_are_kept_as_recorded(make_repo: MakeRepo, line: bytes, expected: str) -> None:
    repo = make_repo({"a.md": "1"})
    revision = read(repo, head=commit_object(repo, line))[-1]
    assert (revision.author, revision.subject) == (expected, "x")


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (b"0", 0),
        (b"-5", 0),
        (b"99999999999", 99999999999),
        (b"999999999999999", LATEST_S),
        (b"99999999999999999999999", None),
        (b"soon", 0),
        (b"", 0),
    ],
)
def test_impossible_times_become_possible_ones(
    make_repo: MakeRepo, recorded: bytes, expected: int | None
) -> None:
    repo = make_repo({"a.md": "1"})
    line = b"author A <a@x> %s +0000\ncommitter A <a@x> %s +0000" % (recorded, recorded)
    revision = read(repo, head=commit_object(repo, line))[-1]
    assert revision.time == revision.author_time
    assert 0 <= revision.time <= LATEST_S
    assert expected is None or revision.time == expected


def test_another_encoding_is_decoded_and_a_wrong_one_survives(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    line = b"author Zo\xeb <z@x> 1 +0000\ncommitter " + PERSON
    declared = commit_object(repo, line, b"caf\xe9\n", b"\nencoding ISO-8859-1")
    revision = read(repo, head=declared)[-1]
    assert (revision.author, revision.subject) == ("Zoë <z@x>", "café")
    unknown = commit_object(repo, line, b"caf\xe9\n", b"\nencoding nonsense")
    assert read(repo, head=unknown)[-1].subject == "caf\udce9"


@pytest.mark.parametrize("message", [b"", b"\n\n", b"a\0b\n", b"commit " + b"1" * 40 + b"\n:1 2"])
def test_odd_messages_do_not_shift_what_follows(make_repo: MakeRepo, message: bytes) -> None:
    repo = make_repo({"a.md": "1"})
    line = b"author " + PERSON + b"\ncommitter " + PERSON
    repo.git("update-ref", "HEAD", commit_object(repo, line, message))
    repo.commit({"a.md": "2"})
    assert told(read(repo)) == ["A a.md", "M a.md"]


def test_a_subject_without_end_is_cut(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    line = b"author " + b"A" * 5000 + b" <a@x> 1 +0000\ncommitter " + PERSON
    revision = read(repo, head=commit_object(repo, line, b"word " * 9000))[-1]
    assert len(revision.subject) == len(revision.author) == 1000


# --- nothing of one clone alone -------------------------------------------------------------------


def test_replaced_objects_and_grafts_are_not_heeded(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"}, {"a.md": "3"})
    expected = read(repo)
    root, middle, head = (revision.commit for revision in expected)
    repo.git("replace", middle, root)
    assert read(repo) == expected
    repo.git("replace", "--delete", middle)
    (repo.path / ".git/info/grafts").write_text(f"{head} {root}\n")
    assert repo.git("rev-list", "--count", "HEAD") == "2\n"
    assert read(repo) == expected


SETTINGS = (
    "color.ui=always", "core.abbrev=4", "core.quotePath=true", "diff.algorithm=patience",
    "diff.ignoreSubmodules=all", "diff.noprefix=true", "diff.orderFile=/nowhere",
    "diff.relative=true", "diff.renameLimit=1", "diff.renames=copies", "diff.submodule=log",
    "format.pretty=fuller", "i18n.logOutputEncoding=UTF-16", "log.abbrevCommit=true",
    "log.date=relative", "log.decorate=full", "log.diffMerges=combined", "log.follow=true",
    "log.mailmap=true", "log.showRoot=false", "log.showSignature=true", "diff.context=0",
)  # fmt: skip


def test_no_setting_changes_what_is_read(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": LONG, "docs/b.md": LONG[::-1], ".mailmap": "X <x@x> <ada@x>"})
    repo.git("mv", "docs/a.md", "docs/c.md")
    repo.git("mv", "docs/b.md", "docs/d.md")
    repo.commit({"docs/c.md": LONG + "1\n", "docs/d.md": LONG[::-1] + "1\n"}, "Ünï")
    expected = read(repo)
    for setting in SETTINGS:
        repo.git("config", *setting.split("=", 1))
    assert read(repo.path / "docs") == expected
    assert told(expected)[1] == "R docs/a.md>docs/c.md, R docs/b.md>docs/d.md"


CANARIES = (
    "alias.diff-tree", "alias.rev-list", "core.askPass", "core.editor", "core.fsmonitor",
    "core.gitProxy", "core.pager", "core.sshCommand", "credential.helper", "diff.evil.command",
    "diff.evil.textconv", "diff.external", "filter.evil.clean", "filter.evil.process",
    "filter.evil.smudge", "gpg.program", "interactive.diffFilter", "merge.evil.driver",
    "pager.diff-tree", "pager.log", "pager.rev-list", "remote.origin.uploadpack",
    "remote.origin.vcs", "uploadpack.packObjectsHook", "url.ext::sh -c x.insteadOf",
)  # fmt: skip


def test_nothing_a_repository_configures_is_run(make_repo: MakeRepo, tmp_path: Path) -> None:
    repo = make_repo({"a.md": LONG, ".gitattributes": "*.md diff=evil filter=evil merge=evil\n"})
    repo.git("mv", "a.md", "b.md")
    repo.commit({"b.md": LONG + "1\n"})
    lost = repo.git("rev-parse", "@~1:a.md").strip()
    sang = tmp_path / "sang"
    canary = tmp_path / "canary"
    canary.write_text(f"#!/bin/sh\necho $0 $* >> {sang}\n")
    canary.chmod(0o755)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        (repo.path / ".git/hooks").mkdir(exist_ok=True)
        (repo.path / ".git/hooks" / name).symlink_to(canary)
    for name in CANARIES:
        repo.git("config", name, str(canary))
    # As if the content were still on a server that has to be asked for it.
    for setting in ("extensions.partialClone=origin", "remote.origin.promisor=true",
                    f"remote.origin.url=ext::{canary}"):  # fmt: skip
        repo.git("config", *setting.split("=", 1))
    (repo.path / ".git/objects/pack/pack-x.promisor").touch()
    assert told(read(repo)) == ["A a.md", "R a.md>b.md"]
    forget(repo, lost).unlink()
    assert told(read(repo)) == ["A a.md", "D a.md, A b.md"]
    assert not sang.exists()


def test_a_file_that_would_keep_git_waiting_is_refused(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/deep/a.md": LONG, "docs/b.md": ""})
    repo.git("mv", "docs/deep/a.md", "docs/a.md")
    repo.commit({"docs/a.md": LONG + "1\n"})
    for name in ("docs/.gitattributes", ".git/info/attributes"):
        os.mkfifo(repo.path / name)
        with pytest.raises(PlaceError, match="would wait for it"):
            read(repo)
        (repo.path / name).unlink()
    assert len(read(repo)) == 2


# --- what is missing ------------------------------------------------------------------------------


def test_a_shallow_clone_begins_with_everything_there_was(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": "1", "b.md": "1"}, {"b.md": "2"}, {"b.md": "3"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "2", f"file://{repo.path}", clone], check=True)
    assert told(read(clone)) == ["A a.md, A b.md", "M b.md"]
    assert [(revision.parent is None, revision.gap) for revision in read(clone)] == [
        (True, ""), (False, "")
    ]  # fmt: skip


def cloned(repo: Repo, way: str) -> Path:
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = repo.path.parent / "clone"
    subprocess.run(["git", "clone", "-q", way, f"file://{repo.path}", clone], check=True)
    return clone


def test_without_older_content_only_unchanged_files_are_seen_to_move(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": LONG, "b.md": LONG[::-1]})
    repo.git("mv", "a.md", "c.md")
    repo.git("mv", "b.md", "d.md")
    repo.commit({"c.md": LONG + "1\n"})
    repo.commit({"c.md": LONG + "2\n"})
    clone = cloned(repo, "--filter=blob:none")
    objects = sorted((clone / ".git/objects").rglob("*"))
    revisions = read(clone)
    assert told(revisions) == ["A a.md, A b.md", "D a.md, A c.md, R b.md>d.md", "M c.md"]
    assert ["renamed" in revision.gap for revision in revisions] == [False, True, False]
    assert sorted((clone / ".git/objects").rglob("*")) == objects


def test_without_older_trees_the_line_begins_where_it_can_be_read(make_repo: MakeRepo) -> None:
    repo = make_repo(*({"docs/a.md": str(number), "b.md": ""} for number in range(40)))
    revisions = read(cloned(repo, "--filter=tree:0"))
    assert len(revisions) == 40
    assert told(revisions) == [""] * 39 + ["A b.md, A docs/a.md"]
    assert {revision.gap for revision in revisions[:-1]} == {"its files cannot be read"}
    assert revisions[-1].parent is None
    assert "every file counts as added" in revisions[-1].gap


def test_a_missing_or_damaged_tree_is_passed_over(make_repo: MakeRepo) -> None:
    repo = make_repo(*({"a.md": str(n), f"n{n}.md": ""} for n in range(6)))
    whole_line = read(repo)
    for damage in (Path.unlink, lambda path: path.write_bytes(b"")):
        tree = forget(repo, repo.git("rev-parse", "HEAD~3^{tree}").strip())
        kept = tree.read_bytes()
        damage(tree)
        revisions = read(repo)
        assert told(revisions) == ["A a.md, A n0.md", "M a.md, A n1.md", "",
                                   "M a.md, A n2.md, A n3.md", "M a.md, A n4.md",
                                   "M a.md, A n5.md"]  # fmt: skip
        gaps = [bool(revision.gap) for revision in revisions]
        assert gaps == [False, False, True, False, False, False]
        assert revisions[3].parent == revisions[1].commit
        assert revisions[4:] == whole_line[4:]
        tree.write_bytes(kept)
    assert read(repo) == whole_line


def test_a_missing_commit_ends_the_line_there(make_repo: MakeRepo) -> None:
    repo = make_repo(*({"a.md": str(number), "b.md": "1"} for number in range(6)))
    head = repo.git("rev-parse", "HEAD").strip()
    forget(repo, repo.git("rev-parse", "HEAD~3").strip()).unlink()
    revisions = read(repo)
    assert told(revisions) == ["A a.md, A b.md", "M a.md", "M a.md"]
    assert [revision.parent is None for revision in revisions] == [True, False, False]
    assert "cannot be read" in revisions[0].gap
    assert line_of(find_place(str(repo.path)), head) == tuple(r.commit for r in revisions)
    assert read(repo, revisions[0].commit) == revisions[1:]
    only = read(repo, head=revisions[0].commit)
    assert only == revisions[:1]


def test_a_line_that_follows_an_unreadable_commit_is_told_whole(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"}, {"b.md": "1"}, {"b.md": "2"})
    known = repo.git("rev-parse", "HEAD~2").strip()
    forget(repo, repo.git("rev-parse", "HEAD~2^{tree}").strip()).unlink()
    first, second = read(repo, known)
    assert told([first, second]) == ["A a.md, A b.md", "M b.md"]
    assert first.parent is None


def test_an_unreadable_head_is_a_gap_and_a_missing_one_is_refused(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    forget(repo, repo.git("rev-parse", "HEAD^{tree}").strip()).unlink()
    assert [revision.gap for revision in read(repo)] == ["", "its files cannot be read"]
    with pytest.raises(PlaceError, match="git cannot read"):
        read(repo, head="1" * 40)
    with pytest.raises(PlaceError, match="git cannot read"):
        line_of(find_place(str(repo.path)), "1" * 40)


def test_many_unreadable_commits_cost_few_attempts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repo"
    write_history(folder, {"docs/a.md": LONG}, commits=300)
    loosen(folder)
    repo = Repo(folder)
    trees = repo.git("log", "--format=%T").split()
    for tree in trees[50:]:
        forget(folder, tree).unlink(missing_ok=True)
    place, head = find_place(str(folder)), repo.git("rev-parse", "main").strip()
    log = tmp_path / "starts"
    wrap_git(tmp_path / "bin", monkeypatch, f"echo >> {log}")
    revisions = list(read_line(place, head=head))
    assert len(log.read_text()) < 60
    assert len(revisions) == 300
    state: dict[str, str] = {}
    for revision in revisions:
        replay(state, revision)
    assert state == markdown_of(folder, head)


def test_renames_that_take_for_ever_to_find_are_given_up(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": LONG, "b.md": LONG[::-1]})
    for number in range(3):
        repo.git("mv", "a.md" if number == 0 else f"a{number}.md", f"a{number + 1}.md")
        repo.git("mv", "b.md" if number == 0 else f"b{number}.md", f"b{number + 1}.md")
        repo.commit({f"a{number + 1}.md": LONG + f"{number}\n"})
    script = 'case "$*" in *renames=50*) exec sleep 100 ;; esac'
    wrap_git(tmp_path / "bin", monkeypatch, script)
    monkeypatch.setattr(git, "LIMIT_S", 0.5)
    revisions = read(repo)
    assert told(revisions)[1:] == [
        "D a.md, A a1.md, R b.md>b1.md", "D a1.md, A a2.md, R b1.md>b2.md",
        "D a2.md, A a3.md, R b2.md>b3.md",
    ]  # fmt: skip
    assert [bool(revision.gap) for revision in revisions] == [False, True, True, True]


def test_a_git_that_talks_nonsense_is_not_believed(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": "1"}, {"a.md": "2"})
    script = "case \"$*\" in *diff-tree*) printf ':1 2 3 4 M\\0a.md\\0x\\0'; exit ;; esac"
    wrap_git(tmp_path / "bin", monkeypatch, script)
    assert told(read(repo)) == ["A a.md", ""]
    assert all(revision.gap for revision in read(repo))


def test_a_name_without_end_costs_its_commit_alone(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": "1"})
    blob, before = repo.git("rev-parse", "@:a.md", "HEAD").split()
    name = b"x" * 3_000_000
    tree = raw_object(repo, "tree", b"100644 %s.md\0%s" % (name, bytes.fromhex(blob)))
    commit = raw_object(
        repo,
        "commit",
        b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\nx"
        % (tree.encode(), before.encode(), PERSON, PERSON),
    )
    repo.git("update-ref", "HEAD", commit)
    assert told(read(repo)) == ["A a.md", ""]
    assert read(repo)[-1].gap
    repo.git("read-tree", before)
    last = repo.commit({"b.md": "1"})
    assert told(read(repo)) == ["A a.md", "", "A b.md"]
    assert markdown_of(repo.path, last).keys() == {"a.md", "b.md"}


# --- any history ----------------------------------------------------------------------------------

NAMES = ["a.md", "b.md", "B.MD", "docs/a.md", "docs/plan.markdown", "docs/deep/c.md", "x.py",
         "docs/y.txt", "a.md.md/z.md", "docs/caf\udce9.md", "note.txt"]  # fmt: skip
State = dict[str, tuple[str, bytes]]


def edited(before: State, chance: random.Random, number: int) -> State:
    """Change, add, remove, move, link or restore some files."""
    state = dict(before)
    for _ in range(chance.randint(0, 4)):
        name = chance.choice(NAMES)
        text = b"".join(b"%d of %d\n" % (chance.randint(0, 3), line) for line in range(12))
        kind = chance.choice(["write", "write", "write", "edit", "edit", "remove", "move", "odd"])
        if kind == "edit" and name in state:
            state[name] = (state[name][0], state[name][1] + b"%d\n" % number)
        elif kind == "remove":
            state.pop(name, None)
        elif kind == "move" and name in state:
            other = chance.choice(NAMES)
            state[other] = state.pop(name)
        elif kind == "odd":
            state[name] = chance.choice([("120000", b"a.md"), ("100755", text)])
        elif kind == "write":
            state[name] = ("100644", text)
    return state


def write_random_history(repo: Repo, seed: int, commits: int) -> None:
    """Import a history of several branches with merges, the newest commit being HEAD's."""
    chance = random.Random(seed)  # noqa: S311 -- the same history every time
    states: list[State] = []
    stream = []
    for number in range(commits):
        parents: list[int] = []
        if states:
            near = range(max(0, len(states) - 6), len(states))
            parents = chance.sample(near, min(len(near), chance.choice([1, 1, 1, 2, 3])))
        if chance.random() < 0.02:
            parents = []  # another root
        state = edited(states[parents[0]] if parents else {}, chance, number)
        for other in parents[1:]:
            state |= dict(chance.sample(sorted(states[other].items()), len(states[other]) // 2))
        states.append(state)
        head = f"commit refs/heads/main\nmark :{number + 1}\ncommitter A <a@x> {number} +0000\n"
        head += "data 1\nx\n" + "".join(
            f"{'merge' if at else 'from'} :{parent + 1}\n" for at, parent in enumerate(parents)
        )
        if not parents and number:
            stream.append(b"reset refs/heads/main\n")
        stream.append(head.encode() + b"deleteall\n")
        for name, (mode, data) in state.items():
            stream.append(b"M %s inline " % mode.encode() + os.fsencode(name))
            stream.append(b"\ndata %d\n%s\n" % (len(data), data))
        stream.append(b"\n")
    command = ["git", "-C", str(repo.path), "fast-import", "--quiet", "--force"]
    subprocess.run(command, check=True, input=b"".join(stream))


@pytest.mark.parametrize("seed", range(8))
def test_replaying_a_history_gives_every_tree_of_its_line(make_repo: MakeRepo, seed: int) -> None:
    repo = make_repo()
    write_random_history(repo, seed, 60)
    line = repo.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
    revisions = read(repo)
    revision_by_commit = {revision.commit: revision for revision in revisions}
    assert [commit for commit in line if commit in revision_by_commit] == [
        revision.commit for revision in revisions
    ]
    state: dict[str, str] = {}
    for commit in line:
        if commit in revision_by_commit:
            replay(state, revision_by_commit[commit])
        assert state == markdown_of(repo.path, commit), commit
    for at in range(0, len(revisions), 7):
        assert read(repo, revisions[at].commit) == revisions[at + 1 :]
    assert line_of(find_place(str(repo.path)), line[-1]) == tuple(line)


@pytest.mark.parametrize("seed", range(4))
def test_replaying_a_damaged_history_ends_at_the_same_tree(make_repo: MakeRepo, seed: int) -> None:
    repo = make_repo()
    write_random_history(repo, seed, 60)
    line = repo.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
    chance = random.Random(seed)  # noqa: S311 -- the same history every time
    loosen(repo.path)
    sound = {entry.split()[2] for entry in repo.git("ls-tree", "-rt", line[-1]).splitlines()}
    sound.add(repo.git("rev-parse", f"{line[-1]}^{{tree}}").strip())
    for commit in chance.sample(line[:-1], len(line) // 4):
        tree = repo.git("rev-parse", f"{commit}^{{tree}}").strip()
        path = repo.path / ".git/objects" / tree[:2] / tree[2:]
        if tree not in sound:
            path.unlink(missing_ok=True)
    revisions = read(repo)
    assert any(revision.gap for revision in revisions)
    state: dict[str, str] = {}
    for revision in revisions:
        replay(state, revision)
    assert state == markdown_of(repo.path, line[-1])


def test_portions_make_no_difference(make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo()
    write_random_history(repo, 5, 60)
    expected = read(repo)
    monkeypatch.setattr(changes, "PORTION", 3)
    assert read(repo) == expected


def test_a_corpus_is_replayed_to_its_last_tree(corpus: Path, tmp_path: Path) -> None:
    bundles: Sequence[Path] = sorted(corpus.glob("*.bundle"))
    for bundle in bundles:
        clone = tmp_path / bundle.stem
        subprocess.run(["git", "clone", "-q", "--bare", bundle, clone / ".git"], check=True)
        subprocess.run(["git", "-C", clone, "config", "core.bare", "false"], check=True)
        state: dict[str, str] = {}
        for revision in read(clone):
            replay(state, revision)
        assert state == markdown_of(clone, "HEAD")
    assert bundles
