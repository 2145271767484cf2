from __future__ import annotations

from dataclasses import replace

from past_samples import ITEMS, added, change, diff_item, diff_view, revision
from plantrack.core.change import ChangeKind
from plantrack.core.past_view import Logged


def test_versions_differ_when_anything_happened_to_an_item() -> None:
    assert diff_view(*ITEMS).differs
    assert diff_view(diff_item(), diff_item(ChangeKind.MOVED)).differs
    assert not diff_view(diff_item(), diff_item()).differs
    assert not diff_view().differs


def test_versions_differ_when_a_document_has_another_path() -> None:
    (document,) = diff_view().documents
    renamed = replace(document, path_after="docs/board.md")
    assert diff_view(documents=(renamed,)).differs
    assert not diff_view(documents=(replace(document, path_before=None),)).differs


def test_what_happened_to_one_item_is_put_together_where_it_began() -> None:
    ticked, other, reworded = change(), added(22), change(ChangeKind.REWORDED)
    elsewhere = change(path="docs/0003-quays.md")
    found = Logged(revision(), (ticked, other, elsewhere, reworded)).by_item
    assert found == ((ticked, reworded), (other,), (elsewhere,))
    assert Logged(revision(), ()).by_item == ()
