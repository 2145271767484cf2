"""Every command line there is, taken from the program itself, so that none is forgotten."""

# Theory of operation
#
# 1. The commands are asked of the parser of arguments. Each is called plainly, with what it may be
#    told besides, and with each of its options and each word an option can be.
# 2. What stands for a DOC or a TIME is looked up by that name. A new name has to be entered in
#    USUAL, or whoever asks for every line is told so.
# 3. A command that goes on for ever is called in the form that ends; see ENDING.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typer

from plantrack.cli import app

USUAL = {  # what each word in a usage line can be, where nothing else is wanted
    "A[..B]": "HEAD~1..HEAD",
    "CMD": "true",
    "DIR": ".",
    "DOC": "docs/plain.md",
    "DOC|ITEM": "docs/plain.md",
    "FILE": "out.file",
    "FILES": "changes.ndjson",
    "ID": "k3f9",
    "ITEM": "docs/plain.md#M2",
    "MILESTONE": "docs/plain.md#M2",
    "NAME": "somebody",
    "N": "1",
    "PATH": "docs/plain.md",
    "REV": "HEAD",
    "STEP": "One step more",
    "TEXT": "One step more",
    "TIME": "2w",
    "TITLE": "A new plan",
    "ZONE": "UTC",
}
ENDING: dict[tuple[str, ...], tuple[str, ...]] = {("watch",): ("--once",)}

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """One command, and what it can be told."""

    words: tuple[str, ...]
    parameters: tuple[Any, ...]

    def plain(self, values: Values) -> list[str]:
        """Call it with no more than it needs."""
        needed = [one for one in self.parameters if one.required]
        told = [part for one in needed for part in _given(one, _value(one, values))]
        return [*self.words, *ENDING.get(self.words, ()), *told]

    def texts(self) -> list[Any]:
        """Give what takes any text: no flag, no number, no choice among words."""
        return [one for one in self.parameters if _takes_text(one)]

    def lines(self, values: Values) -> Iterator[list[str]]:
        """Call it in every way: each thing it can be told, by itself."""
        plain = self.plain(values)
        yield plain
        for one in self.parameters:
            if one.required or one.opts[0] in plain:
                continue
            for value in _values(one, values):
                yield [*plain, *_given(one, value)]

    def lines_with(self, text: str, values: Values) -> Iterator[list[str]]:
        """Call it with a text in each place that takes one."""
        for one in self.texts():
            others = [other for other in self.parameters if other.required and other is not one]
            told = [part for other in others for part in _given(other, _value(other, values))]
            yield [*self.words, *ENDING.get(self.words, ()), *told, *_given(one, text)]


def commands() -> tuple[Command, ...]:
    """Name every command the program has."""
    return tuple(_below(typer.main.get_command(app), ()))


def lines(values: Values | None = None) -> list[list[str]]:
    """Give every command line; `values` stand for words of usage lines, USUAL for the others."""
    known = USUAL | dict(values or {})
    return [line for command in commands() for line in command.lines(known)]


def lines_with(text: str, values: Values | None = None) -> list[list[str]]:
    """Give every command line that can hold a text, with that text in it."""
    known = USUAL | dict(values or {})
    return [line for command in commands() for line in command.lines_with(text, known)]


def _below(command: Any, words: tuple[str, ...]) -> Iterator[Command]:  # noqa: ANN401 -- typer's own
    inside = getattr(command, "commands", None)
    if inside is None:
        yield Command(words, tuple(one for one in command.params if not _is_help(one)))
        return
    for name, one in inside.items():
        yield from _below(one, (*words, name))


def _is_help(parameter: Any) -> bool:  # noqa: ANN401
    return "--help" in parameter.opts


def _is_argument(parameter: Any) -> bool:  # noqa: ANN401
    return not parameter.opts[0].startswith("-")


def _choices(parameter: Any) -> Sequence[str]:  # noqa: ANN401
    found = getattr(parameter.type, "choices", ())
    return [str(getattr(one, "value", one)) for one in found]


def _takes_text(parameter: Any) -> bool:  # noqa: ANN401
    is_flag = bool(getattr(parameter, "is_flag", False))
    return (
        not is_flag
        and not _choices(parameter)
        and type(parameter.type).__name__ == "StringParamType"
    )


def _value(parameter: Any, values: Values) -> str:  # noqa: ANN401
    choices = _choices(parameter)
    if choices:
        return choices[0]
    if not _takes_text(parameter):
        return "1"
    name = (parameter.metavar or parameter.name).removesuffix("...")
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    assert name in values, f"say in {__file__} what {name} can be"
    return values[name]


def _values(parameter: Any, values: Values) -> Sequence[str]:  # noqa: ANN401
    return _choices(parameter) or [_value(parameter, values)]


def _given(parameter: Any, value: str) -> list[str]:  # noqa: ANN401
    if _is_argument(parameter):
        return [value]
    if getattr(parameter, "is_flag", False):
        return [parameter.opts[0]]
    return [parameter.opts[0], value]
