from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given

from plantrack.core import changes, comparison, feed
from plantrack.core.change import ChangeKind, Reason, Tracked
from plantrack.core.feed import Differences, Look, Seen
from test_comparison import documents, plan, tracked

K = ChangeKind
PATH = "docs/0001-a.md"
OTHER = "docs/0002-b.md"
PLAN = """\
**Status:** In progress

## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw the berths
  - [x] Snap every stay to the half hour
- [ ] Milestone 2: Drag to move
"""


def seen(
    text: str, path: str = PATH, *, as_before: Seen | None = None, is_shown: bool = True
) -> Seen:
    """See a document; `as_before`: as the next version of one."""
    found = tracked(text)
    if as_before is not None:
        step = changes.step(as_before.tracked, plan(text), path)
        assert step.tracked is not None
        found = step.tracked
    return Seen(path, f"blob of {text}", "Berths", comparison.leaves(found), is_shown, found)


def look(*documents: Seen) -> Look:
    return Look("c0ffee", "main", {one.path: one for one in documents})


def told(found: Differences) -> list[tuple[str, tuple[ChangeKind, ...], Reason]]:
    return [
        (
            (one.changes[0].after or one.changes[0].before).text,  # type: ignore[union-attr]
            tuple(change.kind for change in one.changes),
            one.changes[0].reason,
        )
        for one in found.items
    ]


def between(before: str, after: str) -> list[tuple[str, tuple[ChangeKind, ...], Reason]]:
    old = seen(before)
    return told(feed.differences(look(old), look(seen(after, as_before=old))))


def test_nothing_happens_between_two_looks_at_the_same() -> None:
    same = look(seen(PLAN), seen("no plan", OTHER))
    found = feed.differences(same, same)
    assert found == Differences((), (), (), ())
    assert found.documents == 0


def test_what_happens_to_an_item_has_the_kinds_a_log_gives_it() -> None:
    after = (
        PLAN.replace("[ ] Draw the berths", "[x] Draw every berth")
        .replace("[x] Snap every stay to the half hour", "[~] Snap every stay to the half hour")
        .replace("Drag to move\n", "Drag to move\n  - [ ] Show a ghost\n")
    )
    assert between(PLAN, after) == [
        ("Draw every berth", (K.TICKED, K.REWORDED), Reason.NONE),
        ("Snap every stay to the half hour", (K.UNTICKED,), Reason.NONE),
        ("Milestone 2: Drag to move", (K.EXPANDED,), Reason.NONE),
        ("Show a ghost", (K.ADDED,), Reason.OPEN),
    ]


def test_what_is_gone_comes_first_with_its_reason() -> None:
    after = PLAN.replace("  - [ ] Draw the berths\n", "") + "- [x] Milestone 3: Print\n"
    assert between(PLAN, after) == [
        ("Draw the berths", (K.REMOVED,), Reason.CUT),
        ("Milestone 3: Print", (K.ADDED,), Reason.ARRIVED_DONE),
    ]


def test_a_document_that_is_said_to_be_over_drops_what_is_open() -> None:
    after = PLAN.replace("In progress", "Superseded")
    found = between(PLAN, after)
    assert {kinds for _, kinds, _ in found} == {(K.MARKED,)}
    assert {reason for _, _, reason in found} == {Reason.FINALISED}


def test_an_item_that_only_stands_on_another_line_is_not_told() -> None:
    assert between(PLAN, PLAN.replace("## Imp", "\n\nMore words.\n\n## Imp")) == []


def test_other_ids_of_the_same_bytes_are_nothing_that_happened() -> None:
    one = seen(PLAN)
    ids = tuple(reversed(one.tracked.ids))
    other = replace(one, tracked=Tracked(one.tracked.plan, ids))
    assert feed.differences(look(one), look(other)).documents == 0


@given(documents(), documents())
def test_two_looks_tell_what_one_revision_between_them_would(before: str, after: str) -> None:
    old = seen(before)
    step = changes.step(old.tracked, plan(after), PATH)
    found = feed.differences(look(old), look(seen(after, as_before=old)))
    flat = [(one.item, one.kind) for item in found.items for one in item.changes]
    assert flat == [(one.item, one.kind) for one in step.changes]


def test_a_document_that_comes_is_told_as_one() -> None:
    found = feed.differences(look(), look(seen(PLAN)))
    assert ([one.path for one in found.appeared], found.items) == ([PATH], ())
    assert found.documents == 1


def test_a_document_that_goes_is_told_as_one() -> None:
    found = feed.differences(look(seen(PLAN)), look())
    assert ([one.path for one in found.vanished], found.items) == ([PATH], ())
    assert found.documents == 1


def test_a_document_that_stands_elsewhere_with_its_items_was_moved() -> None:
    old = seen(PLAN)
    new = seen(PLAN.replace("[ ] Draw", "[x] Draw"), OTHER, as_before=old)
    found = feed.differences(look(old), look(new))
    assert [(before.path, after.path) for before, after in found.moved] == [(PATH, OTHER)]
    assert (found.appeared, found.vanished, found.documents) == ((), (), 1)
    assert told(found) == [("Draw the berths", (K.TICKED,), Reason.NONE)]


def test_a_document_without_items_is_known_elsewhere_by_its_bytes() -> None:
    empty = seen("## Implementation Plan\n\nTo be written.\n")
    moved = feed.differences(look(empty), look(replace(empty, path=OTHER))).moved
    assert [(before.path, after.path) for before, after in moved] == [(PATH, OTHER)]


def test_a_document_is_moved_to_one_place_only() -> None:
    old = seen(PLAN)
    copies: Iterable[Seen] = (replace(old, path=path) for path in ("docs/x.md", "docs/y.md"))
    found = feed.differences(look(old), look(*copies))
    assert [after.path for _, after in found.moved] == ["docs/x.md"]
    assert [one.path for one in found.appeared] == ["docs/y.md"]


def test_what_two_documents_in_the_same_bytes_do_is_told_once() -> None:
    ticked = PLAN.replace("[ ] Draw", "[x] Draw")
    one, other = seen(PLAN), seen(PLAN, OTHER, is_shown=False)
    after = look(seen(ticked, as_before=one), seen(ticked, OTHER, as_before=other, is_shown=False))
    found = feed.differences(look(one, other), after)
    assert [item.document.path for item in found.items] == [PATH]


def test_a_copy_that_goes_its_own_way_has_not_appeared() -> None:
    one, other = seen(PLAN), seen(PLAN, OTHER, is_shown=False)
    own = seen(PLAN.replace("[ ] Draw", "[x] Draw"), OTHER, as_before=other)
    found = feed.differences(look(one, other), look(one, own))
    assert (found.appeared, found.vanished) == ((), ())
    assert [item.document.path for item in found.items] == [OTHER]


def test_a_copy_that_comes_and_goes_is_not_told() -> None:
    one, other = seen(PLAN), seen(PLAN, OTHER, is_shown=False)
    assert feed.differences(look(one), look(one, other)).documents == 0
    assert feed.differences(look(one, other), look(one)).documents == 0
