"""The boxes and headings of one plan section to its two layers."""

# Theory of operation
#
# A plan has milestones outside and steps inside, but people write the layers as boxes in boxes, as
# boxes under headings, as an index of boxes whose sections follow, or leave one layer out. The
# first of these that fits decides, for each plan section by itself:
#
# 1. The dialect says which heading or box is the milestone.
# 2. Most outermost boxes carry a label: they are the milestones. Under a heading that is labelled
#    itself only words like Milestone or Phase count; any other label there names a step.
# 3. Labels of boxes return as headings with boxes: the box is the index entry of that section.
# 4. Headings hold boxes: the outermost labelled heading over a box is its milestone, else the
#    innermost heading.
# 5. Boxes hold boxes: the outer ones are milestones.
# 6. Otherwise a flat list of tasks; labelled ones are milestones without steps.

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plantrack.core import dialect, inline, labels
from plantrack.core.dialect import Layer
from plantrack.core.forest import Entry, Forest, Title, box_node, derived_state, hang, label_of
from plantrack.core.model import Kind, Node, Ref, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.boxes import Box


@dataclass(frozen=True, slots=True)
class Layers:
    """What a section's shape comes to."""

    shape: Shape
    nodes: tuple[Node, ...]
    why: str  # one sentence
    unboxed: tuple[Ref, ...] = ()
    lost_indents: tuple[int, ...] = ()  # lines of boxes taken for steps of the milestone above
    left_out: tuple[tuple[int, str], ...] = ()  # (line of an outermost box, reason)


LABELLED_ENOUGH = 0.6  # share of labelled boxes from which an unlabelled one has lost its indent


def arrange(entries: tuple[Entry, ...], titles: tuple[Title, ...], row: dialect.Dialect) -> Layers:
    """Find the layers of a section from its outermost boxes and all its headings, in order."""
    if not entries:
        return Layers(Shape.NO_CHECKLIST, (), "the section holds no boxes")
    layers = None
    if row.layer is Layer.BY_NUMBER:
        layers = _by_number(entries)
    elif row.layer is Layer.BY_HEADING:
        layers = _by_milestone_heading(entries, titles, row)
    numbered = row.layer is not Layer.BY_SHAPE
    return layers or (
        _labelled(entries)
        or _indexed(entries, titles)
        or _headed(entries, titles, numbered=numbered)
        or _nested_or_flat(entries, numbered=numbered)
    )


# --- 1: dialects --------------------------------------------------------------------------------


def _by_number(entries: tuple[Entry, ...]) -> Layers | None:
    tops = _nest_by_number(entries)
    if not any(_number(top.box) for top in tops):
        return None
    nested = any(top.box.children or top.adopted for top in tops)
    shape = Shape.NESTED if nested else Shape.FLAT
    forest = Forest()
    # one heading over everything ("Tasks") parts nothing
    grouped = len({top.entry.chain for top in tops}) > 1
    for top in tops:
        kind = Kind.MILESTONE if _number(top.box) or top.box.children else Kind.TASK
        forest.place(top.entry.chain if grouped else (), _numbered_node(top, kind))
    return Layers(
        Shape.GROUPED if grouped else shape,
        forest.nodes(),
        "numbered boxes are the milestones, boxes numbered below them their steps",
    )


@dataclass(slots=True)
class _Numbered:
    entry: Entry
    box: Box
    adopted: list[_Numbered] = field(default_factory=list)


_MAX_NUMBERS = 20  # as deep as lists are read; numbers below that are all of one level


def _number(box: Box) -> tuple[int, ...]:
    label, _ = label_of(box, numbered=True)
    numbers = map(int, label.split(".")) if re.fullmatch(r"\d+(?:\.\d+)*", label) else ()
    return tuple(numbers)[:_MAX_NUMBERS]


def _nest_by_number(entries: tuple[Entry, ...]) -> list[_Numbered]:
    """Hang boxes at column 0 under the box whose number theirs begins with."""
    tops: list[_Numbered] = []
    by_number: dict[tuple[int, ...], _Numbered] = {}
    for entry in entries:
        numbered = _Numbered(entry, entry.box)
        number = _number(entry.box)
        parent = by_number.get(number[:-1]) if len(number) > 1 else None
        (parent.adopted if parent else tops).append(numbered)
        if number:
            by_number[number] = numbered
    return tops


def _numbered_node(top: _Numbered, kind: Kind) -> Node:
    node = box_node(top.box, kind, numbered=True)
    if not top.adopted:
        return node
    steps = tuple(_numbered_node(step, Kind.STEP) for step in top.adopted)
    if top.box.has_bullets and not top.box.children:
        # the parent describes work of its own: its mark is that work's, its state is derived
        own = node._replace(kind=Kind.STEP)
        steps = hang(node, steps).children
        heading = node._replace(mark=None, notes="", struck=False, children=(own, *steps))
        return heading._replace(state=derived_state(heading))
    return hang(node, steps)


def _by_milestone_heading(
    entries: tuple[Entry, ...], titles: tuple[Title, ...], row: dialect.Dialect
) -> Layers | None:
    wanted = re.compile(row.milestone)
    is_milestone = {title.line for title in titles if wanted.match(title.label)}
    if not is_milestone:
        return None
    forest = Forest()
    left_out = []
    for entry in entries:
        place = next((i for i, t in enumerate(entry.chain) if t.line in is_milestone), None)
        if place is None:
            left_out.append((entry.box.line, "not under a milestone heading"))
            continue
        forest.place_under(entry.chain, place, box_node(entry.box, Kind.STEP, numbered=True))
    return Layers(
        Shape.HEADED if forest.roots else Shape.NO_CHECKLIST,
        forest.nodes(),
        f"{row.name}: the labelled headings are the milestones",
        unboxed=_unboxed([t for t in titles if t.line in is_milestone], entries),
        left_out=tuple(left_out),
    )


# --- 2: labelled boxes --------------------------------------------------------------------------


def _labelled(entries: tuple[Entry, ...]) -> Layers | None:
    named = [_counts_as_labelled(entry) for entry in entries]
    if sum(named) * 2 <= len(entries):
        return None
    adopt = sum(named) >= LABELLED_ENOUGH * len(entries)
    units: list[tuple[Entry, list[Entry]]] = []
    lost = []
    for entry, has_label in zip(entries, named, strict=True):
        if not has_label and adopt and units and units[-1][0].chain == entry.chain:
            units[-1][1].append(entry)
            lost.append(entry.box.line)
        else:
            units.append((entry, []))
    nested = any(entry.box.children or adopted for entry, adopted in units)
    forest = Forest()
    for entry, adopted in units:
        has_label = _counts_as_labelled(entry)
        kind = Kind.MILESTONE if has_label or entry.box.children else Kind.TASK
        node = box_node(entry.box, kind)
        steps = tuple(box_node(step.box, Kind.STEP) for step in adopted)
        forest.place(entry.chain, hang(node, steps))
    grouped = all(entry.chain for entry in entries)
    shape = Shape.GROUPED if grouped else Shape.NESTED if nested else Shape.FLAT
    why = f"{sum(named)} of {len(entries)} outermost boxes carry a label: they are the milestones"
    return Layers(shape, forest.nodes(), why, lost_indents=tuple(lost))


def _counts_as_labelled(entry: Entry) -> bool:
    label = entry.box.label
    if not label:
        return False
    return not any(title.label for title in entry.chain) or labels.is_outer(label)


# --- 3: index and sections ----------------------------------------------------------------------


def _indexed(entries: tuple[Entry, ...], titles: tuple[Title, ...]) -> Layers | None:
    sections: dict[str, Title] = {}
    found = list(zip(entries, _milestone_places(entries), strict=True))
    for entry, place in found:
        if place is not None and entry.chain[place].label:
            title = entry.chain[place]
            sections.setdefault(labels.key(title.label), title)
    index = {
        labels.key(entry.box.label): entry
        for entry in reversed(entries)
        if entry.box.label and not any(title.label for title in entry.chain)
    }
    both = index.keys() & sections.keys()
    if not both:
        return None
    forest = Forest()
    boxes_of = {sections[key].line: index[key] for key in both}
    for entry, place in found:
        if place is not None and entry.chain[place].label:
            title = entry.chain[place]
            own = boxes_of.get(title.line)
            if own:
                forest.merge(own, entry, title)
            else:
                forest.place_under(entry.chain, place, box_node(entry.box, Kind.STEP))
        elif entry.box.label or not entry.chain:
            kind = Kind.MILESTONE if entry.box.label or entry.box.children else Kind.TASK
            forest.place_index(entry, box_node(entry.box, kind))
        else:
            forest.place_under(entry.chain, len(entry.chain) - 1, box_node(entry.box, Kind.STEP))
    unmatched = [t for t in titles if t.label and labels.key(t.label) not in index]
    why = f"{len(both)} labelled boxes return as headings with boxes: each pair is one milestone"
    return Layers(Shape.INDEXED, forest.nodes(), why, unboxed=_unboxed(unmatched, entries))


# --- 4: headings --------------------------------------------------------------------------------


def _headed(
    entries: tuple[Entry, ...], titles: tuple[Title, ...], *, numbered: bool
) -> Layers | None:
    if not any(entry.chain for entry in entries):
        return None
    forest = Forest()
    for entry, place in zip(entries, _milestone_places(entries), strict=True):
        if place is None:
            forest.place((), box_node(entry.box, Kind.TASK, numbered=numbered))
        else:
            node = box_node(entry.box, Kind.STEP, numbered=numbered)
            forest.place_under(entry.chain, place, node)
    labelled = [title for title in titles if title.label]
    why = "headings hold the boxes: the outermost labelled, else the innermost, are the milestones"
    return Layers(Shape.HEADED, forest.nodes(), why, unboxed=_unboxed(labelled, entries))


def _milestone_places(entries: tuple[Entry, ...]) -> Iterator[int | None]:
    """Yield for each entry where its milestone is in its chain of headings; None: it has none."""
    last: tuple[Title, ...] | None = None
    place = None
    for entry in entries:
        if entry.chain is not last:  # mostly it goes on as before
            last, place = entry.chain, _milestone_place(entry.chain)
        yield place


def _milestone_place(chain: tuple[Title, ...]) -> int | None:
    """Find the milestone in a chain of headings: the outermost labelled, else the innermost."""
    labelled = next((i for i, title in enumerate(chain) if title.label), None)
    return labelled if labelled is not None else (len(chain) - 1 if chain else None)


def _unboxed(labelled: list[Title], entries: tuple[Entry, ...]) -> tuple[Ref, ...]:
    """Name the labelled headings that neither hold boxes nor stand inside a labelled one."""
    over_boxes = {title.line for entry in entries for title in entry.chain}
    found: list[Ref] = []
    outer: Title | None = None
    for title in labelled:
        if outer and title.level > outer.level:
            continue
        outer = title
        if title.line not in over_boxes:
            found.append(Ref(-1, title.line, title.label, inline.plain(title.rest)))
    return tuple(found)


# --- 5 and 6 ------------------------------------------------------------------------------------


def _nested_or_flat(entries: tuple[Entry, ...], *, numbered: bool) -> Layers:
    boxes = [entry.box for entry in entries]
    if any(box.children for box in boxes):
        nodes = tuple(box_node(box, Kind.MILESTONE, numbered=numbered) for box in boxes)
        return Layers(Shape.NESTED, nodes, "boxes hold boxes: the outer ones are the milestones")
    nodes = tuple(
        box_node(box, Kind.MILESTONE if box.label else Kind.TASK, numbered=numbered)
        for box in boxes
    )
    return Layers(Shape.FLAT, nodes, "a flat list of tasks")
