from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile
from nuisances import Hostile
from plantrack.core import flags, markdown
from plantrack.core.dialect import Rules
from plantrack.core.lint import catalogue, drift, fixing, linking, losing, reading, states, template
from plantrack.core.lint.around import Around, Landing, LoneTick, Standing
from plantrack.core.lint.catalogue import RULES, UnknownCode
from plantrack.core.lint.page import Page
from plantrack.core.lint.rule import Example, Rule, Severity
from plantrack.core.model import Family, Status
from strategies import any_text, design_docs, paths
from strategies import markdown as markdowns

WITH_EXAMPLES = [rule for rule in RULES if rule.bad is not None]
UNTOLD = {  # what no text alone can show
    "too-intricate",
    "too-large",
    "unreadable",
    "not-a-file",
    "link-outside",
    "changing",
}
BUSY = Around(
    required=("Goals", "Testing / Rollout"),
    template="docs/design_template.md",
    missing=frozenset({"docs/a.md", "a.md"}),
    standings={"docs/b.md": Standing(Status("Shipped", Family.DONE, 1), has_open=True)},
    quiet_days=400,
    stale_days=30,
    ticks=(LoneTick(1, "0" * 40, "Tick"),),
    landings=(Landing(1, "a.py", "1" * 40), Landing(1, "b.py", "2" * 40)),
)


def codes(example: Example, rules: tuple[Rule, ...]) -> list[str]:
    page = Page(example.path, example.text, Rules(), example.around)
    return [one.code for one in catalogue.findings(page, rules)]


# --- what is said about rules ---------------------------------------------------------------------


def test_codes_are_kebab_case_and_each_stands_for_one_rule() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code) for rule in RULES)


def test_every_module_of_rules_is_in_the_catalogue() -> None:
    modules = (losing, states, template, linking, drift, reading)
    assert {rule.code for module in modules for rule in module.RULES} == set(catalogue.BY_CODE)


def test_what_status_flags_has_the_same_code_here() -> None:
    flagged = {
        flags.TICKED_PARENT,
        flags.OPEN_PARENT,
        flags.TICKED_STRUCK,
        flags.FROZEN,
        flags.UNANNOUNCED,
        "stale-next-steps",
        "lost-indent",
        "swallowed-box",
        "large-section",
        "long-line",
        "too-intricate",
        "not-utf-8",
        "nul-bytes",
    }
    assert flagged <= set(catalogue.BY_CODE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_explains_itself_in_sentences(rule: Rule) -> None:
    for text in (rule.finds, rule.because, rule.remedy):
        assert text[0] in string.ascii_uppercase + "“"
        assert text.endswith(".")
    assert (rule.bad is None) == (rule.good is None) == (rule.code in UNTOLD)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_the_bad_example_fires_its_rule_and_the_good_one_does_not(rule: Rule) -> None:
    assert rule.bad is not None
    assert rule.good is not None
    assert set(codes(rule.bad, (rule,))) == {rule.code}
    assert codes(rule.good, (rule,)) == []


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_an_example_shows_one_thing_only(rule: Rule) -> None:
    assert rule.bad is not None
    assert rule.good is not None
    found = {*codes(rule.bad, catalogue.chosen()), *codes(rule.good, catalogue.chosen())}
    assert found <= {rule.code, "finished-unannounced"}


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.is_fixed], ids=lambda rule: rule.code
)
def test_what_is_said_to_be_fixed_becomes_the_good_example(rule: Rule) -> None:
    assert rule.bad is not None
    assert rule.good is not None
    fixed = fixing.fixed(rule.bad.path, rule.bad.text, Rules(), (rule.code,))
    assert fixed.text == rule.good.text
    assert fixed.counts == ((rule.code, 1),)


# --- which are asked about ------------------------------------------------------------------------


def test_by_default_what_is_often_meant_is_not_asked_about() -> None:
    default = {rule.code for rule in catalogue.chosen()}
    assert default == {rule.code for rule in RULES if rule.is_default}
    assert not default & {"drift-tick", "drift-landed", "no-plan", "missing-section", "frozen-dead"}


def test_a_word_stands_for_every_code_that_begins_so() -> None:
    assert [rule.code for rule in catalogue.chosen(("drift",))] == ["drift-tick", "drift-landed"]
    assert catalogue.chosen(("all",)) == RULES


def test_what_is_ignored_goes_whatever_asked_for_it() -> None:
    chosen = catalogue.chosen(("swallowed",), ("swallowed-box",), ("drift-tick",))
    assert [rule.code for rule in chosen] == ["swallowed-fence", "drift-tick"]
    assert catalogue.chosen(ignore=("all",)) == ()


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("tickd-parent", "ticked-parent"), ("zzz", ""), ("", ""), ("A" * 9999, "")],
)
def test_a_word_that_begins_no_code_is_told_with_the_nearest(word: str, nearest: str) -> None:
    with pytest.raises(UnknownCode) as caught:
        catalogue.chosen((word,))
    assert (caught.value.word, caught.value.nearest) == (word, nearest)


# --- any document ---------------------------------------------------------------------------------


def _checked(path: str, text: str) -> None:
    page = Page(path, text, Rules(), BUSY)
    lines = len(markdown.split_lines(text))
    found = catalogue.findings(page, RULES)
    assert all(one.path == path for one in found)
    assert all(0 <= one.line <= max(lines, 1) for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.line, one.code, one.message))
    assert {one.code for one in found} <= set(catalogue.BY_CODE)


@settings(max_examples=40)
@given(any_text(), paths())
def test_any_text_is_checked_and_findings_stand_on_lines_there_are(text: str, path: str) -> None:
    _checked(path, text)


@settings(max_examples=40)
@given(design_docs(), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\t"]))
def test_any_plan_is_checked_with_any_line_ends(text: str, end: str, indent: str) -> None:
    _checked("docs/README.md", text.replace("  - ", f"{indent or '  '}- ").replace("\n", end))


@settings(max_examples=40)
@given(markdowns())
def test_any_markdown_is_checked(text: str) -> None:
    _checked("docs/README.md", text)


@pytest.mark.parametrize("one", hostile.EVERY[::17], ids=lambda one: one.name)
def test_hostile_documents_are_checked(one: Hostile) -> None:
    _checked(one.path, one.make(2_000))


def test_notes_are_what_does_not_fail() -> None:
    assert list(Severity) == ["error", "warning", "note"]
