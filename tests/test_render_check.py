from __future__ import annotations

import json

import jsonschema
import pytest

import described
from conftest import PROJECT_ROOT
from plantrack.core.check_view import CheckView, Found, MendedView
from plantrack.core.lint import catalogue
from plantrack.core.lint.baseline import Key
from plantrack.core.lint.rule import Severity
from plantrack.render import check_json, github, sarif
from plantrack.render.screen import Screen
from plantrack.render.text import check as text

NASTY = "docs/50%,\x1b[31m a:b\nü.md"
RULES = catalogue.chosen(("ticked-parent", "swallowed", "unknown-mark"))
PIPE = Screen()
GONE = tuple((Key("gone.md", "frozen", f"Status {n}"), n) for n in range(1, 13))


def found(code: str, path: str = "docs/a.md", line: int = 7, message: str = "so it is") -> Found:
    severity = catalogue.BY_CODE[code].severity
    return Found(path, line, code, severity, message, Key(path, code, "- [ ] A"))


VIEW = CheckView(
    found=(
        found("swallowed-box"),
        found("swallowed-box"),
        found("ticked-parent", line=0),
        found("unknown-mark", NASTY, message="100%\r\n::error::\x1b[2J\u202e" + "x" * 3000),
    ),
    documents=3,
    rules=RULES,
)
EMPTY = CheckView((), 1, RULES)


def answer(view: CheckView) -> dict[str, object]:
    told: dict[str, object] = json.loads(check_json.check(view, PIPE))
    described.hold(told, "check")
    return told


# --- text -----------------------------------------------------------------------------------------


def test_a_finding_is_a_line_that_an_editor_can_jump_to() -> None:
    lines = text.check(VIEW, PIPE).splitlines()
    assert lines[0] == "docs/a.md:7: error: so it is [swallowed-box]"
    assert lines[2] == "docs/a.md: warning: so it is [ticked-parent]"
    assert lines[3].startswith(
        "docs/50%,\\x1b[31m a:b\\x0aü.md:7: note: 100%\\x0d\\x0a::error::\\x1b[2J"
    )
    assert lines[-1] == "2 errors, 1 warning, 1 note in 3 documents"


def test_a_screen_is_spared_what_is_very_long_unless_it_asks() -> None:
    short = text.check(VIEW, Screen(width=80, colour=True))
    assert "x" * 200 not in short
    assert "\x1b[31merror\x1b[0m" in short
    assert "x" * 3000 in text.check(VIEW, Screen(width=80, verbose=True))


def test_where_nothing_was_found_that_is_said() -> None:
    assert text.check(EMPTY, PIPE) == "nothing found in 1 document\n"
    since = EMPTY._replace(since="main", known=2)
    assert text.check(since, PIPE).splitlines() == [
        "nothing found in 1 document, new or on lines that changed since main",
        "2 findings more in the baseline",
    ]


def test_what_a_baseline_knows_in_vain_is_listed() -> None:
    one = text.check(EMPTY._replace(gone=GONE[:1]), PIPE)
    assert "1 finding of the baseline is gone; --write-baseline drops" in one
    lines = text.check(EMPTY._replace(gone=GONE), PIPE).splitlines()
    assert lines[3] == "  gone.md: Status 2 [frozen] (2 times)"
    assert lines[-1] == "  and 2 more"


def test_what_was_mended_is_told_and_what_would_be_is_shown() -> None:
    diff = ("--- a/a.md", "+++ b/a.md", "@@ -1 +1 @@", "-old\x1b", "+new", " same")
    mended = (
        MendedView("a.md", (("template-suffix", 2),), diff, ""),
        MendedView("b.md", (("lost-indent", 1),), (), ""),
        MendedView("c.md", (("lost-indent", 1),), (), "it was changed on disk"),
    )
    assert text.check(EMPTY._replace(mended=mended), PIPE).splitlines()[3:9] == [
        "-old\\x1b",
        "+new",
        " same",
        "would mend a.md: 2 template-suffix",
        "mended b.md: 1 lost-indent",
        "not mended c.md: it was changed on disk",
    ]
    assert "\x1b[32m+new" in text.check(EMPTY._replace(mended=mended), Screen(colour=True))


def test_rules_are_listed_and_explained() -> None:
    listed = text.rules(catalogue.RULES, PIPE)
    assert all(rule.code in listed for rule in catalogue.RULES)
    for rule in catalogue.RULES:
        told = text.explained(rule, Screen(width=80))
        assert rule.remedy.split()[0] in told
        assert ("This is found:" in told) == (rule.bad is not None)
        assert max(map(len, told.splitlines())) < 100
    assert text.explained(catalogue.BY_CODE["stale-document"], Screen(encoding="ascii")).isascii()


# --- JSON -----------------------------------------------------------------------------------------


def test_json_is_what_its_schema_says() -> None:
    mended = (MendedView("a.md", (("lost-indent", 1),), ("-a", "+b"), "no"),)
    told = answer(VIEW._replace(gone=GONE, known=3, mended=mended, since="main"))
    assert told["counts"] == {"errors": 2, "warnings": 1, "notes": 1}
    assert told["since"] == "main"
    assert answer(EMPTY)["findings"] == []


def test_rules_as_json_are_what_their_schema_says() -> None:
    told = json.loads(check_json.rules(catalogue.RULES, PIPE))
    described.hold(told, "rules")
    assert [rule["code"] for rule in told["rules"]] == list(catalogue.BY_CODE)


# --- annotations ----------------------------------------------------------------------------------


def test_annotations_cannot_be_broken_out_of() -> None:
    lines = github.check(VIEW).splitlines()
    assert len(lines) == 4
    assert lines[0] == "::error file=docs/a.md,line=7,title=plantrack swallowed-box::so it is"
    assert lines[2].startswith("::warning file=docs/a.md,line=1,")
    assert lines[3].startswith("::notice file=docs/50%25%2C\\x1b[31m a%3Ab\\x0aü.md,line=7,")
    assert "::100%25\\x0d\\x0a::error::\\x1b[2J\\u202ex" in lines[3]
    assert github.check(EMPTY) == ""


# --- SARIF ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", [VIEW, EMPTY, VIEW._replace(rules=catalogue.RULES)])
def test_sarif_is_what_the_official_schema_says(view: CheckView) -> None:
    log = sarif.check(view, "1.2.3")
    assert log.isascii()
    schema = json.loads((PROJECT_ROOT / "tests" / "schemas" / "sarif-2.1.0.json").read_text())
    validator = jsonschema.validators.validator_for(schema)
    assert [error.message for error in validator(schema).iter_errors(json.loads(log))] == []


def test_sarif_points_at_rules_and_places() -> None:
    (run,) = json.loads(sarif.check(VIEW, "1.2.3"))["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("plantrack", "1.2.3")
    first, second, whole, nasty = run["results"]
    assert driver["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "swallowed-box"
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}
    assert "region" not in whole["locations"][0]["physicalLocation"]
    uri = nasty["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "docs/50%25%2C%1B%5B31m%20a%3Ab%0A%C3%BC.md"
    known_by = [one["partialFingerprints"]["plantrackFinding/v1"] for one in run["results"]]
    assert len(set(known_by)) == 4
    assert first["level"] == "error"
    assert nasty["level"] == "note"
    assert second["message"]["text"] == "so it is"


def test_a_path_that_is_no_utf_8_has_a_uri() -> None:
    view = VIEW._replace(found=(found("ticked-parent", "\udcff.md"),))
    (run,) = json.loads(sarif.check(view, "1"))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "%FF.md"
    assert Severity.WARNING.value == run["results"][0]["level"]
