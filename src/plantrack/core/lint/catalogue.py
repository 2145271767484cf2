"""Every rule there is, and which of them are asked about."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from plantrack.core.lint import drift, linking, losing, reading, states, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.core.lint.page import Page
    from plantrack.core.lint.rule import Rule
    from plantrack.core.model import Finding

RULES: tuple[Rule, ...] = (
    *losing.RULES,
    *states.RULES,
    *template.RULES,
    *linking.RULES,
    *drift.RULES,
    *reading.RULES,
)
BY_CODE = {rule.code: rule for rule in RULES}
ALL = "all"  # stands for every code


class UnknownCode(Exception):
    """No code begins with what was asked for."""

    def __init__(self, word: str) -> None:
        """Keep the word, and what looks most like it ("" where nothing does)."""
        super().__init__(word)
        self.word = word
        self.nearest = next(iter(get_close_matches(word[:60], BY_CODE, n=1)), "")


def chosen(
    select: Sequence[str] = (), ignore: Sequence[str] = (), also: Sequence[str] = ()
) -> tuple[Rule, ...]:
    """Choose rules by codes or what codes begin with, in the order of the catalogue.

    Without `select` the default set is meant; `also` is added to it, `ignore` taken off last.
    Raises UnknownCode.
    """
    wanted = _meant(select) if select else {rule.code for rule in RULES if rule.is_default}
    wanted = (wanted | _meant(also)) - _meant(ignore)
    return tuple(rule for rule in RULES if rule.code in wanted)


def findings(page: Page, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Look for what the rules are about, by line; each finding names the document."""
    found = {one._replace(path=page.path): None for rule in rules for one in rule.find(page)}
    return tuple(sorted(found, key=lambda one: (one.line, one.code, one.message)))


def _meant(words: Iterable[str]) -> set[str]:
    meant: set[str] = set()
    for word in words:
        codes = {code for code in BY_CODE if word == ALL or code.startswith(word)}
        if not codes or not word:
            raise UnknownCode(word)
        meant |= codes
    return meant
