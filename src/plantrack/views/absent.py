"""A document or an item that cannot be shown to why not, and to what there is to do about it."""

# Theory of operation
#
# 1. A document that is there and cannot be read is told of with the reason, and never as one that
#    is gone: what it held is still there, as far as anybody knows.
# 2. A document that is gone is told of by its path, and where its history can be read.
# 3. An item is missing because its document is, because it was taken out, or because another
#    branch has it. What happened last to it says which.

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from plantrack.core.change import ChangeKind, Reason
from plantrack.errors import NotFound, PlaceError
from plantrack.render import past_words, words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from plantrack.core.model import Finding
    from plantrack.core.past_view import ChangeView, RevisionView
    from plantrack.errors import PlantrackError
    from plantrack.store import FindingRow, Store

_REMEDIES = {
    "not-utf-8": "save it as UTF-8, then repeat the command",
    "not-a-file": "put the document back in its place, then repeat the command",
    "link-outside": "put the document itself there, then repeat the command",
    "link-dangling": "put back what it leads to, then repeat the command",
    "link-unlisted": "name the document that it leads to",
    "too-large": "part the document, or raise max_document_kib in the configuration",
    "changing": "repeat the command when it rests",
    "nul-bytes": "take the NUL characters out, then repeat the command",
}
_READABLE = "make it readable again (permissions, a mount that is missing), then repeat the command"


def unread(store: Store, path: str) -> FindingRow | None:
    """Find why no plan of a document can be seen; None: it can be read, or it is not there."""
    return _about(_troubles(store), path)


def untold(store: Store, paths: Collection[str] = ()) -> tuple[str, ...]:
    """Name the plans, or those at some paths, that cannot be read now: what is told of them is old.

    A sentence each, by path.
    """
    troubles = _troubles(store)
    if not troubles:
        return ()
    plans = sorted({one.path for one in store.past.documents() if one.is_present})
    found = [(path, _about(troubles, path)) for path in plans if not paths or path in paths]
    return tuple(
        f"{path} is told of as it was last read: {row.message}" for path, row in found if row
    )


def _troubles(store: Store) -> list[FindingRow]:
    return [row for row in store.findings() if row.kind != "flag" and row.path]


def _about(troubles: Sequence[FindingRow], path: str) -> FindingRow | None:
    """Find what is wrong with a document, or with a folder it stands in."""
    shut = (one for one in troubles if one.code == "unreadable" and path.startswith(f"{one.path}/"))
    return next((one for one in troubles if one.path == path), next(shut, None))


def remedy(finding: Finding | FindingRow) -> str:
    """Say what there is to do about a document that cannot be read."""
    return _REMEDIES.get(finding.code, _READABLE)


def unreadable(store: Store, path: str) -> PlaceError | None:
    """Say why nothing can be said of a document that is there; None: it can be read."""
    found = unread(store, path)
    return None if found is None else PlaceError(f"{found.path}: {found.message}", remedy(found))


def unplanned(store: Store, path: str) -> PlantrackError:
    """Say why a document that is listed shows no plan."""
    if found := unreadable(store, path):
        return found
    if not any(one.path == path for one in store.past.documents()):
        return NotFound(f"{path} has no Implementation Plan", "`plantrack status` lists the plans")
    log = words.command("log", path)
    return NotFound(f"{path} holds no plan any more", f"{log} tells what became of it")


def gone(
    store: Store, name: str, paths: Collection[str], known: Collection[str]
) -> tuple[str, ...]:
    """Find plans of that path, or with that part in their path, that are not among the `known`."""
    missing = list(
        dict.fromkeys(one.path for one in store.past.documents() if one.path not in known)
    )
    folded = name.casefold()
    exact = tuple(path for path in missing if path in paths)
    return exact or tuple(path for path in missing if folded and folded in path.casefold())


def document(store: Store, found: Sequence[str]) -> PlantrackError:
    """Say that a plan is not in the work tree any more, or why it cannot be seen there."""
    path = found[0]
    more = f" (nor {words.number(len(found) - 1, 'other')} of that name)" if found[1:] else ""
    return unreadable(store, path) or NotFound(
        f"{path} is not there any more{more}",
        f"{words.command('log', path)} tells what became of it",
    )


def item(store: Store, key: str, shown: str) -> PlantrackError:
    """Say why an item, by its full id and as it is `shown`, is in no plan that can be seen."""
    from plantrack.views import past

    entries = past.log(store, past.Question(items=(key,))).entries
    log = f"plantrack log {shown} tells what became of it"
    if not entries:
        message = f"item {shown} is in no plan of this branch"
        return NotFound(message, "another branch or worktree has it: ask there")
    newest = entries[0]
    last = next((one for one in newest.changes if one.kind is ChangeKind.REMOVED), None)
    path = (last or newest.changes[-1]).path
    found = unread(store, path)
    if found is not None:
        message = f"item {shown} was last seen in {path}; {found.path}: {found.message}"
        return PlaceError(message, remedy(found))
    if last is None:
        message = f"item {shown} stands in {path}, which is not in the work tree"
        return NotFound(message, "bring the document back, then repeat the command")
    if newest.revision.is_present and last.reason is Reason.DOCUMENT_REMOVED:
        log = f"git restore {shlex.quote(path)} brings it back; {log}"
    return NotFound(_became(shown, last, newest.revision), log)


def _became(shown: str, last: ChangeView, revision: RevisionView) -> str:
    happened = past_words.happened(last.kind, last.reason)
    where = past_words.UNCOMMITTED
    if revision.commit is not None:
        where = revision.commit[: past_words.COMMIT_CHARS]
    return f"item {shown} is not in the plans any more: {happened} in {last.path} ({where})"
