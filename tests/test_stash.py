"""What is put by while a worktree is looked at: packed or not, it is the same, and it is little."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from conftest import Repo
from plantrack.core.change import Tracked
from plantrack.core.lineage import Document, Shelved, State
from plantrack.core.model import Plan
from plantrack.store.past import Past
from plantrack.store.store import Store
from plantrack.sync import shelf, stash, versions
from plantrack.sync.shelf import Packed, Plans, Shelf
from plantrack.sync.stash import Room, Stash
from store_samples import ids_of
from store_samples import plan as plan_of
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

MANY = 150  # documents
FEW = 75  # plans: a batch that is read at a time, and those that were read last


@pytest.fixture(params=["a commit for all", "uncommitted", "without git"])
def many(request: pytest.FixtureRequest, make_repo: MakeRepo, tmp_path: Path) -> Here:
    """Make a place that holds many documents nobody has looked at."""
    texts = {f"docs/{n:03}.md": plan("x   ", title=f"Work {n}") for n in range(MANY)}
    if request.param == "a commit for all":
        return Here(make_repo(texts).path)
    top = (
        make_repo({"readme.txt": "Nothing to do."}).path
        if request.param != "without git"
        else tmp_path
    )
    (top / "docs").mkdir()
    for path, text in texts.items():
        (top / path).write_text(text)
    return Here(top)


def alive() -> int:
    return sum(type(one) is Plan for one in gc.get_objects())


def test_a_first_look_holds_few_plans_however_many_documents_there_are(
    many: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stash, "ITEMS", 40)
    monkeypatch.setattr(shelf, "ITEMS", 40)
    monkeypatch.setattr(versions, "KEPT_BYTES", 1000)
    gc.collect()
    before, counts = alive(), []

    def counting(method: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: object) -> object:
            counts.append(alive())
            return method(*arguments)

        return counted

    monkeypatch.setattr(Store, "record", counting(Store.record))
    monkeypatch.setattr(Past, "extend", counting(Past.extend))
    many.refresh(progress=lambda done, _: counts.append(alive()) if done % 10 == 0 else None)
    assert len(many.rows()) == MANY
    assert max(counts) - before < FEW


def test_what_had_to_be_packed_is_recorded_as_what_had_not(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo()
    for commit in range(6):
        repo.commit({f"docs/{n}.md": plan("x" * commit + " " * 5) for n in range(commit, 9)})
    repo.git("mv", "docs/8.md", "docs/moved.md")
    repo.commit({"docs/moved.md": plan("xx  ", title="Moved")})
    (repo.path / "docs/0.md").unlink()
    (repo.path / "docs/3.md").write_text(plan("xxxx"))
    (repo.path / "docs/new.md").write_text(plan("x   "))
    here = Here(repo.path)
    assert packed(here, monkeypatch) == written(here)
    shutil.rmtree(repo.path / ".git")
    assert packed(here, monkeypatch) == written(here)


def packed(here: Here, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Do it without room for anything."""
    with monkeypatch.context() as patch:
        patch.setattr(stash, "ITEMS", 0)
        patch.setattr(shelf, "ITEMS", 0)
        return written(here)


def written(here: Here) -> list[str]:
    """Look at a place for the first time; give what is recorded, less stamps and the like."""
    shutil.rmtree(here.path / ".plan-history", ignore_errors=True)
    here.refresh()
    with closing(sqlite3.connect(here.path / ".plan-history/plans.db")) as connection:
        connection.execute("UPDATE line SET moves = 0")
        connection.execute("UPDATE worktree SET listing = x'', listing_seal = 0")
        return list(connection.iterdump())


# --- one by one -----------------------------------------------------------------------------------


def values() -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((key, (key, key * 2)) for key in ("b", "a", "c"))


@pytest.mark.parametrize("items", [0, 3, 100])
def test_a_stash_gives_what_was_put_by_in_the_order_in_which_it_came(items: int) -> None:
    found: Stash[str, tuple[str, ...]] = Stash(Room(items))
    for key, value in values():
        found.put(key, value, 2)
    assert list(found.items()) == list(values())
    assert len(found) == 3
    assert "a" in found
    found.drop("a")
    found.drop("nothing")
    assert list(found) == ["b", "c"]
    assert "a" not in found


def test_stashes_that_share_a_room_fill_it_together() -> None:
    room, value = Room(3), ("one",)
    first: Stash[int, tuple[str, ...]] = Stash(room)
    second: Stash[int, tuple[str, ...]] = Stash(room)
    first.put(0, value, 2)
    second.put(0, value, 2)
    assert first[0] is value
    assert second[0] is not value


def document(number: int, steps: int = 3) -> Document:
    path = f"docs/{number}.md"
    ids = ids_of(path, steps + 1)
    return Document(path, path, "Work", Tracked(plan_of("Work", steps), ids), {})


def test_what_had_no_turn_for_long_is_packed_and_comes_back_as_it_was() -> None:
    documents = [document(number) for number in range(10)]
    held = Shelf(items=20)
    state = State({one.path: held.put(Plans(), one) for one in documents})
    tidied = held.tidied(state)
    packed = [path for path, one in tidied.present.items() if isinstance(one, Packed)]
    assert packed == [one.path for one in documents[:8]]
    assert [fetched(one) for one in tidied.present.values()] == documents
    assert held.tidied(tidied) is tidied


def test_with_room_for_all_a_state_stays_as_it_is() -> None:
    held = Shelf(items=20)
    state = State({one.path: held.put(Plans(), one) for one in map(document, range(5))})
    assert held.tidied(state) is state


def test_a_document_that_is_gone_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stash, "ITEMS", 0)
    gone = Document("aa", "docs/a.md", "Work", None, {})
    assert Shelf().put(Plans(), gone) is gone
    assert shelf.text_of(gone) is None


def fetched(held: Document | Shelved) -> Document:
    return held.fetch() if isinstance(held, Shelved) else held
