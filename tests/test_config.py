from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.config import Config, load
from plantrack.core.dialect import PLAN_HEADINGS, Rules
from plantrack.core.model import Family, State
from plantrack.errors import UsageError


def configured(top: Path, toml: str | bytes) -> Config:
    write(top, "plantrack.toml", toml)
    return load(top)


def refused(top: Path, toml: str | bytes) -> UsageError:
    with pytest.raises(UsageError) as caught:
        configured(top, toml)
    return caught.value


def write(top: Path, name: str, toml: str | bytes) -> None:
    (top / name).write_bytes(toml.encode() if isinstance(toml, str) else toml)


# --- where it comes from --------------------------------------------------------------------------


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


def test_the_defaults_are_those_of_the_reader(tmp_path: Path) -> None:
    assert load(tmp_path).rules() == Rules()


def test_a_folder_that_is_a_file_has_no_configuration(tmp_path: Path) -> None:
    write(tmp_path, "file", "")
    assert load(tmp_path / "file") == Config()


def test_every_key_is_read_from_plantrack_toml(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        """
        include = ["docs/**/*.md", "plans/*.md"]
        exclude = ["docs/old/**"]
        plan_headings = ["Implementation plan", "## 4. Road map (Required)"]
        marks = { "~" = "doing", "-" = "dropped", "⏸️" = "todo", review = "doing" }
        status_families = { active = ["In  Review", "cooking"], done = ["live"] }
        timezone = "Europe/Berlin"
        database = "../plans.db"
        max_document_kib = 2048
        max_document_lines = 9
        max_section_kib = 512
        max_line_chars = 100
        """,
    )
    assert config == Config(
        include=("docs/**/*.md", "plans/*.md"),
        exclude=("docs/old/**",),
        plan_headings=("implementation plan", "road map"),
        marks=(
            ("~", State.DOING),
            ("-", State.DROPPED),
            ("⏸️", State.TODO),
            ("review", State.DOING),
        ),
        status_families=(
            ("in review", Family.ACTIVE),
            ("cooking", Family.ACTIVE),
            ("live", Family.DONE),
        ),
        timezone="Europe/Berlin",
        database="../plans.db",
        max_document_kib=2048,
        max_document_lines=9,
        max_section_kib=512,
        max_line_chars=100,
        source="plantrack.toml",
    )


def test_the_rules_carry_what_was_configured(tmp_path: Path) -> None:
    toml = """
        plan_headings = ["road map"]
        marks = { "~" = "dropped" }
        status_families = { done = ["live"] }
        max_document_lines = 300
        max_section_kib = 2
        max_line_chars = 100
        """
    assert configured(tmp_path, toml).rules() == Rules(
        plan_headings=("road map",),
        marks=(("~", State.DROPPED),),
        status_families=(("live", Family.DONE),),
        max_section_chars=2048,
        max_line_chars=100,
        max_lines=300,
    )


def test_the_table_in_pyproject_toml_is_read(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool.plantrack]\nexclude = ["old/**"]\n')
    assert load(tmp_path) == Config(exclude=("old/**",), source="pyproject.toml")


def test_an_empty_file_of_ours_speaks_and_changes_nothing(tmp_path: Path) -> None:
    assert configured(tmp_path, "") == Config(source="plantrack.toml")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert configured(tmp_path, b'\xef\xbb\xbfinclude = ["a.md"]').include == ("a.md",)


@pytest.mark.parametrize(
    "toml",
    [
        "",
        "this is not TOML [[[",
        b"\xff\xfe\x00",
        '[project]\ndependencies = ["plantrack-cli"]\n',
        'tool = "plantrack"\n',
        "[tool.other]\nplantrack = 1\n",
    ],
)
def test_a_pyproject_toml_without_our_table_is_left_alone(
    tmp_path: Path, toml: str | bytes
) -> None:
    write(tmp_path, "pyproject.toml", toml)
    assert load(tmp_path) == Config()


def test_both_files_may_be_there_when_only_one_holds_settings(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[project]\nname = "plantrack-example"\n')
    assert configured(tmp_path, "max_line_chars = 9").max_line_chars == 9


def test_settings_in_both_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.plantrack]\n")
    error = refused(tmp_path, "")
    assert "plantrack.toml" in error.message
    assert "pyproject.toml" in error.message
    assert error.remedy == "keep one of them"


# --- files that cannot be used --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plantrack.toml", "pyproject.toml"])
class TestAFileThatCannotBeUsed:
    def test_a_pipe_does_not_hang(self, tmp_path: Path, name: str) -> None:
        os.mkfifo(tmp_path / name)
        with pytest.raises(UsageError, match=f"{name} cannot be read: it is not a regular file"):
            load(tmp_path)

    def test_a_folder(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).mkdir()
        with pytest.raises(UsageError, match=f"{name} cannot be read: it is not a regular file"):
            load(tmp_path)

    def test_a_socket(self, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)  # the name of a socket must be short
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
            with pytest.raises(UsageError, match=f"{name} cannot be read"):
                load(tmp_path)

    def test_a_link_to_itself(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).symlink_to(name)
        with pytest.raises(UsageError, match=f"{name} cannot be read") as caught:
            load(tmp_path)
        assert str(tmp_path / name) in caught.value.remedy

    def test_a_device_without_end(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).symlink_to("/dev/zero")
        with pytest.raises(UsageError, match=f"{name} cannot be read"):
            load(tmp_path)

    def test_a_terabyte_of_nothing(self, tmp_path: Path, name: str) -> None:
        with (tmp_path / name).open("wb") as file:
            file.truncate(1 << 40)
        with pytest.raises(UsageError, match=f"{name} cannot be read: it is larger than 1 MiB"):
            load(tmp_path)

    def test_bytes_that_are_not_utf_8_are_named_by_line(self, tmp_path: Path, name: str) -> None:
        write(tmp_path, name, b"# plantrack\n# caf\xe9\n")
        with pytest.raises(UsageError, match=rf"{name} is not UTF-8 \(line 2\)"):
            load(tmp_path)

    @pytest.mark.parametrize(
        ("toml", "problem"),
        [
            ("# plantrack\ninclude = [\n", "not valid TOML: .*end of document"),
            ("a = 1 # plantrack\na = 2\n", "not valid TOML: .*line 2"),
            ("a = " + "9" * 5000 + "# plantrack", "not valid TOML: "),
            ("a = " + "[" * 50_000 + "# plantrack", "nested too deeply|not valid TOML"),
        ],
        ids=["unfinished", "twice", "long number", "deep"],
    )
    def test_bad_toml(self, tmp_path: Path, name: str, toml: str, problem: str) -> None:
        write(tmp_path, name, toml)
        with pytest.raises(UsageError, match=f"{name}.*{problem}"):
            load(tmp_path)


def test_a_link_to_a_regular_file_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "shared.toml", "max_line_chars = 7")
    (tmp_path / "plantrack.toml").symlink_to("shared.toml")
    assert load(tmp_path).max_line_chars == 7


# --- keys and values ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "message", "remedy"),
    [
        ("plan-headings = []", "unknown key 'plan-headings'", "did you mean plan_headings?"),
        ("Exclude = []", "unknown key 'Exclude'", "did you mean exclude?"),
        ("zzz = 1", "unknown key 'zzz'", "known keys are include, exclude, plan_headings, "),
        ("[tool.plantrack]", "unknown key 'tool'", "without [tool.plantrack]"),
        ('"\\u001b]0;x\\u0007" = 1', r"unknown key '\x1b]0;x\x07'", "known keys are"),
        ('include = "docs"', "include must be a list of texts, not the text 'docs'", "include = ["),
        ("exclude = [1]", "exclude must hold texts only, not a number", "exclude = ["),
        ("exclude = [[]]", "exclude must hold texts only, not a list", "exclude = ["),
        ('exclude = [" "]', "exclude must not be ' '", "exclude = ["),
        ("plan_headings = 2026-01-01", "not a date or a time", "plan_headings = ["),
        ('plan_headings = ["##"]', "plan_headings must hold words, not '##'", "plan_headings = ["),
        ('marks = ["~"]', "marks must be a table, not a list", "marks = {"),
        ('marks = { "~" = "doin" }', "todo, doing, done, dropped, not 'doin'", "mean doing?"),
        ('marks = { "~" = "zzz" }', "todo, doing, done, dropped, not 'zzz'", "marks = {"),
        ('marks = { "~" = true }', "todo, doing, done, dropped, not true or false", "marks = {"),
        ('marks = { x = "todo" }', "marks cannot give 'x' another meaning", "marks = {"),
        ('marks = { " " = "done" }', "marks cannot give ' ' another meaning", "marks = {"),
        ('marks = { "" = "done" }', "one short word each, not ''", "marks = {"),
        ('marks = { "--" = "done" }', "one short word each, not '--'", "marks = {"),
        ('marks = { "a b" = "done" }', "one short word each, not 'a b'", "marks = {"),
        ('marks = { "]" = "done" }', "one short word each, not ']'", "marks = {"),
        ('marks = { "\\u0007" = "done" }', r"one short word each, not '\x07'", "marks = {"),
        ('marks = { abcdefghijklm = "done" }', "not 'abcdefghijklm'", "marks = {"),
        ('status_families = "done"', "must be a table, not the text", "status_families = {"),
        ('status_families = { don = ["live"] }', "reference, unknown, not 'don'", "mean done?"),
        ('status_families = { done = "live" }', "must be a list of texts", "status_families = {"),
        ('status_families = { done = ["a"], dead = ["A"] }', "'A' in two families", "families = {"),
        ('timezone = "Europe/Berlni"', "not 'Europe/Berlni'", "did you mean Europe/Berlin?"),
        ('timezone = "Europe"', "IANA time zone database, not 'Europe'", ""),
        ('timezone = "../../etc/passwd"', "time zone database, not '../../etc/passwd'", ""),
        ('timezone = "zzzzzzzzzzz"', "time zone database, not 'zzzzzzzzzzz'", "timezone = "),
        ("timezone = {}", "timezone must be a text, not a table", "timezone = "),
        ('database = ""', "database must not be ''", "database = "),
        ('database = "a\\u0000"', r"database must not be 'a\x00'", "database = "),
        ("max_line_chars = 0", "must be between 1 and 1048576", "max_line_chars = 4096"),
        ("max_document_kib = -1", "must be between 1 and 1048576", "max_document_kib = 1024"),
        ("max_document_kib = 1048577", "must be between 1 and 1048576", "max_document_kib = 1024"),
        ("max_section_kib = 0x" + "f" * 9999, "must be between", "max_section_kib = 256"),
        ("max_section_kib = 1.5", "must be a whole number, not a number", "max_section_kib = 256"),
        ("max_section_kib = true", "a whole number, not true or false", "max_section_kib = 256"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_way_out(
    tmp_path: Path, toml: str, message: str, remedy: str
) -> None:
    error = refused(tmp_path, toml)
    assert error.message.startswith("plantrack.toml: ")
    assert message in error.message
    assert remedy in error.remedy
    assert error.remedy
    assert (error.message + error.remedy).isprintable()


def test_a_table_of_ours_that_is_no_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool]\nplantrack = 3\n")
    with pytest.raises(UsageError, match=r"tool\.plantrack must be a table, not a number"):
        load(tmp_path)


def test_a_fault_in_pyproject_toml_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.plantrack]\ntool = 3\n")
    with pytest.raises(UsageError, match=r"^pyproject\.toml: unknown key 'tool'") as caught:
        load(tmp_path)
    assert caught.value.remedy.startswith("known keys are")


@pytest.mark.parametrize(
    "mark", ["~", "-", "!", "D", "🚧", "⏸️", "👨‍💻", "in-review", "abcdefghijkl"]
)
def test_one_sign_one_emoji_or_one_short_word_is_a_mark(tmp_path: Path, mark: str) -> None:
    assert configured(tmp_path, f'[marks]\n"{mark}" = "done"').marks == ((mark, State.DONE),)


def test_a_family_may_be_given_the_same_word_twice(tmp_path: Path) -> None:
    config = configured(tmp_path, 'status_families = { done = ["Live", "live"] }')
    assert config.status_families == (("live", Family.DONE),)


def test_an_empty_list_of_plan_headings_turns_them_off(tmp_path: Path) -> None:
    assert configured(tmp_path, "plan_headings = []").rules().plan_headings == ()
    assert Config().rules().plan_headings == PLAN_HEADINGS


# --- fingerprint ----------------------------------------------------------------------------------

# Each setting with another value than its default, and whether a remembered plan is stale then.
OTHER = {
    "include": (("a.md",), True),
    "exclude": (("a.md",), True),
    "plan_headings": (("a",), True),
    "marks": ((("~", State.DONE),), True),
    "status_families": ((("live", Family.DONE),), True),
    "timezone": ("UTC", False),
    "database": ("x.db", False),
    "max_document_kib": (1, True),
    "max_document_lines": (1, True),
    "max_section_kib": (1, True),
    "max_line_chars": (1, True),
    "check_select": (("frozen",), False),
    "check_ignore": (("frozen",), False),
    "stale_days": (60, False),
    "source": ("plantrack.toml", False),
}


def test_every_setting_is_tried_for_the_fingerprint() -> None:
    assert list(OTHER) == list(Config._fields)


@pytest.mark.parametrize("name", OTHER)
def test_the_fingerprint_changes_with_what_changes_the_reading(name: str) -> None:
    value, changes = OTHER[name]
    other = Config(**{name: value})  # type: ignore[arg-type]
    assert (other.fingerprint() != Config().fingerprint()) is changes


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = (
        "from plantrack.config import Config; from plantrack.core.model import State;"
        "print(Config(marks=(('~', State.DONE),)).fingerprint())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {Config(marks=(("~", State.DONE),)).fingerprint() + "\n"}


# --- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("toml", [None, '[project]\nname = "other"\n'])
def test_an_unconfigured_repository_costs_no_import(tmp_path: Path, toml: str | None) -> None:
    if toml is not None:
        write(tmp_path, "pyproject.toml", toml)
    dear = (
        "dataclasses",
        "difflib",
        "hashlib",
        "pathlib",
        "plantrack.core",
        "re",
        "tomllib",
        "typing",
        "zoneinfo",
    )
    code = (
        "import sys; from plantrack import config;"
        "config.load(sys.argv[1]).fingerprint();"
        f"print([name for name in {dear} if name in sys.modules])"
    )
    bare = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    command = [sys.executable, "-P", "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- whatever is written --------------------------------------------------------------------------

KEYS = st.sampled_from(list(Config._fields)) | st.text(max_size=8)
WORDS = st.sampled_from([*State, *Family, "Europe/Berlin", "~", "x", ""]) | st.text(max_size=14)
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | WORDS | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def toml_of(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + "".join(f"\\U{ord(sign):08X}" for sign in value) + '"'
        case list():
            return "[" + ", ".join(map(toml_of, value)) + "]"
        case dict():
            pairs = (f"{toml_of(key)} = {toml_of(inner)}" for key, inner in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case _:
            return str(value)


def outcome(top: Path, toml: str | bytes) -> Config | UsageError:
    try:
        return configured(top, toml)
    except UsageError as error:
        return error


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_settings_give_a_config_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, settings: dict[str, object]
) -> None:
    lines = [f"{toml_of(key)} = {toml_of(value)}" for key, value in settings.items()]
    result = outcome(tmp_path_factory.getbasetemp(), "\n".join(lines))
    if isinstance(result, UsageError):
        assert result.message.startswith("plantrack.toml")
        assert result.message.isprintable()
        assert result.remedy
    else:
        assert set(settings) < set(Config._fields)
        assert isinstance(result.rules(), Rules)


@given(st.binary(max_size=60) | st.text(alphabet='[]{}=".#\n\\plantrckxu0-:T9', max_size=60))
def test_any_bytes_give_a_config_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes | str
) -> None:
    result = outcome(tmp_path_factory.getbasetemp(), data)
    if isinstance(result, UsageError):
        assert result.message.startswith("plantrack.toml")
        assert result.message.isprintable()
        assert result.remedy
    else:
        assert result.source == "plantrack.toml"
