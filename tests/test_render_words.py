from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.model import Action, Count, Family, Finding
from plantrack.core.view import DocView
from plantrack.render import words
from view_samples import NOW, doc, finished, nothing, pointer, ref, standing


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [(0, 9, "0%"), (1, 999, "1%"), (998, 999, "99%"), (9, 9, "100%"), (0, 0, "")],
)
def test_percent_is_none_and_all_at_none_and_all_only(done: int, total: int, text: str) -> None:
    assert words.percent(Count(done, total, 0)) == text


def test_nothing_to_count_is_no_ratio() -> None:
    assert words.ratio(Count(0, 0, 3)) == ""
    assert words.progress(doc(leaves=Count(0, 0, 0))) == "nothing to count"


def test_many_documents_are_told_of_as_each_alone() -> None:
    rows = [
        standing(doc()),
        standing(doc(boxes_outside=2)),
        standing(doc("docs/other.md", boxes_outside=2)),
        standing(finished(leaves=Count(7, 9, 1), frozen=2)),
        standing(doc(flags=(Finding("", 3, "ticked-parent", "m"),), left_behind=(ref(),))),
    ]
    said = words.said_of_all(rows)
    assert said == [", ".join(words.remarks(row)) for row in rows]
    assert len(set(said)) == len(rows) - 1


def test_numbers_have_their_words() -> None:
    assert [words.number(count, "box") for count in (0, 1, 2)] == ["0 boxes", "1 box", "2 boxes"]
    assert words.number(2, "step") == "2 steps"


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-30), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=23), "23 h"),
        (timedelta(days=13), "13 d"),
        (timedelta(days=14), "2 w"),
        (timedelta(days=59), "8 w"),
        (timedelta(days=60), "2 mo"),
        (timedelta(days=364), "12 mo"),
        (timedelta(days=800), "2 y"),
    ],
)
def test_ages_are_told_in_the_largest_unit_that_is_not_vague(age: timedelta, text: str) -> None:
    assert words.ago(NOW - age, NOW) == text


def test_a_moment_is_told_in_the_time_zone_of_the_reader() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=2)))
    assert words.moment(NOW, there) == "2026-03-10 14:00 +0200"


def test_a_time_that_is_not_known_is_not_told() -> None:
    assert words.ago(None, NOW) == ""
    assert words.moment(None, NOW) == ""


@pytest.mark.parametrize(
    ("label", "title", "name"),
    [
        ("Milestone 3", "Print", "Milestone 3: Print"),
        ("1.2", "Print", "1.2 Print"),
        ("M1", "", "M1"),
        ("", "Print", "Print"),
    ],
)
def test_a_node_is_named_by_label_and_title(label: str, title: str, name: str) -> None:
    assert words.name(ref(1, label, title)) == name


def test_a_title_leaves_off_that_it_is_a_design() -> None:
    assert words.title("Design: Berths") == "Berths"
    assert words.title("DESIGN DOC : Berths") == "Berths"
    assert words.title("Berths: a design") == "Berths: a design"
    assert words.title("Design") == "Design"


def test_emphasis_is_left_off_outside_of_code() -> None:
    assert words.plain("**Step 1:** pass `**kwargs` **on**") == "Step 1: pass `**kwargs` on"
    assert words.plain("a * b") == "a * b"


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("docs/0001-a_b.md", "plantrack status docs/0001-a_b.md"),
        ("a b.md", "plantrack status 'a b.md'"),
        ("it's.md", "plantrack status 'it'\"'\"'s.md'"),
        ("-rf.md", "plantrack status ./-rf.md"),
        ("$(id).md", "plantrack status '$(id).md'"),
        ("é.md", "plantrack status 'é.md'"),
        ("", "plantrack status ''"),
    ],
)
def test_a_command_is_quoted_for_a_shell(path: str, command: str) -> None:
    assert words.command("status", path) == command


PATHS = ("docs/design/0001-a.md", "docs/design/0002-b.md", "docs/specs/x/tasks.md")


def test_documents_are_named_by_as_much_of_their_paths_as_fits() -> None:
    assert words.document_names(PATHS, 40) == PATHS
    assert words.document_names(PATHS, 16) == (
        "design/0001-a.md",
        "design/0002-b.md",
        "specs/x/tasks.md",
    )
    assert words.document_names(PATHS, 10) == ("0001-a", "0002-b", "tasks")
    assert words.document_names((), 10) == ()


def test_documents_of_one_name_keep_the_folders_that_tell_them_apart() -> None:
    paths = ("specs/a/tasks.md", "specs/b/tasks.md", "x/a/tasks.md", "README.md")
    assert words.document_names(paths, 5) == ("specs/a/tasks", "b/tasks", "x/a/tasks", "README")


def test_documents_are_grouped_by_what_is_next_and_the_last_changed_comes_first() -> None:
    docs = [
        finished("e.md"),
        doc("d.md", has_checklist=False, pointer=nothing("no checklist")),
        doc("c.md", family=Family.UNKNOWN),
        doc("b.md", last_change=None),
        doc("a.md", last_change=NOW - timedelta(days=9)),
        doc("f.md", last_change=NOW),
        doc("g.md", family=Family.DRAFT),
        doc("h.md", has_checklist=False, family=Family.DONE, pointer=None),
    ]
    grouped = {
        name: [one.path for one in members] for name, members in words.grouped(map(standing, docs))
    }
    assert grouped == {
        "active": ["f.md", "a.md", "b.md"],
        "draft": ["g.md"],
        "no known status": ["c.md"],
        "no checklist": ["d.md"],
        "finished": ["e.md", "h.md"],
    }
    assert list(grouped) == ["active", "draft", "no known status", "no checklist", "finished"]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (doc(), "Milestone 2: Drag to move a stay"),
        (doc(pointer=pointer(action=Action.CLOSE)), "close Milestone 2: Drag to move a stay"),
        (doc(pointer=pointer(milestone=None)), "Snap every stay to the half hour"),
        (
            doc(pointer=pointer(action=Action.FINISH)),
            "all done, but the Status says In progress",
        ),
        (finished(), "complete"),
        (doc(has_checklist=False), "no checklist"),
        (doc(pointer=None), ""),
    ],
)
def test_where_a_document_stands_is_its_milestone_and_what_it_waits_for(
    one: DocView, said: str
) -> None:
    assert words.here(one) == said
    assert words.stands(standing(one)) == said


def test_remarks_name_the_gravest_first() -> None:
    codes = ("stale-next-steps", "ticked-parent", "open-parent", "lost-indent", "lost-indent")
    busy = doc(
        flags=(*(Finding("", 1, code, "") for code in codes), Finding("", 2, "frozen", "")),
        frozen=2,
        left_behind=(ref(), ref()),
        boxes_outside=1,
        optional_open=5,
        unboxed_milestones=3,
        leaves=Count(1, 4, 2),
    )
    assert words.remarks(standing(busy)) == (
        "2 contradictions",
        "2 frozen",
        "2 left behind",
        "stale next steps",
        "lost indent (2)",
        "+3 without boxes",
        "+5 optional",
        "2 dropped",
        "1 box outside the plan",
    )
    assert words.remarks(standing(doc())) == ()
    assert words.remarks(standing(busy), outside=False) == (
        *words.warnings(busy),
        *words.beside(busy),
    )


names = st.from_regex(r"([ab]{1,2}/){0,3}[ab]{1,2}\.md", fullmatch=True)


@given(st.lists(names, min_size=1, max_size=12, unique=True))
def test_one_document_is_named_as_it_is_among_all(paths: list[str]) -> None:
    found = tuple(words.document_name(path, paths) for path in paths)
    assert found == words.document_names(paths, 0)
