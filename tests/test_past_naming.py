from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from conftest import Repo
from plantrack.errors import NotFound
from plantrack.store import Store
from plantrack.views import item_naming, naming, past, past_naming
from plantrack.views.past_naming import Named
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

PATH = "docs/0001-tides.md"


def here_with(make_repo: MakeRepo, *commits: dict[str, str | None]) -> Here:
    here = Here(make_repo(*commits).path)
    here.refresh()
    return here


def refused(here: Here, ask: Callable[[Store], object]) -> NotFound:
    with here.open() as store, pytest.raises(NotFound) as caught:
        ask(store)
    return caught.value


def named(here: Here, name: str) -> Named:
    with here.open() as store:
        return past_naming.resolve(store, here.place, name)


def plans(here: Here, *names: str) -> tuple[str, ...]:
    with here.open() as store:
        return past_naming.plans(store, here.place, names)


def ids(here: Here) -> list[str]:
    """Give the full ids of all items there ever were, oldest first."""
    with here.open() as store:
        return [one.change.item for one in store.past.changes()]


# --- documents ------------------------------------------------------------------------------------


@pytest.fixture
def harbour(make_repo: MakeRepo) -> Here:
    """A plan, a finished one that is a stub now, one that is gone, and a note."""
    return here_with(
        make_repo,
        {
            PATH: plan("x "),
            "docs/0002-berths.md": plan("xx", title="Berths"),
            "docs/0003-gone-berths.md": plan(" ", title="Gone berths"),
            "notes/berths.md": "# Notes\n",
        },
        {
            "docs/0002-berths.md": "# Berths\n\n**Status:** Shipped\n",
            "docs/0003-gone-berths.md": None,
        },
    )


def test_a_plan_that_is_a_stub_now_still_has_a_past(harbour: Here) -> None:
    assert named(harbour, "0002").paths == ("docs/0002-berths.md",)
    assert plans(harbour, "0002", "tides", "0001") == ("docs/0002-berths.md", PATH)


def test_a_document_that_is_gone_still_has_a_past(harbour: Here) -> None:
    assert named(harbour, "0003-gone").paths == ("docs/0003-gone-berths.md",)
    assert plans(harbour, "docs/0003-gone-berths.md") == ("docs/0003-gone-berths.md",)


def test_what_once_held_a_plan_comes_before_what_never_did(harbour: Here) -> None:
    assert named(harbour, "2-berth").paths == ("docs/0002-berths.md",)
    assert named(harbour, "berth").paths == ("docs/0002-berths.md",)


def test_a_whole_name_is_meant_even_of_a_document_without_a_past(harbour: Here) -> None:
    error = refused(harbour, lambda store: past_naming.resolve(store, harbour.place, "berths"))
    assert error.message == "notes/berths.md never held a plan"
    assert error.remedy == "did you mean docs/0002-berths.md, docs/0003-gone-berths.md?"


def test_a_folder_without_a_past_is_counted(harbour: Here) -> None:
    error = refused(harbour, lambda store: past_naming.plans(store, harbour.place, ["notes"]))
    assert error.message == "notes/berths.md never held a plan"
    assert error.remedy == "plantrack status lists the plans"


def test_of_a_folder_the_documents_with_a_past_are_meant(harbour: Here) -> None:
    assert plans(harbour, ".") == (PATH, "docs/0002-berths.md")


def test_a_folder_of_documents_without_a_past_is_refused(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a/x.md": "# X\n", "a/y.md": "# Y\n", "b.md": plan()})
    error = refused(here, lambda store: past_naming.plans(store, here.place, ["a"]))
    assert error.message == "a (2 documents) never held a plan"


def test_several_documents_that_are_gone_are_listed(make_repo: MakeRepo) -> None:
    files: dict[str, str | None] = {"a-quay.md": plan("x"), "b-quay.md": plan(" ")}
    here = here_with(make_repo, {**files, "c.md": plan("xx")}, dict.fromkeys(files))
    error = refused(here, lambda store: past_naming.resolve(store, here.place, "quay"))
    assert error.message == "“quay” fits 2 documents that are gone"
    assert error.remedy == "name one: a-quay.md, b-quay.md"


def test_a_name_that_fits_several_plans_is_refused(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a-quay.md": plan("x"), "b-quay.md": plan(" ")})
    error = refused(here, lambda store: past_naming.resolve(store, here.place, "quay"))
    assert isinstance(error, naming.Ambiguous)
    assert error.remedy == "name one: a-quay, b-quay"


def test_nothing_at_all_is_said_to_be_neither(harbour: Here) -> None:
    error = refused(harbour, lambda store: past_naming.resolve(store, harbour.place, "zzzz"))
    assert error.message == "no document and no item fits “zzzz”"
    error = refused(harbour, lambda store: past_naming.resolve(store, harbour.place, "z z"))
    assert error.message == "no document fits “z z”"


def test_too_little_of_an_id_is_told_how_much_is_needed(harbour: Here) -> None:
    error = refused(harbour, lambda store: past_naming.resolve(store, harbour.place, "zzz"))
    assert error.message == "no document fits “zzz”"
    assert error.remedy.endswith("of an item's id, 4 characters are needed")
    error = refused(harbour, lambda store: item_naming.resolve(store, harbour.place, "zzz"))
    assert error.remedy.endswith("with their ids, of which 4 characters are needed")


def test_an_address_in_a_folder_is_refused(harbour: Here) -> None:
    error = refused(harbour, lambda store: past_naming.resolve(store, harbour.place, "docs#1"))
    assert error.message == "“docs” stands for 2 documents"


# --- items ----------------------------------------------------------------------------------------


def _phases(count: int) -> str:
    return "# A\n\n## Implementation Plan\n\n" + "".join(
        f"- [ ] Phase 1: part {number}\n" for number in range(count)
    )


@pytest.mark.parametrize(("count", "listed"), [(2, 2), (8, 8), (11, 9)])
def test_a_label_that_is_there_several_times_is_refused_with_ids_that_are_understood(
    make_repo: MakeRepo, count: int, listed: int
) -> None:
    here = here_with(make_repo, {PATH: _phases(count)})
    error = refused(here, lambda store: past_naming.resolve(store, here.place, "0001#Phase 1"))
    assert error.message == f"“Phase 1” fits {count} items of {PATH}"
    names = error.remedy.removeprefix("name one: ").split(", ")
    assert len(names) == listed
    assert [len(named(here, one).items) for one in names[:8]] == [1] * min(count, 8)
    assert (names[-1] == "and 3 more") is (count > 8)


def test_the_beginning_of_an_id_is_an_item(harbour: Here) -> None:
    key = ids(harbour)[0]
    assert named(harbour, key[:4]).items == (key,)
    assert named(harbour, key).items == (key,)


def test_what_fits_a_document_and_an_item_is_refused(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {PATH: plan("x ")})
    start = ids(here)[0][:4]
    Repo(here.path).write({f"{start}-quay.md": plan("xx")})
    here.refresh()
    error = refused(here, lambda store: past_naming.resolve(store, here.place, start))
    assert error.message == f"“{start}” fits {start}-quay.md and an item"
    Repo(here.path).write({f"{start}-mole.md": plan("xxx")})
    here.refresh()
    error = refused(here, lambda store: past_naming.resolve(store, here.place, start))
    assert error.message == f"“{start}” fits 2 documents and an item"
    assert f"{start}-mole, {start}-quay; or the item by more of its id" in error.remedy


MANY = 1200  # items: so many that some of their ids begin with the same four characters


@pytest.fixture
def crowd(make_repo: MakeRepo) -> tuple[Here, str, str]:
    """Two items whose ids begin alike, the second of them gone."""
    whole = plan(" " * MANY)
    repo = make_repo({PATH: whole})
    here = Here(repo.path)
    here.refresh()
    first, second = _alike(ids(here))
    with here.open() as store:
        (gone,) = (one for one in store.past.changes() if one.change.item == second)
    assert gone.change.after is not None
    lines = whole.split("\n")
    del lines[gone.change.after.line - 1]
    repo.commit({PATH: "\n".join(lines)}, "Cut one")
    here.refresh()
    return here, first, second


def _alike(keys: list[str]) -> tuple[str, str]:
    ordered = sorted(keys)
    return next((one, other) for one, other in pairwise(ordered) if one[:4] == other[:4])


def test_of_items_whose_ids_begin_alike_the_one_that_is_there_is_meant(
    crowd: tuple[Here, str, str],
) -> None:
    here, present, gone = crowd
    assert named(here, present[:4]).items == (present,)
    assert named(here, gone).items == (gone,)


def test_an_item_that_is_gone_is_shown_by_what_names_it_alone(
    crowd: tuple[Here, str, str],
) -> None:
    here, present, gone = crowd
    with here.open() as store:
        short = past.short_ids(store, [present, gone])
    assert present != gone
    assert {key: named(here, one).items for key, one in short.items()} == {
        present: (present,),
        gone: (gone,),
    }
    assert len(short[gone]) > 4


def test_when_all_of_them_are_gone_they_are_listed(crowd: tuple[Here, str, str]) -> None:
    here, present, gone = crowd
    Repo(here.path).commit({PATH: None}, "Drop it")
    here.refresh()
    error = refused(here, lambda store: past_naming.resolve(store, here.place, gone[:4]))
    assert error.message == f"“{gone[:4]}” fits 2 items"
    names = error.remedy.removeprefix("name one: ").split(", ")
    assert {named(here, one).items for one in names} == {(present,), (gone,)}
