"""A document is replaced as it was read, whole and with all that is not content, or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

import pytest

from plantrack import repo
from plantrack.errors import WriteRefused
from plantrack.repo import leftovers, replacing
from plantrack.repo.exchange import exchange
from plantrack.repo.replacing import ChangedOnDisk, create_document, replace_document

OLD = b"# Berths\n\n- [ ] Dig\n- [ ] Fill\n"
NEW = OLD.replace(b"[ ] Dig", b"[x] Dig")
LONGER = OLD + b"- [ ] Pave\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a call that Linux alone has")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_PATIENCE_S", "FOLDER_PATIENCE_S", "WRITER_PATIENCE_S"):
        monkeypatch.setattr(replacing, name, 0.05)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "plan.md"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def top_of(document: Path) -> Path:
    return document.parents[1]


def source_of(document: Path) -> repo.Source:
    place = repo.find_place(str(top_of(document)))
    found = repo.read_document(place, "docs/plan.md", max_bytes=1 << 20)
    assert isinstance(found, repo.Source)
    return found


def replace(
    document: Path,
    data: bytes = NEW,
    source: repo.Source | None = None,
    place: repo.Place | None = None,
) -> None:
    place = place or repo.find_place(str(top_of(document)))
    replace_document(place, source or source_of(document), data)


def refusal(document: Path, data: bytes = NEW, source: repo.Source | None = None) -> WriteRefused:
    with pytest.raises(WriteRefused) as caught:
        replace(document, data, source)
    return caught.value


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def names(document: Path) -> list[str]:
    return listed(document.parent)


# --- what stays -----------------------------------------------------------------------------------


@pytest.fixture(params=["exchanged", "replaced"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways in which a document is written beside the old one."""
    if request.param == "replaced":
        monkeypatch.setattr(replacing, "exchange", lambda *_: False)
    elif sys.platform != "linux":
        pytest.skip("a call that Linux alone has")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_document_is_replaced_and_nothing_is_left_behind(document: Path) -> None:
    replace(document, LONGER)
    assert document.read_bytes() == LONGER
    assert names(document) == ["plan.md"]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_its_mode_stays(document: Path, mode: int) -> None:
    document.chmod(mode)
    replace(document)
    assert stat.S_IMODE(document.stat().st_mode) == mode


@pytest.mark.usefixtures("way")
def test_its_attributes_stay(document: Path) -> None:
    try:
        os.setxattr(document, "user.origin", b"somewhere")
    except (OSError, AttributeError):
        pytest.skip("no attributes here")
    replace(document)
    assert os.getxattr(document, "user.origin") == b"somewhere"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.usefixtures("way")
def test_its_owner_stays(document: Path) -> None:
    os.chown(document, 1234, 2345)
    replace(document)
    found = document.stat()
    assert (found.st_uid, found.st_gid) == (1234, 2345)


def test_all_its_names_lead_to_the_new_content(document: Path) -> None:
    other = document.with_name("other.md")
    other.hardlink_to(document)
    replace(document)
    assert other.read_bytes() == NEW
    assert other.samefile(document)


def test_a_document_with_several_names_is_not_made_longer(document: Path) -> None:
    document.with_name("other.md").hardlink_to(document)
    assert "several names" in refusal(document, LONGER).message
    assert document.read_bytes() == OLD


def test_a_document_below_a_linked_folder_is_written_where_it_is(document: Path) -> None:
    link = top_of(document) / "link"
    link.symlink_to("docs")
    place = repo.find_place(str(top_of(document)))
    source = repo.read_document(place, "link/plan.md", max_bytes=1 << 20)
    assert isinstance(source, repo.Source)
    replace_document(place, source, NEW)
    assert document.read_bytes() == NEW
    assert link.is_symlink()


def test_a_document_below_a_link_that_leads_out_is_not_written(document: Path) -> None:
    source = source_of(document)
    away = top_of(document).parent / "away"
    away.mkdir()
    document.parent.rename(away / "docs")
    (top_of(document) / "docs").symlink_to(away / "docs")
    assert "leads out" in refusal(document, source=source).message
    assert document.read_bytes() == OLD


# --- where the old document cannot be kept aside --------------------------------------------------


def fail_with(code: int) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


def test_an_owner_that_cannot_be_kept_is_kept_by_writing_in_place(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inode = document.stat().st_ino
    monkeypatch.setattr(os, "fchmod", fail_with(errno.EPERM))
    replace(document)
    assert (document.read_bytes(), document.stat().st_ino) == (NEW, inode)
    assert names(document) == ["plan.md"]
    assert "owner" in refusal(document, LONGER).message


def test_a_folder_that_cannot_be_written_is_no_hindrance_to_one_byte(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def guarded(path: str, flags: int, *rest: int, **where: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, flags, *rest, **where)

    monkeypatch.setattr(os, "open", guarded)
    replace(document)
    assert document.read_bytes() == NEW
    assert "folder cannot be written" in refusal(document, LONGER).message


def test_a_write_in_place_that_fails_is_taken_back(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.with_name("other.md").hardlink_to(document)
    monkeypatch.setattr(os, "fsync", fail_with(errno.EIO))
    assert "Input/output error" in refusal(document).message
    assert document.read_bytes() == OLD


def test_a_document_saved_before_it_is_written_in_place_is_left(document: Path) -> None:
    source = source_of(document)
    document.with_name("other.md").hardlink_to(document)
    document.write_bytes(LONGER)
    with pytest.raises(ChangedOnDisk):
        replace(document, source=source)
    assert document.read_bytes() == LONGER


# --- what is refused ------------------------------------------------------------------------------


def test_a_read_only_document_is_not_written(document: Path) -> None:
    document.chmod(0o444)
    assert "read-only" in refusal(document).message
    assert document.read_bytes() == OLD


def test_what_is_no_file_any_more_is_not_written(document: Path) -> None:
    source = source_of(document)
    document.unlink()
    with pytest.raises(ChangedOnDisk, match="not there"):
        replace(document, source=source)
    os.mkfifo(document)
    assert "a FIFO" in refusal(document, source=source).message


def test_nothing_is_written_while_git_holds_its_index(document: Path) -> None:
    top = top_of(document)
    subprocess.run(["git", "init", "--quiet", top], check=True)
    lock = top / ".git" / "index.lock"
    lock.touch()
    error = refusal(document)
    assert str(lock) in error.message
    lock.unlink()
    replace(document)
    assert document.read_bytes() == NEW


def test_a_folder_another_one_writes_in_is_waited_for(document: Path) -> None:
    handle = os.open(document.parent, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert "another program has been writing" in refusal(document).message
    os.close(handle)
    replace(document)
    assert document.read_bytes() == NEW


@LINUX
def test_a_document_that_is_being_written_is_waited_for(document: Path) -> None:
    with document.open("r+b"):
        assert "open for writing" in refusal(document).message
    with document.open("rb"):
        replace(document)
    assert document.read_bytes() == NEW


@pytest.mark.parametrize("other", [LONGER, OLD[:-1], b"", NEW])
def test_a_document_that_was_saved_since_is_left(document: Path, other: bytes) -> None:
    source = source_of(document)
    document.write_bytes(other)
    with pytest.raises(ChangedOnDisk):
        replace(document, source=source)
    assert document.read_bytes() == other
    assert names(document) == ["plan.md"]


# --- what others save meanwhile -------------------------------------------------------------------


def save(document: Path, data: bytes) -> None:
    scratch = document.with_name("editor~")
    scratch.write_bytes(data)
    scratch.replace(document)


@pytest.mark.parametrize("saves", [1, 2, 3])
@LINUX
def test_a_save_in_the_last_moment_is_given_back(
    document: Path, saves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves just before each of the first exchanges: the last save stays."""
    left = list(range(saves))

    def late(folder: int, one: str, other: str) -> bool:
        if left:
            save(document, OLD + b"- [ ] Saved %d\n" % left.pop(0))
        return exchange(folder, one, other)

    monkeypatch.setattr(replacing, "exchange", late)
    with pytest.raises(ChangedOnDisk):
        replace(document)
    assert document.read_bytes() == OLD + b"- [ ] Saved %d\n" % (saves - 1)
    assert names(document) == ["plan.md"]


def test_a_save_before_a_plain_replacement_is_left(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object) -> bool:
        save(document, LONGER)
        return False

    monkeypatch.setattr(replacing, "exchange", late)
    with pytest.raises(ChangedOnDisk):
        replace(document)
    assert document.read_bytes() == LONGER


@LINUX
def test_a_save_under_way_in_the_last_moment_is_given_back(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody opened the document just before the exchange, and writes just after it."""
    writers: list[IO[bytes]] = []

    def late(folder: int, one: str, other: str) -> bool:
        if not writers:
            writers.append(document.open("r+b"))
        return exchange(folder, one, other)

    monkeypatch.setattr(replacing, "exchange", late)
    assert "open for writing" in refusal(document).message
    with writers[0] as writer:
        writer.write(b"# Ports ")
    assert document.read_bytes() == OLD.replace(b"# Berths", b"# Ports ")


def test_saves_and_replacements_side_by_side_lose_nothing(document: Path) -> None:
    """One replaces, another saves whole documents: nothing of either is lost or comes twice."""
    stop = threading.Event()
    saved: list[bytes] = []

    def edit() -> None:
        handle = os.open(document.parent, os.O_RDONLY)
        while not stop.wait(0.002):  # as soon as an editor could read what it saved, and no sooner
            mark = b"\nsaved %d" % len(saved)
            if edited(document, handle, mark):
                saved.append(mark)
        os.close(handle)

    if not exchange_works(document):
        pytest.skip("names cannot be exchanged here")
    editor = threading.Thread(target=edit)
    editor.start()
    made = []
    try:
        for number in range(60):
            with suppress(WriteRefused):
                source = source_of(document)
                mark = b"\nmade %d" % number
                replace(document, source.data + mark, source)
                made.append(mark)
    finally:
        stop.set()
        editor.join()
    found = document.read_bytes().split(b"\n")
    assert made
    for mark in (*made, *saved):
        assert found.count(mark[1:]) == 1


def edited(document: Path, folder: int, mark: bytes) -> bool:
    """Save a document with something more, unless it was replaced meanwhile."""
    before = document.read_bytes()
    scratch = document.with_name("editor~")
    scratch.write_bytes(before + mark)
    exchange(folder, "editor~", "plan.md")
    if scratch.read_bytes() == before:
        return True
    exchange(folder, "editor~", "plan.md")
    latest = scratch.read_bytes()
    if latest == before + mark:
        return False
    exchange(folder, "editor~", "plan.md")  # what was saved was replaced, in all haste
    return mark in latest


def exchange_works(document: Path) -> bool:
    handle = os.open(document.parent, os.O_RDONLY)
    document.with_name("a").touch()
    document.with_name("b").touch()
    try:
        return exchange(handle, "a", "b")
    finally:
        os.close(handle)


# --- what was left behind -------------------------------------------------------------------------


def left_by(document: Path, old: bytes, new: bytes, content: bytes) -> Path:
    name = leftovers.name_of(f"{leftovers.PREFIX}{'0' * 12}{leftovers.SUFFIX}", "plan.md", old, new)
    path = document.with_name(name)
    path.write_bytes(content)
    return path


def test_what_a_killed_writer_left_is_cleared_away(document: Path) -> None:
    half = document.with_name(f"{leftovers.PREFIX}{'a' * 12}{leftovers.SUFFIX}")
    half.write_bytes(OLD[:5])
    left_by(document, OLD, NEW, NEW)
    replace(document, LONGER)
    assert names(document) == ["plan.md"]
    assert document.read_bytes() == LONGER


@LINUX
def test_a_save_that_a_killed_writer_held_is_given_back(document: Path) -> None:
    left_by(document, OLD, NEW, LONGER)
    source = source_of(document)
    document.write_bytes(NEW)
    with pytest.raises(ChangedOnDisk):
        replace(document, source=source)
    assert document.read_bytes() == LONGER
    assert names(document) == ["plan.md"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_save_that_was_held_and_is_out_of_date_is_left(document: Path, is_there: object) -> None:
    left = left_by(document, OLD, NEW, LONGER)
    if is_there:
        replace(document)
    else:
        document.rename(document.with_name("other.md"))
        handle = os.open(document.parent, os.O_RDONLY)
        leftovers.sweep(handle, is_alone=True)
        os.close(handle)
    assert left.read_bytes() == LONGER


def test_what_somebody_may_still_be_at_is_left(document: Path) -> None:
    left = left_by(document, OLD, NEW, NEW)
    folder = document.with_name(f"{leftovers.PREFIX}{'b' * 12}{leftovers.SUFFIX}")
    folder.mkdir()
    handle = os.open(document.parent, os.O_RDONLY)
    leftovers.sweep(handle, is_alone=False)
    assert left.exists()
    os.utime(left, (0, 0))
    leftovers.sweep(handle, is_alone=False)
    os.close(handle)
    assert not left.exists()
    assert folder.exists()


def test_a_save_that_was_held_is_left_where_names_cannot_be_exchanged(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by(document, OLD, NEW, LONGER)
    document.write_bytes(NEW)
    monkeypatch.setattr(leftovers, "exchange", lambda *_: False)
    handle = os.open(document.parent, os.O_RDONLY)
    leftovers.sweep(handle, is_alone=True)
    os.close(handle)
    assert left.read_bytes() == LONGER


# --- what fails -----------------------------------------------------------------------------------

CALLS = ("open", "write", "fsync", "rename", "fchmod", "lstat", "fstat", "listdir", "pwrite")
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES)


@pytest.fixture(params=CODES, ids=errno.errorcode.get)
def code(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def failing(name: str, at: int, code: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let one call of many fail; give a list that counts them."""
    real = getattr(os, name)
    calls: list[int] = []

    def call(*arguments: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == at:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    monkeypatch.setattr(os, name, call)
    return calls


def told_by(work: Callable[[], None]) -> str:
    """Say with what a write was refused; "" it was not."""
    try:
        work()
    except WriteRefused as error:
        return error.message
    return ""


@pytest.mark.parametrize("name", CALLS)
def test_a_document_is_old_or_new_whatever_fails(
    document: Path, name: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, 12):
        document.write_bytes(OLD)
        source, place = source_of(document), repo.find_place(str(top_of(document)))
        with monkeypatch.context() as patched:
            calls = failing(name, at, code, patched)
            told = told_by(partial(replace, document, NEW, source, place))
        assert document.read_bytes() == (OLD if told else NEW)
        assert os.strerror(code) in (told or os.strerror(code))
        assert [one for one in names(document) if one.endswith(".md")] == ["plan.md"]
        if len(calls) < at:
            break
    replace(document, LONGER)
    assert names(document) == ["plan.md"]


def test_an_exchange_that_fails_is_told(document: Path) -> None:
    handle = os.open(document.parent, os.O_RDONLY)
    try:
        if sys.platform == "linux":
            with pytest.raises(FileNotFoundError):
                exchange(handle, "nowhere.md", "plan.md")
    finally:
        os.close(handle)
    assert document.read_bytes() == OLD


# --- new documents --------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> repo.Place:
    return repo.find_place(str(tmp_path))


def test_a_document_is_made_with_its_folders(place: repo.Place, tmp_path: Path) -> None:
    create_document(place, "docs/design/0001-berths.md", NEW)
    assert (tmp_path / "docs/design/0001-berths.md").read_bytes() == NEW
    assert listed(tmp_path / "docs/design") == ["0001-berths.md"]


def test_a_new_document_has_the_mode_of_any_new_file(place: repo.Place, tmp_path: Path) -> None:
    (tmp_path / "other.md").touch()
    create_document(place, "plan.md", NEW)
    assert (tmp_path / "plan.md").stat().st_mode == (tmp_path / "other.md").stat().st_mode


def test_nothing_is_overwritten(place: repo.Place, document: Path) -> None:
    with pytest.raises(WriteRefused, match="is there already"):
        create_document(place, "docs/plan.md", NEW)
    assert document.read_bytes() == OLD
    assert names(document) == ["plan.md"]


def test_a_document_is_not_made_out_of_the_repository(place: repo.Place, tmp_path: Path) -> None:
    away = tmp_path.parent / f"{tmp_path.name}-away"
    away.mkdir()
    (tmp_path / "link").symlink_to(away)
    with pytest.raises(WriteRefused, match="leads out"):
        create_document(place, "link/deep/plan.md", NEW)
    assert listed(away) == []


def test_a_document_is_made_where_there_are_no_links(
    place: repo.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", fail_with(errno.EPERM))
    create_document(place, "plan.md", NEW)
    assert (tmp_path / "plan.md").read_bytes() == NEW
    with pytest.raises(WriteRefused, match="is there already"):
        create_document(place, "plan.md", OLD)


def test_a_new_document_that_cannot_be_written_leaves_nothing(
    place: repo.Place, tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", fail_with(errno.EIO))
    with pytest.raises(WriteRefused, match="Input/output error"):
        create_document(place, "plan.md", NEW)
    monkeypatch.undo()
    monkeypatch.setattr(os, "write", fail_with(code))
    with pytest.raises(WriteRefused):
        create_document(place, "plan.md", NEW)
    assert listed(tmp_path) == []
