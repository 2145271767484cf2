from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.repo import (
    Place,
    Stamp,
    any_changed,
    controls_changed,
    find_place,
    folders_changed,
    settled,
    stamp,
    stamps_changed,
)
from plantrack.repo.files import (
    below,
    kind,
    open_folder,
    open_regular,
    read_small,
    settled_mtime,
    stamp_of,
    waits,
)

SECOND_NS = 1_000_000_000
NOW_NS = 1_700_000_000 * SECOND_NS + 1


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return find_place(str(tmp_path))


# --- stamps ---------------------------------------------------------------------------------------


def test_a_stamp_holds_what_the_file_system_says(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    found = (tmp_path / "a.md").stat()
    assert stamp(place, "a.md") == Stamp(
        found.st_mtime_ns, 4, found.st_ino & (1 << 63) - 1, found.st_ctime_ns
    )


def test_a_file_that_is_gone_has_no_stamp(place: Place) -> None:
    assert stamp(place, "missing.md") is None
    assert stamp(place, "missing/a.md") is None


def test_a_link_is_stamped_itself(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    (tmp_path / "b.md").symlink_to("a.md")
    (tmp_path / "c.md").symlink_to("nowhere")
    assert stamp(place, "b.md") != stamp(place, "a.md")
    assert stamp(place, "c.md") is not None


def test_an_inode_that_no_database_can_hold_is_cut_to_63_bits() -> None:
    found = os.stat_result([0o100644, (1 << 64) - 1, 0, 1, 0, 0, 5, 0, 0, 0])
    assert stamp_of(found).inode == (1 << 63) - 1


def test_stamps_are_ordered_by_time_first() -> None:
    assert Stamp(1, 9, 9, 9) < Stamp(2, 0, 0, 0)


@pytest.mark.parametrize(
    ("ctime_ns", "trusted"),
    [
        (NOW_NS - 1, False),
        (NOW_NS, False),
        (NOW_NS + 10 * SECOND_NS, False),  # the file system's clock is ahead of ours
        (NOW_NS - 40_000_000, False),
        (NOW_NS - 60_000_000, True),
        (NOW_NS - 1 - 1 * SECOND_NS, False),  # whole seconds: an old file system's long tick
        (NOW_NS - 1 - 3 * SECOND_NS, True),
    ],
)
def test_a_stamp_taken_within_a_tick_of_a_write_is_not_trusted(
    ctime_ns: int, *, trusted: bool
) -> None:
    taken = Stamp(5, 6, 7, ctime_ns)
    assert settled(taken, NOW_NS) == (taken if trusted else Stamp(-1, 6, 7, ctime_ns))
    assert settled_mtime(ctime_ns, NOW_NS) == (ctime_ns if trusted else -1)


@given(st.builds(Stamp, *[st.integers(0, 1 << 62)] * 4), st.integers(0, 1 << 62))
def test_an_earlier_clock_never_makes_a_stamp_more_trusted(taken: Stamp, now_ns: int) -> None:
    if settled(taken, now_ns) != taken:
        assert settled(taken, now_ns // 2) != taken


def test_a_same_size_edit_within_a_tick_is_not_missed(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("- [ ] x")
    taken = stamp(place, "a.md")
    assert taken is not None
    kept = settled(taken, taken.ctime_ns)
    path.write_text("- [x] x")
    os.utime(path, ns=(taken.mtime_ns, taken.mtime_ns))
    assert stamps_changed(place, [("a.md", kept)]) == ("a.md",)


# --- what changed ---------------------------------------------------------------------------------


@pytest.fixture(params=["from its top", "from the root"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what is in a place from its open top folder, and where that does not work."""
    if request.param == "from the root":
        monkeypatch.setattr(os, "supports_dir_fd", frozenset[object]())


both_ways = pytest.mark.usefixtures("_way")


def changed(place: Place, known: Sequence[tuple[str, Stamp | None]]) -> tuple[str, ...]:
    """Name the files that changed, asked in both ways, each alone and all at once."""
    found = stamps_changed(place, known)
    rows = [(path, *stamp) for path, stamp in known if stamp is not None]
    named = tuple(row[0] for row in rows if any_changed(place, [row]))
    assert named == tuple(path for path in found if dict(known)[path] is not None)
    assert any_changed(place, rows) is bool(named)
    return found


@both_ways
def test_only_files_whose_stamp_differs_are_named_in_order(place: Place, tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.md").write_text(name)
    known = [(f"{name}.md", stamp(place, f"{name}.md")) for name in "abcdex"]
    assert changed(place, known) == ()
    (tmp_path / "d.md").write_text("longer")
    (tmp_path / "b.md").unlink()
    (tmp_path / "x.md").write_text("new")
    assert changed(place, known) == ("b.md", "d.md", "x.md")


@both_ways
def test_a_row_of_a_database_may_stand_for_a_stamp(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    taken = stamp(place, "a.md")
    assert taken is not None
    assert stamps_changed(place, [("a.md", tuple(taken))]) == ()


@both_ways
def test_a_restored_time_does_not_hide_an_edit(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("- [ ] x")
    before = stamp(place, "a.md")
    assert before is not None
    path.write_text("- [x] x")
    os.utime(path, ns=(before.mtime_ns, before.mtime_ns))
    assert changed(place, [("a.md", before)]) == ("a.md",)


@both_ways
def test_a_link_that_takes_the_place_of_a_file_is_a_change(place: Place, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    path = tmp_path / "docs/a.md"
    path.write_text("# A")
    before = stamp(place, "docs/a.md")
    path.rename(tmp_path / "b.md")
    path.symlink_to("../b.md")
    assert changed(place, [("docs/a.md", before)]) == ("docs/a.md",)
    path.unlink()
    (tmp_path / "b.md").rename(path)
    (tmp_path / "docs").rename(tmp_path / "elsewhere")
    assert changed(place, [("docs/a.md", before)]) == ("docs/a.md",)


@both_ways
def test_an_inode_too_large_for_a_database_is_known_again(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("# A")
    found = os.lstat(tmp_path / "a.md")
    large = os.stat_result(
        [found[0], found.st_ino | 1 << 63, *found[2:10]],
        {name: getattr(found, name) for name in ("st_mtime_ns", "st_ctime_ns")},
    )
    monkeypatch.setattr(os, "lstat", lambda *_, **__: large)
    assert changed(place, [("a.md", stamp(place, "a.md"))]) == ()


def test_a_top_that_cannot_be_opened_is_looked_at_all_the_same(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("# A")
    known = [("a.md", stamp(place, "a.md"))]

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    assert changed(place, known) == ()
    assert folders_changed(place, [("", -1)])
    assert not folders_changed(place, [("", tmp_path.stat().st_mtime_ns)])


def handles() -> list[str]:
    return sorted(handle.name for handle in Path("/dev/fd").iterdir())


@both_ways
def test_looking_leaves_nothing_open(place: Place) -> None:
    before = handles()
    assert any_changed(place, [("gone.md", 1, 2, 3, 4)])
    assert folders_changed(place, [("gone", 1)])
    assert stamps_changed(place, [("gone.md", None)]) == ()
    assert handles() == before


@both_ways
def test_a_folder_shows_what_came_and_what_went(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("a")
    os.utime(folder, ns=(1, 1))
    known = [("docs", 1)]
    assert not folders_changed(place, known)
    (folder / "a.md").write_text("edited in place")
    assert not folders_changed(place, known)
    (folder / "a.md").rename(folder / "b.md")
    assert folders_changed(place, known)
    os.utime(folder, ns=(1, 1))
    (folder / "b.md").unlink()
    assert folders_changed(place, known)
    folder.rmdir()
    assert folders_changed(place, known)


@both_ways
def test_a_time_that_is_not_trusted_always_counts_as_changed(place: Place) -> None:
    assert folders_changed(place, [("", -1)])
    assert not folders_changed(place, [])


def test_a_control_file_is_watched_through_links(place: Place, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("a")
    link.symlink_to(target)
    known = [(str(link), stamp(place, "target")), (str(tmp_path / "missing"), None)]
    assert not controls_changed(known)
    target.write_text("longer")
    assert controls_changed(known)


@pytest.mark.parametrize("name", ["missing", "target"])
def test_a_control_file_that_comes_or_goes_is_a_change(
    place: Place, tmp_path: Path, name: str
) -> None:
    (tmp_path / "target").write_text("a")
    known = [(str(tmp_path / path), stamp(place, path)) for path in ("missing", "target")]
    assert not controls_changed(known)
    if name == "missing":
        (tmp_path / name).touch()
    else:
        (tmp_path / name).unlink()
    assert controls_changed(known)


# --- reading --------------------------------------------------------------------------------------


def test_a_small_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_small(str(path), max_bytes=5) == b"12345"
    assert read_small(str(path), max_bytes=4) is None
    (tmp_path / "link").symlink_to(path)
    assert read_small(str(tmp_path / "link"), max_bytes=5) == b"12345"


def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, tmp_path / "missing", "/dev/zero", "a\0b"):
        assert read_small(str(path), max_bytes=5) is None


def test_a_file_is_named_by_its_kind(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
    named = {name: kind((tmp_path / name).lstat().st_mode) for name in ("fifo", "link", "socket")}
    assert named == {"fifo": "a FIFO", "link": "a link", "socket": "a socket"}
    assert kind(tmp_path.stat().st_mode) == "a folder"
    assert kind(Path("/dev/null").stat().st_mode) == "a device"
    assert kind(0o060000) == "a device"
    assert kind(0) == "of an unknown kind"


def test_only_what_is_neither_file_nor_folder_can_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").touch()
    assert waits(str(tmp_path / "fifo"))
    assert not any(waits(str(path)) for path in (tmp_path / "file", tmp_path, tmp_path / "missing"))


@pytest.mark.parametrize(
    ("top", "path", "inside"),
    [
        ("/a/b", "/a/b/c.md", "c.md"),
        ("/a/b", "/a/b", None),
        ("/a/b", "/a/bc/d.md", None),
        ("/a/b", "/a/c.md", None),
        ("/a/b", "/a/b/.git", None),
        ("/a/b", "/a/b/.git/config", None),
        ("/a/b", "/a/b/.github/a.md", ".github/a.md"),
        ("/a/b", "/a/b/c/.git/x", "c/.git/x"),
        ("/", "/c.md", "c.md"),
    ],
)
def test_inside_means_below_the_top_and_outside_its_git_folder(
    top: str, path: str, inside: str | None
) -> None:
    assert below(top, path) == inside


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="reading is noted there")
def test_looking_at_a_file_or_a_folder_leaves_no_time_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    for path, look in ((tmp_path / "a.md", _read), (tmp_path, _list)):
        os.utime(path, (1_000, 2_000))  # read before it was written: a plain look would be noted
        look(path)
        assert path.stat().st_atime == 1_000


def test_what_belongs_to_somebody_else_is_opened_as_usual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    open_file = os.open

    def refusing(path: str, flags: int) -> int:
        if flags & getattr(os, "O_NOATIME", 0):
            raise PermissionError(path)
        return open_file(path, flags)

    monkeypatch.setattr(os, "open", refusing)
    assert _read(tmp_path / "a.md") == b"# A\n"


def _read(path: Path) -> bytes:
    handle = open_regular(str(path))
    try:
        return os.read(handle, 100)
    finally:
        os.close(handle)


def _list(path: Path) -> list[str]:
    handle = open_folder(str(path))
    try:
        with os.scandir(handle) as found:
            return [entry.name for entry in found]
    finally:
        os.close(handle)
