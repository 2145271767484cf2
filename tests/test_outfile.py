from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from plantrack import outfile
from plantrack.__main__ import main
from plantrack.errors import WriteRefused


def test_a_file_is_written_in_place_of_another(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    outfile.write(str(target), ("a\n", "ü\n"))
    outfile.write(str(target), ("b\n",))
    assert target.read_bytes() == b"b\n"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_has_the_mode_of_any_new_file_and_an_old_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "other").touch()
    outfile.write(str(tmp_path / "new"), ())
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode
    (tmp_path / "other").chmod(0o640)
    outfile.write(str(tmp_path / "other"), ("x",))
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    outfile.write(str(tmp_path / "link"), ("new",))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_nothing_is_left_behind_when_the_parts_fail(tmp_path: Path) -> None:
    def parts() -> Iterator[str]:
        yield "half"
        raise RuntimeError

    (tmp_path / "out").write_text("old")
    with pytest.raises(RuntimeError):
        outfile.write(str(tmp_path / "out"), parts())
    assert (tmp_path / "out").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WriteRefused, match="no regular file"):
        outfile.write(str(tmp_path / "pipe"), ("x",))
    with pytest.raises(WriteRefused, match="is a folder"):
        outfile.write(str(tmp_path), ("x",))
    with pytest.raises(WriteRefused, match="could not be written"):
        outfile.write(str(tmp_path / "no" / "folder"), ("x",))


def test_a_link_that_leads_elsewhere_is_not_written_through(tmp_path: Path) -> None:
    """A repository may bring one, under a name that is likely to be written to."""
    (tmp_path / "precious").write_text("of somebody")
    (tmp_path / "repo").mkdir()
    link = tmp_path / "repo/plans.svg"
    link.symlink_to("../precious")
    with pytest.raises(WriteRefused, match="is a link to") as caught:
        outfile.write(str(link), ("new",))
    assert caught.value.remedy == "name that file, if it is meant"
    assert (tmp_path / "precious").read_text() == "of somebody"
    link.unlink()
    link.symlink_to("../not-there-yet")
    with pytest.raises(WriteRefused, match="is a link to"):
        outfile.write(str(link), ("new",))
    assert main(["-C", str(tmp_path / "repo"), "merge", "x", "-o", "plans.svg"]) == 4
    assert not (tmp_path / "not-there-yet").exists()


def test_a_link_in_the_folder_one_stands_in_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    outfile.write("link", ("new",))
    assert (tmp_path / "real").read_text() == "new"
