"""What a user calls a document to its path."""

# Theory of operation
#
# 1. A name is tried as a path, as a file's name, as a folder's, as the number a file's name begins
#    with, as a part of a file's name, and last as a part of a path. The first that fits decides.
# 2. Paths are looked for from the folder the user stands in, then from the top folder.
# 3. A folder stands for every document below it. Anything else must fit one document: what fits
#    several is refused with all of them named, and never guessed at.
# 4. Documents that hold a plan, or once did, are what is asked about. One without a plan is meant
#    only by its whole name, or where nothing else fits.

from __future__ import annotations

import os
from collections import Counter

from plantrack.errors import NotFound

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from plantrack.errors import PlantrackError
    from plantrack.repo import Place
    from plantrack.store import Store

MAX_NAMED = 8  # candidates in one message

_SUFFIXES = (".md", ".markdown")


class Ambiguous(NotFound):
    """A name that fits several things."""


def resolve(
    store: Store, place: Place, name: str, *, former: Collection[str] = ()
) -> tuple[str, ...]:
    """Find the documents that a path, folder, file name, number or part of a name stands for.

    Whatever is listed can be named, with a plan or without, readable or not; documents of a folder
    come by path. `former` are paths where a plan once was. Raises NotFound when nothing fits, when
    several documents do, and for a path that leads out of the repository; PlaceError for a document
    that cannot be looked at.
    """
    known = listed(store)
    paths = possible(place, name)
    for path in paths:
        if standing := _at(path, known):
            return standing
    if not paths:
        message = f"{name or 'an empty name'} is not in the repository {place.top}"
        raise NotFound(message, "name a document of the repository, or another place with -C")
    for candidates in _candidates(name, known, _planned(store, known, former)):
        if candidates:
            return _at(_only(store, name, candidates, known), known)
    raise _nothing(store, place, name, known)


def one(name: str, paths: Sequence[str]) -> str:
    """Return the one document that a name stands for; raises NotFound where it is several."""
    if len(paths) == 1:
        return paths[0]
    more = f", and {len(paths) - MAX_NAMED} more" if len(paths) > MAX_NAMED else ""
    shown = ", ".join(paths[:MAX_NAMED])
    raise NotFound(f"“{name}” stands for {len(paths)} documents", f"name one: {shown}{more}")


# --- where to look --------------------------------------------------------------------------------


def listed(store: Store) -> tuple[str, ...]:
    """List every document, and whatever is named like one, by path."""
    snapshot = store.snapshot()
    documents = {path for path, _ in snapshot.documents} if snapshot else set()
    odd = {row.path for row in store.findings() if row.path.lower().endswith(_SUFFIXES)}
    return tuple(sorted(documents | odd))


def possible(place: Place, name: str) -> list[str]:
    """Read a name as a path from the top folder, which is ""; nothing when it leads out of it."""
    if not name or "\0" in name:
        return []
    found = []
    for base in (place.start, place.top):
        path = os.path.normpath(os.path.join(base, name))
        # As written first: a link may be among the documents under its own name.
        for one in (path, os.path.realpath(path)):
            if one == place.top:
                found.append("")
            elif one.startswith(place.top + "/"):
                found.append(one[len(place.top) + 1 :])
    return list(dict.fromkeys(found))


def _at(path: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the document at a path, or those below it; "" is the top."""
    if path in known:
        return (path,)
    return tuple(one for one in known if not path or one.startswith(path + "/"))


# --- what fits ------------------------------------------------------------------------------------


def _planned(store: Store, known: Sequence[str], former: Collection[str]) -> tuple[str, ...]:
    """Choose the documents that hold a plan, or once did."""
    found = {row.path for row in store.documents() if row.planned}.union(former)
    return tuple(path for path in known if path in found)


def _candidates(name: str, known: Sequence[str], planned: Sequence[str]) -> Iterator[list[str]]:
    """Yield the documents or folders that a name may mean, the strictest reading first."""
    for found in _whole(name, known):
        yield [path for path in found if path in planned] or found
    yield from _parts(name, planned)
    yield from _parts(name, known)


def _whole(name: str, known: Sequence[str]) -> Iterator[list[str]]:
    """Read a name as that of a file, as it is written, then in any case."""
    folded = name.casefold()
    yield [path for path in known if name in {_base(path), _stem(path)}]
    yield [path for path in known if folded in {_base(path).casefold(), _stem(path).casefold()}]


def _parts(name: str, known: Sequence[str]) -> Iterator[list[str]]:
    """Read a name as that of a folder, as a number, as a part of a file's name, of a path."""
    folded = name.casefold()
    ending = f"/{folded.strip('/')}"
    folders = sorted({folder for path in known for folder in _above(path)})
    yield [folder for folder in folders if f"/{folder}".casefold().endswith(ending)]
    if name.isdecimal():
        yield [path for path in known if _number(path) == name]
        value = name.lstrip("0")
        yield [path for path in known if _number(path) and _number(path).lstrip("0") == value]
    yield [path for path in known if folded in _base(path).casefold()]
    yield [path for path in known if folded in path.casefold()]


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _stem(path: str) -> str:
    return _base(path).rpartition(".")[0]


def _number(path: str) -> str:
    """Return the digits a file's name begins with, "" for none."""
    base = _base(path)
    return base[: len(base) - len(base.lstrip("0123456789"))]


# --- what does not --------------------------------------------------------------------------------


def _only(store: Store, name: str, found: Sequence[str], known: Sequence[str]) -> str:
    """Return the one candidate there is; copies of another candidate are none."""
    if len(found) > 1:
        copies = {row.path: row.duplicate_of for row in store.documents()}
        found = [path for path in found if copies.get(path) not in found]
    if len(found) == 1:
        return found[0]
    more = f", and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
    candidates = ", ".join(briefly(found[:MAX_NAMED], known))
    what = "documents" if found[0].lower().endswith(_SUFFIXES) else "folders"
    raise Ambiguous(f"“{name}” fits {len(found)} {what}", f"name one: {candidates}{more}")


def briefly(paths: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    """Name documents by as little as is understood again: the stem, where no other has the same."""
    stems = Counter(map(_stem, known))
    for path in paths:
        yield _stem(path) if path in known and stems[_stem(path)] == 1 else path


def _nothing(store: Store, place: Place, name: str, known: Sequence[str]) -> PlantrackError:
    from plantrack.views import absent

    paths = possible(place, name)
    for path in paths:
        if shut := absent.unreadable(store, path):
            return shut
    if gone := absent.gone(store, name, paths, known):
        return absent.document(store, gone)
    near = ", ".join(_nearest(name, known))
    remedy = f"did you mean {near}?" if near else "`plantrack status` lists the documents"
    for path in paths:
        there = f"{place.top}/{path}"
        if os.path.isdir(there):
            return NotFound(f"there are no documents below {path}", remedy)
        if os.path.lexists(there):
            why = "it is ignored, excluded, left out by default, or no Markdown"
            return NotFound(f"{path} is not one of the documents: {why}", remedy)
    return NotFound(f"no document fits “{name}”", remedy)


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    path_by_word: dict[str, str] = {}
    for path in known:
        for word in (_stem(path), _base(path), path):
            path_by_word.setdefault(word.casefold(), path)
    for folder in sorted({folder for path in known for folder in _above(path)}):
        for word in (_base(folder), folder):
            path_by_word.setdefault(word.casefold(), folder)
    words = get_close_matches(name.casefold(), path_by_word, n=MAX_NAMED)
    return list(dict.fromkeys(path_by_word[word] for word in words))[:3]
