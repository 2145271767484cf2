from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.config import Config
from plantrack.repo import Listing, carried_on, find_place, folders_changed, list_documents

MakeRepo = Callable[..., Repo]
CONFIG = Config(exclude=("docs/old/**", "docs/draft.md"))
FILES = {
    "README.md": "",
    "main.py": "",
    ".gitignore": "build/\n",
    "docs/.gitignore": "scratch.md\n",
    "docs/a.md": "- [ ] a\n",
    "docs/b.md": "- [ ] b\n",
    "docs/deep/c.md": "",
}


def settle() -> None:
    """Let the clock leave the tick in which the last file was written."""
    time.sleep(0.06)


@pytest.fixture(params=["git", "no git"])
def top(request: pytest.FixtureRequest, make_repo: MakeRepo, tmp_path: Path) -> Path:
    """Make a folder with documents, tracked by git or not, and let it rest."""
    if request.param == "git":
        make_repo(FILES)
    else:
        Repo(tmp_path / "repo").write(FILES)
    settle()
    return tmp_path / "repo"


def listed(top: Path) -> Listing:
    return list_documents(find_place(str(top)), CONFIG)


def carried(top: Path, listing: Listing) -> Listing | None:
    place = find_place(str(top))
    assert folders_changed(place, listing.folders), "nothing happened"
    return carried_on(place, CONFIG, listing)


def replace(path: Path) -> None:
    """Save a file as most editors do."""
    beside = path.with_name(path.name + ".tmp")
    beside.write_text("- [x] saved\n")
    beside.replace(path)


def save(top: Path) -> None:
    replace(top / "docs/a.md")


def save_twice(top: Path) -> None:
    replace(top / "docs/a.md")
    replace(top / "docs/deep/c.md")


def save_with_a_backup(top: Path) -> None:
    (top / "docs/a.md").rename(top / "docs/a.md~")
    (top / "docs/a.md").write_text("- [x] saved\n")


def open_in_emacs(top: Path) -> None:
    (top / "docs/.#a.md").symlink_to("somebody@somewhere.4711")


def write_code(top: Path) -> None:
    (top / "docs/deep/conf.py").touch()


def add_what_is_left_out(top: Path) -> None:
    (top / "docs/node_modules").mkdir()
    (top / "docs/design_template.md").touch()
    (top / "docs/draft.md").touch()


@pytest.mark.parametrize(
    "change",
    [save, save_twice, save_with_a_backup, open_in_emacs, write_code, add_what_is_left_out],
)
def test_a_listing_is_carried_on_when_other_files_have_the_same_names(
    top: Path, change: Callable[[Path], None]
) -> None:
    listing = listed(top)
    change(top)
    settle()
    assert carried(top, listing) == listed(top)


def add(top: Path) -> None:
    (top / "docs/new.md").touch()


def add_ignored(top: Path) -> None:
    (top / "docs/scratch.md").touch()


def remove(top: Path) -> None:
    (top / "docs/b.md").unlink()


def rename(top: Path) -> None:
    (top / "docs/b.md").rename(top / "docs/d.md")


def swap_for_a_folder(top: Path) -> None:
    (top / "docs/b.md").unlink()
    (top / "docs/b.md").mkdir()


def swap_for_a_link(top: Path) -> None:
    (top / "docs/b.md").unlink()
    (top / "docs/b.md").symlink_to("a.md")


def swap_for_a_pipe(top: Path) -> None:
    (top / "docs/b.md").unlink()
    os.mkfifo(top / "docs/b.md")


def add_a_folder(top: Path) -> None:
    (top / "docs/more").mkdir()


def remove_a_folder(top: Path) -> None:
    shutil.rmtree(top / "docs/deep")


def ignore_more(top: Path) -> None:
    (top / "docs/deep/.gitignore").write_text("*\n")


def begin_a_repository(top: Path) -> None:
    (top / "docs/deep/.git").mkdir()


@pytest.mark.parametrize(
    "change",
    [add, add_ignored, remove, rename, swap_for_a_folder, swap_for_a_link, swap_for_a_pipe,
     add_a_folder, remove_a_folder, ignore_more, begin_a_repository],
)  # fmt: skip
def test_a_listing_is_made_anew_when_the_names_may_say_something_else(
    top: Path, change: Callable[[Path], None]
) -> None:
    listing = listed(top)
    change(top)
    settle()
    assert carried(top, listing) is None


def test_a_document_that_is_ignored_beside_others_is_a_reason_to_list_anew(top: Path) -> None:
    add_ignored(top)
    settle()
    listing = listed(top)
    assert "docs/scratch.md" not in listing.documents
    save(top)
    assert carried(top, listing) is None


def test_a_folder_that_changed_a_moment_ago_is_looked_at_again(top: Path) -> None:
    listing = listed(top)
    save(top)
    again = carried(top, listing)
    assert again is not None
    assert dict(again.folders)["docs"] == -1
    assert dict(again.folders)["docs/deep"] == dict(listing.folders)["docs/deep"]
    settle()
    assert carried(top, again) == listed(top)


def test_a_folder_that_cannot_be_read_any_more_is_a_reason_to_list_anew(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = listed(top)
    save(top)

    def denied(_: str) -> object:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", denied)
    assert carried(top, listing) is None
