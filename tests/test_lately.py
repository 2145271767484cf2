from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import dialect
from plantrack.core.dialect import Rules
from plantrack.core.memo import Memo
from plantrack.core.model import Plan
from plantrack.sync import lately
from plantrack.sync.lately import Lately
from plantrack.sync.reading import parse_bytes
from sync_samples import plan

ORIGIN = dialect.origin("docs/a.md")
TEXTS = st.one_of(
    st.text(" x~", min_size=1, max_size=4).map(plan),
    st.sampled_from(("", "# Tides\n", plan("x ", title="Ebb"), plan("xx", status="Done"))),
)


def parsed(text: str, memo: Memo | None = None) -> Plan:
    return parse_bytes(text.encode(), ORIGIN, Rules(), memo)


@given(st.lists(st.tuples(st.sampled_from("abc"), TEXTS), max_size=8))
def test_a_version_is_read_as_it_would_be_alone(versions: list[tuple[str, str]]) -> None:
    known = Lately()
    for name, text in versions:
        found = known.plan((name,), text.encode(), partial(parsed, text))
        assert found == parsed(text)


def count_parsed(known: Lately, name: str, marks: str) -> int:
    """Read a version; count how often that took parsing."""
    memos: list[Memo] = []

    def parse(memo: Memo) -> Plan:
        memos.append(memo)
        return parsed(plan(marks), memo)

    known.plan((name,), plan(marks).encode(), parse)
    return len(memos)


def test_a_version_that_differs_in_marks_alone_is_not_parsed() -> None:
    known = Lately()
    assert [count_parsed(known, "a", marks) for marks in ("  ", "x ", "xx", "xx ", "xxx")] == [
        1, 0, 0, 1, 0,
    ]  # fmt: skip


def test_the_documents_read_last_are_kept_and_no_others() -> None:
    known = Lately()
    names = [str(number) for number in range(lately.MANY + 1)]
    for name in names[:-1]:
        count_parsed(known, name, " ")
    assert count_parsed(known, names[0], "x") == 0
    count_parsed(known, names[-1], " ")
    assert [count_parsed(known, name, "x") for name in (names[0], names[2], names[1])] == [0, 0, 1]
