from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import described
from conftest import Repo
from plantrack.__main__ import main
from plantrack.core.lint import baseline

PLAN = """\
# Design: Berth Board

**Status:** In progress

See [the vessels](0002-vessels.md).

## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw the berths in `board/grid.py`
- [ ] Milestone 2: Drag
  - [ ] Snap to the half hour
"""
TICKED = PLAN.replace("[ ] Milestone 1", "[x] Milestone 1")
OVER = TICKED.replace("  - [ ] Snap", "        - [ ] Snap")
VESSELS = "# Vessels\n\n**Status:** Shipped\n\n## Implementation Plan\n\n- [x] Import them\n"
INDEX = "| doc | Status |\n|---|---|\n| [v](0002-vessels.md) | Draft |\n"
OTHER = {"board/other.py": "1\n"}

Told = Callable[..., str]
Codes = Callable[..., list[tuple[str, int | None, str]]]


@pytest.fixture
def harbour(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Two documents, a tick that came alone, and a file that came unticked."""
    repo = make_repo(
        {"docs/0001-berths.md": PLAN, "docs/0002-vessels.md": VESSELS, **OTHER},
        {"docs/0001-berths.md": TICKED},
        {"board/grid.py": "2\n"},
    )
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run `check` in this process; return what it printed."""

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["check", *arguments]) == code, capsys.readouterr()
        printed = capsys.readouterr()
        return printed.out or printed.err

    return run


@pytest.fixture
def answer(told: Told) -> Callable[..., dict[str, Any]]:
    def run(*arguments: str, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(told(*arguments, "--json", code=code))
        described.hold(found, "check")
        return found

    return run


@pytest.fixture
def codes(answer: Callable[..., dict[str, Any]]) -> Codes:
    def run(*arguments: str, code: int = 0) -> list[tuple[str, int | None, str]]:
        found = answer(*arguments, code=code)["findings"]
        return [(one["path"].rpartition("/")[2], one["line"], one["code"]) for one in found]

    return run


ALONE = "Milestone 1 is ticked, but 1 step below it is open"
TICKED_PARENT = ("0001-berths.md", 9, "ticked-parent")

# --- what is found --------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_findings_make_it_fail_and_notes_do_not(told: Told) -> None:
    shown = told(code=1)
    assert shown.splitlines() == [
        f"docs/0001-berths.md:9: warning: {ALONE} [ticked-parent]",
        "",
        "1 warning in 2 documents",
    ]
    assert told("--ignore", "ticked") == "nothing found in 2 documents\n"
    assert "2 notes" in told("--select", "drift")
    assert "2 notes" in told("--select", "drift", "--strict", code=1)


@pytest.mark.usefixtures("harbour")
def test_one_document_may_be_asked_about(told: Told) -> None:
    assert told("0002") == "nothing found in 1 document\n"
    assert "ticked-parent" in told("docs/0001-berths.md", code=1)
    assert "0009" in told("0009", code=1)


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
@pytest.mark.usefixtures("harbour")
def test_every_form_tells_the_same(told: Told, form: str) -> None:
    shown = told("--format", form, code=1)
    assert "ticked-parent" in shown
    assert "docs/0001-berths.md" in shown
    assert "ticked-parent" not in told("--format", form, "--ignore", "ticked")


def test_what_stands_around_documents_is_looked_at(harbour: Repo, codes: Codes) -> None:
    plan = TICKED.replace("0002-vessels", "0003-gone")
    template = (
        "# Design: <Feature Name>\n\n## Goals (Required)\n\n## Implementation Plan (Required)\n"
    )
    harbour.write(
        {
            "docs/0001-berths.md": plan,
            "docs/README.md": INDEX,
            "docs/templates/design.md": template,
            "docs/0009-notes.md": "# Notes\n\n" + "- [ ] A\n" * 5,
        }
    )
    assert codes("--select", "link,index,missing", code=1) == [
        ("0001-berths.md", 1, "missing-section"),
        ("0001-berths.md", 5, "link-missing"),
        ("README.md", 3, "index-status"),
    ]
    assert codes("--select", "no-plan") == [("0009-notes.md", 3, "no-plan")]
    harbour.write({"docs/templates/design.md": "# Any\n"})
    assert codes("--select", "missing") == []


def test_what_cannot_be_read_is_told(harbour: Repo, codes: Codes) -> None:
    harbour.write({"plantrack.toml": "max_document_kib = 1\n", "docs/0003-long.md": PLAN * 9})
    os.mkfifo(harbour.path / "docs" / "0004-pipe.md")
    assert codes("--select", "too-large,not-a-file", code=1) == [
        ("0003-long.md", None, "too-large"),
        ("0004-pipe.md", None, "not-a-file"),
    ]


def test_identical_documents_are_told_of_once(harbour: Repo, codes: Codes) -> None:
    harbour.write({"docs/copies/0001-berths.md": TICKED})
    assert codes("--select", "ticked-parent", code=1) == [TICKED_PARENT]


def test_a_plan_at_rest_is_stale_when_that_is_asked(harbour: Repo, codes: Codes) -> None:
    stale = ("0001-berths.md", 3, "stale-document")
    assert stale in codes("--stale", "60d", code=1)
    assert stale not in codes("--stale", "99y", code=1)
    assert stale not in codes(code=1)
    harbour.write({"plantrack.toml": 'stale = "8w"\ncheck_ignore = ["ticked"]\n'})
    assert codes(code=1) == [stale]
    assert codes("--stale", "99y") == []


def test_the_configuration_chooses_and_options_choose_otherwise(
    harbour: Repo, codes: Codes, told: Told
) -> None:
    harbour.write({"plantrack.toml": 'check_select = ["swallowed"]\n'})
    assert codes() == []
    assert codes("--select", "ticked", code=1) == [TICKED_PARENT]
    harbour.write({"plantrack.toml": 'check_ignore = ["tickd-parent"]\n'})
    shown = told(code=2)
    assert "check_ignore has no code 'tickd-parent'" in shown
    assert "did you mean ticked-parent?" in shown
    harbour.write({"plantrack.toml": 'check_select = ["zzz"]\n'})
    assert "write: check_select =" in told(code=2)
    harbour.write({"plantrack.toml": 'stale = "soon"\n'})
    assert 'write: stale = "60d"' in told(code=2)


# --- what drifted ---------------------------------------------------------------------------------


def test_drift_is_told_with_the_commits(harbour: Repo, told: Told) -> None:
    line = harbour.git("rev-list", "--reverse", "HEAD").split()
    shown = told("--drift", "--ignore", "ticked")
    assert f"0001-berths.md:9: note: ticked in {line[1][:8]} (“" in shown
    assert f"0001-berths.md:10: note: open, but board/grid.py came with {line[2][:8]}" in shown


def test_a_tick_that_came_with_work_and_files_that_were_there_are_no_drift(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, codes: Codes
) -> None:
    named = PLAN.replace("`board/grid.py`", "`board/grid.py` and `other.py` like `gone.py`")
    repo = make_repo(
        {"docs/0001-berths.md": PLAN, "docs/0002-b.md": named, "board/grid.py": "1\n", **OTHER},
        {"docs/0001-berths.md": TICKED, "board/other.py": "2\n"},
    )
    monkeypatch.chdir(repo.path)
    assert codes("--select", "drift") == []


def test_where_there_is_no_code_nothing_drifts(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, codes: Codes, tmp_path: Path
) -> None:
    repo = make_repo({"docs/0001-berths.md": PLAN}, {"docs/0001-berths.md": TICKED})
    monkeypatch.chdir(repo.path)
    assert codes("--select", "drift") == []
    folder = tmp_path / "plain"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "0001-berths.md").write_text(TICKED)
    monkeypatch.chdir(folder)
    assert codes("--select", "drift") == []


def test_before_the_first_commit_nothing_drifts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: Codes
) -> None:
    repo = Repo(tmp_path / "new")
    repo.path.mkdir()
    repo.git("init", "-q")
    repo.write({"docs/0001-berths.md": TICKED})
    monkeypatch.chdir(repo.path)
    assert codes("--select", "drift") == []


# --- since a revision -----------------------------------------------------------------------------


def test_only_lines_that_changed_since_a_revision_are_told(harbour: Repo, codes: Codes) -> None:
    assert codes("--since", "HEAD~2", code=1) == [TICKED_PARENT]
    assert codes("--since", "HEAD") == []
    new = PLAN.replace("Berth", "Other")
    harbour.write({"docs/0001-berths.md": OVER, "docs/0003-new.md": new})
    assert codes("--since", "HEAD", code=1) == [("0001-berths.md", 12, "swallowed-box")]
    harbour.write({"docs/0003-new.md": TICKED.replace("Berth", "Other")})
    assert ("0003-new.md", 9, "ticked-parent") in codes("--since", "HEAD", code=1)


def test_a_finding_about_a_whole_document_is_told_when_any_of_it_changed(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, codes: Codes
) -> None:
    path = "docs/archive/tasks.md"
    repo = make_repo({path: "# T\n\n## Implementation Plan\n\n- [ ] A\n"})
    monkeypatch.chdir(repo.path)
    assert codes("--since", "HEAD") == []
    repo.write({path: "# T\n\n## Implementation Plan\n\n- [ ] A\n- [x] B\n"})
    assert codes("--since", "HEAD", code=1) == [("tasks.md", None, "frozen")]


def test_before_the_first_commit_everything_is_new(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, codes: Codes
) -> None:
    repo = make_repo()
    repo.write({"docs/0001-berths.md": TICKED})
    monkeypatch.chdir(repo.path)
    assert TICKED_PARENT in codes("--since", "HEAD", code=1)


DONE = PLAN.replace("- [ ] Milestone 2", "- [x] Milestone 2").replace("[ ] Snap", "[x] Snap")


def test_a_parent_that_was_ticked_when_it_got_a_step_is_new(harbour: Repo, codes: Codes) -> None:
    harbour.commit({"docs/0001-berths.md": DONE}, "Done")
    assert codes("--since", "HEAD") == []
    harbour.write({"docs/0001-berths.md": f"{DONE}  - [ ] Snap to the day\n"})
    assert codes("--since", "HEAD", code=1) == [("0001-berths.md", 11, "ticked-parent")]
    harbour.commit({}, "One step more")
    assert codes("--since", "HEAD") == []
    assert codes("--since", "HEAD~1", code=1) == [("0001-berths.md", 11, "ticked-parent")]


def test_a_finding_whose_line_only_moved_is_not_new(harbour: Repo, codes: Codes) -> None:
    harbour.write({"docs/0001-berths.md": TICKED.replace("See", "More.\n\nSee")})
    assert codes("--since", "HEAD") == []


def test_of_findings_that_read_alike_as_many_are_new_as_came(harbour: Repo, codes: Codes) -> None:
    step = "  - [ ] Round to the quarter\n"
    once = f"{PLAN}- [ ] Milestone 3: Check\n{step}{step}"
    harbour.commit({"docs/0001-berths.md": once}, "Repeat")
    select = ("--select", "duplicate-text")
    assert codes("--since", "HEAD", *select) == []
    ((_, line, _),) = codes(*select, code=1)
    assert line == 15
    # The milestone above gets the same pair: a finding of the same words is on an old line now.
    more = once.replace("  - [ ] Snap to the half hour\n", step * 2)
    harbour.write({"docs/0001-berths.md": more})
    assert [line for _, line, _ in codes(*select, code=1)] == [13, 16]
    assert [line for _, line, _ in codes("--since", "HEAD", *select, code=1)] == [13]


def test_a_repetition_that_was_written_above_is_new(harbour: Repo, codes: Codes) -> None:
    step = "  - [ ] Snap to the half hour\n"
    harbour.write({"docs/0001-berths.md": TICKED.replace(step, step * 2)})
    found = codes("--since", "HEAD", "--select", "duplicate-text", code=1)
    assert found == [("0001-berths.md", 13, "duplicate-text")]


def test_what_another_document_made_wrong_is_new(harbour: Repo, codes: Codes) -> None:
    harbour.commit({"docs/README.md": INDEX.replace("Draft", "Shipped")}, "List them")
    both = ("--since", "HEAD", "--select", "index,link")
    assert codes(*both) == []
    harbour.write({"docs/0002-vessels.md": VESSELS.replace("Shipped", "Draft")})
    assert codes(*both, code=1) == [("README.md", 3, "index-status")]
    harbour.commit({}, "Take it up again")
    assert codes(*both) == []
    harbour.write({"docs/0002-vessels.md": None})
    assert codes(*both, code=1) == [
        ("0001-berths.md", 5, "link-missing"),
        ("README.md", 3, "link-missing"),
    ]
    harbour.commit({}, "Take it out")
    assert codes(*both) == []


@pytest.mark.usefixtures("harbour")
def test_what_only_commits_tell_is_told_of_lines_that_changed(codes: Codes) -> None:
    assert codes("--since", "HEAD", "--select", "drift") == []
    assert ("0001-berths.md", 9, "drift-tick") in codes("--since", "HEAD~2", "--select", "drift")


def test_a_document_that_could_not_be_read_then_is_new_as_a_whole(
    harbour: Repo, codes: Codes
) -> None:
    harbour.commit({"plantrack.toml": "max_document_kib = 1\n"})
    harbour.commit({"docs/0001-berths.md": TICKED + "more\n" * 400}, "Too long")
    harbour.write({"docs/0001-berths.md": TICKED})
    assert codes("--since", "HEAD", code=1) == [TICKED_PARENT]


@pytest.mark.usefixtures("harbour")
def test_a_revision_that_is_none_is_told(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "is no commit" in told("--since", "nowhere", code=1)
    assert "is no commit" in told("--since", "HEAD~9", code=1)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.md").write_text(PLAN)
    monkeypatch.chdir(plain)
    assert "no git repository" in told("--since", "HEAD", code=3)


# --- the baseline ---------------------------------------------------------------------------------


def test_a_baseline_is_kept_quiet_about_until_it_is_gone(
    harbour: Repo, told: Told, answer: Callable[..., dict[str, Any]]
) -> None:
    assert told("--write-baseline").startswith("1 finding in ")
    assert told().splitlines() == ["nothing found in 2 documents", "1 finding more in the baseline"]
    assert "ticked-parent" in told("--no-baseline", code=1)
    harbour.write({"docs/0001-berths.md": "# More\n\n" + TICKED})
    assert answer()["baseline"] == {"known": 1, "gone": []}
    harbour.write({"docs/0001-berths.md": PLAN})
    (gone,) = answer()["baseline"]["gone"]
    assert (gone["code"], gone["count"]) == ("ticked-parent", 1)
    assert answer("--select", "frozen")["baseline"]["gone"] == []
    assert answer("0002")["baseline"]["gone"] == []
    assert answer("--since", "HEAD")["baseline"]["gone"] == []
    assert told("--write-baseline").startswith("0 findings in ")


def test_a_baseline_grows_only_when_that_is_said(harbour: Repo, told: Told) -> None:
    told("--write-baseline", "--select", "ticked")
    before = (harbour.path / baseline.FILE).read_bytes()
    harbour.write({"docs/0001-berths.md": OVER})
    assert "would grow by 1 finding: it was not written" in told("--write-baseline", code=4)
    assert (harbour.path / baseline.FILE).read_bytes() == before
    assert told("--write-baseline", "--allow-growth").startswith("2 findings in ")
    assert told("--write-baseline", "--select", "ticked").startswith("2 findings in ")


def test_a_baseline_may_stand_elsewhere(harbour: Repo, told: Told) -> None:
    assert "is not there: nothing was checked" in told("--baseline", "known.json", code=2)
    told("--baseline", "known.json", "--write-baseline")
    assert (harbour.path / "known.json").is_file()
    assert "1 finding more" in told("--baseline", "known.json")
    (harbour.path / "known.json").write_text("{}")
    assert "known.json is no baseline" in told("--baseline", "known.json", code=2)
    assert "cannot be read" in told("--baseline", "docs", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ("--write-baseline", "0001"),
        ("--write-baseline", "--since", "HEAD"),
        ("--write-baseline", "--fix"),
        ("--write-baseline", "--no-baseline"),
        ("--baseline", "a.json", "--no-baseline"),
        ("--dry-run",),
        ("--allow-growth",),
        ("--stale", "soon"),
        ("--select", "zzz"),
        ("--json", "--format", "sarif"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("harbour")
def test_what_cannot_be_meant_is_refused(told: Told, words: tuple[str, ...]) -> None:
    assert told(*words, code=2).startswith("plantrack: ")


# --- mending --------------------------------------------------------------------------------------


def test_what_is_mechanical_is_mended_and_the_rest_is_told(harbour: Repo, told: Told) -> None:
    path = harbour.path / "docs" / "0001-berths.md"
    path.write_bytes(OVER.replace("\n", "\r\n").encode())
    shown = told("--fix", "--dry-run", code=1)
    assert "-        - [ ] Snap to the half hour\n+  - [ ] Snap to the half hour\n" in shown
    assert "would mend docs/0001-berths.md: 1 swallowed-box" in shown
    assert path.read_bytes() == OVER.replace("\n", "\r\n").encode()
    shown = told("--fix", code=1)
    assert "mended docs/0001-berths.md: 1 swallowed-box" in shown
    assert "1 warning in" in shown
    assert path.read_bytes() == TICKED.replace("\n", "\r\n").encode()
    assert "mended" not in told("--fix", code=1)


def test_what_a_baseline_knows_is_not_mended(harbour: Repo, told: Told) -> None:
    harbour.write({"docs/0001-berths.md": OVER})
    told("--write-baseline")
    told("--fix")
    assert (harbour.path / "docs" / "0001-berths.md").read_text() == OVER


def test_a_document_that_cannot_be_written_is_named(harbour: Repo, told: Told) -> None:
    path = harbour.path / "docs" / "0001-berths.md"
    path.write_text(OVER)
    path.chmod(0o444)
    shown = told("--fix", code=4)
    assert "not mended docs/0001-berths.md: " in shown
    assert path.read_text() == OVER


def test_what_is_no_utf_8_or_needs_a_guess_is_not_mended(harbour: Repo, told: Told) -> None:
    data = OVER.encode().replace(b"Grid", b"Gr\xefd")
    (harbour.path / "docs" / "0001-berths.md").write_bytes(data)
    tabs = OVER.replace("Berth", "Other").replace("        - ", "\t\t- ")
    harbour.write({"docs/0003-tabs.md": tabs})
    assert "mended" not in told("--fix", code=1)
    assert (harbour.path / "docs" / "0001-berths.md").read_bytes() == data


# --- what there is --------------------------------------------------------------------------------


def test_rules_are_explained_without_a_repository(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "drift-landed" in told("--explain")
    assert told("--explain", "swallowed-fence").startswith("swallowed-fence (error)")
    assert told("--explain", "drift").count("This is found:") == 2
    assert "did you mean no-plan?" in told("--explain", "no-plam", code=2)
    assert json.loads(told("--explain", "frozen", "--json"))["schema"] == "plantrack.rules/1"


def test_help_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 80
    assert "Examples:" in shown
