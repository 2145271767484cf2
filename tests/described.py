"""The schemas that ship with plantrack, and whether an answer is what one of them says."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, cast

import jsonschema
from jsonschema.protocols import Validator


def schema(name: str) -> dict[str, Any]:
    """Read the schema of a view, the caller's to change."""
    text = resources.files("plantrack").joinpath("schemas", f"{name}.json").read_text("utf-8")
    return cast("dict[str, Any]", json.loads(text))


def strict(part: Any) -> Any:  # noqa: ANN401 -- any part of a schema
    """Forbid what a schema does not describe, which readers must accept but we must not print."""
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {"additionalProperties": False} if "properties" in part else {}
    return {key: strict(one) for key, one in part.items()} | closed


def hold(answer: Any, name: str, *, no_more: bool = False) -> None:  # noqa: ANN401 -- any JSON
    """Fail where an answer is not what the schema says, or says more where it must not."""
    error = jsonschema.exceptions.best_match(_validator(name, no_more=no_more).iter_errors(answer))
    if error is not None:
        raise error


@cache
def _validator(name: str, *, no_more: bool) -> Validator:
    """Make what looks at answers once: to look at the schema takes longer than at an answer."""
    described = schema(name)
    kind = jsonschema.validators.validator_for(described)
    kind.check_schema(described)
    return kind(strict(described) if no_more else described)
