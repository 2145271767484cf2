"""What a check found to text: a line a finding, which every editor can jump to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.lint.rule import Severity
from plantrack.render import words
from plantrack.render.screen import pad, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.check_view import CheckView, Found, MendedView
    from plantrack.core.lint.rule import Example, Rule
    from plantrack.render.screen import Screen

_STYLES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "faint"}
_SHOWN_GONE = 10  # entries of a baseline
_MOST_TOLD = 160  # characters of a message on a screen; Status fields may be long
_MOST_LINES = 30  # of an example
_MOST_CHARS = 80  # of a line of it
_INDENT = "  "


def check(view: CheckView, screen: Screen) -> str:
    """Show findings, then what they add up to."""
    lines = [line for one in view.mended for line in _mended(one, screen)]
    lines += (_line(one, screen) for one in view.found)
    if lines:
        lines.append("")
    lines += _sums(view, screen)
    return "\n".join(lines) + "\n"


def _line(one: Found, screen: Screen) -> str:
    where = screen.say(f"{one.path}:{one.line}" if one.line else one.path)
    severity = screen.paint(one.severity.value, _STYLES[one.severity])
    told = one.message
    if screen.width is not None and not screen.verbose and len(told) > _MOST_TOLD:
        told = f"{told[:_MOST_TOLD]}…"
    return f"{screen.paint(where, 'ref')}: {severity}: {screen.say(told)} [{one.code}]"


def _sums(view: CheckView, screen: Screen) -> Iterator[str]:
    looked = f"in {words.number(view.documents, 'document')}"
    if view.since:
        looked += f", new or on lines that changed since {screen.say(view.since)}"
    counts = [
        words.number(count, severity.value)
        for severity in Severity
        if (count := view.count(severity))
    ]
    yield f"{', '.join(counts)} {looked}" if counts else f"nothing found {looked}"
    if view.known:
        yield f"{words.number(view.known, 'finding')} more in the baseline"
    if view.gone:
        count = sum(times for _, times in view.gone)
        gone = (
            f"{words.number(count, 'finding')} of the baseline {'is' if count == 1 else 'are'} gone"
        )
        yield f"{gone}; --write-baseline drops what is listed here:"
        for key, times in view.gone[:_SHOWN_GONE]:
            more = f" ({times} times)" if times > 1 else ""
            yield f"{_INDENT}{screen.say(key.path)}: {screen.say(key.text)} [{key.code}]{more}"
        if len(view.gone) > _SHOWN_GONE:
            yield f"{_INDENT}and {len(view.gone) - _SHOWN_GONE} more"


def _mended(one: MendedView, screen: Screen) -> Iterator[str]:
    for line in one.diff:
        style = {"+": "good", "-": "bad"}.get(line[:1], "")
        shown = screen.say(line)
        yield screen.paint(shown, style) if style else shown
    told = ", ".join(f"{count} {code}" for code, count in one.counts)
    verb = "not mended" if one.refusal else "would mend" if one.diff else "mended"
    yield f"{verb} {screen.say(one.path)}: {screen.say(one.refusal) or told}"


# --- rules ----------------------------------------------------------------------------------------


def rules(every: Sequence[Rule], screen: Screen) -> str:
    """List rules, a line each."""
    codes = max(len(rule.code) for rule in every)
    lines = []
    for rule in every:
        severity = pad(rule.severity.value, len(Severity.WARNING.value))
        remarks = "" if rule.is_default else "  (not by default)"
        remarks += "  (--fix)" if rule.is_fixed else ""
        lines.append(f"{pad(rule.code, codes)}  {severity}  {rule.finds}{remarks}")
    lines += ["", "plantrack check --explain CODE tells more about one of them"]
    return "\n".join(map(screen.say, lines)) + "\n"


def explained(rule: Rule, screen: Screen) -> str:
    """Say all about one rule."""
    asked = "" if rule.is_default else ", asked about with --select only"
    lines = [f"{rule.code} ({rule.severity.value}{asked})"]
    does = " --fix does so." if rule.is_fixed else ""
    for text in (rule.finds, rule.because, f"Remedy: {rule.remedy}{does}"):
        lines += ["", *wrap(text, screen.width)]
    if rule.bad and rule.good:
        lines += ["", "This is found:", *_example(rule.bad, screen)]
        lines += ["", "This is not:", *_example(rule.good, screen)]
    return "\n".join(map(screen.say, lines)) + "\n"


def _example(example: Example, screen: Screen) -> Iterator[str]:
    yield ""
    if example.said:
        yield from wrap(example.said, screen.width)
        yield ""
    for line in shortened(example):
        yield f"{_INDENT * 2}{line}".rstrip()


def shortened(example: Example) -> Iterator[str]:
    """Yield the lines of an example, what is long cut with dots."""
    lines = example.text.rstrip("\n").split("\n")
    for line in lines[:_MOST_LINES]:
        yield line if len(line) <= _MOST_CHARS else f"{line[:_MOST_CHARS]}…"
    if len(lines) > _MOST_LINES:
        yield f"… and {len(lines) - _MOST_LINES} lines more"
