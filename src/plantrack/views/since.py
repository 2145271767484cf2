"""Findings to those that a commit did not have yet."""

# Theory of operation
#
# 1. What stands on a line that changed since is told, new or not: whoever changed the line has it
#    at hand. What is said of a document as a whole is told when anything in it changed.
# 2. Elsewhere a finding is told when it is new: the rules are asked about the document as it was,
#    among the documents as they were, and what they found then is known. A finding is known again
#    by its code and the text of its line, as in a baseline.
# 3. What a template requires, how long a plan has rested and what commits tell of ticks is taken
#    as it is now: of these, nothing is new but by rule 1.

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import markdown
from plantrack.core.lint import baseline, catalogue, linking
from plantrack.core.lint.around import Standing
from plantrack.core.lint.changed import changed_lines
from plantrack.core.lint.page import Page
from plantrack.core.progress import OPEN
from plantrack.errors import PlaceError
from plantrack.repo import changes, names
from plantrack.repo.blobs import Blobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.core.lint.baseline import Key
    from plantrack.core.lint.rule import Rule
    from plantrack.core.model import Finding
    from plantrack.repo import Place

    Texts = Mapping[str, tuple[str, tuple[Finding, ...]]]  # by path; second, what reading found

_NOTHING: tuple[str, tuple[Finding, ...]] = ("", ())
_OF_COMMITS = frozenset({"drift-tick", "drift-landed"})  # codes of what history tells


def commit_of(place: Place, name: str) -> str | None:
    """Find the commit that a user names; None: it is HEAD, and there is no commit yet.

    Raises NotFound for a name that is no commit, and PlaceError outside git.
    """
    if place.git_dir is None:
        message = f"{place.top} is no git repository: there is nothing to compare with"
        raise PlaceError(message, "leave --since out")
    commit = names.find_commit(place, name)
    if commit is None and name == "HEAD" and repo.read_head(place).commit is None:
        return None
    if commit is None:
        raise names.unknown(place, name, "--since origin/main")
    return commit


@dataclass(frozen=True, slots=True)
class Then:
    """The documents of a commit."""

    place: Place
    max_bytes: int
    blob_by_path: Mapping[str, str]

    def texts(self, paths: Iterable[str]) -> Texts:
        """Read documents by path; those that are not there, or cannot be read, are left out."""
        wanted = {path: self.blob_by_path[path] for path in paths if path in self.blob_by_path}
        blobs = sorted(set(wanted.values()))
        with Blobs(self.place, max_bytes=self.max_bytes) as reader:
            read = {
                blob: markdown.decode(data) for blob, data in reader.read(blobs) if data is not None
            }
        return {path: read[blob] for path, blob in wanted.items() if blob in read}


def then(place: Place, commit: str | None, *, max_bytes: int) -> Then:
    """List the documents of a commit; raises PlaceError when they cannot be."""
    whole = changes.whole(place, commit) if commit else ()
    if whole is None:
        message = f"the files of {commit} cannot be read"
        raise PlaceError(message, "fetch it, or name another commit")
    return Then(place, max_bytes, {one.path: one.blob for one in whole if one.blob})


def told(
    found: Iterable[Finding], pages: Sequence[Page], rules: Sequence[Rule], earlier: Then
) -> list[Finding]:
    """Keep of what was found in pages what is new, or stands on lines that changed, in its order.

    A document that was at another path, or could not be read, changed in every line.
    """
    page_by_path = {page.path: page for page in pages}
    texts = earlier.texts(page_by_path)
    lines = {
        path: changed_lines(texts.get(path, _NOTHING)[0], page.text)
        for path, page in page_by_path.items()
    }
    every = list(found)
    left = [one for one in every if one.path in lines and not _is_touched(one, lines[one.path])]
    of_pages = [page_by_path[path] for path in sorted({one.path for one in left})]
    known = Counter(_known(of_pages, texts, rules, earlier))
    quiet = set()
    for one in left:
        key = baseline.key(one, page_by_path[one.path].raw)
        known[key] -= 1
        if known[key] >= 0 or one.code in _OF_COMMITS:
            quiet.add(one)
    return [one for one in every if one not in quiet]


def _is_touched(one: Finding, lines: frozenset[int]) -> bool:
    return one.line in lines if one.line else bool(lines)


def _known(
    pages: Iterable[Page], texts: Texts, rules: Sequence[Rule], earlier: Then
) -> Iterator[Key]:
    """Yield what is known of pages: what the rules found in them as they were."""
    olds = []
    for page in pages:
        text, odd = texts.get(page.path, _NOTHING)
        olds.append(Page(page.path, text, page.rules, replace(page.around, told=odd)))
    standings = _standings(olds, earlier)
    for old in olds:
        missing = {path for _, path in linking.targets(old)}.difference(earlier.blob_by_path)
        around = replace(old.around, missing=frozenset(missing), standings=standings)
        old.around = around
        for one in catalogue.findings(old, rules):
            yield baseline.key(one, old.raw)


def _standings(pages: Iterable[Page], earlier: Then) -> dict[str, Standing]:
    """Read what documents said of themselves that were linked to from a list of documents."""
    linked = {
        (path, page.rules)
        for page in pages
        if linking.is_index(page.path)
        for _, path in linking.targets(page)
    }
    texts = earlier.texts({path for path, _ in linked})
    return {
        path: standing(Page(path, texts[path][0], rules))
        for path, rules in sorted(linked, key=lambda one: one[0])
        if path in texts
    }


def standing(page: Page) -> Standing:
    """Say what a document says of itself."""
    has_open = any(node.is_leaf and node.state in OPEN for node in page.plan.walk())
    return Standing(page.plan.status, has_open=has_open)
