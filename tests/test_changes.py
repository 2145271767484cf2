from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import changes, likeness, reconcile
from plantrack.core.change import (
    Change,
    ChangeKind,
    Facet,
    Gone,
    Reason,
    Tracked,
    Weight,
    facet_of,
    left_behind,
    residue,
    weigh_leaf,
    weigh_milestone,
)
from plantrack.core.dialect import Rules, origin
from plantrack.core.model import Kind, Node, Plan, State
from plantrack.core.parse import read_plan
from plantrack.core.progress import OPEN
from plantrack.core.status import is_over
from strategies import DESIGN_DOC, plans

PATH = "docs/0002-board.md"

BOARD = """\
- [ ] Milestone 1: Grid
  - [x] Draw the berths
  - [ ] Snap every stay to the half hour
- [ ] Milestone 2: Paper
  - [ ] Print the board
  - [ ] Fold it for the watch
"""


def checklist(body: str, status: str = "Draft", tail: str = "") -> Plan:
    return read(f"# Board\n\n**Status:** {status}\n\n## Implementation Plan\n\n{body}\n{tail}")


def read(text: str, path: str = PATH) -> Plan:
    return read_plan(text, origin(path), Rules())


def first(plan: Plan, path: str = PATH) -> Tracked:
    """See a document for the first time."""
    tracked = changes.step(None, plan, path).tracked
    assert tracked is not None
    return tracked


def between(before: str, after: str | Plan | None) -> changes.Step:
    new = checklist(after) if isinstance(after, str) else after
    return changes.step(first(checklist(before)), new, PATH)


def told(step: changes.Step) -> list[tuple[str, str, str]]:
    """Give what happened as kind, reason and text."""
    return [(one.kind, one.reason, text_of(one)) for one in step.changes]


def text_of(change: Change) -> str:
    facet = change.after or change.before
    assert facet is not None
    return facet.text


def reasons(step: changes.Step) -> set[Reason]:
    return {one.reason for one in step.changes if one.kind is ChangeKind.REMOVED}


# --- what happens to one item -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("- [ ] Dig", "- [x] Dig", [("ticked", "", "Dig")], id="ticked"),
        pytest.param("- [x] Dig", "- [ ] Dig", [("unticked", "", "Dig")], id="unticked"),
        pytest.param("- [ ] Dig", "- [~] Dig", [("marked", "", "Dig")], id="begun"),
        pytest.param("- [ ] Dig", "- [ ]* Dig", [("marked", "", "Dig")], id="made optional"),
        pytest.param("- [~] Dig", "- [x]* Dig", [("ticked", "", "Dig")], id="done, and a star"),
        pytest.param(
            "- [ ] Dig the ditch", "- [x] Dig the long ditch",
            [("ticked", "", "Dig the long ditch"), ("reworded", "", "Dig the long ditch")],
            id="ticked and reworded",
        ),
        pytest.param(
            "- [ ] M1: Dig", "- [ ] M1: Dig\n  - [ ] Fetch spades",
            [("expanded", "", "M1: Dig"), ("added", "open", "Fetch spades")],
            id="a milestone gets its steps",
        ),
        pytest.param(
            "- [ ] M1: Dig\n  - [ ] Fetch spades", "- [ ] M1: Dig",
            [("removed", "cut", "Fetch spades"), ("collapsed", "", "M1: Dig")],
            id="a milestone loses its steps",
        ),
        pytest.param("- [ ] M1: Dig", "- [ ] M2: **Dig**.", [], id="another label, no other words"),
        pytest.param(
            "- [ ] M1: Dig\n  - [ ] Fetch spades\n- [ ] M2: Fill",
            "- [ ] M1: Dig\n- [ ] M2: Fill\n  - [ ] Fetch spades",
            [
                ("collapsed", "", "M1: Dig"),
                ("expanded", "", "M2: Fill"),
                ("moved", "", "Fetch spades"),
            ],
            id="under another parent",
        ),
        pytest.param(
            "- [ ] Dig\n- [ ] Fill\n- [ ] Pave\n- [ ] Paint",
            "- [ ] Fill\n- [ ] Pave\n- [ ] Dig\n- [ ] Paint",
            [("moved", "", "Dig")],
            id="past its siblings",
        ),
        pytest.param(
            "- [ ] Dig", "- [ ] Dig\n- [x] Rent a pump",
            [("added", "arrived done", "Rent a pump")],
            id="done when first seen",
        ),
        pytest.param(
            "### Phase 1: Dig\n\n- [ ] Fetch spades", "### Phase 1: Dig\n\n- [x] Fetch spades",
            [("ticked", "derived", "Phase 1: Dig"), ("ticked", "", "Fetch spades")],
            id="a heading is done with its steps",
        ),
        pytest.param(
            "- [ ] Dig a ditch\n- [ ] Fill", "- [ ] M1: Dig a ditch\n  - [ ] Fill",
            [("expanded", "", "M1: Dig a ditch"), ("moved", "", "Fill")],
            id="a task becomes a milestone",
        ),
    ],
)  # fmt: skip
def test_a_change_is_called_what_it_is(
    before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(between(before, after)) == expected


def test_an_item_that_only_plays_another_part_is_marked() -> None:
    """A box becomes the milestone above another one: no words, no mark and no place differ."""
    step = between("- [ ] Dig\n- [ ] Fill", "- [ ] M1: Dig\n- [ ] M2: Fill")
    assert told(step) == [("marked", "", "M1: Dig"), ("marked", "", "M2: Fill")]
    assert [one.milestones for one in step.changes] == [Weight(1), Weight(1)]


def test_part_of_an_item_is_split_off() -> None:
    step = between(
        "- [ ] Keep the selection on the merged stay and scroll its row into view\n- [ ] Undo",
        "- [ ] Keep the selection on the merged stay\n- [ ] Scroll the row into view\n- [ ] Undo",
    )
    assert told(step)[1] == ("added", "split", "Scroll the row into view")
    assert step.changes[1].origin == step.changes[0].item


def test_a_part_that_is_done_says_where_it_comes_from_too() -> None:
    step = between(
        "- [ ] Keep the selection on the merged stay and scroll its row into view\n- [ ] Undo",
        "- [ ] Keep the selection on the merged stay\n- [x] Scroll the row into view\n- [ ] Undo",
    )
    assert told(step)[1] == ("added", "arrived done", "Scroll the row into view")
    assert step.changes[1].origin == step.changes[0].item


# --- why an item went ---------------------------------------------------------------------------


def test_what_is_taken_out_of_a_living_plan_is_cut() -> None:
    step = between(BOARD, BOARD.replace("  - [ ] Print the board\n", ""))
    assert told(step) == [("removed", "cut", "Print the board")]
    assert [one.leaves for one in step.changes] == [Weight(-1)]
    assert [(one.leaves, one.milestones) for one in step.gone] == [(Weight(), Weight())]


STUB = "# Board\n\n**Status:** Draft\n\nSee the manual.\n"
OVER = checklist("- [x] Draw the berths", status="Implemented")


@pytest.mark.parametrize("after", [read(STUB), OVER], ids=["a stub", "its Status"])
def test_what_is_left_behind_by_a_finished_document_is_finalised(after: Plan) -> None:
    step = between(BOARD, after)
    assert reasons(step) == {Reason.FINALISED}
    assert sum((one.leaves for one in step.changes), Weight()) == Weight(0, 0, 3)


def test_a_document_that_is_gone_takes_its_items_along() -> None:
    step = between(BOARD, None)
    assert (step.tracked, reasons(step)) == (None, {Reason.DOCUMENT_REMOVED})
    assert len(step.changes) == len(step.gone) == 6
    assert sum((one.leaves for one in step.changes), Weight()) == Weight(0, 0, 3)


def test_a_document_that_never_was_is_not_removed() -> None:
    assert changes.step(None, None, PATH) == changes.Step(None, (), ())


MANY = "".join(f"- [x] {word} with care\n" for word in ("Dig", "Fill", "Pave", "Paint", "Sign"))
OTHER = "".join(f"- [ ] Write chapter {number}\n" for number in ("one", "two", "three"))


def test_a_plan_without_anything_of_the_old_one_is_rewritten() -> None:
    step = between(MANY, OTHER)
    assert reasons(step) == {Reason.REWRITTEN}
    assert sum((one.leaves for one in step.changes), Weight()) == Weight(3)  # what was done stays


def test_a_short_plan_that_was_replaced_is_no_rewrite() -> None:
    assert reasons(between("- [x] Dig with care\n- [ ] Fill it up", OTHER)) == {Reason.CUT}


def test_boxes_that_are_in_no_plan_any_more_are_no_stub() -> None:
    """The document goes on, without the heading that made a plan of its boxes."""
    boxes = "".join(f"- [ ] **Chapter {number}**\n" for number in range(9))
    assert reasons(between(BOARD, read(STUB + "\n## Wishes\n\n" + boxes))) == {Reason.REWRITTEN}


def test_boxes_that_never_were_in_the_plan_make_no_difference_to_a_stub() -> None:
    wishes = "\n## Future Work\n\n- [ ] A board for the chandler\n"
    old = first(checklist(BOARD, tail=wishes))
    assert reasons(changes.step(old, read(STUB + wishes), PATH)) == {Reason.FINALISED}


# --- items that come back -----------------------------------------------------------------------


def after_all(*bodies: str | None) -> list[changes.Step]:
    """Take a document through its versions."""
    steps: list[changes.Step] = []
    old: Tracked | None = None
    gone: dict[str, Gone] = {}
    for body in bodies:
        new = checklist(body) if body is not None else None
        step = changes.step(old, new, PATH, gone=gone)
        back = {one.item for one in step.changes if one.before is None}
        gone = {item: left for item, left in gone.items() if item not in back}
        gone.update((left.item, left) for left in step.gone)
        old = step.tracked
        steps.append(step)
    return steps


def test_a_document_that_comes_back_has_the_items_it_had() -> None:
    began, _, again = after_all(BOARD, None, BOARD)
    assert began.tracked == again.tracked
    assert {one.reason for one in again.changes} == {Reason.RESTORED}
    # only what was open is taken up again: the rest never left the series
    assert sum((one.leaves for one in again.changes), Weight()) == Weight(0, 0, -3)


def test_an_item_that_was_cut_and_comes_back_is_in_the_scope_again() -> None:
    _, _, again = after_all(BOARD, BOARD.replace("  - [ ] Print the board\n", ""), BOARD)
    assert told(again) == [("added", "restored", "Print the board")]
    assert again.changes[0].leaves == Weight(1)


def test_an_item_comes_back_under_another_parent_if_its_words_are_telling() -> None:
    telling = "Fold the board for the watch"
    one = f"- [ ] M1: Grid\n  - [ ] Draw\n  - [ ] {telling}\n  - [ ] Test it\n- [ ] M2: Paper\n"
    none = "- [ ] M1: Grid\n  - [ ] Draw\n- [ ] M2: Paper\n"
    there = f"{none}  - [ ] {telling}\n  - [ ] Test it\n"
    began, _, again = after_all(one, none, there)
    assert told(again)[1:] == [("added", "restored", telling), ("added", "open", "Test it")]
    assert began.tracked is not None
    assert again.changes[1].item in began.tracked.ids
    assert again.changes[2].item not in began.tracked.ids


def test_each_of_several_equal_items_comes_back_once() -> None:
    wait = "- [ ] Wait for the next spring tide\n"
    began, _, again = after_all("- [ ] Dig\n" + wait * 2, "- [ ] Dig\n", "- [ ] Dig\n" + wait * 3)
    assert [reason for _, reason, _ in told(again)] == ["restored", "restored", "open"]
    assert began.tracked is not None
    assert again.tracked is not None
    assert again.tracked.ids[:3] == began.tracked.ids
    assert len(set(again.tracked.ids)) == 4


def test_a_heading_does_not_come_back_as_a_box() -> None:
    _, _, again = after_all("### Phase 1: Dig\n\n- [ ] a", "- [ ] a", "- [ ] a\n- [ ] Phase 1: Dig")
    assert [reason for _, reason, _ in told(again)] == ["open"]


def test_no_item_gets_the_id_of_another_one() -> None:
    """The id that the new item would get belongs to one that reads otherwise by now."""
    long = "Snap every stay to the half hour, and the night to noon"
    began, reworded, both = after_all(
        "- [ ] Snap every stay", f"- [ ] {long}", f"- [ ] {long}\n- [ ] Snap every stay"
    )
    assert began.tracked is not None
    assert both.tracked is not None
    assert told(reworded) == [("reworded", "", long)]
    assert both.tracked.ids[0] == began.tracked.ids[0] != both.tracked.ids[1]


REST = "- [ ] Draw the berths\n- [ ] Print the board\n- [ ] Fold it for the watch\n"
DITCH = (  # over time it comes to read like nothing at first
    f"- [x] Dig up the old ditch\n{REST}",
    f"- [x] Dig up the old ditch beside the new road\n{REST}",
    f"- [x] Plan what is beside the new road\n{REST}",
)
AGAIN = f"{REST}- [ ] Dig up the old ditch\n"


@pytest.mark.parametrize("between", [(), (REST,)], ids=["at once", "later"])
def test_no_item_gets_the_id_of_one_that_is_gone(between: tuple[str, ...]) -> None:
    began, _, last, *_, other = steps = after_all(*DITCH, *between, AGAIN)
    assert began.tracked is not None
    assert last.tracked is not None
    (gone,) = (one.item for step in steps for one in step.changes if one.after is None)
    assert began.tracked.ids[0] == last.tracked.ids[0] == gone
    assert told(other)[-1] == ("added", "open", "Dig up the old ditch")
    assert other.changes[-1].item != gone


def test_no_item_gets_an_id_that_is_taken_elsewhere() -> None:
    plan = checklist("- [ ] Dig")
    usual = first(plan).ids
    step = changes.step(None, plan, PATH, taken=set(usual))
    assert step.tracked is not None
    assert not set(step.tracked.ids) & set(usual)


def test_a_heading_that_was_a_group_in_between_shares_its_id_with_no_other() -> None:
    twins = read("# Implementation Plan\n\n## 1. Dig\n- [x] a\n\n## 1. Dig\n- [ ] b\n")
    group = read("# Implementation Plan\n\n# Dig\n- [ ] 1. c\n- [ ] 2. d\n\n# Fill\n- [ ] e\n")
    assert next(group.walk()).kind is Kind.GROUP
    tracked: Tracked | None = None
    gone: dict[str, Gone] = {}
    for plan in (twins, group, twins):
        step = changes.step(tracked, plan, PATH, gone=gone)
        tracked, gone = step.tracked, {one.item: one for one in step.gone}
        assert tracked is not None
        assert len(set(tracked.ids)) == len(tracked.ids)


# --- what always holds --------------------------------------------------------------------------


def facets(tracked: Tracked | None) -> dict[str, Facet]:
    """Look at every item of a version, groups left out and looked through."""
    if tracked is None:
        return {}
    names = iter(tracked.ids)
    found: dict[str, Facet] = {}

    def visit(nodes: tuple[Node, ...], above: str) -> None:
        for node in nodes:
            item = next(names)
            if node.kind is not Kind.GROUP:
                facet = facet_of(node, above)
                frozen = is_over(tracked.plan.status) and facet.state in OPEN
                if frozen and not facet.optional:
                    facet = facet._replace(state=State.DROPPED)
                found[item] = facet
            visit(node.children, above if node.kind is Kind.GROUP else item)

    for section in tracked.plan.sections:
        visit(section.nodes, "")
    return found


def said(facet: Facet) -> Facet:
    """Leave out what makes no change: lines, labels, how words are written, headings for boxes."""
    words = likeness.folded(facet.wording)
    return facet._replace(line=0, label="", text=words, box=True, kind=Kind.TASK)


def weighed(found: dict[str, Facet]) -> tuple[Weight, Weight]:
    leaves = sum(map(weigh_leaf, found.values()), Weight())
    return leaves, sum(map(weigh_milestone, found.values()), Weight())


def test_what_is_open_when_a_document_is_over_is_dropped() -> None:
    step = changes.step(first(checklist(BOARD)), checklist(BOARD, status="Implemented"), PATH)
    assert {(kind, reason) for kind, reason, _ in told(step)} == {("marked", "finalised")}
    assert len(step.changes) == 5
    assert all(one.after and one.after.state is State.DROPPED for one in step.changes)
    assert sum((one.leaves for one in step.changes), Weight()) == Weight(0, 0, 3)


def test_what_was_dropped_with_the_status_is_taken_up_with_it() -> None:
    over = changes.step(first(checklist(BOARD)), checklist(BOARD, status="Implemented"), PATH)
    assert over.tracked is not None
    step = changes.step(over.tracked, checklist(BOARD, status="In progress"), PATH)
    assert {(kind, reason) for kind, reason, _ in told(step)} == {("marked", "")}
    assert sum((one.leaves for one in step.changes), Weight()) == Weight(0, 0, -3)


def test_a_box_ticked_after_all_in_a_finished_document_is_a_tick() -> None:
    over = changes.step(None, checklist(BOARD, status="Implemented"), PATH)
    assert over.tracked is not None
    after = checklist(BOARD.replace("[ ] Print", "[x] Print"), status="Implemented")
    step = changes.step(over.tracked, after, PATH)
    assert told(step) == [("ticked", "", "Print the board")]
    assert step.changes[0].leaves == Weight(0, 1, -1)


def test_optional_work_is_no_part_of_what_is_dropped() -> None:
    optional = "- [ ] Milestone 1: Grid\n  - [ ]* Colours\n"
    step = changes.step(first(checklist(optional)), checklist(optional, status="Shipped"), PATH)
    assert [text for _, _, text in told(step)] == ["Milestone 1: Grid"]


@given(plans(), st.one_of(st.none(), plans()))
def test_the_changes_lead_from_the_old_version_to_the_new_one(old: Plan, new: Plan | None) -> None:
    before = first(old)
    step = changes.step(before, new, PATH)
    state = facets(before)
    for change in step.changes:
        if change.before is not None:
            assert state[change.item] in (change.before, change.after)
        if change.after is None:
            del state[change.item]
        else:
            assert (change.before is None) is (change.item not in state)
            state[change.item] = change.after
    after = facets(step.tracked)
    assert {item: said(one) for item, one in state.items()} == {
        item: said(one) for item, one in after.items()
    }


@given(plans(), st.one_of(st.none(), plans()))
def test_weights_add_up(old: Plan, new: Plan | None) -> None:
    before = first(old)
    step = changes.step(before, new, PATH)
    for unit, was, now in zip(
        ("leaves", "milestones"),
        weighed(facets(before)),
        weighed(facets(step.tracked)),
        strict=True,
    ):
        moved = sum((getattr(one, unit) for one in step.changes), Weight())
        left = sum((getattr(one, unit) for one in step.gone), Weight())
        assert was + moved == now + left


@given(plans(), plans())
def test_an_item_keeps_its_id_if_it_is_the_same_and_only_then(old: Plan, new: Plan) -> None:
    before = first(old)
    step = changes.step(before, new, PATH)
    assert step.tracked is not None
    assert len(set(step.tracked.ids)) == len(step.tracked.ids) == len(list(new.walk()))
    partners = {after: was for was, after in reconcile.match(old, new)}
    for index, item in enumerate(step.tracked.ids):
        if index in partners:
            assert item == before.ids[partners[index]]
        else:
            assert item not in before.ids


@given(plans())
def test_a_version_that_reads_the_same_changes_nothing(plan: Plan) -> None:
    before = first(plan)
    assert changes.step(before, plan, PATH) == changes.Step(before, (), ())


@given(st.lists(st.sampled_from((BOARD, MANY, OTHER, "- [x] Print the board", None)), max_size=8))
def test_no_two_items_ever_have_one_id(bodies: list[str | None]) -> None:
    words: dict[str, set[str]] = {}
    for step in after_all(*bodies):
        for change in step.changes:
            if change.kind is ChangeKind.ADDED:
                words.setdefault(change.item, set()).add(text_of(change))
    assert all(len(texts) == 1 for texts in words.values())


# --- single values ------------------------------------------------------------------------------


def facet(text: str = "Dig", label: str = "", state: State = State.TODO) -> Facet:
    return Facet(Kind.TASK, 3, label, text, state, optional=False, leaf=True, box=True, parent="")


@pytest.mark.parametrize(
    ("text", "label", "wording"),
    [
        ("M1: Dig", "M1", ": Dig"),
        ("**Step 2:** Dig", "Step 2", ":** Dig"),
        ("Dig", "", "Dig"),
        ("Dig", "M1", "Dig"),
    ],
)
def test_a_label_is_no_part_of_the_wording(text: str, label: str, wording: str) -> None:
    assert facet(text, label).wording == wording


@pytest.mark.parametrize(
    ("state", "cut", "ended"),
    [
        (State.TODO, Weight(), Weight(1, 0, 1)),
        (State.DOING, Weight(), Weight(1, 0, 1)),
        (State.DONE, Weight(), Weight(1, 1, 0)),
        (State.DROPPED, Weight(), Weight(1, 0, 1)),
    ],
)
def test_what_is_cut_leaves_nothing_and_what_ends_is_done_or_dropped(
    state: State, cut: Weight, ended: Weight
) -> None:
    item = facet(state=state)
    assert left_behind(item, Reason.CUT) == (cut, cut)
    for reason in (Reason.FINALISED, Reason.REWRITTEN, Reason.DOCUMENT_REMOVED):
        assert left_behind(item, reason) == (ended, Weight())
    assert residue(weigh_leaf(item)) == ended


def test_optional_work_weighs_nothing_until_it_is_done() -> None:
    optional = facet()._replace(optional=True, kind=Kind.MILESTONE)
    assert weigh_leaf(optional) == weigh_milestone(optional) == Weight()
    assert weigh_leaf(optional._replace(state=State.DONE)) == Weight(1, 1, 0)
    assert weigh_leaf(optional._replace(leaf=False, state=State.DONE)) == Weight()


def test_a_design_doc_of_another_path_has_other_ids() -> None:
    plan = checklist(BOARD)
    assert not set(first(plan).ids) & set(first(plan, DESIGN_DOC).ids)
