"""One document's memory, or its file, to what is shown of it alone."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, pointer, progress
from plantrack.core.effects import Unit
from plantrack.core.model import Action, Family, Finding, Plan, Status
from plantrack.core.view import ExplainLine, ExplainView, NodeView, RefView, SectionView
from plantrack.errors import NotFound, PlaceError
from plantrack.store import MentionRow, PointerRow
from plantrack.views import absent, past

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from plantrack.config import Config
    from plantrack.core.model import Node, Pointer, Ref
    from plantrack.core.pointer import Order
    from plantrack.repo import Place
    from plantrack.store import Store

PLACE_OF_ACTION = list(PointerRow.__annotations__).index("action")


def sections(store: Store, path: str) -> tuple[SectionView, ...]:
    """View the tree of a document; () when nothing is remembered of it."""
    tree = store.tree(path)
    if tree is None:
        return ()
    short = store.prefixes(tree.ids)
    named = iter(zip(tree.ids, short, strict=True))
    origins = past.origins(store, path)
    return tuple(
        SectionView(
            heading=section.heading,
            line=section.line,
            shape=section.shape.value,
            nodes=tuple(_node(node, named, origins) for node in section.nodes),
            unboxed=tuple(RefView("", ref.line, ref.label, ref.title) for ref in section.unboxed),
        )
        for section in tree.sections
    )


def _node(node: Node, named: Iterator[tuple[str, str]], origins: past.Origins) -> NodeView:
    key, short = next(named)
    added = origins.added(key)
    done = added if origins.arrived_done(key, node.state) else origins.ticked(key, node.state)
    return NodeView(
        id=short,
        kind=node.kind,
        label=node.label,
        title=node.title,
        text=node.text,
        line=node.line,
        state=node.state,
        mark=node.mark,
        optional=node.optional,
        leaves=progress.tally([node]).leaves,
        children=tuple(_node(child, named, origins) for child in node.children),
        added=added.time if added else None,
        done=done.time if done else None,
    )


def finished(store: Store, path: str, after: date) -> int | None:
    """Count the steps of a document that were ticked after a day, less what was unticked.

    None: it has no history yet.
    """
    documents = past.document_ids(store).get(path, ())
    days = store.past.days(Unit.LEAVES, documents) if documents else ()
    return sum(one.amounts.finished for one in days if one.day > after) if days else None


def reordered(
    store: Store, rows: Sequence[PointerRow], mentions: Sequence[MentionRow], order: Order
) -> tuple[tuple[PointerRow, ...], tuple[MentionRow, ...]]:
    """Find pointers, and the entries of their lists, again under another order of work.

    Whether a plan holds work does not depend on the order, so neither does which plans are asked.
    What Next Steps ask for is set beside the frontier's choice only: there are no alternatives.
    """
    found: list[PointerRow] = []
    entries: list[MentionRow] = []
    for row in rows:
        tree = None if row.action in {Action.NONE, Action.FINISH} else store.tree(row.path)
        document = store.document(row.path)
        if tree is None or document is None:
            found.append(row)
            entries += (one for one in mentions if one.path == row.path)
            continue
        # A plan with work is not over: of its Status only the words matter here.
        status = Status(document.status_text, Family(row.family), line=0)
        plan = Plan(row.title, document.dialect, status, tree.sections)
        pointed = pointer.next_task(plan, order=order)
        found.append(_pointer_row(row, pointed, plan, tree.ids))
        entries += _mention_rows(row.path, pointed, tree.ids)
    return tuple(found), tuple(entries)


def _pointer_row(row: PointerRow, pointed: Pointer, plan: Plan, ids: Sequence[str]) -> PointerRow:
    """Give the row of the same document with another pointer."""
    target, milestone = pointed.target, pointed.milestone
    assert target is not None, "a plan with work points at it"
    node = next(islice(plan.walk(), target.index, None))
    return PointerRow(
        (
            *row[:PLACE_OF_ACTION],
            pointed.action.value,
            pointed.reason,
            target.line,
            ids[target.index],
            node.text,
            pointed.notes,
            None if milestone is None else _id(milestone, ids),
            milestone.line if milestone else 0,
            milestone.label if milestone else "",
            milestone.title if milestone else "",
        )
    )


def _mention_rows(path: str, pointed: Pointer, ids: Sequence[str]) -> Iterator[MentionRow]:
    for words in pointed.cautions:
        yield MentionRow((path, "caution", "", 0, "", words))
    for role, refs in (("left behind", pointed.left_behind), ("then", pointed.then)):
        for ref in refs:
            yield MentionRow((path, role, _id(ref, ids), ref.line, ref.label, ref.title))


def _id(ref: Ref, ids: Sequence[str]) -> str:
    return ids[ref.index] if ref.index >= 0 else ""


def explain(store: Store, place: Place, config: Config, path: str) -> ExplainView:
    """Account for every box-like line of a document, as its file is at this moment.

    Raises NotFound when it is gone, and PlaceError when it cannot be read.
    """
    from plantrack.core import markdown, parse

    source = repo.read_document(place, path, max_bytes=config.max_document_kib * 1024)
    if isinstance(source, Finding):
        kind = NotFound if source.code == "gone" else PlaceError
        raise kind(f"{path}: {source.message}", absent.remedy(source))
    text, odd = markdown.decode(source.data)
    plan, ledger, because = parse.explain(text, dialect.origin(path), config.rules())
    short = _known_ids(store, path, source.blob)
    return ExplainView(
        path=path,
        shape=" + ".join(section.shape for section in plan.sections),
        dialect=plan.dialect,
        because=(*map(_placed, odd), *because),
        progress=progress.tally([n for section in plan.sections for n in section.nodes]).leaves,
        lines=tuple(
            ExplainLine(
                line=row.line,
                raw=row.raw,
                counted=row.counted,
                excluded=row.excluded,
                item=short[row.index] if row.index is not None and short else None,
            )
            for row in ledger.lines
        ),
        leaves=ledger.count("leaf"),
        parents=ledger.count("parent"),
        optional=ledger.count("optional"),
        excluded=ledger.excluded(),
    )


def _known_ids(store: Store, path: str, blob: str) -> tuple[str, ...]:
    """Give the ids of a document's items as everybody knows them; (): it was saved just now."""
    row, tree = store.document(path), store.tree(path)
    return store.prefixes(tree.ids) if row and tree and row.blob == blob else ()


def _placed(finding: Finding) -> str:
    return f"line {finding.line}: {finding.message}" if finding.line else finding.message
