from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.change import ChangeKind, Reason
from plantrack.core.dialect import Rules, origin
from plantrack.core.lineage import (
    Document,
    DocumentStep,
    FileDelta,
    Matched,
    Shelved,
    State,
    advance,
)
from plantrack.core.model import Plan
from plantrack.core.parse import read_plan

A, B, C = "docs/0001-grid.md", "docs/0002-paper.md", "docs/0003-mails.md"
TASKS = ("Draw the berths", "Print the board", "Fold it for the watch")


def plan(*tasks: str, title: str = "Board") -> Plan:
    lines = [f"# {title}", "", "## Implementation Plan", "", *(f"- [ ] {task}" for task in tasks)]
    return read_plan("\n".join([*lines, ""]), origin(A), Rules())


def stub(title: str = "Board") -> Plan:
    return read_plan(f"# {title}\n\nSee the manual.\n", origin(A), Rules())


def added(path: str, made: Plan | None = None) -> FileDelta:
    return FileDelta(None, path, made or plan(*TASKS))


def changed(path: str, made: Plan, before: str | None = None) -> FileDelta:
    return FileDelta(before or path, path, made)


def removed(path: str) -> FileDelta:
    return FileDelta(path, None, None)


def line(*revisions: Iterable[FileDelta]) -> tuple[State, list[tuple[DocumentStep, ...]]]:
    """Go through some revisions."""
    state = State()
    every = []
    for deltas in revisions:
        state, steps = advance(state, tuple(deltas))
        every.append(steps)
    return state, every


def present(state: State, path: str) -> Document:
    document = state.present[path]
    assert isinstance(document, Document)
    return document


def items(state: State, path: str) -> tuple[str, ...]:
    tracked = present(state, path).tracked
    assert tracked is not None
    return tracked.ids


def kinds(steps: Iterable[DocumentStep]) -> list[ChangeKind]:
    return [change.kind for step in steps for change in step.changes]


# --- one document through its versions ----------------------------------------------------------


def test_a_document_is_followed_from_version_to_version() -> None:
    state, (first, second) = line([added(A)], [changed(A, plan(*TASKS[:2]))])
    assert [step.path_before for step in (*first, *second)] == [None, A]
    assert kinds(second) == [ChangeKind.REMOVED]
    assert first[0].document.id == present(state, A).id
    assert items(state, A) == first[0].document.tracked.ids[:2]  # type: ignore[union-attr]
    assert [gone.facet.text for gone in present(state, A).gone.values()] == [
        "Fold it for the watch"
    ]


def test_steps_come_in_order_of_their_paths() -> None:
    _, (steps,) = line([added(C), added(A), added(B)])
    assert [step.document.path for step in steps] == [A, B, C]


def test_a_version_that_changes_nothing_is_still_a_step() -> None:
    _, (_, steps) = line([added(A)], [changed(A, plan(*TASKS))])
    assert [step.changes for step in steps] == [()]


def test_a_renamed_document_is_the_same_one() -> None:
    before, _ = line([added(A)])
    after, (_, steps) = line([added(A)], [changed(B, plan(*TASKS), before=A)])
    assert kinds(steps) == []
    assert [step.path_before for step in steps] == [A]
    assert A not in after.present
    assert (present(after, B).id, items(after, B)) == (present(before, A).id, items(before, A))


def test_documents_may_swap_their_paths() -> None:
    begin = [added(A), added(B, plan("Write a mail", "Send it"))]
    before, _ = line(begin)
    after, (_, steps) = line(
        begin,
        [changed(B, plan(*TASKS), before=A), changed(A, plan("Write a mail", "Send it"), before=B)],
    )
    assert kinds(steps) == []
    assert items(after, A) == items(before, B)
    assert items(after, B) == items(before, A)


def test_what_is_no_document_any_more_is_gone() -> None:
    """It is left out now, or became a template, or cannot be read: its file may still be there."""
    state, (_, steps) = line([added(A)], [FileDelta(A, A, None)])
    assert kinds(steps) == [ChangeKind.REMOVED] * 3
    assert not state.present


def test_a_file_that_never_was_a_document_is_none() -> None:
    assert line([FileDelta(None, A, None)], [removed(A)]) == (State(), [(), ()])


def test_a_document_that_comes_back_is_the_one_that_stood_there_last() -> None:
    before, _ = line([added(A)])
    after, (_, _, steps) = line([added(A)], [removed(A)], [added(A)])
    assert {change.reason for step in steps for change in step.changes} == {Reason.RESTORED}
    assert (present(after, A).id, items(after, A)) == (present(before, A).id, items(before, A))
    assert not after.absent
    assert not present(after, A).gone


def test_another_document_at_the_path_of_one_that_moved_has_ids_of_its_own() -> None:
    moved = [changed(B, plan(*TASKS), before=A)]
    state, _ = line([added(A)], moved, [added(A)])
    assert present(state, A).id != present(state, B).id
    assert not set(items(state, A)) & set(items(state, B))
    third, _ = line([added(A)], moved, [added(A)], [changed(C, plan(*TASKS), before=A)], [added(A)])
    assert len({document.id for document in third.present.values()}) == 3
    assert len({item for path in third.present for item in items(third, path)}) == 9


def test_ids_of_items_that_are_gone_are_not_given_to_another_document() -> None:
    """The document moved on, and lost all its items since; another one stands beside it."""
    moved = [changed(B, plan(*TASKS), before=A)]
    before, _ = line([added(A)])
    state, _ = line([added(A), added(C)], moved, [changed(B, plan("Write a mail"))], [added(A)])
    assert not set(items(state, A)) & set(items(before, A))


# --- renames that git does not see --------------------------------------------------------------

REWRITTEN = plan("Write a mail", "Send it")


def goes_on(old: str, *new: FileDelta, title: str = "Board") -> str | None:
    """Tell where a document goes on that is lost while others come."""
    state, (_, steps) = line([added(old, plan(*TASKS, title=title))], [removed(old), *new])
    before = {step.document.path: step.path_before for step in steps}
    (again,) = [path for path, source in before.items() if source == old]
    assert (again in state.present) is (again != old)
    return again if again in state.present else None


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [
        pytest.param("docs/0001-grid.md", "docs/0007-grid.md", True, id="name"),
        pytest.param("docs/grid.md", "docs/design/0007-grid.md", True, id="name, elsewhere"),
        pytest.param("docs/0001-grid.md", "docs/0001-new-grid.md", True, id="number and a word"),
        pytest.param("docs/0001-grid.md", "docs/0001-paper.md", False, id="number alone"),
        pytest.param("docs/0001-grid.md", "docs/0002-grid-lines.md", False, id="a word alone"),
        pytest.param("docs/0001.md", "docs/0002.md", False, id="no name at all"),
        pytest.param(
            "plans/2026-05-06-lift-gate.md", "plans/2026-07-01-gate-paint.md", False, id="year"
        ),
        pytest.param("plans/2026-05-06-gate.md", "plans/2026-07-01-gate.md", True, id="dates"),
        pytest.param("specs/alerts/tasks.md", "specs/mails/tasks.md", False, id="shared name"),
        pytest.param(
            "changes/add-alerts/tasks.md", "changes/archive/2026-01-02-add-alerts/tasks.md", True,
            id="folder",
        ),
        pytest.param("specs/001-alerts/plan.md", "specs/002-alerts/plan.md", True, id="folders"),
        pytest.param("tasks.md", "work/tasks.md", False, id="no folder"),
    ],
)  # fmt: skip
def test_a_document_goes_on_where_name_or_number_agree(old: str, new: str, *, agree: bool) -> None:
    found = goes_on(old, added(new, REWRITTEN), title="The board")
    assert found == (new if agree else None)


def test_a_document_goes_on_under_its_title() -> None:
    title = "Design: Berths on **paper**"
    new = added("docs/papers.md", plan("Write a mail", title="Design: Berths on paper"))
    assert goes_on(A, new, title=title) == "docs/papers.md"
    assert goes_on(A, added("docs/papers.md", REWRITTEN), title=title) is None
    assert goes_on(A, added("docs/papers.md", plan("Write a mail", title="")), title="") is None


def test_a_title_that_every_plan_has_tells_nothing() -> None:
    new = added("specs/mails/tasks.md", plan("Write a mail", title="Implementation Plan"))
    assert goes_on("specs/alerts/tasks.md", new, title="Implementation Plan") is None


def test_the_name_counts_before_the_title() -> None:
    titled, called = added("docs/a.md", plan("Mail")), added("docs/9-grid.md", plan("x", title="X"))
    assert goes_on(A, titled, called) == "docs/9-grid.md"


def test_one_file_goes_on_for_one_document_only() -> None:
    grid = "docs/0009-grid.md"
    state, (_, steps) = line(
        [added(A), added(B, plan("Write a mail", title="Grid"))],
        [removed(A), removed(B), added(grid, plan("Write a mail", title="Grid"))],
    )
    assert [(step.document.path, step.path_before) for step in steps] == [(B, B), (grid, A)]
    assert set(state.present) == {grid}


def test_of_two_that_agree_alike_the_one_in_the_same_folder_goes_on() -> None:
    near, far = added("docs/9-grid.md", REWRITTEN), added("manual/grid.md", REWRITTEN)
    assert goes_on(A, near, far) == "docs/9-grid.md"


def test_in_doubt_no_document_goes_on() -> None:
    new = (added("docs/8-grid.md", REWRITTEN), added("docs/9-grid.md", REWRITTEN))
    assert goes_on(A, *new, title="X") is None
    other = "old/grid.md"
    state, (_, steps) = line(
        [added(A, plan(*TASKS, title="X")), added(other, plan("Mail", title="Y"))],
        [removed(A), removed(other), added("new/grid.md", REWRITTEN)],
    )
    assert [step.path_before for step in steps] == [A, None, other]
    assert len(state.absent) == 2


def test_a_document_that_became_a_stub_under_another_name_is_finished() -> None:
    old, new = "docs/board.md", "docs/0009-board.md"
    state, (_, steps) = line(
        [added(old)], [removed(old), FileDelta(None, new, stub(), is_stub=True)]
    )
    assert [(step.path_before, step.document.path) for step in steps] == [(old, new)]
    assert {change.reason for change in steps[0].changes} == {Reason.FINALISED}
    assert set(state.present) == {new}


def test_a_file_without_boxes_is_no_document() -> None:
    others = [FileDelta(None, "docs/manual.md", stub("Manual"), is_stub=True)]
    assert line(others) == (State(), [()])
    state, (_, steps) = line([added(A)], [removed(A), *others])
    assert [step.document.path for step in steps] == [A]
    assert not state.present


# --- whatever happens ---------------------------------------------------------------------------


def shelved(state: State) -> State:
    """Put every document away, as after a pause."""

    def away(held: Document | Shelved) -> Shelved:
        assert isinstance(held, Document)
        return Shelved(held.id, held.path, held.title, lambda: held)

    return State(
        {path: away(held) for path, held in state.present.items()},
        {key: away(held) for key, held in state.absent.items()},
        state.stood,
    )


def taken_up(held: Document | Shelved) -> Document:
    return held.fetch() if isinstance(held, Shelved) else held


def fetched(state: State) -> State:
    return State(
        {path: taken_up(held) for path, held in state.present.items()},
        {key: taken_up(held) for key, held in state.absent.items()},
        state.stood,
    )


MOVES = st.lists(
    st.tuples(
        st.sampled_from((A, B, C, "docs/0009-grid.md")),
        st.sampled_from(("write", "write", "remove", "move")),
        st.sampled_from((A, B, C, "docs/0009-grid.md")),
        st.lists(st.sampled_from((*TASKS, "Write a mail", "Send it")), max_size=4),
    ),
    max_size=10,
)


def deltas_of(state: State, move: tuple[str, str, str, list[str]]) -> list[FileDelta]:
    path, way, target, tasks = move
    is_there = path in state.present
    if way == "remove":
        return [removed(path)] if is_there else []
    if way == "move" and is_there and target not in state.present:
        return [changed(target, plan(*tasks), before=path)]
    return [changed(path, plan(*tasks)) if is_there else added(path, plan(*tasks))]


@given(MOVES)
def test_a_pause_changes_nothing(moves: list[tuple[str, str, str, list[str]]]) -> None:
    state = paused = State()
    for move in moves:
        deltas = deltas_of(state, move)
        state, steps = advance(state, deltas)
        resumed, again = advance(paused, deltas)
        assert again == steps
        assert fetched(resumed) == state
        paused = shelved(fetched(resumed))


@given(MOVES)
def test_no_two_items_and_no_two_documents_have_one_id(
    moves: list[tuple[str, str, str, list[str]]],
) -> None:
    state = State()
    for move in moves:
        state, _ = advance(state, deltas_of(state, move))
        documents = [*map(taken_up, state.present.values()), *map(taken_up, state.absent.values())]
        assert len({document.id for document in documents}) == len(documents)
        every = [
            item
            for document in documents
            for item in (*(document.tracked.ids if document.tracked else ()), *document.gone)
        ]
        assert len(set(every)) == len(every)


def test_how_a_version_was_compared_is_believed_for_the_one_that_stands_alone() -> None:
    first, second = plan(*TASKS), plan(*TASKS, "Sweep the quay")
    everything_anew = FileDelta(A, A, second, matched=Matched(first, ()))
    _, (_, steps) = line([added(A, first)], [everything_anew])
    assert kinds(steps) == [*[ChangeKind.REMOVED] * 3, *[ChangeKind.ADDED] * 4]
    another = FileDelta(A, A, second, matched=Matched(plan(*TASKS), ()))
    _, (_, steps) = line([added(A, first)], [another])
    assert kinds(steps) == [ChangeKind.ADDED]
