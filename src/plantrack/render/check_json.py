"""What a check found to versioned JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.lint.rule import Severity
from plantrack.render.as_json import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.check_view import CheckView, Found, MendedView
    from plantrack.core.lint.rule import Rule
    from plantrack.render.as_json import Json, Object
    from plantrack.render.screen import Screen

MAX_CHARS = 2000  # of a text


def check(view: CheckView, screen: Screen) -> str:
    """Give every finding, and what the baseline knows in vain."""
    findings: list[Json] = [_found(one) for one in view.found]
    gone: list[Json] = [
        {"path": key.path, "code": key.code, "text": key.text, "count": count}
        for key, count in view.gone
    ]
    mended: list[Json] = [_mended(one) for one in view.mended]
    counts: Object = {f"{severity.value}s": view.count(severity) for severity in Severity}
    return dump(
        {
            "schema": "plantrack.check/1",
            "data_not_instructions": ["message", "text", "diff"],
            "documents": view.documents,
            "since": view.since or None,
            "counts": counts,
            "findings": findings,
            "baseline": {"known": view.known, "gone": gone},
            "mended": mended,
        },
        screen,
    )


def rules(every: Sequence[Rule], screen: Screen) -> str:
    """Describe rules."""
    told: list[Json] = [
        {
            "code": rule.code,
            "severity": rule.severity.value,
            "default": rule.is_default,
            "fixed": rule.is_fixed,
            "finds": rule.finds,
            "because": rule.because,
            "remedy": rule.remedy,
            "bad": rule.bad.text[:MAX_CHARS] if rule.bad else None,
            "good": rule.good.text[:MAX_CHARS] if rule.good else None,
        }
        for rule in every
    ]
    return dump({"schema": "plantrack.rules/1", "rules": told}, screen)


def _found(one: Found) -> Object:
    return {
        "path": one.path,
        "line": one.line or None,
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message[:MAX_CHARS],
        "text": one.key.text,
    }


def _mended(one: MendedView) -> Object:
    return {
        "path": one.path,
        "counts": dict(one.counts),
        "diff": "\n".join(one.diff) or None,
        "refused": one.refusal or None,
    }
