from __future__ import annotations

from collections.abc import Callable

from conftest import Repo
from history_samples import pending, told
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

WITHOUT_ITEMS = "# Tides\n\n**Status:** Draft\n\n## Implementation Plan\n\nTo be written.\n"


def ids(here: Here, path: str) -> list[str]:
    with here.open() as store:
        return [row.id for row in store.items(path)]


def test_a_plan_without_items_has_nothing_to_compare(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": plan(" "), "docs/b.md": WITHOUT_ITEMS})
    here = Here(repo.path)
    here.rest()
    assert here.rows()["docs/b.md"].planned
    repo.write({"docs/a.md": plan("x")})
    here.refresh()
    assert [kind for kind, *_ in pending(here)] == ["ticked"]
    repo.write({"docs/b.md": plan("  ", title="Berths")})
    here.refresh()
    assert [kind for kind, *_ in pending(here)] == ["ticked", "added", "added"]
    repo.write({"docs/b.md": WITHOUT_ITEMS})
    here.refresh()
    assert [kind for kind, *_ in pending(here)] == ["ticked"]


def test_a_plan_without_items_has_no_last_change_that_a_clone_would_tell_otherwise(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"a.md": plan("x"), "b.md": "# B\n\n## Implementation Plan\n\nLater.\n"})
    here = Here(repo.path)
    here.refresh()
    assert here.rows()["a.md"].last_change is not None
    assert here.rows()["b.md"].last_change is None


def test_a_lost_document_goes_on_in_a_plan_without_items(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/tides.md": plan("x ")})
    here = Here(repo.path)
    here.rest()
    repo.write({"docs/tides.md": None, "docs/0009-tides.md": WITHOUT_ITEMS})
    here.refresh()
    before = pending(here)
    assert before
    repo.commit({})
    here.refresh()
    assert told(here)[2:] == before
    assert pending(here) == []


def test_an_item_has_the_id_its_commit_will_give_it_where_another_document_stood(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo(
        {"a.md": plan("x  ")}, {"a.md": None, "b.md": plan("x  ")}, {"b.md": plan("x   ")}
    )
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("  ")})
    here.refresh()
    before = ids(here, "a.md")
    assert not set(before) & set(ids(here, "b.md"))
    repo.commit({})
    here.refresh()
    assert ids(here, "a.md") == before


def test_an_item_that_was_removed_and_comes_back_is_the_one_it_was(make_repo: MakeRepo) -> None:
    first, second, third = (plan(marks) for marks in ("   ", "  ", "   "))
    repo = make_repo({"a.md": first})
    here = Here(repo.path)
    here.refresh()
    before = ids(here, "a.md")
    repo.commit({"a.md": second})
    here.refresh()
    repo.write({"a.md": third})
    here.refresh()
    assert ids(here, "a.md") == before
