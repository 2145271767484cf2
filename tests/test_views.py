from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from plantrack import config, views
from plantrack.core.model import Action, Count, Family, Kind, State
from plantrack.core.pointer import Order
from plantrack.core.view import ExplainView, NextView, NodeView, RefView, StatusView, Unplanned
from plantrack.errors import NotFound, PlaceError
from plantrack.views import closeup, overview
from sync_samples import Here, plan
from view_samples import overview as as_overview

MakeRepo = Callable[..., Repo]

TIDES = """\
# Design: Tides

**Status:** In progress

## Next Steps

- Finish Milestone 1.

## Implementation Plan

- [ ] Milestone 1: Read gauges
  - [x] Open the port
  - [ ] Parse a line
- [x] Milestone 2: Store readings
  - [x] Make a table
- [x] Milestone 3: Clean readings
  - [x] Drop spikes
- [ ] Milestone 4: Show curves
  - [x] Pick a scale
  - [ ] Draw the axis
    Blocked on the font.
  - [ ] Draw the curve
  - [ ] Label it
- [ ] Milestone 5: Announce

## Success Criteria

- [ ] It is quick
"""


def here_with(make_repo: MakeRepo, *commits: dict[str, str]) -> Here:
    here = Here(make_repo(*commits).path)
    here.refresh()
    return here


def next_of(
    here: Here,
    documents: Sequence[str] | None = None,
    *,
    limit: int | None = None,
    order: Order | None = None,
) -> NextView:
    with here.open() as store:
        return views.next_tasks(store, documents, limit=limit, order=order)


def status_of(here: Here, documents: Sequence[str] | None = None) -> StatusView:
    with here.open() as store:
        view = views.status(store, here.place, documents)
        assert overview.overview(store, documents) == as_overview(view)
    return view


def explained(here: Here, document: str) -> ExplainView:
    with here.open() as store:
        return views.explain(store, here.place, config.load(str(here.path)), document)


# --- next -----------------------------------------------------------------------------------------


def test_the_next_task_is_shown_with_all_that_stands_beside_it(make_repo: MakeRepo) -> None:
    view = next_of(here_with(make_repo, {"docs/tides.md": TIDES})).next
    assert view is not None
    assert view.action is Action.DO
    assert (view.path, view.line, view.text) == (
        "docs/tides.md",
        20,
        "Draw the axis Blocked on the font.",
    )
    assert view.title == "Design: Tides"
    assert view.milestone is not None
    assert (view.milestone.line, view.milestone.label) == (18, "Milestone 4")
    assert [ref.line for ref in view.then] == [22, 23]
    assert [ref.line for ref in view.left_behind] == [11]
    assert [(ref.line, ref.label) for ref in view.alternatives] == [(11, "Milestone 1")]
    assert any("Blocked on the font" in caution for caution in view.cautions)
    assert (view.milestones, view.leaves) == (Count(2, 5, 0), Count(4, 9, 0))


def test_ids_are_shown_as_short_as_they_are_unique(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"docs/tides.md": TIDES})
    view = next_of(here).next
    assert view is not None
    with here.open() as store:
        (item,) = store.find_items(view.id)
    assert item.line == view.line
    assert len(view.id) == 4


def test_runners_up_follow_best_first(make_repo: MakeRepo) -> None:
    here = here_with(
        make_repo,
        {"old.md": plan("x  "), "draft.md": plan("x  ", status="Draft")},
        {"new.md": plan(" ")},
        {"done.md": plan("x", status="Done")},
    )
    view = next_of(here)
    assert view.next is not None
    assert view.next.path == "new.md"
    assert [other.path for other in view.others] == ["old.md", "draft.md"]
    assert (view.documents, view.because) == (4, "")


def test_the_limit_counts_the_best_one_in(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {f"{n}.md": plan(" " * (n + 1)) for n in range(5)})
    assert len(next_of(here, limit=3).others) == 2
    assert len(next_of(here, limit=1).others) == 0
    assert len(next_of(here).others) == 4
    assert len(next_of(here, ["0.md", "1.md", "2.md"], limit=2).others) == 1


def test_of_some_documents_the_best_is_chosen(make_repo: MakeRepo) -> None:
    here = here_with(
        make_repo, {"a.md": plan(" ", status="Draft"), "b.md": plan("  "), "c.md": plan("x ")}
    )
    view = next_of(here, ["a.md", "b.md"])
    assert view.next is not None
    assert [view.next.path, *(other.path for other in view.others)] == ["b.md", "a.md"]


def test_one_document_is_asked_even_when_there_is_nothing_to_do(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a.md": plan("x ", status="Superseded"), "b.md": plan(" ")})
    view = next_of(here, ["a.md"])
    assert view.next is not None
    assert (view.next.action, view.next.line, view.next.id, view.next.text) == (
        Action.NONE,
        0,
        "",
        "",
    )
    assert view.because == view.next.reason
    assert "1 open box" in view.because


def test_another_order_takes_the_first_open_milestone(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"docs/tides.md": TIDES, "over.md": plan("x ", status="Done")})
    view = next_of(here, order=Order.DOCUMENT).next
    assert view is not None
    assert (view.action, view.line, view.text) == (Action.DO, 13, "Parse a line")
    assert view.milestone is not None
    assert view.milestone.label == "Milestone 1"
    assert (view.then, view.left_behind, view.alternatives) == ((), (), ())
    with here.open() as store:
        assert [item.line for item in store.find_items(view.id)] == [13]
    assert next_of(here, order=Order.FRONTIER) == next_of(here)
    nothing = next_of(here, ["over.md"], order=Order.DOCUMENT)
    assert nothing == next_of(here, ["over.md"])


def test_another_order_lists_what_comes_then(make_repo: MakeRepo) -> None:
    text = TIDES.replace("- [ ] Milestone 1", "- [x] Milestone 1").replace("[ ] Parse", "[x] Parse")
    here = here_with(make_repo, {"docs/tides.md": text})
    view = next_of(here, order=Order.DOCUMENT).next
    usual = next_of(here).next
    assert view is not None
    assert usual is not None
    assert (view.line, view.then, view.cautions) == (usual.line, usual.then, usual.cautions)
    assert len(view.then) == 2


@pytest.mark.parametrize(
    ("files", "because"),
    [
        ({"main.py": ""}, "no document has an Implementation Plan"),
        (
            {"a.md": "# List\n\n" + "- [ ] Box\n" * 5, "b.md": "\0"},
            (
                "no document has an Implementation Plan; "
                "1 document holds boxes and no plan; 1 could not be read"
            ),
        ),
        (
            {"a.md": plan("x", status="Done"), "b.md": plan("xx", status="Shipped")},
            "every plan is finished",
        ),
        (
            {
                "a.md": plan("x", status="Done"),
                "b.md": plan("x ", status="Done"),
                "c.md": "# Later\n\n## Implementation Plan\n\nTo be written.\n",
            },
            (
                "nothing is left to be done: 1 plan is finished, "
                "1 is over by its Status with boxes still open, 1 plan section holds no boxes"
            ),
        ),
    ],
)
def test_why_nothing_is_next_is_said_in_words(
    make_repo: MakeRepo, files: dict[str, str], because: str
) -> None:
    view = next_of(here_with(make_repo, files))
    assert (view.next, view.others, view.because) == (None, (), because)


def test_a_document_without_a_plan_says_so(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a.md": "# Notes\n", "b.md": "# List\n\n" + "- [ ] Box\n" * 5})
    assert next_of(here, ["a.md"]).because == "a.md has no Implementation Plan"
    several = next_of(here, ["a.md", "b.md"]).because
    assert several.startswith("none of 2 documents has an Implementation Plan; ")
    assert next_of(here, ["b.md"]).because == (
        "b.md has no Implementation Plan; 1 document holds boxes and no plan"
    )


# --- status ---------------------------------------------------------------------------------------


def test_status_is_a_row_a_plan_and_their_sums(make_repo: MakeRepo) -> None:
    here = here_with(
        make_repo,
        {
            "docs/tides.md": TIDES,
            "over.md": plan("x  ", status="Superseded"),
            "README.md": "# Hi\n",
        },
        {"list.md": "# List\n\n" + "- [ ] Box\n" * 6},
    )
    view = status_of(here)
    assert [document.path for document in view.documents] == ["docs/tides.md", "over.md"]
    tides, over = view.documents
    assert (tides.family, tides.status_text, tides.dialect) == (
        Family.ACTIVE,
        "In progress",
        "design doc",
    )
    assert (tides.shape, tides.boxes_outside, tides.optional_open) == ("nested", 1, 0)
    assert tides.last_change == FIRST_COMMIT
    assert tides.pointer == next_of(here).next
    assert [ref.line for ref in tides.left_behind] == [11]
    assert tides.sections == ()
    assert (over.frozen, [flag.code for flag in over.flags]) == (2, ["frozen"])
    assert over.flags[0].path == "over.md"
    assert view.unplanned == (Unplanned("list.md", 6),)
    assert (view.milestones, view.leaves, view.frozen) == (Count(2, 5, 0), Count(5, 12, 0), 2)
    assert (view.skipped, view.duplicates) == ((), ())


def test_status_names_the_commit_and_branch_it_speaks_of(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan()})
    here = Here(repo.path)
    here.refresh()
    repository = status_of(here).repository
    assert repository.root == str(repo.path)
    assert repository.head == repo.git("rev-parse", "HEAD").strip()
    assert repository.branch == "main"


def test_status_outside_git_has_no_commit(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(plan())
    os.utime(tmp_path / "a.md", (1_700_000_000, 1_700_000_000))
    here = Here(tmp_path)
    here.refresh()
    view = status_of(here)
    assert (view.repository.head, view.repository.branch) == (None, None)
    assert view.documents[0].last_change == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_time_that_no_calendar_has_is_the_last_one_it_has(make_repo: MakeRepo) -> None:
    """A commit may claim any time, and this one claims the year 3,170,843."""
    repo = make_repo()
    repo.write({"a.md": plan("x ")})
    repo.git("add", "a.md")
    tree = repo.git("write-tree").strip()
    person = "Ada Example <ada@example.org> 99999999999999 +0000"
    commit = f"tree {tree}\nauthor {person}\ncommitter {person}\n\nFar ahead\n"
    (repo.path / ".git" / "commit").write_text(commit)
    name = repo.git("hash-object", "-t", "commit", "-w", "--literally", ".git/commit").strip()
    repo.git("update-ref", "refs/heads/main", name)
    here = Here(repo.path)
    here.refresh()
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert here.rows()["a.md"].last_change == int(last.timestamp())
    assert status_of(here).documents[0].last_change == last


def test_status_of_one_document_has_its_tree(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"docs/tides.md": TIDES, "b.md": plan()})
    view = status_of(here, ["docs/tides.md"])
    (document,) = view.documents
    (section,) = document.sections
    assert (section.heading, section.line, section.shape) == ("Implementation Plan", 9, "nested")
    assert [(node.line, node.kind, node.state) for node in section.nodes] == [
        (11, Kind.MILESTONE, State.TODO),
        (14, Kind.MILESTONE, State.DONE),
        (16, Kind.MILESTONE, State.DONE),
        (18, Kind.MILESTONE, State.TODO),
        (24, Kind.MILESTONE, State.TODO),
    ]
    fourth = section.nodes[3]
    assert (fourth.label, fourth.title, fourth.mark) == ("Milestone 4", "Show curves", " ")
    assert fourth.leaves == Count(1, 4, 0)
    assert [child.line for child in fourth.children] == [19, 20, 22, 23]
    assert document.pointer is not None
    assert fourth.children[1].id == document.pointer.id
    assert view.leaves == document.leaves


def test_the_tree_says_when_each_item_came_and_was_done(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a.md": plan("x  ")}, {"a.md": plan("xx ")})
    (document,) = status_of(here, ["a.md"]).documents
    later = FIRST_COMMIT + timedelta(days=1)
    assert [(node.added, node.done) for node in document.sections[0].nodes] == [
        (FIRST_COMMIT, FIRST_COMMIT),  # it came ticked
        (FIRST_COMMIT, later),
        (FIRST_COMMIT, None),
    ]


def test_of_what_has_no_plan_any_more_it_is_said_that_it_had(make_repo: MakeRepo) -> None:
    here = here_with(
        make_repo, {"a.md": plan("x"), "b.md": "# Notes\n"}, {"a.md": "# A\n\n**Status:** Done\n"}
    )
    view = status_of(here, ["a.md", "b.md"])
    assert (view.documents, view.former) == ((), ("a.md",))
    assert status_of(here).former == ()


def test_folding_a_finished_plan_never_lowers_what_ever_was(make_repo: MakeRepo) -> None:
    folded = "# A\n\n**Status:** Shipped\n"
    here = here_with(make_repo, {"a.md": plan("xx "), "b.md": plan("x ")}, {"a.md": folded})
    view = status_of(here)
    assert view.leaves == Count(1, 2, 0)
    assert view.ever == (Count(3, 4, 1), Count(0, 0, 0))  # what was open when it shipped is dropped
    assert status_of(here, ["b.md"]).ever is None


def test_without_history_nothing_ever_was(make_repo: MakeRepo) -> None:
    assert status_of(here_with(make_repo, {"a.md": "# Notes\n"})).ever is None


def test_headings_without_boxes_are_named_in_the_tree(make_repo: MakeRepo) -> None:
    phases = "### Phase 1: Do\n\n- [ ] It\n\n### Phase 2: Later\n\nWords.\n"
    here = here_with(make_repo, {"a.md": f"# Plan\n\n## Implementation Plan\n\n{phases}"})
    (document,) = status_of(here, ["a.md"]).documents
    assert document.unboxed_milestones == 1
    assert document.sections[0].unboxed == (RefView("", 9, "Phase 2", "Later"),)


def test_there_is_no_tree_of_what_is_not_remembered(make_repo: MakeRepo) -> None:
    with here_with(make_repo, {"a.md": plan()}).open() as store:
        assert closeup.sections(store, "b.md") == ()


def test_status_of_some_documents_adds_up_these(make_repo: MakeRepo) -> None:
    files = {"a.md": plan("x "), "b.md": plan("xx "), "c.md": plan("   "), "d.md": "# Notes\n"}
    here = here_with(make_repo, files)
    view = status_of(here, ["a.md", "b.md", "d.md"])
    assert [document.path for document in view.documents] == ["a.md", "b.md"]
    assert view.leaves == Count(3, 5, 0)
    assert all(document.sections == () for document in view.documents)


def test_identical_documents_are_shown_and_added_up_once(make_repo: MakeRepo) -> None:
    files = {name: plan("x ") for name in ("a.md", "b/c.md", "b/d.md")} | {"e.md": plan(" ")}
    here = here_with(make_repo, files)
    view = status_of(here)
    assert [document.path for document in view.documents] == ["a.md", "e.md"]
    assert view.duplicates == (("b/c.md", "a.md"), ("b/d.md", "a.md"))
    assert view.leaves == Count(1, 3, 0)
    below = status_of(here, ["b/c.md", "b/d.md"])
    assert [document.path for document in below.documents] == ["b/c.md"]
    assert below.duplicates == (("b/d.md", "a.md"),)
    assert below.leaves == Count(1, 2, 0)
    assert [document.path for document in status_of(here, ["b/d.md"]).documents] == ["b/d.md"]


def test_what_could_not_be_read_is_listed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan(), "b.md": "\0"})
    os.mkfifo(repo.path / "pipe.md")
    here = Here(repo.path)
    here.refresh()
    view = status_of(here)
    assert [(found.path, found.code) for found in view.skipped] == [
        ("b.md", "nul-bytes"),
        ("pipe.md", "not-a-file"),
    ]
    assert [found.path for found in status_of(here, ["b.md"]).skipped] == ["b.md"]
    assert status_of(here, ["a.md"]).skipped == ()


def test_a_plan_section_without_boxes_is_shown_and_counts_nothing(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a.md": "# A\n\n## Implementation Plan\n\nWords.\n"})
    (document,) = status_of(here).documents
    assert (document.has_checklist, document.shape) == (False, "no checklist")
    assert document.leaves == Count(0, 0, 0)
    assert document.pointer is not None
    assert document.pointer.action is Action.NONE


# --- explain --------------------------------------------------------------------------------------


def test_every_box_like_line_is_accounted_for(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"docs/tides.md": TIDES})
    view = explained(here, "docs/tides.md")
    assert (view.shape, view.dialect) == ("nested", "design doc")
    assert (view.leaves, view.parents, view.optional) == (9, 4, 0)
    assert sum(view.excluded.values()) == 1
    assert view.box_like == view.leaves + view.parents + view.optional + sum(view.excluded.values())
    assert view.because
    assert view.lines[-1].item is None
    first = view.lines[0]
    assert (first.line, first.raw, first.counted) == (
        11,
        "- [ ] Milestone 1: Read gauges",
        "parent",
    )
    (document,) = status_of(here, ["docs/tides.md"]).documents
    assert first.item == document.sections[0].nodes[0].id


def test_what_was_reworded_or_renamed_is_explained_under_the_ids_it_has_everywhere(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"tides.md": TIDES})
    repo.commit({"tides.md": TIDES.replace("Read gauges", "Read the gauges of every quay")})
    repo.git("mv", "tides.md", "gauges.md")
    repo.commit({})
    here = Here(repo.path)
    here.refresh()
    (document,) = status_of(here, ["gauges.md"]).documents
    found = {node.line: node.id for section in document.sections for node in _walk(section.nodes)}
    view = explained(here, "gauges.md")
    told = {line.line: line.item for line in view.lines if line.item is not None}
    assert told == {line: found[line] for line in told}
    assert len(told) == view.leaves + view.parents + view.optional
    repo.write({"gauges.md": TIDES})  # saved since the memory was brought up to date
    assert {line.item for line in explained(here, "gauges.md").lines} == {None}


def _walk(nodes: Iterable[NodeView]) -> Iterator[NodeView]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def test_a_document_without_a_plan_is_explained_too(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {"a.md": "# List\n\n- [ ] Box\n"})
    view = explained(here, "a.md")
    assert (view.shape, view.leaves, view.box_like) == ("", 0, 1)
    assert len(view.because) == 1


def test_a_document_that_cannot_be_read_is_not_explained(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan()})
    os.mkfifo(repo.path / "pipe.md")
    here = Here(repo.path)
    here.refresh()
    with pytest.raises(PlaceError, match=r"^pipe\.md: named like a document, but it is a FIFO"):
        explained(here, "pipe.md")
    with pytest.raises(NotFound, match=r"^gone\.md: "):
        explained(here, "gone.md")
