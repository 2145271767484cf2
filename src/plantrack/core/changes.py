"""Two versions of a document to the changes between them."""

# Theory of operation
#
# 1. `reconcile` says which items are the same. A pair gives what happened to it; the rest was added
#    or removed.
# 2. An item is known by the id it had; a new one gets an id from where and how it is first seen.
#    One that was gone and comes back with its words gets its old id: under what it stood under, or
#    anywhere if its words are telling.
# 3. A removal has a reason: the document is gone, became a stub or is over (finalised), was
#    replaced as a whole (rewritten), or the item alone was taken out (cut).
# 4. Each change carries what it does to the series. What was cut leaves the scope; what went any
#    other way stays: done stays done, open becomes dropped. So a finished document that is folded
#    into a stub never makes the done line fall.
# 5. All changes of one item in one step add up to the difference of its weights, whatever their
#    number; groups are no items.

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core import ids, likeness, places, reconcile, status
from plantrack.core.change import (
    NOTHING,
    Change,
    ChangeKind,
    Facet,
    Gone,
    Reason,
    Tracked,
    facet_of,
    left_behind,
    weigh_leaf,
    weigh_milestone,
)
from plantrack.core.model import Kind, Plan, State

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from plantrack.core.model import Node
    from plantrack.core.places import Marked
    from plantrack.core.reconcile import Paired

_REPLACED = 0.2  # share of leaves found again below which a plan counts as rewritten
_ENOUGH_LEAVES = 5  # fewer say nothing about a rewrite
_SPLIT = 0.6  # share of an added item's words that stood in the item it was split from
_FEW_WORDS = 3  # lost by an item: fewer are no part of a task
_LOSERS = 64  # of one word; more of them do not tell what was split
_TELLING = 4  # words: fewer may be said of many things
_SHORT = 2  # letters: such words join others


@dataclass(frozen=True, slots=True)
class Step:
    """What one new version of a document comes to."""

    tracked: Tracked | None  # None: the document is gone
    changes: tuple[Change, ...]  # removed ones first, then in document order
    gone: tuple[Gone, ...]  # items of the old version that are not in the new one


def step(  # noqa: PLR0913 - what is known of a document
    old: Tracked | None,
    new: Plan | None,
    path: str,
    *,
    gone: Mapping[str, Gone] | None = None,
    taken: Container[str] = (),
    paired: Paired | None = None,
) -> Step:
    """Find what changed from `old` to `new`.

    `path` is the new version's. `gone` holds items of the document that were there once, by id;
    `taken` are ids of other documents' items, which new items must not get. `paired` is what
    `reconcile.match` says of the two versions, if it has been asked.
    """
    if new is None:
        placed = places.placed(old.plan, old.ids) if old else {}
        why = Reason.DOCUMENT_REMOVED
        lost = [leave(item, facet_of(*place), why) for item, place in placed.items()]
        return Step(None, tuple(c for c, _ in lost), tuple(g for _, g in lost))
    if old and (changed := places.changed_marks(old.plan, new)) is not None:
        return _marked(old, new, changed)
    if old and paired is None:
        paired = reconcile.match(old.plan, new)
    pairs = {index: source for source, index in paired or ()}
    return _matched(old, new, path, pairs, gone or {}, taken)


def _marked(old: Tracked, new: Plan, changed: Sequence[Marked]) -> Step:
    """Compare versions whose items stand just where they stood: each is what it was."""
    found: list[Change] = []
    why = why_changed(old.plan, new)
    for index, parent, node, other in changed:
        above = old.ids[parent] if parent >= 0 else ""
        pair = facet_of(node, above), facet_of(other, above)
        found.extend(differences(old.ids[index], *pair, why=why))
    return Step(Tracked(new, old.ids), tuple(found), ())


def _matched(  # noqa: PLR0913, PLR0917 - the pieces of one step, nothing else calls it
    old: Tracked | None,
    new: Plan,
    path: str,
    pairs: Mapping[int, int],
    gone: Mapping[str, Gone],
    taken: Container[str],
) -> Step:
    """Compare versions; `pairs` are positions of the same item in `new` and `old`."""
    tracked, origins = _named(old, new, path, pairs, gone, taken)
    before = places.placed(old.plan, old.ids) if old else {}
    after = places.placed(new, tracked.ids)
    reason = why_removed(old.plan, new, pairs) if old else Reason.NONE
    left = [(item, facet_of(*at)) for item, at in before.items() if item not in after]
    lost = [leave(item, facet, reason) for item, facet in left]
    moved = places.moved(before, after)
    found = [change for change, _ in lost]
    why = why_changed(old.plan, new) if old else Reason.NONE
    for item, place in after.items():
        known = before.get(item)
        if known is None:
            found.append(arrive(item, facet_of(*place), gone.get(item), origins))
        elif item in moved or not places.reads_the_same(known[0], place[0]):
            pair = facet_of(*known), facet_of(*place)
            found.extend(differences(item, *pair, why=why, moved=item in moved))
    return Step(tracked, tuple(found), tuple(one for _, one in lost))


# --- ids ----------------------------------------------------------------------------------------


def _named(  # noqa: PLR0913, PLR0917 - the pieces of one step, nothing else calls it
    old: Tracked | None,
    new: Plan,
    path: str,
    pairs: Mapping[int, int],
    gone: Mapping[str, Gone],
    taken: Container[str],
) -> tuple[Tracked, dict[str, str]]:
    """Give every node its id; second, which added item was split from which."""
    known = {index: old.ids[source] for index, source in pairs.items()} if old else {}
    nodes = list(new.walk())
    if len(known) == len(nodes):
        return Tracked(new, tuple(known[index] for index in range(len(nodes)))), {}
    used = {*old.ids} if old else set()
    first_seen = ids.places(new, path)
    back = _Back(gone, known.values())
    named: list[str] = []

    left = [(node, "") for node in reversed(places.outermost(new))]  # with the item each is in
    while left:  # a function that calls itself would hold all of this until garbage is looked for
        node, above = left.pop()
        index = len(named)
        item = known.get(index) or back.take(node, above)
        if not item:
            item = _free(ids.id_of(first_seen[index]), used, taken, gone)
        used.add(item)
        named.append(item)
        around = above if node.kind is Kind.GROUP else item
        left += [(child, around) for child in reversed(node.children)]
    origins = {named[index]: old.ids[at] for index, at in _splits(old, nodes, pairs)} if old else {}
    return Tracked(new, tuple(named)), origins


class _Back:
    """The items that are gone, to be found again by their words."""

    def __init__(self, gone: Mapping[str, Gone], held: Iterable[str]) -> None:
        self._waiting: dict[tuple[str, bool, str | None], list[str]] = {}
        # one that is gone may have become a group, and this the same heading as one of now
        self._found = set(held) if gone else set()
        for left in [*gone.values()][::-1]:  # the first one is the next to be taken
            key = likeness.folded(left.facet.text), left.facet.box
            for above in (left.facet.parent, None):  # None: wherever it stood
                self._waiting.setdefault((*key, above), []).append(left.item)

    def take(self, node: Node, above: str) -> str:
        """Give the id of an item that comes back under the item `above`; "": none does."""
        if not self._waiting or node.kind is Kind.GROUP:
            return ""
        words, is_box = likeness.folded(node.text), node.mark is not None
        places = (above, None) if len(words.split()) >= _TELLING else (above,)
        for place in places:
            waiting = self._waiting.get((words, is_box, place), [])
            while waiting:
                if (item := waiting.pop()) not in self._found:
                    self._found.add(item)
                    return item
        return ""


def _free(item: str, used: Container[str], taken: Container[str], old: Container[str]) -> str:
    """Return the id, or the next one derived from it that nobody has."""
    while item in used or item in taken or item in old:
        item = ids.next_after(item)
    return item


def _splits(
    old: Tracked, nodes: Sequence[Node], pairs: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Find added leaves whose words stood in a kept item that has lost them."""
    before = list(old.plan.walk())
    losers_by_word: dict[str, list[int]] = {}
    for index, source in pairs.items():
        if before[source].title != nodes[index].title:
            lost = _words(before[source].title) - _words(nodes[index].title)
            if len(lost) >= _FEW_WORDS:
                for word in lost:
                    losers_by_word.setdefault(word, []).append(source)
    for index, node in enumerate(nodes):
        if index in pairs or not node.is_leaf:
            continue
        words = _words(node.title)
        losers = Counter(at for word in words for at in losers_by_word.get(word, [])[:_LOSERS])
        best = min(losers, key=lambda at: (-losers[at], at), default=-1)
        if best >= 0 and losers[best] >= _SPLIT * len(words):
            yield index, best


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in likeness.folded(text).split() if len(word) > _SHORT)


# --- changes ------------------------------------------------------------------------------------


def why_removed(old: Plan, new: Plan, pairs: Mapping[int, int]) -> Reason:
    """Say why items are gone; `pairs` are positions of the same item in `new` and `old`."""
    if status.is_over(new.status):
        return Reason.FINALISED
    if not new.has_checklist:
        # boxes that stand outside any plan now are no stub, but another document
        is_stub = new.boxes_outside <= old.boxes_outside
        return Reason.FINALISED if is_stub else Reason.REWRITTEN
    leaves = {index for index, node in enumerate(old.walk()) if node.is_leaf}
    is_kept = len(leaves.intersection(pairs.values())) >= _REPLACED * len(leaves)
    return Reason.CUT if is_kept or len(leaves) < _ENOUGH_LEAVES else Reason.REWRITTEN


def leave(item: str, facet: Facet, reason: Reason) -> tuple[Change, Gone]:
    """Take an item out; second, what it leaves in the series."""
    left = Gone(item, facet, *left_behind(facet, reason))
    leaves = left.leaves - weigh_leaf(facet)
    milestones = left.milestones - weigh_milestone(facet)
    return Change(ChangeKind.REMOVED, reason, item, facet, None, leaves, milestones), left


def arrive(item: str, facet: Facet, back: Gone | None, origins: Mapping[str, str]) -> Change:
    """Put an item in; `back` is how it went once, `origins` name what others were split from."""
    done = facet.state is State.DONE
    reason = Reason.ARRIVED_DONE if done else Reason.OPEN
    leaves, milestones = weigh_leaf(facet), weigh_milestone(facet)
    origin = origins.get(item, "")
    if back and back.item == item:
        reason = Reason.RESTORED
        leaves, milestones = leaves - back.leaves, milestones - back.milestones
    elif origin and not done:
        reason = Reason.SPLIT
    return Change(ChangeKind.ADDED, reason, item, None, facet, leaves, milestones, origin)


def why_changed(old: Plan, new: Plan) -> Reason:
    """Say why items are dropped that nobody marked so."""
    is_end = status.is_over(new.status) and not status.is_over(old.status)
    return Reason.FINALISED if is_end else Reason.NONE


def differences(
    item: str, before: Facet, after: Facet, *, why: Reason, moved: bool = False
) -> Iterator[Change]:
    """Say what happened to an item that is in both versions; the first change bears the weight."""
    leaves = weigh_leaf(after) - weigh_leaf(before)
    milestones = weigh_milestone(after) - weigh_milestone(before)
    reason = Reason.NONE if after.box else Reason.DERIVED
    if after.state is State.DROPPED and why is Reason.FINALISED:
        reason = why
    kinds: list[tuple[ChangeKind, Reason]] = []
    if before.state is not after.state:
        kinds.append((_state_kind(before.state, after.state), reason))
    elif before.optional is not after.optional:
        kinds.append((ChangeKind.MARKED, reason))
    if before.leaf is not after.leaf:
        kinds.append((ChangeKind.COLLAPSED if after.leaf else ChangeKind.EXPANDED, Reason.NONE))
    if likeness.folded(before.wording) != likeness.folded(after.wording):
        kinds.append((ChangeKind.REWORDED, Reason.NONE))
    if moved:
        kinds.append((ChangeKind.MOVED, Reason.NONE))
    if not kinds and (leaves != NOTHING or milestones != NOTHING):
        kinds.append((ChangeKind.MARKED, reason))  # its part in the plan changed
    for kind, because in kinds:
        yield Change(kind, because, item, before, after, leaves, milestones)
        leaves = milestones = NOTHING


def _state_kind(before: State, after: State) -> ChangeKind:
    if after is State.DONE:
        return ChangeKind.TICKED
    return ChangeKind.UNTICKED if before is State.DONE else ChangeKind.MARKED
