"""Repositories that mean harm: their history is read like any other, and nothing of theirs runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from history_samples import Known, assert_books_balance, ids, known, pending, told
from sync_samples import Here

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]
NAMES = (
    "a\nb.md", 'q"uo\'te.md', "tab\t.md", "$(touch sang).md", "-rf.md", ":(glob)x.md", "*.md",
    "\x1b[31mred.md", "fol\nder/x.md", "%s.md", "back\\slash.md", " lead.md", "trail .md", "ü.md",
)  # fmt: skip
SETTINGS = (
    "color.ui=always", "core.abbrev=4", "core.quotePath=true", "diff.noprefix=true",
    "diff.renames=false", "diff.renameLimit=1", "diff.relative=true", "format.pretty=fuller",
    "i18n.logOutputEncoding=UTF-16", "log.showSignature=true", "log.follow=true",
    "log.date=relative", "log.diffMerges=combined", "status.renames=false", "core.ignoreCase=true",
)  # fmt: skip
CANARIES = (
    "core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass",
    "core.gitProxy", "core.alternateRefsCommand", "diff.external", "diff.evil.textconv",
    "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process",
    "gpg.program", "credential.helper", "interactive.diffFilter", "pager.log", "pager.rev-list",
    "remote.origin.uploadpack", "uploadpack.packObjectsHook", "merge.evil.driver",
)  # fmt: skip
HOOKS = ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc")


def checklist(*tasks: str, title: str = "Tides") -> str:
    """Write a design doc with these tasks, each "x words" or "words"."""
    boxes = "\n".join(f"- [x] {t[2:]}" if t.startswith("x ") else f"- [ ] {t}" for t in tasks)
    return f"# {title}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


def read_anew(here: Here) -> Known:
    """Forget everything, and read it in one go."""
    shutil.rmtree(here.path / ".plan-history", ignore_errors=True)
    here.refresh()
    assert_books_balance(here)
    return known(here)


def raw_commit(repo: Repo, person: bytes, message: bytes, extra: bytes = b"") -> None:
    """Commit the index in a way git itself would not."""
    repo.git("add", "--all")
    tree, head = repo.git("write-tree").encode(), repo.git("rev-parse", "HEAD").encode()
    lines = (b"tree " + tree, b"parent " + head, b"author " + person + b"\n",
             b"committer " + person + b"\n", extra, b"\n", message)  # fmt: skip
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    made = subprocess.run(
        command, cwd=repo.path, input=b"".join(lines), capture_output=True, check=True
    )
    repo.git("update-ref", "HEAD", made.stdout.decode().strip())


# --- names and words ------------------------------------------------------------------------------


def test_names_of_any_bytes_are_followed_through_edits_and_renames(make_repo: MakeRepo) -> None:
    repo = make_repo({"README.md": "# Harbour\n"})
    bytes_name = os.fsdecode(b"by\xfft\xfees.md")
    names = [*NAMES, bytes_name]
    before = {name: checklist(f"Do {at}", f"Then {at}", title=str(at))
              for at, name in enumerate(names)}  # fmt: skip
    after = {name: text.replace("- [ ] Do", "- [x] Do") for name, text in before.items()}
    moved = {f"moved/{name}".replace("fol\n", "fal\n"): text for name, text in after.items()}
    here = Here(repo.path)
    for files in (before, after, dict.fromkeys(after) | moved):
        repo.commit(files)
        here.refresh()
        assert pending(here) == []
    assert [kind for kind, _, _ in told(here)] == ["added"] * 2 * len(names) + ["ticked"] * len(
        names
    )
    assert len(ids(here, f"moved/{bytes_name}")) == 2
    by_steps = known(here)
    assert read_anew(here) == by_steps


@pytest.mark.parametrize(
    ("person", "message", "extra"),
    [
        (b"Ev\x1b[31mil\x07\x9b <x\x1b@y> 1767355200 +9999", b"\x1b[2J\x1b]0;x\x07\x9b31m\n", b""),
        (b"A <a@x> 1767355200 +0000", b"z" * 3_000_000, b""),
        (b"A" * 3_000_000 + b" <a@x> 1767355200 +0000", b"\n\n", b""),
        (b"A <a@x> 99999999999999999999 -9999", b"commit " + b"1" * 40 + b"\n\x00:1 2", b""),
        (b"Zo\xeb <a@x> -5 x", b"caf\xe9", b"encoding UTF-7\n"),
        (b"+AAo-committer X <x> 1 +0000", b"a+AAo-b", b"encoding UTF-7\nmergetag +AAo-\n"),
    ],
)
def test_authors_and_messages_of_any_bytes_shift_nothing(
    make_repo: MakeRepo, person: bytes, message: bytes, extra: bytes
) -> None:
    repo = make_repo({"a.md": checklist("Look", "Listen")})
    repo.write({"a.md": checklist("x Look", "Listen")})
    raw_commit(repo, person, message, extra)
    repo.commit({"a.md": checklist("x Look", "x Listen")})
    here = Here(repo.path)
    by_steps = read_anew(here)
    assert [change[::2] for change in told(here)[2:]] == [("ticked", "Look"), ("ticked", "Listen")]
    with here.open() as store:
        revisions = [entry.revision for entry in store.past.changes()]
    assert max(len(one.author) for one in revisions) <= 1000
    assert max(len(one.subject) for one in revisions) <= 1000
    assert read_anew(here) == by_steps


def test_a_document_that_was_too_long_once_is_followed_around_that(make_repo: MakeRepo) -> None:
    text = checklist("Look", "Listen")
    repo = make_repo({"a.md": text}, {"a.md": text + "x" * 9_000_000}, {"a.md": text})
    here = Here(repo.path)
    read_anew(here)
    assert [change[:2] for change in told(here)] == [
        ("added", "open"), ("added", "open"),
        ("removed", "document removed"), ("removed", "document removed"),
        ("added", "restored"), ("added", "restored"),
    ]  # fmt: skip


# --- configuration --------------------------------------------------------------------------------


def test_nothing_a_repository_configures_is_run_or_changes_what_is_read(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    attributes = "*.md diff=evil filter=evil merge=evil -text\n"
    repo = make_repo({"docs/a.md": checklist("Look", "Listen"), ".gitattributes": attributes})
    repo.git("mv", "docs/a.md", "docs/b.md")
    repo.commit({"docs/b.md": checklist("x Look", "Listen")})
    repo.write({"docs/b.md": checklist("x Look", "x Listen")})
    here = Here(repo.path)
    before = read_anew(here)
    sang, canary = tmp_path / "sang", tmp_path / "canary"
    canary.write_text(f"#!/bin/sh\necho $0 $* >> {sang}\n")
    canary.chmod(0o755)
    for name in HOOKS:
        (repo.path / ".git/hooks").mkdir(exist_ok=True)
        (repo.path / ".git/hooks" / name).symlink_to(canary)
    for setting in SETTINGS:
        repo.git("config", *setting.split("=", 1))
    for name in CANARIES:
        repo.git("config", name, str(canary))
    sang.unlink(missing_ok=True)
    assert read_anew(here) == before
    here.refresh(rebuild=True)
    assert known(here) == before
    assert not sang.exists()
