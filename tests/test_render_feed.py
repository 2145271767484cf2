from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import described
from past_samples import COMMIT, CUT, PATH, REWORDED, added, change, revision
from plantrack.core.change import ChangeKind
from plantrack.core.clean import clean, width
from plantrack.core.feed import (
    Appeared,
    Changed,
    Committed,
    Event,
    Switched,
    Trouble,
    Vanished,
)
from plantrack.core.model import Count
from plantrack.core.past_view import ChangeView, RevisionView
from plantrack.render import feed
from plantrack.render.screen import Screen
from view_samples import PAYLOADS

PIPE = Screen()
TIME = datetime(2026, 3, 10, 12, 30, 5, tzinfo=UTC)
LEAVES = Count(3, 8, 1)


def changed(
    one: ChangeView, *also: ChangeKind, revision: RevisionView | None = None, title: str = "Berths"
) -> Changed:
    return Changed(one, also, title, LEAVES, TIME, revision)


def switched(**changes: Any) -> Switched:  # noqa: ANN401 -- a sample may be changed in every field
    usual: dict[str, Any] = {
        "branch_before": "main",
        "branch_after": "idea",
        "commit_before": COMMIT,
        "commit_after": "bead" * 10,
        "documents": 2,
        "time": TIME,
    }
    return Switched(**usual | changes)


EVENTS: dict[str, Event] = {
    "ticked": changed(change()),
    "several": changed(change(text_after="Snap all"), ChangeKind.REWORDED, ChangeKind.MOVED),
    "reworded": changed(REWORDED),
    "added": changed(added(22)),
    "cut": changed(CUT),
    "pulled": changed(change(), revision=revision()),
    "pulled from nobody": changed(change(), revision=revision(author="")),
    "committed": Committed(revision(), "main", 2, TIME),
    "committed by nobody": Committed(revision(author=""), "main", 1, TIME),
    "committed often": Committed(revision(), None, 80, TIME, 25),
    "switched": switched(),
    "detached": switched(branch_after=None, documents=1),
    "amended": switched(branch_after="main", documents=0),
    "begun": switched(commit_before=None, commit_after=None),
    "appeared": Appeared(PATH, "Design: Berths", LEAVES, TIME),
    "moved": Appeared(PATH, "Design: Berths", LEAVES, TIME, "docs/old.md"),
    "without words": Appeared(PATH, "", Count(0, 0, 0), TIME),
    "vanished": Vanished(PATH, "Design: Berths", LEAVES, TIME),
    "without a plan": Vanished(PATH, "Design: Berths", LEAVES, TIME, is_file=True),
    "trouble": Trouble("the folder is gone", TIME),
}
LINES = {
    "ticked": "[x]  docs/0002-berths.md:21  k3f9  ticked  Snap every stay",
    "several": (
        "[x]  docs/0002-berths.md:21  k3f9  ticked, moved  Snap all  (was: Snap every stay)"
    ),
    "reworded": (
        "[ ]  docs/0002-berths.md:21  a1b2  reworded  Snap every stay now  (was: Snap every stay)"
    ),
    "added": "[ ]  docs/0002-berths.md:22  n022  added  Step 22",
    "cut": " -   docs/0002-berths.md:30  c3d4  cut  Snap every stay",
    "pulled": (
        "[x]  docs/0002-berths.md:21  k3f9  ticked  Snap every stay  (c0ffeec0 Ada Example)"
    ),
    "pulled from nobody": (
        "[x]  docs/0002-berths.md:21  k3f9  ticked  Snap every stay  (c0ffeec0)"
    ),
    "committed": " -   main  c0ffeec0  committed  2 items: Move stays  (Ada Example)",
    "committed by nobody": " -   main  c0ffeec0  committed  1 item: Move stays",
    "committed often": (
        " -   detached HEAD  c0ffeec0  committed  25 revisions, 80 items: Move stays  (Ada Example)"
    ),
    "switched": " -   idea  beadbead  switched  from main (c0ffeec0): 2 plans differ",
    "detached": " -   detached HEAD  beadbead  switched  from main (c0ffeec0): 1 plan differs",
    "amended": (
        " -   main  beadbead  switched  from c0ffeec0, by amend, reset or rebase: no plan differs"
    ),
    "begun": " -   idea  -  switched  from main (no commit): 2 plans differ",
    "appeared": " -   docs/0002-berths.md  -  appeared  Design: Berths  (3/8)",
    "moved": (" -   docs/0002-berths.md  -  moved  Design: Berths  (3/8)  (was: docs/old.md)"),
    "without words": " -   docs/0002-berths.md  -  appeared  -",
    "vanished": " -   docs/0002-berths.md  -  vanished  Design: Berths  (3/8)",
    "without a plan": " -   docs/0002-berths.md  -  without a plan  Design: Berths  (3/8)",
}


@pytest.mark.parametrize("name", LINES)
def test_an_event_is_one_line(name: str) -> None:
    assert feed.line(EVENTS[name], PIPE, UTC) == f"2026-03-10 12:30:05  {LINES[name]}\n"


def test_a_trouble_is_no_line() -> None:
    assert feed.line(EVENTS["trouble"], PIPE, UTC) == ""


def test_a_trouble_says_that_it_is_over() -> None:
    assert feed.trouble(Trouble("the folder is gone", TIME)) == "the folder is gone"
    assert feed.trouble(Trouble("the folder is gone", TIME, is_over=True)) == (
        "over: the folder is gone"
    )


@pytest.mark.parametrize("name", LINES)
def test_a_screen_gets_as_much_of_a_line_as_fits(name: str) -> None:
    shown = feed.line(EVENTS[name], Screen(width=80), UTC).rstrip("\n")
    whole = feed.line(EVENTS[name], Screen(width=80, verbose=True), UTC).rstrip("\n")
    room = max(80, width(whole) - width(whole.split("  ", 5)[-1]) + 16)
    assert width(shown) <= room
    assert whole == feed.line(EVENTS[name], PIPE, UTC).rstrip("\n")


def test_a_line_is_coloured_where_it_is_wanted() -> None:
    assert "\x1b[32mticked\x1b[0m" in feed.line(EVENTS["ticked"], Screen(colour=True), UTC)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_an_object_as_its_schema_says(name: str) -> None:
    described.hold(json.loads(feed.as_object(EVENTS[name])), "watch", no_more=True)


@pytest.mark.parametrize("name", EVENTS)
def test_an_object_is_one_ascii_line(name: str) -> None:
    text = feed.as_object(EVENTS[name])
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.count("\n") == 1


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_of_a_document_acts_on_a_terminal(payload: str) -> None:
    who = revision(author=payload, subject=payload)
    bad = change(ChangeKind.REWORDED, path=payload, label=payload, text_before=payload)
    events: tuple[Event, ...] = (
        changed(bad, title=payload, revision=who),
        Committed(who, payload, 2, TIME),
        switched(branch_before=payload, branch_after=payload + "2"),
        Appeared(payload, payload, LEAVES, TIME, payload),
        Vanished(payload, payload, LEAVES, TIME),
    )
    for event in events:
        line = feed.line(event, PIPE, UTC)
        assert clean(line[:-1]) == line[:-1]
        text = feed.as_object(event)
        assert (text.isascii(), text.count("\n"), text[:-1].isprintable()) == (True, 1, True)


def test_long_texts_of_an_object_are_cut() -> None:
    long = "x" * 100_000
    one = change(text_before=long, text_after=long, label=long)
    assert len(feed.as_object(changed(one, title=long, revision=revision(subject=long)))) < 20_000
