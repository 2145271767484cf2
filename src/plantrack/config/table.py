"""A table of settings to a Config: every one checked, and told how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.config.values import OWN_FILE, PROJECT_FILE, Config
from plantrack.errors import UsageError

if TYPE_CHECKING:
    from plantrack.core.model import Family, State

_FORMS = {
    "include": 'include = ["docs/**/*.md"]',
    "exclude": 'exclude = ["docs/old/**"]',
    "plan_headings": 'plan_headings = ["implementation plan", "roadmap"]',
    "marks": 'marks = { "~" = "doing", "-" = "dropped" }',
    "status_families": 'status_families = { active = ["in review"], done = ["live"] }',
    "timezone": 'timezone = "Europe/Berlin"',
    "database": 'database = "../plans.db"',
    "max_document_kib": "max_document_kib = 1024",
    "max_document_lines": "max_document_lines = 20000",
    "max_section_kib": "max_section_kib = 256",
    "max_line_chars": "max_line_chars = 4096",
    "check_select": 'check_select = ["swallowed", "ticked-parent"]',
    "check_ignore": 'check_ignore = ["template"]',
    "stale": 'stale = "60d"',
}
_MAX_LIMIT = 1024 * 1024  # of any size setting, in its own unit
_MAX_MARK_CHARS = 12  # a longer one is never read as a mark
_MAX_SHOWN_CHARS = 60


def of_project(data: bytes) -> dict[str, object] | None:
    """Take the settings out of a pyproject.toml; None: it has none. Raises UsageError."""
    tools = parse(data, PROJECT_FILE).get("tool")
    if not isinstance(tools, dict) or "plantrack" not in tools:
        return None
    table = tools["plantrack"]
    if not isinstance(table, dict):
        message = f"{PROJECT_FILE}: tool.plantrack must be a table, not {_kind(table)}"
        raise UsageError(message, "write its keys below a line [tool.plantrack]")
    return table


def parse(data: bytes, source: str) -> dict[str, object]:
    """Read TOML; raises UsageError where it is none."""
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{source} is not UTF-8 (line {line})", "save it as UTF-8") from error
    except RecursionError as error:
        raise UsageError(f"{source}: nested too deeply", "write it flatter") from error
    except ValueError as error:  # TOMLDecodeError, and numbers too long for int()
        raise UsageError(f"{source} is not valid TOML: {error}", "correct it there") from error


def checked(values: dict[str, object], source: str) -> Config:
    """Turn the settings of a file into a Config; raises UsageError for what is wrong."""
    table = _Table(values, source)
    for key in table.values:
        if key not in _FORMS:
            raise _unknown_key(key, table)
    default = Config()
    return Config(
        include=table.texts("include") or (),
        exclude=table.texts("exclude") or (),
        plan_headings=_plan_headings(table),
        marks=_marks(table),
        status_families=_status_families(table),
        timezone=_timezone(table),
        database=table.text("database"),
        max_document_kib=table.size("max_document_kib", default.max_document_kib),
        max_document_lines=table.size("max_document_lines", default.max_document_lines),
        max_section_kib=table.size("max_section_kib", default.max_section_kib),
        max_line_chars=table.size("max_line_chars", default.max_line_chars),
        check_select=_codes(table, "check_select"),
        check_ignore=_codes(table, "check_ignore"),
        stale_days=_stale(table),
        source=table.source,
    )


class _Table:
    """The settings of one file, taken out by key and checked on the way."""

    __slots__ = ("source", "values")

    def __init__(self, values: dict[str, object], source: str) -> None:
        self.values = values
        self.source = source

    def fault(self, key: str, problem: str, remedy: str = "") -> UsageError:
        """Describe what is wrong with a key, and how it is written if `remedy` is empty."""
        return UsageError(f"{self.source}: {key} {problem}", remedy or f"write: {_FORMS[key]}")

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        return None if value is None else self._as_text(key, value)

    def texts(self, key: str) -> tuple[str, ...] | None:
        value = self.values.get(key)
        return None if value is None else self.as_texts(key, value)

    def as_texts(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self.fault(key, f"must be a list of texts, not {_kind(value)}")
        return tuple(self._as_text(key, entry, "must hold texts only") for entry in value)

    def size(self, key: str, default: int) -> int:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault(key, f"must be a whole number, not {_kind(value)}")
        if not 0 < value <= _MAX_LIMIT:
            raise self.fault(key, f"must be between 1 and {_MAX_LIMIT}")
        return value

    def pairs(self, key: str) -> tuple[tuple[str, object], ...]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, f"must be a table, not {_kind(value)}")
        return tuple(value.items())

    def _as_text(self, key: str, value: object, rule: str = "must be a text") -> str:
        if not isinstance(value, str):
            raise self.fault(key, f"{rule}, not {_kind(value)}")
        if not value.strip() or "\0" in value:
            raise self.fault(key, f"must not be {_shown(value)}")
        return value


def _unknown_key(key: str, table: _Table) -> UsageError:
    if key == "tool" and table.source == OWN_FILE:
        remedy = f"in {OWN_FILE} the keys stand at the top, without [tool.plantrack]"
    else:
        remedy = _nearest(key, tuple(_FORMS), "known keys are")
    return UsageError(f"{table.source}: unknown key {_shown(key)}", remedy)


def _plan_headings(table: _Table) -> tuple[str, ...] | None:
    headings = table.texts("plan_headings")
    if headings is None:
        return None
    from plantrack.core.dialect import heading_words

    folded = tuple(heading_words(heading) for heading in headings)
    if "" in folded:
        wordless = headings[folded.index("")]
        raise table.fault("plan_headings", f"must hold words, not {_shown(wordless)}")
    return folded


def _marks(table: _Table) -> tuple[tuple[str, State], ...]:
    pairs = table.pairs("marks")
    if not pairs:
        return ()
    from plantrack.core.model import State

    for mark, _ in pairs:
        if mark in {" ", "\u00a0", "x", "X"}:
            raise table.fault("marks", f"cannot give {_shown(mark)} another meaning")
        if not _fits_brackets(mark):
            problem = f"must be one sign, one emoji or one short word each, not {_shown(mark)}"
            raise table.fault("marks", problem)
    return tuple((mark, State(_choice(table, "marks", word, tuple(State)))) for mark, word in pairs)


def _fits_brackets(mark: str) -> bool:
    if not 1 <= len(mark) <= _MAX_MARK_CHARS or any(sign in " []\\" for sign in mark):
        return False
    if not all(sign.isprintable() or sign == "\u200d" for sign in mark):  # it joins emoji
        return False
    word = mark.replace("-", "").replace("_", "")
    return len(mark) == 1 or word.isalnum() or not mark.isascii()


def _status_families(table: _Table) -> tuple[tuple[str, Family], ...]:
    pairs = table.pairs("status_families")
    if not pairs:
        return ()
    from plantrack.core.model import Family

    family_by_word: dict[str, Family] = {}
    for name, words in pairs:
        family = Family(_choice(table, "status_families", name, tuple(Family)))
        for word in table.as_texts("status_families", words):
            folded = " ".join(word.lower().split())
            if family_by_word.setdefault(folded, family) is not family:
                raise table.fault("status_families", f"has {_shown(word)} in two families")
    return tuple(family_by_word.items())


def _timezone(table: _Table) -> str | None:
    name = table.text("timezone")
    if name is None:
        return None
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, malformed, a folder of zones
        problem = f"must be a name of the IANA time zone database, not {_shown(name)}"
        remedy = _nearest(name, tuple(sorted(available_timezones())), "")
        raise table.fault("timezone", problem, remedy) from error
    return name


def _codes(table: _Table, key: str) -> tuple[str, ...]:
    words = table.texts(key)
    if not words:
        return ()
    from plantrack.core.lint import catalogue

    try:
        catalogue.chosen(words)
    except catalogue.UnknownCode as error:
        remedy = f"did you mean {error.nearest}?" if error.nearest else ""
        raise table.fault(key, f"has no code {_shown(error.word)}", remedy) from error
    return words


def _stale(table: _Table) -> int | None:
    text = table.text("stale")
    if text is None:
        return None
    from plantrack.core import lengths

    found = lengths.days(text)
    if found is None:
        raise table.fault("stale", f"must be a length of time, not {_shown(text)}")
    return found


def _choice(table: _Table, key: str, word: object, choices: tuple[str, ...]) -> str:
    if isinstance(word, str) and word in choices:
        return word
    got = _shown(word) if isinstance(word, str) else _kind(word)
    problem = f"must use one of {', '.join(choices)}, not {got}"
    raise table.fault(key, problem, _nearest(word, choices, "") if isinstance(word, str) else "")


# --- words for messages ---------------------------------------------------------------------------


def _nearest(word: str, choices: tuple[str, ...], otherwise: str) -> str:
    """Suggest the choice that looks most like a word; without one, list them after `otherwise`."""
    from difflib import get_close_matches

    found = get_close_matches(word[:_MAX_SHOWN_CHARS], choices, n=1)
    if found:
        return f"did you mean {found[0]}?"
    return f"{otherwise} {', '.join(choices)}" if otherwise else ""


def _shown(text: str) -> str:
    return repr(text[:_MAX_SHOWN_CHARS])  # repr escapes whatever a terminal would obey


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return f"the text {_shown(value)}"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or a time"
