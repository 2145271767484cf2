"""Two revisions of the plans to the view of what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plantrack.core import comparison
from plantrack.core.past_view import DiffDocument, DiffView, End
from plantrack.views import past

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.comparison import Pair, Sides
    from plantrack.store import Store


def diff(store: Store, read: Sides, *, every: bool = False) -> DiffView:
    """Say what differs, documents by path; `every`: with the items nothing happened to, too."""
    documents = tuple(_documents(read.pairs, every=every))
    short = past.short_ids(store, (item.id for one in documents for item in one.items))
    return DiffView(
        before=End(*read.ends.before),
        after=End(*read.ends.after),
        documents=tuple(
            replace(one, items=tuple(replace(item, id=short[item.id]) for item in one.items))
            for one in documents
        ),
        by_history=read.by_history,
    )


def _documents(pairs: tuple[Pair, ...], *, every: bool) -> Iterator[DiffDocument]:
    for pair in sorted(pairs, key=_path):
        before, after = pair.before, pair.after
        items = comparison.compare(
            before.tracked if before else None, after.tracked if after else None, pair.changes
        )
        kept = items if every else tuple(item for item in items if item.kinds)
        is_renamed = before and after and before.path != after.path
        if not kept and not is_renamed:
            continue
        named = after or before
        assert named is not None  # a pair has at least one side
        yield DiffDocument(
            path_before=before.path if before else None,
            path_after=after.path if after else None,
            title=named.title,
            before=comparison.leaves(before.tracked if before else None),
            after=comparison.leaves(after.tracked if after else None),
            items=kept,
        )


def _path(pair: Pair) -> str:
    side = pair.after or pair.before
    return side.path if side else ""
