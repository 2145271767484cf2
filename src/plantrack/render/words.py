"""View values to the few words every medium shows them with; nothing here is cleaned or cut yet."""

from __future__ import annotations

from plantrack.core.clean import width
from plantrack.core.quick_view import PACE_WEEKS

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from plantrack.core.model import Count
    from plantrack.core.view import DocView, PointerView, RefView, Standing

FINISHED = "finished"
NO_CHECKLIST = "no checklist"
_UNKNOWN = "no known status"
_GROUPS = ("active", "draft", _UNKNOWN, "reference", NO_CHECKLIST, FINISHED)

_CONTRADICTIONS = frozenset({"ticked-parent", "open-parent", "ticked-struck"})
_SAID_ELSEWHERE = frozenset({"frozen", "finished-unannounced"})  # by a number, by the pointer

# Places in a Standing: dropped, unboxed, optional, frozen, outside, left behind, codes.
_REMARKABLE = (7, 11, 12, 13, 15, 16, 18)

_UNITS = ((60, "min"), (3600, "h"), (86400, "d"), (7 * 86400, "w"), (30 * 86400, "mo"))
_YEAR = 365 * 86400
_STEPS_UP = (3600, 86400, 14 * 86400, 60 * 86400, _YEAR)  # from where the next larger unit is used


# --- numbers --------------------------------------------------------------------------------------


def ratio(count: Count) -> str:
    """Say how much is done of how much; "" where there is nothing to count."""
    return ratio_of(count.done, count.total)


def ratio_of(done: int, total: int) -> str:
    """Say the same of two numbers."""
    return ratios((done,), (total,))[0]


def ratios(done: Iterable[int], total: Iterable[int]) -> list[str]:
    """Say the same of many: of a thousand, a call for each would take as long again."""
    return [f"{one}/{of}" if of else "" for one, of in zip(done, total, strict=True)]


def percent(count: Count) -> str:
    """Say the same in percent; 0 and 100 mean exactly that."""
    return share(count.done, count.total)


def share(done: int, total: int) -> str:
    """Say in percent how much is done of how much; "" where there is nothing to count."""
    return shares((done,), (total,))[0]


def shares(done: Iterable[int], total: Iterable[int]) -> list[str]:
    """Say the same of many."""
    pairs = zip(done, total, strict=True)
    return [f"{one * 100 // of or min(one, 1)}%" if of else "" for one, of in pairs]


def number(count: int, word: str) -> str:
    """Say how many of something there are."""
    if count == 1:
        return f"1 {word}"
    return f"{count} {word}es" if word.endswith("x") else f"{count} {word}s"


def progress(doc: DocView | PointerView) -> str:
    """Say how far a document is; the milestones first, where there are any."""
    if not doc.leaves.total:
        return "nothing to count"
    steps = f"{ratio(doc.leaves)} {'steps' if doc.milestones.total else 'tasks'}"
    if not doc.milestones.total:
        return steps
    return f"{ratio(doc.milestones)} milestones, {steps}"


def beside(doc: DocView) -> tuple[str, ...]:
    """Say what stands beside a document's progress, outside of it."""
    return uncounted(doc.unboxed_milestones, doc.optional_open, doc.leaves.dropped)


def uncounted(unboxed: int, optional: int, dropped: int) -> tuple[str, ...]:
    """Say what a progress leaves out."""
    found = []
    if unboxed:
        found.append(f"+{unboxed} without boxes")
    if optional:
        found.append(f"+{optional} optional")
    if dropped:
        found.append(f"{dropped} dropped")
    return tuple(found)


def ago(then: datetime | None, now: datetime) -> str:
    """Say how long ago something was, in the largest unit that is not vague; "" when not known."""
    return "" if then is None else age((now - then).total_seconds())


def age(seconds: float) -> str:
    """Say how long ago something was that happened so many seconds ago."""
    if seconds < _UNITS[0][0]:
        return "now"  # clocks of other machines may be ahead of ours
    for until, (length, unit) in zip(_STEPS_UP, _UNITS, strict=True):
        if seconds < until:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds // _YEAR)} y"


def since(then: datetime | None, now: datetime) -> str:
    """Say the same as a sentence would; "" when not known."""
    told = ago(then, now)
    return told if told in ("", "now") else f"{told} ago"


def moment(then: datetime | None, now: datetime) -> str:
    """Say when something was, in the time zone of `now`; "" when not known."""
    return "" if then is None else then.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M %z")


def day(then: datetime | None, now: datetime) -> str:
    """Say on which day something was, in the time zone of `now`; "" when not known."""
    return "" if then is None else then.astimezone(now.tzinfo).strftime("%Y-%m-%d")


def per_week(steps: float) -> str:
    """Say how many steps are finished a week."""
    return f"{steps:.1f} steps a week"


def pace(steps: float) -> str:
    """Say how much was finished a week, lately."""
    weeks = f"in the last {PACE_WEEKS} weeks"
    return f"{per_week(steps)} {weeks}" if steps > 0 else f"nothing finished {weeks}"


# --- commands -------------------------------------------------------------------------------------

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:@%+=-")


def command(verb: str, path: str) -> str:
    """Write a command about a document, its path quoted for a shell."""
    path = f"./{path}" if path.startswith("-") else path
    if not path or not _BARE.issuperset(path):
        path = "'" + path.replace("'", "'\"'\"'") + "'"
    return f"plantrack {verb} {path}"


def item_command(verb: str, key: str, text: str) -> str:
    """Write a command about an item that is refused if the item does not begin as its text does.

    As much of the text is given as is sure to come through any shell, and tells it from others.
    """
    start = _start(text)
    return f"plantrack {verb} {key} --expect '{start}'" if start else f"plantrack {verb} {key}"


def pointer_command(pointer: PointerView) -> str:
    """Write the command that does what a pointer asks for, or shows more of it."""
    if pointer.id and pointer.action in ("do", "close"):
        return item_command("tick", pointer.id, pointer.text)
    if pointer.id and pointer.action == "expand":
        return f"plantrack expand {pointer.id}"
    return command("status", pointer.path)


_START_CHARS = 40  # of a text, which begins alike in few items
_QUOTING = frozenset("'\\")


def _start(text: str) -> str:
    """Give the beginning of a text that is safe between single quotes, to the end of a word."""
    safe = 0
    for char in text[: _START_CHARS + 1]:
        if char in _QUOTING or not char.isprintable():
            break
        safe += 1
    if safe <= _START_CHARS:
        return text[:safe].strip()
    return (text[:_START_CHARS].rpartition(" ")[0] or text[:_START_CHARS]).strip()


# --- names ----------------------------------------------------------------------------------------


def name(ref: RefView) -> str:
    """Name a node by its label and title."""
    return name_of(ref.label, ref.title)


def name_of(label: str, title: str) -> str:
    """Join a label and a title; a bare number is no word to put a colon after."""
    if not label:
        return title
    joint = ": " if label[0].isalpha() or any(map(str.isalpha, label)) else " "
    return f"{label}{joint}{title}" if title else label


def title(text: str) -> str:
    """Leave off a document's title that it is a design, which they all say."""
    word, colon, rest = text.partition(":")
    is_kind = word.strip().lower() in ("design", "design doc", "design document")
    return rest.strip() if colon and is_kind else text


def plain(text: str) -> str:
    """Leave the marks of strong emphasis off a text; what stands in code stays as it is."""
    if "**" not in text:
        return text
    parts = text.split("`")
    parts[::2] = [part.replace("**", "") for part in parts[::2]]
    return "`".join(parts)


def document_names(paths: Sequence[str], cells: int) -> tuple[str, ...]:
    """Name documents by as much of their paths as fits: all, below their common folder, the end.

    The end is the stem, and as many folders before it as tell it from the others; it may still be
    too wide.
    """
    for names in (tuple(paths), _below_common(paths)):
        if max(map(width, names), default=0) <= cells:
            return names
    return _ends(paths)


def document_name(path: str, paths: Sequence[str]) -> str:
    """Name one of some documents by the end that tells it from the others."""
    stem = path.rpartition("/")[2].rpartition(".")[0] or path
    near = [one for one in paths if stem in one]  # no other end can be like this one's
    return _ends(near)[near.index(path)]


def _below_common(paths: Sequence[str]) -> tuple[str, ...]:
    folders = [path.split("/")[:-1] for path in paths]
    shared = 0
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return tuple("/".join(path.split("/")[shared:]) for path in paths)


def _ends(paths: Sequence[str]) -> tuple[str, ...]:
    names = list(paths)
    open_places = list(range(len(paths)))
    for parts in range(1, max((path.count("/") + 2 for path in paths), default=1)):
        places_by_end: dict[str, list[int]] = {}
        for place in open_places:
            end = "/".join(paths[place].split("/")[-parts:])
            places_by_end.setdefault(end.rpartition(".")[0] or end, []).append(place)
        for end, places in places_by_end.items():
            if len(places) == 1:
                names[places[0]] = end
        open_places = [place for places in places_by_end.values() if places[1:] for place in places]
    return tuple(names)


# --- where a document stands ----------------------------------------------------------------------


def group(row: Standing) -> str:
    """Tell which part of the table a document belongs to: its status, or why nothing is next."""
    if row.action not in ("", "none"):
        return row.family if row.family in _GROUPS else _UNKNOWN
    if row.has_checklist or row.family in ("done", "dead"):
        return FINISHED
    return NO_CHECKLIST


def grouped(rows: Iterable[Standing]) -> list[tuple[str, list[Standing]]]:
    """Put documents into groups, what is worked on first; in a group the last changed first."""
    by_group: dict[str, list[Standing]] = {name: [] for name in _GROUPS}
    for row in rows:
        by_group[group(row)].append(row)
    for members in by_group.values():
        members.sort(key=lambda row: row.path)
        members.sort(key=changed, reverse=True)
    return [(name, members) for name, members in by_group.items() if members]


def changed(row: Standing) -> int:
    """Give when a document's checklist changed last, to sort by; 0 when not known."""
    return row.last_change or 0


def here(doc: DocView) -> str:
    """Say in a few words where a document stands: the milestone, or why nothing is next."""
    pointer = doc.pointer
    if not doc.has_checklist:
        return NO_CHECKLIST
    if pointer is None:
        return ""
    at = pointer.milestone
    if pointer.action == "none":
        label, said = "", pointer.reason
    elif pointer.action == "finish":
        label, said = "", doc.status_text
    else:
        label, said = ("", pointer.text) if at is None else (at.label, at.title)
    return _at(pointer.action, label, said)


def stands(row: Standing) -> str:
    """Say the same of a row."""
    if not row.has_checklist:
        return NO_CHECKLIST
    return _at(row.action, row.label, row.said) if row.action else ""


def _at(action: str, label: str, said: str) -> str:
    if action == "none":
        return said
    if action == "finish":
        return f"all done, but the Status says {said}"
    at = plain(name_of(label, said))
    return at if action == "do" else f"{action} {at}"


def remarks(row: Standing, *, outside: bool = True) -> tuple[str, ...]:
    """Name what a reader of a document's row should know besides, the graver first.

    With `outside` the boxes outside of the plan are among it.
    """
    found: list[str] = []
    if row.codes or row.frozen or row.left_behind:
        found += warned(row.codes, row.frozen, row.left_behind)
    if row.unboxed or row.optional_open or row.leaves_dropped:
        found += uncounted(row.unboxed, row.optional_open, row.leaves_dropped)
    if outside and row.boxes_outside:
        found.append(f"{number(row.boxes_outside, 'box')} outside the plan")
    return tuple(found)


def said_of_all(rows: Sequence[Standing]) -> list[str]:
    """Name the same of many documents, each in one text; of many there is the same to be said."""
    columns = list(zip(*rows, strict=True))
    whats = zip(*(columns[place] for place in _REMARKABLE), strict=True)
    said: dict[tuple[object, ...], str] = {}
    found = []
    for row, what in zip(rows, whats, strict=True):
        if what not in said:
            said[what] = ", ".join(remarks(row))
        found.append(said[what])
    return found


def warnings(doc: DocView) -> tuple[str, ...]:
    """Name what somebody should look at."""
    return warned([flag.code for flag in doc.flags], doc.frozen, len(doc.left_behind))


def warned(codes: Iterable[str], frozen: int, left_behind: int) -> tuple[str, ...]:
    """Name what somebody should look at, of the codes of flags and what is told by a number."""
    found = []
    counts: dict[str, int] = {}
    for code in codes:
        counts[code] = counts.get(code, 0) + 1
    against = sum(counts.pop(code, 0) for code in _CONTRADICTIONS) if counts else 0
    if against:
        found.append(number(against, "contradiction"))
    if frozen:
        found.append(f"{frozen} frozen")
    if left_behind:
        found.append(f"{left_behind} left behind")
    for code, count in counts.items():
        if code not in _SAID_ELSEWHERE:
            spoken = code.replace("-", " ")
            found.append(spoken if count == 1 else f"{spoken} ({count})")
    return tuple(found)
