"""What docs/check.md says of each rule, from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

from plantrack.core.lint.catalogue import RULES
from plantrack.core.lint.rule import Example, Rule
from plantrack.render.text.check import shortened


def table() -> str:
    """List every rule with a link to what is said of it."""
    rows = ["| code | severity | asked by default | `--fix` | finds |", "|---|---|---|---|---|"]
    for rule in RULES:
        default = "yes" if rule.is_default else ""
        fixed = "yes" if rule.is_fixed else ""
        name = f"[{rule.code}](#{rule.code})"
        rows.append(
            f"| {name} | {rule.severity.value} | {default} | {fixed} | {_shown(rule.finds)} |"
        )
    return "\n".join(rows)


def told() -> str:
    """Say all about every rule, a section each."""
    return "\n\n".join("\n".join(_section(rule)) for rule in RULES)


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}"
    yield ""
    yield _shown(f"{rule.finds} {rule.because}")
    yield ""
    yield f"**Remedy:** {_shown(rule.remedy)}{' `--fix` does so.' if rule.is_fixed else ''}"
    for word, example in (("Found", rule.bad), ("Not found", rule.good)):
        if example is not None:
            yield ""
            yield from _example(word, example)


def _example(word: str, example: Example) -> Iterator[str]:
    yield f"{word}{' — ' + example.said[0].lower() + example.said[1:] if example.said else ':'}"
    yield ""
    yield "`````markdown"
    yield from shortened(example)
    yield "`````"


def _shown(words: str) -> str:
    return words.replace("<", "&lt;")
