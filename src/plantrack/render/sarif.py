"""What a check found to SARIF 2.1.0, for code scanning and other readers of findings."""

# Theory of operation
#
# 1. Every rule that was asked about is described once; results point at it.
# 2. Paths are URIs, relative to the top folder of the repository.
# 3. A result is known again by what its line says, not by where it stands.

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from plantrack.core.lint.rule import Severity

if TYPE_CHECKING:
    from plantrack.core.check_view import CheckView, Found
    from plantrack.core.lint.rule import Rule
    from plantrack.render.as_json import Json, Object

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_MOST_CHARS = 2000  # of a message


def check(view: CheckView, version: str) -> str:
    """Write one run of the tool, ASCII only."""
    places = {rule.code: place for place, rule in enumerate(view.rules)}
    twins: Counter[str] = Counter()
    results: list[Json] = []
    for one in view.found:
        known_by = "\0".join(one.key)
        twins[known_by] += 1
        results.append(_result(one, places[one.code], f"{known_by}\0{twins[known_by]}"))
    rules: list[Json] = [_rule(rule) for rule in view.rules]
    driver: Object = {"name": "plantrack", "version": version, "rules": rules}
    run: Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"TOP": {"description": {"text": "The top of the repository."}}},
        "results": results,
    }
    log: Object = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(rule: Rule) -> Object:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.finds},
        "fullDescription": {"text": f"{rule.finds} {rule.because}"},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(one: Found, place: int, known_by: str) -> Object:
    location: Object = {"artifactLocation": {"uri": _uri(one.path), "uriBaseId": "TOP"}}
    if one.line:
        location["region"] = {"startLine": one.line}
    digest = sha256(known_by.encode("utf-8", "surrogateescape"), usedforsecurity=False)
    return {
        "ruleId": one.code,
        "ruleIndex": place,
        "level": _LEVELS[one.severity],
        "message": {"text": one.message[:_MOST_CHARS]},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"plantrackFinding/v1": digest.hexdigest()[:32]},
    }


def _uri(path: str) -> str:
    data = path.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)
