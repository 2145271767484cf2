from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core.lint import baseline
from plantrack.core.lint.baseline import Baseline, Key, Unreadable
from plantrack.core.model import Finding

A, B = Key("a.md", "frozen", "Status: Done"), Key("b.md", "no-plan", "- [ ] B")
KEYS = st.builds(Key, *(st.text(max_size=3),) * 3)


def test_a_finding_is_known_by_its_line_wherever_that_goes() -> None:
    before = baseline.key(Finding("a.md", 2, "frozen", "3 open"), ("x", "  Status:   Done "))
    after = baseline.key(Finding("a.md", 1, "frozen", "9 open"), ("Status: Done",))
    assert before == after == A


def test_a_finding_about_the_whole_document_has_no_text() -> None:
    assert baseline.key(Finding("a.md", 0, "frozen", ""), ("x",)).text == ""
    assert baseline.key(Finding("a.md", 9, "frozen", ""), ("x",)).text == ""
    assert len(baseline.key(Finding("a.md", 1, "frozen", ""), ("x" * 9999,)).text) == 200


def test_as_many_are_known_as_there_were() -> None:
    parted = baseline.part([A, B, A, A], baseline.made_of([A, A]), None)
    assert (parted.new, parted.known, parted.gone) == ((1, 3), 2, ())


def test_what_is_found_no_more_is_named_where_it_was_looked_for() -> None:
    known = baseline.made_of([A, A, B])
    assert baseline.part([A], known, None).gone == ((A, 1), (B, 1))
    assert baseline.part([A], known, frozenset({"b.md"})).gone == ((B, 1),)


def test_growth_is_what_was_not_put_up_with_before() -> None:
    assert baseline.grown(baseline.made_of([A, A]), baseline.made_of([A])) == 0
    assert baseline.grown(baseline.made_of([A]), baseline.made_of([A, A, B])) == 2


@settings(max_examples=40)
@given(st.lists(KEYS))
def test_what_is_written_is_read_again(keys: list[Key]) -> None:
    made = baseline.made_of(keys)
    assert baseline.load(baseline.dump(made)) == made
    assert baseline.part(keys, made, None).new == ()


def test_a_baseline_has_a_line_a_finding() -> None:
    lines = baseline.dump(baseline.made_of([A, B, A])).splitlines()
    assert [json.loads(line.strip(" ,"))["count"] for line in lines if '"path"' in line] == [2, 1]
    assert baseline.load(baseline.dump(Baseline(()))) == Baseline(())
    assert baseline.load(baseline.dump(baseline.made_of([A, B]))) == baseline.made_of([A, B])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no JSON"),
        ("[" * 99_999, "no JSON"),
        ("[]", "plantrack.baseline/1"),
        ('{"schema": "plantrack.baseline/2"}', "plantrack.baseline/1"),
        ('{"schema": "plantrack.baseline/1"}', "no list"),
        ('{"schema": "plantrack.baseline/1", "findings": [3]}', "no object"),
        ('{"schema": "plantrack.baseline/1", "findings": [{"path": "a"}]}', "no path"),
        (baseline.dump(baseline.made_of([A])).replace('"count": 1', '"count": true'), "no path"),
    ],
)
def test_what_is_no_baseline_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        baseline.load(text)
