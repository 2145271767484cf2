from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from plantrack import repo as repository
from plantrack.errors import NotFound
from plantrack.views import naming
from sync_samples import Here, plan

FILES = {
    "README.md": "# Hello\n",
    "docs/0062-tide-tables.md": plan("x "),
    "docs/0107-berths.md": plan(" x"),
    "docs/62-old-tides.md": plan("  "),
    "docs/notes.md": "# Notes\n",
    "docs/deep/0062-tide-tables-2.md": plan("xx"),
    "openspec/changes/add-hooks/tasks.md": "## 1. Do\n\n- [ ] 1.1 It\n",
    "openspec/changes/add-hooks/proposal.md": "# Why\n",
    "openspec/changes/drop-hooks/tasks.md": "## 1. Do\n\n- [x] 1.1 It\n",
    "same/one.md": plan("xxx"),
    "same/once.md": plan("xxx"),
}


@pytest.fixture
def here(make_repo: Callable[..., Repo]) -> Here:
    place = Here(make_repo(FILES).path)
    (place.path / "ignored").mkdir()
    (place.path / ".gitignore").write_text("hidden.md\n")
    (place.path / "hidden.md").write_text(plan())
    os.mkfifo(place.path / "pipe.md")
    place.refresh()
    return place


def named(here: Here, name: str, start: str = "") -> tuple[str, ...]:
    with here.open() as store:
        return naming.resolve(store, repository.find_place(str(here.path / start)), name)


def refused(here: Here, name: str, start: str = "") -> NotFound:
    with pytest.raises(NotFound) as caught:
        named(here, name, start)
    return caught.value


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("docs/0107-berths.md", "docs/0107-berths.md"),  # a path
        ("./docs/../docs/0107-berths.md", "docs/0107-berths.md"),
        ("README.md", "README.md"),
        ("0107-berths.md", "docs/0107-berths.md"),  # a file's name
        ("0107-berths", "docs/0107-berths.md"),  # without its ending
        ("0062-tide-tables", "docs/0062-tide-tables.md"),  # though another name begins with it
        ("0062-TIDE-Tables", "docs/0062-tide-tables.md"),
        ("readme", "README.md"),
        ("notes", "docs/notes.md"),  # a document without a plan
        ("pipe", "pipe.md"),  # what could not be read
        ("107", "docs/0107-berths.md"),  # a number without its zeros
        ("0107", "docs/0107-berths.md"),
        ("62", "docs/62-old-tides.md"),  # as written beats by value
        ("berth", "docs/0107-berths.md"),  # a part of a name
        ("OLD-TIDES", "docs/62-old-tides.md"),
        ("drop-hooks", "openspec/changes/drop-hooks/tasks.md"),  # a folder with one document
        ("drop", "openspec/changes/drop-hooks/tasks.md"),  # a part of a path
        ("drop-hooks/tas", "openspec/changes/drop-hooks/tasks.md"),
        ("same/o", "same/once.md"),  # the other one is a copy
    ],
)
def test_a_name_that_fits_one_document_is_that_document(here: Here, name: str, path: str) -> None:
    assert named(here, name) == (path,)


def test_a_folder_stands_for_the_documents_below_it(here: Here) -> None:
    hooks = tuple(f"openspec/changes/add-hooks/{name}.md" for name in ("proposal", "tasks"))
    assert named(here, "openspec/changes/add-hooks") == hooks
    assert named(here, "openspec/changes/add-hooks/") == hooks
    assert named(here, "add-hooks") == hooks
    assert named(here, ".") == tuple(sorted([*FILES, "pipe.md"]))


def test_a_path_is_looked_for_where_the_user_stands_and_then_from_the_top(here: Here) -> None:
    assert named(here, "notes.md", start="docs") == ("docs/notes.md",)
    assert named(here, "deep", start="docs") == ("docs/deep/0062-tide-tables-2.md",)
    assert named(here, "../README.md", start="docs") == ("README.md",)
    assert named(here, "docs/notes.md", start="docs/deep") == ("docs/notes.md",)
    assert named(here, ".", start="same") == ("same/once.md", "same/one.md")


def test_an_absolute_path_is_taken_through_links(here: Here, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(here.path, target_is_directory=True)
    assert named(here, str(here.path / "README.md")) == ("README.md",)
    assert named(here, str(tmp_path / "link" / "README.md")) == ("README.md",)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("0062", ["0062-tide-tables", "0062-tide-tables-2"]),  # each fits no other document
        ("tasks", ["openspec/changes/add-hooks/tasks.md", "openspec/changes/drop-hooks/tasks.md"]),
    ],
)
def test_a_name_that_fits_several_is_refused_with_all_of_them(
    here: Here, name: str, candidates: list[str]
) -> None:
    error = refused(here, name)
    assert error.message == f"“{name}” fits {len(candidates)} documents"
    assert error.remedy == f"name one: {', '.join(candidates)}"


def test_a_folder_name_that_fits_several_is_refused_too(make_repo: Callable[..., Repo]) -> None:
    here = Here(make_repo({"a/docs/x.md": plan("x"), "b/docs/y.md": plan(" ")}).path)
    here.refresh()
    error = refused(here, "docs")
    assert (error.message, error.remedy) == ("“docs” fits 2 folders", "name one: a/docs, b/docs")


def test_more_candidates_than_can_be_read_are_counted(make_repo: Callable[..., Repo]) -> None:
    here = Here(make_repo({f"docs/tide-{n:02}.md": plan(" " * (n + 1)) for n in range(12)}).path)
    here.refresh()
    assert refused(here, "tide").remedy.endswith("tide-06, tide-07, and 4 more")
    with here.open() as store:
        paths = naming.resolve(store, here.place, "docs")
    with pytest.raises(NotFound) as error:
        naming.one("docs", paths)
    assert error.value.remedy.endswith("docs/tide-07.md, and 4 more")


def test_a_name_that_fits_nothing_gets_the_nearest_ones(here: Here) -> None:
    error = refused(here, "0107-births")
    assert error.message == "no document fits “0107-births”"
    assert error.remedy == "did you mean docs/0107-berths.md?"
    assert refused(here, "dosc").remedy == "did you mean docs?"
    assert refused(here, "qqq").remedy == "`plantrack status` lists the documents"


@pytest.mark.parametrize("name", ["..", "../other/plan.md", "/etc/passwd", "docs/../../x.md"])
def test_a_path_out_of_the_repository_is_refused_as_such(here: Here, name: str) -> None:
    assert refused(here, name).message == f"{name} is not in the repository {here.path}"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_name_that_names_nothing_is_refused(here: Here, name: str) -> None:
    assert "not in the repository" in refused(here, name).message


def test_a_file_that_is_no_document_is_told_from_one_that_is_not_there(here: Here) -> None:
    assert refused(here, "hidden.md").message.startswith("hidden.md is not one of the documents")
    assert refused(here, "ignored").message == "there are no documents below ignored"
    assert refused(here, "0" * 5000 + "9").message.startswith("no document fits")


def test_nothing_is_found_in_a_memory_without_documents(make_repo: Callable[..., Repo]) -> None:
    here = Here(make_repo({"main.py": "pass\n"}).path)
    assert refused(here, "main").message == "no document fits “main”"


PLANNED = {
    "src/editor/README.md": "# Editor\n",
    "src/editor/keys.md": "# Keys\n",
    "docs/0020-editor.md": plan("x "),
    "docs/0021-css_fonts.md": plan("xx"),
    "css.md": "# CSS\n",
    "a/tasks.md": "# Tasks\n",
    "b/tasks.md": plan("   "),
    "quay-1.md": "# Quay\n",
    "quay-2.md": "# Mole\n",
}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("editor", "docs/0020-editor.md"),  # not the folder, which holds none
        ("css", "css.md"),  # a whole name is meant as it is
        ("fonts", "docs/0021-css_fonts.md"),
        ("tasks", "b/tasks.md"),  # the other of that name is none
        ("key", "src/editor/keys.md"),  # nothing else fits
    ],
)
def test_what_holds_a_plan_comes_before_what_does_not(
    make_repo: Callable[..., Repo], name: str, path: str
) -> None:
    here = Here(make_repo(PLANNED).path)
    here.refresh()
    assert named(here, name) == (path,)


def test_several_documents_without_a_plan_are_refused_like_others(
    make_repo: Callable[..., Repo],
) -> None:
    here = Here(make_repo(PLANNED).path)
    here.refresh()
    assert refused(here, "quay").remedy == "name one: quay-1, quay-2"


def test_a_plan_that_was_counts_like_one_that_is(make_repo: Callable[..., Repo]) -> None:
    here = Here(make_repo(PLANNED).path)
    here.refresh()
    with here.open() as store:
        found = naming.resolve(store, here.place, "quay", former={"quay-2.md"})
    assert found == ("quay-2.md",)
