"""What is promised of any document holds for those that once broke it, and for a few at random."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz import promises
from plantrack.core import markdown
from soak.part import Part, Verdict, ask
from soak.parts import documents

CASES = Path(__file__).parent / "cases"
KNOWN = [(name, path) for name in promises.PROMISES for path in sorted((CASES / name).glob("*.md"))]
# What these run, other tests have covered.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize(("name", "path"), KNOWN, ids=[path.stem for _, path in KNOWN])
def test_what_once_broke_a_promise_keeps_it(name: str, path: Path) -> None:
    promises.PROMISES[name](path.read_bytes())


def test_a_broken_promise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    document = b"# A\n\n## Milestones\n\n- [ ] a\n"
    promises.parse_promises(document)
    monkeypatch.setattr(markdown, "split_lines", lambda text: [*text.split("\n"), "- [ ] b"])
    with pytest.raises(AssertionError):
        promises.parse_promises(document)


# the other readers are asked in test_oracle
@pytest.mark.parametrize("part", documents.PARTS[:2], ids=lambda part: part.name)
def test_a_short_form_of_each_part_keeps_its_promise(part: Part, tmp_path: Path) -> None:
    rows = list(part.run(ask(part, tmp_path.resolve(), share=0.004, seed=1)))
    assert rows
    assert {row.verdict for row in rows} <= {Verdict.KEPT, Verdict.SKIPPED}, rows
