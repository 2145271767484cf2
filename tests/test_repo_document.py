from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Repo
from plantrack.core.model import Finding
from plantrack.repo import Place, Source, files, find_place, read_document, stamp
from plantrack.repo.document import blob_name

MIB = 1 << 20


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "top"
    folder.mkdir()
    return folder


def read(top: Path, path: str, *, max_bytes: int = MIB) -> Source | Finding:
    return read_document(find_place(str(top)), path, max_bytes=max_bytes)


def data(top: Path, path: str) -> bytes:
    source = read(top, path)
    assert isinstance(source, Source), source
    return source.data


def code(top: Path, path: str, *, max_bytes: int = MIB) -> str:
    finding = read(top, path, max_bytes=max_bytes)
    assert isinstance(finding, Finding), finding
    assert (finding.path, finding.line) == (path, 0)
    return finding.code


# --- bytes ----------------------------------------------------------------------------------------


def test_a_document_is_its_bytes_its_stamp_and_its_blob(make_repo: Callable[..., Repo]) -> None:
    content = b"\xef\xbb\xbf# A\r\n\x00\xff"
    repo = make_repo({"docs/a.md": content})
    place = find_place(str(repo.path))
    taken = stamp(place, "docs/a.md")
    assert taken is not None
    assert read_document(place, "docs/a.md", max_bytes=MIB) == Source(
        path="docs/a.md",
        data=content,
        stamp=taken,
        blob=repo.git("rev-parse", "HEAD:docs/a.md").strip(),
    )


@given(st.binary(max_size=100))
def test_a_blob_has_the_name_git_gives_it(content: bytes) -> None:
    # The length and a NUL are hashed with the bytes: neither may be mistaken for the other.
    assert len(blob_name(content)) == 40
    assert blob_name(content) != blob_name(content + b"\0")


def test_the_empty_blob_has_its_well_known_name() -> None:
    assert blob_name(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def test_a_large_document_is_read_whole(top: Path) -> None:
    content = os.urandom(300_000)
    (top / "a.md").write_bytes(content)
    assert data(top, "a.md") == content


def test_the_limit_is_the_last_size_that_is_read(top: Path) -> None:
    (top / "a.md").write_bytes(b"x" * 100)
    assert isinstance(read(top, "a.md", max_bytes=100), Source)
    assert code(top, "a.md", max_bytes=99) == "too-large"


def test_a_document_beyond_the_limit_says_how_to_read_it(top: Path) -> None:
    (top / "a.md").write_bytes(b"x" * (2 * MIB + 1))
    assert read(top, "a.md") == Finding(
        "a.md",
        0,
        "too-large",
        "2,049 KiB is more than the 1,024 KiB a document may have: not read; "
        "raise max_document_kib to read it",
    )


def test_a_sparse_terabyte_is_never_read(top: Path) -> None:
    with (top / "a.md").open("wb") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            file.truncate(1 << 33)  # as large as some file systems let a file be
    assert code(top, "a.md") == "too-large"


def test_a_document_that_grows_past_the_limit_while_it_is_read_is_too_large(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "a.md").write_bytes(b"x" * 10)
    really = files.read_up_to

    def growing(handle: int, max_bytes: int) -> bytes:
        (top / "a.md").write_bytes(b"x" * 200)
        return really(handle, max_bytes)

    monkeypatch.setattr("plantrack.repo.document.read_up_to", growing)
    assert code(top, "a.md", max_bytes=100) == "too-large"


@pytest.mark.parametrize(("writes", "settled"), [(1, True), (2, True), (3, False)])
def test_a_document_written_to_while_it_is_read_is_read_again(
    top: Path, monkeypatch: pytest.MonkeyPatch, writes: int, *, settled: bool
) -> None:
    path = top / "a.md"
    path.write_text("torn")
    really, left = files.read_up_to, list(range(writes))

    def busy(handle: int, max_bytes: int) -> bytes:
        found = really(handle, max_bytes)
        if left:
            path.write_text("x" * (10 + left.pop()))
        return found

    monkeypatch.setattr("plantrack.repo.document.read_up_to", busy)
    if settled:
        assert data(top, "a.md") == b"x" * 10
        assert stamp(find_place(str(top)), "a.md") == getattr(read(top, "a.md"), "stamp", None)
    else:
        assert code(top, "a.md") == "changing"


# --- what cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["gone.md", "gone/a.md", "file/a.md", "a\0b.md", "dangling.md"])
def test_a_document_that_is_not_there_is_gone(top: Path, path: str) -> None:
    (top / "file").touch()
    (top / "dangling.md").symlink_to("nowhere.md")
    assert code(top, path) == "gone"


def test_what_is_no_regular_file_is_not_opened(top: Path) -> None:
    os.mkfifo(top / "fifo.md")
    (top / "folder.md").mkdir()
    (top / "loop.md").symlink_to("loop.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(top / "s.md"))
    messages = {}
    for path in ("fifo.md", "folder.md", "loop.md", "s.md"):
        assert code(top, path) == "not-a-file"
        finding = read(top, path)
        assert isinstance(finding, Finding)
        messages[path] = finding.message.split("it is ")[1].split(":")[0]
    assert messages == {
        "fifo.md": "a FIFO", "folder.md": "a folder", "loop.md": "a link", "s.md": "a socket"
    }  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_not_opened(top: Path) -> None:
    try:
        os.mknod(top / "zero.md", 0o020666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no devices may be made here")
    assert code(top, "zero.md") == "not-a-file"


def test_a_file_that_becomes_a_fifo_between_look_and_open_does_not_keep_us_waiting(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / "a.md").write_text("# A")
    really = files.open_regular

    def swapped(path: str) -> int:
        Path(path).unlink()
        os.mkfifo(path)
        return really(path)

    monkeypatch.setattr("plantrack.repo.document.open_regular", swapped)
    assert code(top, "a.md") == "not-a-file"


def test_a_file_that_becomes_a_link_between_look_and_open_is_not_followed(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("secret")
    (top / "a.md").write_text("# A")
    really = files.open_regular

    def swapped(path: str) -> int:
        Path(path).unlink()
        Path(path).symlink_to(tmp_path / "secret")
        return really(path)

    monkeypatch.setattr("plantrack.repo.document.open_regular", swapped)
    assert code(top, "a.md") == "unreadable"


def test_a_document_that_may_not_be_read_says_so(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: str) -> int:
        raise PermissionError(13, "Permission denied")

    (top / "a.md").write_text("# A")
    monkeypatch.setattr("plantrack.repo.document.open_regular", denied)
    expected = Finding("a.md", 0, "unreadable", "it cannot be read: Permission denied")
    assert read(top, "a.md") == expected


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing can be denied to root")
def test_a_denied_document_is_unreadable(top: Path) -> None:
    (top / "a.md").write_text("# A")
    (top / "a.md").chmod(0)
    assert code(top, "a.md") == "unreadable"


def test_a_disk_that_fails_while_reading_is_a_finding(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int, __: int) -> bytes:
        raise OSError(5, "Input/output error")

    (top / "a.md").write_text("# A")
    monkeypatch.setattr("plantrack.repo.document.read_up_to", broken)
    assert code(top, "a.md") == "unreadable"


# --- links ----------------------------------------------------------------------------------------


def test_links_inside_the_repository_are_followed_also_on_the_way(top: Path) -> None:
    (top / "docs").mkdir()
    (top / "docs/a.md").write_text("# A")
    (top / "same.md").symlink_to("docs/a.md")
    (top / "again.md").symlink_to(top / "same.md")
    (top / "linked").symlink_to("docs")
    assert data(top, "same.md") == data(top, "again.md") == data(top, "linked/a.md") == b"# A"
    assert data(top, "docs/../docs/a.md") == data(top, "./docs//a.md") == b"# A"


def test_nothing_outside_the_repository_is_read(top: Path, tmp_path: Path) -> None:
    secret = tmp_path / "outside/a.md"
    secret.parent.mkdir()
    secret.write_text("secret")
    (tmp_path / "top-secret.md").write_text("secret")
    (top / "up.md").symlink_to("../outside/a.md")
    (top / "absolute.md").symlink_to(secret)
    (top / "chain.md").symlink_to("up.md")
    (top / "linked").symlink_to(secret.parent)
    (top / "proc.md").symlink_to("/proc/self/environ")
    paths = ["up.md", "absolute.md", "chain.md", "linked/a.md", "../outside/a.md", "proc.md",
             "../top-secret.md", "x/../../outside/a.md", "", ".",
             "linked/../top-secret.md"]  # fmt: skip
    assert {code(top, path) for path in paths} == {"link-outside"}
    assert code(top, str(secret)) == "gone"  # absolute paths are read from the top


def test_git_s_own_files_are_not_read(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo({"a.md": ""})
    (repo.path / "config.md").symlink_to(".git/config")
    (repo.path / "g").symlink_to(".git")
    for path in ("config.md", "g/config", ".git/config", ".git"):
        assert code(repo.path, path) == "link-outside"


# --- at rest --------------------------------------------------------------------------------------


def open_handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_handle_is_left_open(top: Path) -> None:
    os.mkfifo(top / "fifo.md")
    (top / "a.md").write_text("# A")
    (top / "large.md").write_bytes(b"x" * 200)
    before = open_handles()
    for path in ("a.md", "fifo.md", "large.md", "gone.md"):
        read(top, path, max_bytes=100)
    assert open_handles() == before


def test_the_root_of_the_disk_may_be_the_place() -> None:
    root = Place("/", None, None, "/", "/")
    source = read_document(root, "etc/passwd", max_bytes=MIB)
    assert isinstance(source, Source)
    assert source.data == subprocess.check_output(["cat", "/etc/passwd"])
