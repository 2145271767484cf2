"""Documents as they are on disk, with what is remembered around them, to findings."""

# Theory of operation
#
# 1. What is checked is what is on disk now; the memory says which documents there are, what others
#    say of themselves, and when checklists changed.
# 2. Rules about plans look at every document that may hold a box. What documents say of each other
#    is asked of those that hold a plan, and of those that list others.
# 3. What a rule needs from around a document is looked for only when the rule is asked about.
# 4. Of identical documents one is checked, unless they are named.

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, markdown
from plantrack.core.check_view import CheckView, Found
from plantrack.core.lint import baseline, catalogue, linking, template
from plantrack.core.lint.around import Around
from plantrack.core.lint.page import Page
from plantrack.core.model import Finding
from plantrack.views import since

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from plantrack.config import Config
    from plantrack.core.lint.around import Landing, LoneTick, Standing
    from plantrack.core.lint.baseline import Baseline
    from plantrack.core.lint.rule import Rule
    from plantrack.repo import Place
    from plantrack.repo.values import Source
    from plantrack.store import Store

    _Ticks = Mapping[str, tuple[LoneTick, ...]]
    _Landings = Mapping[str, tuple[Landing, ...]]

_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be found."""

    rules: tuple[Rule, ...]
    now: datetime
    paths: tuple[str, ...] | None = None  # None: every document
    stale_days: int | None = None
    since: str = ""  # a revision as the user names it: what it had is left out; "": nothing is
    baseline: Baseline | None = None

    def asks(self, *codes: str) -> bool:
        """Tell whether one of these codes is asked about."""
        return any(rule.code in codes for rule in self.rules)


def check(store: Store, place: Place, config: Config, asked: Asked) -> CheckView:
    """Find what the rules are about; see `Asked`.

    Raises NotFound, or PlaceError, when there is nothing to compare with.
    """
    reading = _Reading(store, place, config, asked)
    pages, unread = reading.pages()
    reading.surround(pages)
    found = [*unread, *_told_of_files(store, asked)]
    lines = {page.path: page.raw for page in pages}
    for page in pages:
        found += catalogue.findings(page, asked.rules)
    if asked.since:
        commit = since.commit_of(place, asked.since)
        earlier = since.then(place, commit, max_bytes=config.max_document_kib * 1024)
        found = since.told(found, pages, asked.rules, earlier)
    found.sort()
    severity_by_code = {rule.code: rule.severity for rule in asked.rules}
    every = tuple(
        Found(
            *one[:3],
            severity_by_code[one.code],
            one.message,
            baseline.key(one, lines.get(one.path, ())),
        )
        for one in dict.fromkeys(found)
        if one.code in severity_by_code
    )
    view = CheckView(every, len(pages), asked.rules, since=asked.since)
    return view if asked.baseline is None else _without_known(view, asked.baseline, asked)


def _without_known(view: CheckView, known: Baseline, asked: Asked) -> CheckView:
    """Leave out what a baseline knows, and name what it knows in vain."""
    paths = None if asked.paths is None else frozenset(asked.paths)
    parted = baseline.part([one.key for one in view.found], known, paths)
    codes = {rule.code for rule in asked.rules}
    # Where not every line was looked at, nothing is known to be gone.
    gone = () if asked.since else tuple(pair for pair in parted.gone if pair[0].code in codes)
    left = tuple(view.found[place] for place in parted.new)
    return view._replace(found=left, known=parted.known, gone=gone)


def _told_of_files(store: Store, asked: Asked) -> Iterator[Finding]:
    """Yield what was found of files that could not be read, or only in part."""
    codes = {rule.code for rule in asked.rules if rule.bad is None}
    for row in store.findings():
        if row.code in codes and (asked.paths is None or row.path in asked.paths):
            yield Finding(row.path, row.line, row.code, row.message)


# --- reading --------------------------------------------------------------------------------------

_MAY_HOLD = re.compile(rb"\[[ xX~-]?\]|\[[^\]\n]{1,12}\][ \t]")


class _Reading:
    """Documents being read for one check."""

    def __init__(self, store: Store, place: Place, config: Config, asked: Asked) -> None:
        self._store = store
        self._place = place
        self._asked = asked
        self._rules = config.rules()
        self._max_bytes = config.max_document_kib * 1024
        self._row_by_path = {row.path: row for row in store.documents()}
        snapshot = store.snapshot()
        self._listed = [path for path, _ in snapshot.documents] if snapshot else []
        self._template_by_folder: dict[str, tuple[str, tuple[str, ...]]] = {}

    def pages(self) -> tuple[list[Page], list[Finding]]:
        """Read the documents that rules may be about; second, why some were not."""
        pages: list[Page] = []
        unread: list[Finding] = []
        for path in self._paths():
            source = repo.read_document(self._place, path, max_bytes=self._max_bytes)
            if isinstance(source, Finding):
                unread.append(source)
                continue
            row = self._row_by_path.get(path)
            is_known = row is not None and (row.planned or row.skipped)
            if is_known or linking.is_index(path) or _MAY_HOLD.search(source.data):
                pages.append(self._page(source))
        return pages, unread

    def _paths(self) -> list[str]:
        if self._asked.paths is not None:
            return list(self._asked.paths)
        twins = {path for path, row in self._row_by_path.items() if row.duplicate_of is not None}
        return [path for path in self._listed if path not in twins]

    def _page(self, source: Source) -> Page:
        text, told = markdown.decode(source.data)
        return Page(source.path, text, self._rules, Around(told=told))

    def surround(self, pages: Iterable[Page]) -> None:
        """Give pages what stands around them, as far as it is asked for."""
        related = [page for page in pages if page.plan.sections or linking.is_index(page.path)]
        missing = self._missing(related) if self._asked.asks("link-missing") else frozenset()
        standings = self._standings(related) if self._asked.asks("index-status") else {}
        ticks, landings = self._drift([page.path for page in related])
        for page in related:
            where, required = self._required(page)
            page.around = replace(
                page.around,
                required=required,
                template=where,
                missing=missing,
                standings=standings,
                quiet_days=self._quiet_days(page.path),
                stale_days=self._asked.stale_days,
                ticks=ticks.get(page.path, ()),
                landings=landings.get(page.path, ()),
            )

    def _missing(self, pages: Iterable[Page]) -> frozenset[str]:
        linked = {path for page in pages for _, path in linking.targets(page)}
        top = self._place.top
        return frozenset(path for path in linked if not os.path.lexists(f"{top}/{path}"))

    def _standings(self, pages: Iterable[Page]) -> dict[str, Standing]:
        """Read what documents say of themselves that are linked to from a list of documents."""
        page_by_path = {page.path: page for page in pages}
        indexes = [page for page in pages if linking.is_index(page.path)]
        linked = {path for page in indexes for _, path in linking.targets(page)}
        standings = {}
        for path in sorted(linked.intersection(self._listed)):
            page = page_by_path.get(path)
            if page is None:
                source = repo.read_document(self._place, path, max_bytes=self._max_bytes)
                if isinstance(source, Finding):
                    continue
                page = self._page(source)
            standings[path] = since.standing(page)
        return standings

    def _drift(self, paths: Sequence[str]) -> tuple[_Ticks, _Landings]:
        from plantrack.views import drift

        is_git = self._place.git_dir is not None
        ticks: _Ticks = {}
        landings: _Landings = {}
        if is_git and self._asked.asks("drift-tick"):
            ticks = drift.ticks(self._store, self._place, paths)
        if is_git and self._asked.asks("drift-landed"):
            landings = drift.landings(self._store, self._place, paths)
        return ticks, landings

    def _quiet_days(self, path: str) -> int | None:
        row = self._row_by_path.get(path)
        if row is None or row.last_change is None:
            return None
        return max(int(self._asked.now.timestamp()) - row.last_change, 0) // _DAY_S

    def _required(self, page: Page) -> tuple[str, tuple[str, ...]]:
        """Find the nearest template with a plan, and the headings it requires."""
        folder = page.path.rpartition("/")[0]
        if not self._asked.asks("missing-section"):
            return "", ()
        if folder not in self._template_by_folder:
            self._template_by_folder[folder] = self._template_above(folder)
        return self._template_by_folder[folder]

    def _template_above(self, folder: str) -> tuple[str, tuple[str, ...]]:
        from plantrack.repo.templates import templates

        while True:
            for source in templates(self._place, folder, max_bytes=self._max_bytes):
                text, _ = markdown.decode(source.data)
                headings = template.required_headings(text)
                if any(dialect.is_plan_heading(one, self._rules.plan_headings) for one in headings):
                    return source.path, headings
            if not folder:
                return "", ()
            folder = folder.rpartition("/")[0]
