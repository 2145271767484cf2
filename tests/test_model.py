"""Nodes, plans and ledgers are walked and asked."""

from __future__ import annotations

from plantrack.core.model import (
    Family,
    Kind,
    Ledger,
    LedgerLine,
    Node,
    Plan,
    Section,
    Shape,
    State,
    Status,
)

STATUS = Status("", Family.UNKNOWN, 0)


def node(line: int, *children: Node, mark: str | None = " ") -> Node:
    return Node(Kind.STEP, line, "a", "", "a", State.TODO, mark, children=children)


def section(*nodes: Node, shape: Shape = Shape.NESTED) -> Section:
    return Section("Milestones", 1, 9, shape, implicit=False, nodes=nodes)


def test_nodes_are_walked_in_document_order() -> None:
    tree = node(1, node(2, node(3)), node(4))
    assert [found.line for found in tree.walk()] == [1, 2, 3, 4]
    plan = Plan("A", "design doc", STATUS, (section(tree), section(node(7))))
    assert [found.line for found in plan.walk()] == [1, 2, 3, 4, 7]


def test_a_leaf_is_a_box_with_no_box_inside() -> None:
    tree = node(1, node(2, mark=None), node(3, node(4)), mark=None)
    assert [leaf.line for leaf in tree.leaves()] == [4]


def test_a_plan_has_a_checklist_when_a_section_has() -> None:
    empty = section(shape=Shape.NO_CHECKLIST)
    assert not Plan("A", "", STATUS).has_checklist
    assert not Plan("A", "", STATUS, (empty,)).has_checklist
    assert Plan("A", "", STATUS, (empty, section(node(1)))).has_checklist


def test_a_ledger_counts_by_kind_and_by_reason() -> None:
    ledger = Ledger(
        (
            LedgerLine(1, "- [ ] a", "leaf", None, 0),
            LedgerLine(2, "- [ ] b", None, "late", None),
            LedgerLine(3, "- [ ] c", None, "early", None),
            LedgerLine(4, "- [ ] d", None, "late", None),
        )
    )
    assert ledger.count("leaf") == 1
    assert ledger.count("parent") == 0
    assert list(ledger.excluded().items()) == [("late", 2), ("early", 1)]
