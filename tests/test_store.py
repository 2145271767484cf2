from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from any_plan import records
from plantrack.core.model import Action, Count, Finding, Plan, Status
from plantrack.core.pack import dump_plan
from plantrack.store import Basis, Overtaken, Snapshot, Store, open_store, reads
from plantrack.store.listing import pack, unpack
from plantrack.store.recording import CachedPlan, DocumentRecord, Recording, Tree
from plantrack.store.schema import migrate
from store_samples import (
    BASIS,
    TODAY,
    database_of,
    document,
    ids_of,
    open_at,
    plan,
    recording,
    snapshot,
)

# The tests of this module run on a database in the folder where it belongs, and on one in memory.


@pytest.fixture(params=["folder", "memory"])
def top(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    if request.param == "memory":
        in_the_way = tmp_path / "in the way"
        in_the_way.write_text("a file, where the folders of the memory would be")
        (folder / ".plan-history").write_text("as above")
        monkeypatch.setenv("XDG_STATE_HOME", str(in_the_way))
    return folder


@pytest.fixture
def store(top: Path) -> Iterator[Store]:
    with open_at(top) as opened:
        yield opened


# --- reading what was recorded --------------------------------------------------------------------


def test_nothing_is_known_at_first(store: Store) -> None:
    assert store.snapshot() is None
    assert store.documents() == ()
    assert store.ranked() == ()
    assert store.planned() == 0
    assert store.tree("docs/a.md") is None
    assert store.document("docs/a.md") is None
    assert store.pointer("docs/a.md") is None
    assert store.check() == ()


def test_a_recorded_document_is_a_row_with_all_that_status_shows(store: Store) -> None:
    flags = (Finding("docs/a.md", 7, "contradiction", "ticked, but a step is open"),)
    store.record(recording(document("docs/a.md", "Search", flags=flags, frozen=2)))
    row = store.document("docs/a.md")
    assert row is not None
    assert (row,) == store.documents()
    assert (row.path, row.title, row.dialect, row.shape) == (
        "docs/a.md", "Search", "design doc", "nested",
    )  # fmt: skip
    assert (row.status_text, row.family, row.planned, row.has_checklist) == ("Draft", "draft", 1, 1)
    assert (row.milestones_done, row.milestones_total, row.milestones_dropped) == (0, 1, 0)
    assert (row.leaves_done, row.leaves_total, row.leaves_dropped) == (1, 3, 0)
    assert (row.frozen, row.last_change, row.duplicate_of) == (2, 1_700_000_000, None)
    assert (row.action, row.line, row.id) == ("do", 6, ids_of("docs/a.md", 4)[2])
    assert (row.milestone_label, row.milestone_title) == ("Milestone 1", "Search")
    assert (row.left_behind, row.flags, row.skipped) == (1, 1, 0)


def test_a_pointer_comes_with_its_lists(store: Store) -> None:
    store.record(recording(document("docs/a.md", "Search", steps=4)))
    ids = ids_of("docs/a.md", 5)
    row = store.pointer("docs/a.md")
    assert row is not None
    assert (row.action, row.reason, row.line) == (Action.DO, "first open step", 6)
    assert (row.id, row.text, row.notes) == (ids[2], "Search: step 1", "a note")
    assert (row.milestone_id, row.milestone_line) == (ids[0], 4)
    assert store.mentions("docs/a.md") == (
        ("docs/a.md", "alternative", ids[0], 4, "Milestone 1", "Search"),
        ("docs/a.md", "caution", "", 0, "", "blocked on review"),
        ("docs/a.md", "left behind", ids[1], 5, "", "Search: step 0"),
        ("docs/a.md", "then", ids[3], 7, "", "Search: step 2"),
        ("docs/a.md", "then", ids[4], 8, "", "Search: step 3"),
    )


def test_rows_name_their_fields(store: Store) -> None:
    store.record(recording(document("docs/a.md")))
    (row,) = store.ranked()
    assert row.path == row[0]
    assert "action='do'" in repr(row)
    with pytest.raises(AttributeError):
        row.path = "docs/b.md"


def test_best_first_is_by_rank_then_newest_change_then_path(store: Store) -> None:
    expected = [
        document("docs/new.md", rank=0, last_change=30),
        document("docs/a.md", rank=0, last_change=20),
        document("docs/b.md", rank=0, last_change=20),
        document("docs/unknown.md", rank=0, last_change=None),
        document("docs/draft.md", rank=1, last_change=99),
    ]
    unranked = document("docs/done.md", rank=None, last_change=100)
    shuffled = random.Random(7).sample([*expected, unranked], 6)  # noqa: S311 - no secret
    store.record(recording(*shuffled))
    paths = [one.path for one in expected]
    assert [row.path for row in store.ranked()] == paths
    assert [row.path for row in store.ranked(2)] == paths[:2]
    assert store.ranked(0) == ()
    assert [row.path for row in store.pointers()] == sorted([*paths, "docs/done.md"])


def test_a_document_that_could_not_be_read_is_a_row_with_a_finding(store: Store) -> None:
    skipped = (Finding("docs/huge.md", 0, "too-big", "2 MiB, at most 1 MiB are read"),)
    lost = document(
        "docs/huge.md", blob=None, plan=None, ids=(), pointer=None, planned=False, rank=None,
        skipped=skipped,
    )  # fmt: skip
    store.record(recording(lost, document("docs/a.md")))
    row = store.document("docs/huge.md")
    assert row is not None
    assert (row.blob, row.planned, row.family, row.action) == (None, 0, "unknown", "")
    assert row.skipped == 1
    assert store.findings("docs/huge.md") == (
        ("docs/huge.md", "skipped", 0, "too-big", "2 MiB, at most 1 MiB are read"),
    )
    assert [path for path, _ in store.blobs()] == ["docs/a.md"]
    assert store.tree("docs/huge.md") == Tree((), ())
    assert store.planned() == 1


def test_findings_of_the_listing_are_replaced_as_a_whole(store: Store) -> None:
    unreadable = Finding("private", 0, "unreadable-folder", "no permission")
    generation = store.record(recording(findings=(unreadable,)))
    assert store.findings() == (("private", "listing", 0, "unreadable-folder", "no permission"),)
    store.record(recording(base=generation, moment=2))
    assert store.findings() == ()
    assert store.check() == ()


def test_items_are_in_document_order_and_know_what_is_above(store: Store) -> None:
    store.record(recording(document("docs/a.md", "Search", steps=2)))
    rows = store.items("docs/a.md")
    assert [(row.position, row.parent, row.line, row.kind, row.state) for row in rows] == [
        (0, None, 4, "milestone", "doing"),
        (1, 0, 5, "step", "done"),
        (2, 0, 6, "step", "todo"),
    ]
    assert store.items("docs/none.md") == ()


def test_a_heading_that_is_no_node_is_pointed_at_without_an_id(store: Store) -> None:
    found = document("docs/a.md")
    assert found.pointer is not None
    assert found.pointer.target is not None
    heading = replace(found.pointer.target, index=-1, title="Phase 2", line=40)
    pointer = replace(found.pointer, target=heading, milestone=heading)
    store.record(recording(replace(found, pointer=pointer)))
    row = store.pointer("docs/a.md")
    assert row is not None
    assert (row.id, row.text, row.line, row.milestone_id) == ("", "Phase 2", 40, "")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=records("docs/any.md"))
@example(found=document("docs/any.md"))
def test_whatever_is_recorded_of_a_document_reads_back_equal(
    store: Store, found: DocumentRecord
) -> None:
    store.record(recording(found))
    sections = found.plan.sections if found.plan else ()
    assert store.tree("docs/any.md") == Tree(sections, found.ids)
    row, pointer = store.document("docs/any.md"), store.pointer("docs/any.md")
    assert row is not None
    assert (row.blob, row.title) == (found.blob, found.plan.title if found.plan else "")
    assert Count(row.leaves_done, row.leaves_total, row.leaves_dropped) == found.leaves
    assert (row.rank, row.last_change, row.planned) == (
        found.rank,
        found.last_change,
        found.planned,
    )
    assert (pointer is None) == (found.pointer is None)
    if found.pointer and pointer:
        assert (pointer.action, pointer.reason) == (found.pointer.action, found.pointer.reason)
    told = {"flag": found.flags, "skipped": found.skipped}
    for kind, findings in told.items():
        rows = [row for row in store.findings() if row.kind == kind]
        expected = [tuple(one) for one in findings]
        got = [(one.path, one.line, one.code, one.message) for one in rows]
        assert sorted(got) == sorted(expected)
    assert store.check() == ()


def test_half_a_surrogate_pair_in_a_document_is_kept_escaped(store: Store) -> None:
    odd = replace(plan("caf\udce9"), status=Status("\ud800", plan("").status.family, 1))
    store.record(recording(document("docs/a.md", plan=odd)))
    row = store.document("docs/a.md")
    assert row is not None
    assert (row.title, row.status_text) == ("caf\\udce9", "\\ud800")


# --- names ----------------------------------------------------------------------------------------

ODD_NAMES = [
    "docs/caf\udce9.md",
    "docs/\udcff",
    "\udc80",
    "docs/50%.md",
    "docs/\udce9 50%.md",
    "docs/%e9.md",
    "docs/new\nline\t.md",
    'docs/it\'s "quoted".md',
    "docs/\U0010ffff.md",
    "docs/e\u0301.md",
]


def test_names_of_every_kind_survive(store: Store) -> None:
    twin = [("docs/\udcff", "docs/caf\udce9.md")]
    store.record(recording(*map(document, ODD_NAMES), duplicates=tuple(twin)))
    assert sorted(row.path for row in store.documents()) == sorted(ODD_NAMES)
    for name in ODD_NAMES:
        row = store.document(name)
        assert row is not None
        assert row.path == name
    assert [(row.path, row.duplicate_of) for row in store.documents() if row.duplicate_of] == twin
    found = store.snapshot()
    assert found is not None
    assert [path for path, _ in found.documents] == ODD_NAMES


names = st.binary().map(lambda name: os.fsdecode(name.replace(b"\0", b"")))
stamps = st.tuples(*[st.integers(-(2**63) + 1, 2**63 - 1), st.integers(0, 2**63 - 1)],
                   st.integers(0, 2**64 - 1), st.integers(-(2**63) + 1, 2**63 - 1))  # fmt: skip
snapshots = st.builds(
    Snapshot,
    st.builds(Basis, st.text(), st.integers(0, 99), st.none() | st.text("0123456789abcdef")),
    st.lists(st.tuples(names, st.integers(-(2**63) + 1, 2**63 - 1)), max_size=5),
    st.lists(st.tuples(names, st.none() | stamps), max_size=5),
    st.lists(st.tuples(names, stamps), max_size=5),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=snapshots)
def test_a_snapshot_comes_back_as_it_was(store: Store, listed: Snapshot) -> None:
    generation = store.record(Recording(listed, None, TODAY))
    found = store.snapshot()
    assert found is not None
    assert found[:4] == listed[:4]
    assert found.generation == generation
    columns = store.columns()
    assert columns is not None
    assert columns.snapshot() == found


@given(listed=snapshots, data=st.data())
def test_a_listing_that_was_cut_short_is_not_believed(
    listed: Snapshot, data: st.DataObject
) -> None:
    packed = pack(listed)
    kept = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(ValueError, match=r"."):
        unpack(listed.basis, packed[:kept], 1)


def test_a_time_that_no_clock_can_show_makes_a_file_look_changed(store: Store) -> None:
    far = 400 * 366 * 86_400 * 10**9
    listed = Snapshot(BASIS, [("", far)], [], [("docs/a.md", (far, 1, 2, -far))])
    store.record(Recording(listed, None, TODAY))
    found = store.snapshot()
    assert found is not None
    assert found.folders[0][1] != far
    assert found.documents[0][1] != listed.documents[0][1]
    assert found.documents[0][1][1:3] == (1, 2)


# --- ids ------------------------------------------------------------------------------------------


def with_ids(*ids: str) -> DocumentRecord:
    return document("docs/a.md", steps=len(ids) - 1, ids=ids)


def test_an_item_is_found_by_the_beginning_of_its_id(store: Store) -> None:
    store.record(recording(with_ids("abcd0000", "abcd1111", "abzz2222", "zzzz3333")))
    assert [row.id for row in store.find_items("abcd")] == ["abcd0000", "abcd1111"]
    assert [row.id for row in store.find_items("zzzz3333")] == ["zzzz3333"]
    assert [(row.path, row.position) for row in store.find_items("abz")] == [("docs/a.md", 2)]


@pytest.mark.parametrize(
    "asked", ["", "abce", "%", "ab%", "ABCD", "abcd00001", "\udce9", "é", "' OR 1"]
)
def test_what_begins_no_id_finds_nothing(store: Store, asked: str) -> None:
    store.record(recording(with_ids("abcd0000", "abcd1111")))
    assert store.find_items(asked) == ()


def test_an_id_is_cut_where_it_becomes_unique(store: Store) -> None:
    ids = ("aaaa0000", "aaaa0011", "aaaa1000", "bbbb0000")
    store.record(recording(with_ids(*ids)))
    assert store.prefixes(ids) == ("aaaa000", "aaaa001", "aaaa1", "bbbb")
    assert store.prefixes([]) == ()
    assert store.prefixes(["aaaa0100"]) == ("aaaa01",)


def test_ids_of_another_worktree_do_not_lengthen_ours(top: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with open_at(other, top) as theirs:
        theirs.record(recording(with_ids("aaaa0000", "aaaa1111")))
        with open_at(top) as ours:
            ours.record(recording(with_ids("aaaa0000", "bbbb0000")))
            assert ours.prefixes(["aaaa0000"]) == ("aaaa",)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.lists(st.text("abc", min_size=8, max_size=8), min_size=1, max_size=40, unique=True))
def test_no_shown_id_begins_another(store: Store, ids: list[str]) -> None:
    store.record(recording(with_ids(*ids)))
    for wanted in (ids, ids * 250):  # few and many are looked up in different ways
        shown = dict(zip(wanted, store.prefixes(wanted), strict=True))
        for key, prefix in shown.items():
            assert [one for one in ids if one.startswith(prefix)] == [key]
            assert len(prefix) == 4 or any(one.startswith(prefix[:-1]) for one in ids if one != key)


# --- recording ------------------------------------------------------------------------------------


def content(store: Store) -> object:
    """Give everything that is read of a worktree, generations aside."""
    found = store.snapshot()
    return (
        found and found[:4],
        store.documents(),
        store.pointers(),
        store.mentions(),
        store.findings(),
        [store.tree(row.path) for row in store.documents()],
        store.planned(),
    )


def test_a_difference_leads_where_recording_everything_would(top: Path, tmp_path: Path) -> None:
    a, b, c = (document(f"docs/{name}.md") for name in "abc")
    changed = document("docs/b.md", "Changed", steps=5)
    added = document("docs/d.md", last_change=5)
    whole = recording(
        replace(a, last_change=77),
        changed,
        added,
        moment=2,
        duplicates=(("docs/d.md", "docs/a.md"),),
        findings=(Finding("x", 0, "unreadable-folder", "no permission"),),
    )
    times = (("docs/a.md", 77),)
    with open_at(top) as store:
        store.record(recording(a, b, c, duplicates=(("docs/c.md", "docs/a.md"),)))
        store.record(replace(whole, base=1, changed=(changed, added), last_changes=times))
        assert store.check() == ()
        stepwise = content(store)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with open_at(fresh) as store:
        store.record(whole)
        assert content(store) == stepwise


def test_what_did_not_change_stays(store: Store) -> None:
    a, b = document("docs/a.md"), document("docs/b.md")
    generation = store.record(recording(a, b))
    before = store.documents()
    assert store.record(recording(a, b, base=generation, moment=2, changed=())) == generation + 1
    assert store.documents() == before


def test_what_is_no_longer_listed_goes_with_all_that_hangs_on_it(store: Store) -> None:
    flags = (Finding("docs/b.md", 1, "stale", "old"),)
    store.record(recording(document("docs/a.md"), document("docs/b.md", flags=flags)))
    store.record(recording(document("docs/a.md"), base=1, changed=()))
    assert [row.path for row in store.documents()] == ["docs/a.md"]
    assert store.findings() == ()
    assert store.find_items(ids_of("docs/b.md", 1)[0]) == ()
    assert store.check() == ()


def test_a_document_that_lost_its_boxes_is_listed_without_a_row(store: Store) -> None:
    both = document("docs/a.md"), document("docs/b.md")
    store.record(recording(*both))
    store.record(recording(*both, base=1, changed=(), plain=("docs/b.md",)))
    assert [row.path for row in store.documents()] == ["docs/a.md"]
    found = store.snapshot()
    assert found is not None
    assert [path for path, _ in found.documents] == ["docs/a.md", "docs/b.md"]


def test_from_nothing_means_that_nothing_is_kept(store: Store) -> None:
    store.record(recording(document("docs/a.md"), document("docs/b.md")))
    listed = snapshot(["docs/a.md", "docs/b.md"])
    store.record(Recording(listed, None, TODAY, (document("docs/b.md"),)))
    assert [row.path for row in store.documents()] == ["docs/b.md"]
    assert store.check() == ()


def test_an_identical_document_is_shown_once(store: Store) -> None:
    both = document("docs/a.md"), document("docs/b.md")
    store.record(recording(*both, duplicates=(("docs/b.md", "docs/a.md"),)))
    assert [row.path for row in store.ranked()] == ["docs/a.md"]
    assert [row.duplicate_of for row in store.documents()] == [None, "docs/a.md"]
    assert store.planned() == 1
    store.record(recording(*both, base=1, moment=2, changed=()))
    assert [row.duplicate_of for row in store.documents()] == [None, None]
    assert store.planned() == 2
    assert store.check() == ()


def test_a_new_time_of_change_moves_a_document_in_the_ranking(store: Store) -> None:
    both = document("docs/a.md", last_change=2), document("docs/b.md", last_change=1)
    store.record(recording(*both))
    times = (("docs/b.md", 3), ("docs/a.md", None))
    store.record(recording(*both, base=1, moment=2, changed=(), last_changes=times))
    assert [(row.path, row.last_change) for row in store.ranked()] == [
        ("docs/b.md", 3),
        ("docs/a.md", None),
    ]
    assert store.check() == ()


def test_a_recording_made_twice_counts_once(store: Store) -> None:
    first = recording(document("docs/a.md"))
    generation = store.record(first)
    second = recording(document("docs/a.md", "New"), base=generation, moment=2)
    again = store.record(second)
    before = content(store)
    assert store.record(second) == again
    assert content(store) == before


def test_who_compared_with_an_older_snapshot_is_told_and_writes_nothing(store: Store) -> None:
    store.record(recording(document("docs/a.md")))
    store.record(recording(document("docs/a.md", "theirs"), base=1, moment=2))
    before = content(store)
    with pytest.raises(Overtaken):
        store.record(recording(document("docs/a.md", "ours"), base=1, moment=3))
    assert content(store) == before


def test_a_recording_that_fails_half_way_leaves_nothing(store: Store) -> None:
    store.record(recording(document("docs/a.md")))
    before = content(store)
    good, bad = document("docs/b.md"), document("docs/c.md", last_change=2**70)
    with pytest.raises(OverflowError):
        store.record(recording(good, bad, base=1, moment=2))
    assert content(store) == before
    assert store.check() == ()
    store.record(recording(good, base=1, moment=2))
    assert [row.path for row in store.documents()] == ["docs/b.md"]


def test_an_answer_is_kept_until_somebody_has_written(top: Path) -> None:
    with open_at(top) as ours, open_at(top) as another:
        in_a_file = ours.location.path is not None  # else nobody else can write it
        ours.record(recording(document("docs/a.md", "Before")))
        before = ours.documents()
        assert (ours.documents() is before) is in_a_file
        (another if in_a_file else ours).record(recording(document("docs/a.md", "After")))
        assert [row.title for row in ours.documents()] == ["After"]
        ours.record(recording(document("docs/a.md", "Last")))
        assert [row.title for row in ours.documents()] == ["Last"]
        assert [row.title for row in before] == ["Before"]


def test_worktrees_share_a_database_and_nothing_else(top: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with open_at(top) as ours, open_at(other, top) as theirs:
        ours.record(recording(document("docs/a.md", "ours")))
        theirs.record(recording(document("docs/a.md", "theirs")))
        assert [row.title for row in ours.documents()] == ["ours"]
        assert [row.title for row in theirs.documents()] == ["theirs"]
        theirs.record(recording(base=1))
        assert theirs.documents() == ()
        assert [row.title for row in ours.documents()] == ["ours"]
        assert ours.check() == ()


# --- the parse cache ------------------------------------------------------------------------------


def cached(blob: str, text: str = "", context: str = "c") -> CachedPlan:
    return CachedPlan(blob, context, text or dump_plan(plan(blob)))


def test_a_plan_is_found_by_blob_and_context(store: Store) -> None:
    store.save_plans([cached("1", "one"), cached("1", "other", "d"), cached("2", "two")], day=TODAY)
    keys = [("2", "c"), ("1", "d"), ("1", "c"), ("3", "c"), ("2", "d")]
    assert store.plans(keys) == ("two", "other", "one", None, None)


def test_a_plan_saved_again_is_the_new_one(store: Store) -> None:
    store.save_plans([cached("1", "old")], day=TODAY)
    store.save_plans([cached("1", "new")], day=TODAY)
    assert store.plans([("1", "c")]) == ("new",)


def test_plans_saved_with_a_recording_are_there_with_it(store: Store) -> None:
    store.record(recording(document("docs/a.md"), plans=(cached("1", "one"),)))
    assert store.plans([("1", "c")]) == ("one",)


def test_a_plan_that_no_document_needs_is_dropped_after_a_while(store: Store) -> None:
    kept = document("docs/a.md")
    assert kept.blob is not None
    plans = (cached(kept.blob, "old", "before"), cached(kept.blob, "kept"), cached("2", "old"))
    store.record(recording(kept, plans=plans))
    for generation, day in enumerate((TODAY + 50, TODAY + 100), start=1):
        again = recording(kept, base=generation, moment=day, day=day, changed=())
        store.record(replace(again, plans=(cached(str(day)),)))
    keys = [(kept.blob, "c"), (kept.blob, "before"), ("2", "c"), (str(TODAY + 50), "c")]
    assert [text is not None for text in store.plans(keys)] == [True, False, False, True]


def test_a_clock_that_was_wrong_does_not_keep_plans_for_ever(store: Store) -> None:
    store.save_plans([cached("1", "from the future")], day=TODAY + 9_000)
    for generation, day in enumerate((TODAY, TODAY + 61)):
        store.record(recording(base=generation, moment=day, day=day, plans=(cached(str(day)),)))
    assert store.plans([("1", "c")]) == (None,)


def test_a_worktree_that_is_gone_is_forgotten_in_time(tmp_path: Path) -> None:
    top, other = tmp_path / "repo", tmp_path / "other"
    top.mkdir()
    other.mkdir()
    with open_at(other, top) as theirs:
        theirs.record(recording(document("docs/a.md"), plans=(cached("1"),)))
    with open_at(top) as ours:
        ours.record(recording(document("docs/a.md"), day=TODAY + 1))
        assert [one[0] for one in ours.describe().worktrees] == [str(other), str(top)]
        other.rmdir()
        ours.record(recording(document("docs/a.md"), day=TODAY + 2, plans=(cached("2"),)))
        assert [one[0] for one in ours.describe().worktrees] == [str(top)]


# --- what it costs and says -----------------------------------------------------------------------

HEAVY = {
    "dataclasses", "enum", "json", "pathlib", "plantrack.core.model", "plantrack.store.recorder",
    "plantrack.store.mending", "re", "sqlite_utils", "threading", "typing",
}  # fmt: skip


def test_a_plain_question_imports_nothing_heavy(tmp_path: Path) -> None:
    with open_at(tmp_path) as store:
        store.record(recording(document("docs/a.md")))
    script = f"""if True:
        import sys
        from plantrack.store import open_store
        with open_store({str(tmp_path)!r}, {str(tmp_path)!r}, None, is_tracked=None) as store:
            store.snapshot(), store.ranked(3), store.documents(), store.mentions()
            assert store.prefixes([store.ranked(1)[0].id])
        print(*sorted({HEAVY!r} & set(sys.modules)))
        """
    # -S: site may import anything on behalf of installed packages
    command = [sys.executable, "-S", "-c", script]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_best_first_is_the_order_of_an_index() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, start=0)

    def explain(sql: str, parameters: tuple[object, ...]) -> list[tuple[object, ...]]:
        steps = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
        steps_taken.extend(text for *_, text in steps)
        return []

    steps_taken: list[str] = []
    reads.ranked(explain, "/top", 3)
    connection.close()
    assert any("INDEX document_by_rank" in step for step in steps_taken)
    assert not any("TEMP B-TREE" in step for step in steps_taken)


def test_a_description_tells_what_there_is(store: Store, top: Path) -> None:
    store.record(recording(document("docs/a.md")))
    told = store.describe()
    assert told.worktrees == ((str(top), 1, 4),)
    assert dict(told.tables)["item"] == 4
    assert told.kind == store.location.kind
    if told.kind == "folder":
        assert told.path == str(database_of(top))
        assert told.bytes > 0
    else:
        assert (told.path, told.bytes, told.log_bytes) == (None, 0, 0)


def test_plans_without_a_checklist_are_remembered_too(store: Store) -> None:
    bare = Plan("Title only", "", plan("").status)
    store.record(recording(document("docs/a.md", plan=bare, ids=(), pointer=None, rank=None)))
    row = store.document("docs/a.md")
    assert row is not None
    assert (row.title, row.has_checklist, row.unboxed) == ("Title only", 0, 0)


def test_open_store_takes_paths_and_text(tmp_path: Path) -> None:
    for top in (tmp_path, str(tmp_path)):
        with open_store(top, top, None, is_tracked=lambda _: False) as store:
            assert store.location.path == str(database_of(tmp_path))
