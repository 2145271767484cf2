"""Headings and boxes to the nodes of a plan, each in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core import inline, labels
from plantrack.core.model import Kind, Node, State, made_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.core.boxes import Box


class Title(NamedTuple):
    """A heading inside a plan section."""

    level: int
    text: str
    line: int  # 1-based
    label: str
    rest: str
    notes: str = ""  # a Status field of its own


class Entry(NamedTuple):
    """An outermost box with the headings it stands under, outermost first."""

    chain: tuple[Title, ...]
    box: Box


def box_node(box: Box, kind: Kind, *, numbered: bool = False, optional: bool = False) -> Node:
    """Make a node of a box and all below it; what is inside is steps."""
    if box.nodes is None:
        return _box_node(box, kind, numbered=numbered, optional=optional)
    key = kind, numbered, optional
    node = box.nodes.get(key)
    if node is None:
        node = box.nodes[key] = _box_node(box, kind, numbered=numbered, optional=optional)
    return node


def _box_node(box: Box, kind: Kind, *, numbered: bool, optional: bool) -> Node:
    label, rest = label_of(box, numbered=numbered)
    tags, rest = labels.split_tags(rest)
    struck = "~~" in box.text and (inline.is_struck(box.text) or inline.is_struck(rest))
    mark, state, is_star = box.mark
    optional = optional or is_star
    children: tuple[Node, ...] = ()
    if box.children:
        step, more = Kind.STEP, optional
        children = tuple(
            [box_node(child, step, numbered=numbered, optional=more) for child in box.children]
        )
    if struck and state is not State.DONE:
        state = State.DROPPED
    if state is State.DROPPED:
        children = tuple(map(_dropped, children))
    title = inline.plain(rest) or label
    fields = kind, box.line, box.text, label, title, state, mark
    return made_node((*fields, optional, struck, box.notes, tags, children))


def label_of(box: Box, *, numbered: bool) -> tuple[str, str]:
    """Part a box's text into its label and the rest, as `labels.split` does."""
    if numbered and not box.label:
        return labels.split(box.text, numbered=True)
    return box.label, box.rest


def hang(node: Node, below: Iterable[Node]) -> Node:
    """Hang further nodes below a box; as those inside it, they are dropped and optional with it."""
    below = tuple(below)
    if not below:
        return node
    if node.state is State.DROPPED:
        below = map(_dropped, below)
    if node.optional:
        below = map(_optional, below)
    return node._replace(children=(*node.children, *below))


def _optional(node: Node) -> Node:
    return node._replace(optional=True, children=tuple(map(_optional, node.children)))


def _dropped(node: Node) -> Node:
    state = node.state if node.state is State.DONE else State.DROPPED
    return node._replace(state=state, children=tuple(map(_dropped, node.children)))


def derived_state(node: Node) -> State:
    """Derive a heading's state from its leaves, of which it has some.

    It is done when every required one is done or dropped.
    """
    return _state_of(list(node.leaves()))


def _state_of(leaves: Sequence[Node]) -> State:
    required = [leaf.state for leaf in leaves if not leaf.optional]
    states = set(required or [leaf.state for leaf in leaves])
    if states <= _OVER:
        return State.DONE if State.DONE in states else State.DROPPED
    return State.DOING if states & _BEGUN else State.TODO


_OVER = frozenset({State.DONE, State.DROPPED})
_BEGUN = frozenset({State.DONE, State.DOING})


@dataclass(slots=True)
class _Tree:
    """A node under construction: a heading, or a finished box node."""

    title: Title | None
    node: Node | None
    kind: Kind
    children: list[_Tree | Node] = field(default_factory=list)

    def build(self) -> Node:
        children = _built(self.children)
        if self.node is not None:
            return hang(self.node, children)
        title = self.title
        assert title is not None  # a tree is a heading or a box
        leaves = [leaf for child in children for leaf in child.leaves()]
        return Node(
            kind=self.kind,
            line=title.line,
            text=title.text,
            label=title.label,
            title=inline.plain(title.rest) or title.label,
            state=_state_of(leaves),
            mark=None,
            optional=bool(leaves) and all(leaf.optional for leaf in leaves),
            notes=title.notes,
            children=children,
        )


def _built(trees: Iterable[_Tree | Node]) -> tuple[Node, ...]:
    return tuple([tree.build() if isinstance(tree, _Tree) else tree for tree in trees])


class Forest:
    """Headings and boxes put in their places, in document order."""

    def __init__(self) -> None:
        """Begin without any tree."""
        self.roots: list[_Tree | Node] = []
        self._by_line: dict[int, _Tree] = {}
        self._last: tuple[tuple[Title, ...], int, list[_Tree | Node]] = ((), -1, self.roots)

    def nodes(self) -> tuple[Node, ...]:
        """Build the nodes, outermost ones in document order."""
        return _built(self.roots)

    def place(self, chain: tuple[Title, ...], node: Node) -> None:
        """Hang a node under headings that only group."""
        self._under(chain, len(chain)).append(node)

    def place_index(self, entry: Entry, node: Node) -> None:
        """Hang an index box, to be found again by its section."""
        if entry.box.line not in self._by_line:
            tree = _Tree(None, node, node.kind)
            self._by_line[entry.box.line] = tree
            self._under(entry.chain, len(entry.chain)).append(tree)

    def place_under(self, chain: tuple[Title, ...], place: int, node: Node) -> None:
        """Hang a node under the milestone at `place` of its chain of headings."""
        self._under(chain, place).append(node)

    def merge(self, index: Entry, entry: Entry, title: Title) -> None:
        """Hang an entry of a section under the index box that the section belongs to."""
        if index.box.line not in self._by_line:
            self.place_index(index, box_node(index.box, Kind.MILESTONE))
        tree = self._by_line[index.box.line]
        inner = tuple(t for t in entry.chain if t.line > title.line)
        siblings = self._descend(tree.children, inner, len(inner))
        siblings.append(box_node(entry.box, Kind.STEP))

    def _under(self, chain: tuple[Title, ...], place: int) -> list[_Tree | Node]:
        if chain is not self._last[0] or place != self._last[1]:  # mostly it goes on as before
            self._last = chain, place, self._found_under(chain, place)
        return self._last[2]

    def _found_under(self, chain: tuple[Title, ...], place: int) -> list[_Tree | Node]:
        # a heading that is a milestone by itself never becomes a group over a later one
        groups = tuple(
            title
            for index, title in enumerate(chain)
            if index >= place
            or (tree := self._by_line.get(title.line)) is None
            or tree.kind is Kind.GROUP
        )
        at = sum(title in chain[:place] for title in groups)
        return self._descend(self.roots, groups, at)

    def _descend(
        self, siblings: list[_Tree | Node], chain: tuple[Title, ...], place: int
    ) -> list[_Tree | Node]:
        for index, title in enumerate(chain):
            tree = self._by_line.get(title.line)
            if tree is None:
                tree = _Tree(title, None, Kind.MILESTONE if index == place else Kind.GROUP)
                self._by_line[title.line] = tree
                siblings.append(tree)
            siblings = tree.children
        return siblings
