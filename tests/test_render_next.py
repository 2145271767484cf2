from __future__ import annotations

import pytest

from plantrack.core.model import Action, Count
from plantrack.render.screen import Screen
from plantrack.render.text import pointing
from view_samples import next_view, nothing, pointer, ref

PIPE = Screen()
FULL = pointer(
    notes="- keep it simple\n\n```\ncode\there\n```\n",
    cautions=("blocked on the grid",),
    alternatives=(ref(30, "Milestone 3", "Print"),),
    left_behind=(ref(5, "Milestone 0", "Ask every harbour master"),),
)
OTHERS = (
    pointer(
        path="docs/0003-vessels.md",
        line=7,
        action=Action.EXPAND,
        milestone=ref(7, "Milestone 4", "Export"),
        text="**Milestone 4:** Export",
    ),
    pointer(
        path="docs/long/0004-a-very-long-name-of-a-document.md",
        line=1203,
        milestone=None,
        text="Rename **all** of `**kwargs`",
    ),
)


def shown(screen: Screen, *pointers: object, **changes: object) -> str:
    return pointing.next_task(next_view(*pointers, **changes), screen)  # type: ignore[arg-type]


def test_a_pipe_gets_everything_in_full() -> None:
    assert shown(PIPE, FULL, *OTHERS).splitlines() == [
        "Berth Board  1/3 milestones, 4/9 steps",
        "Milestone 2: Drag to move a stay",
        "",
        "→ do  Snap every stay to the half hour",
        "      docs/0002-berths.md:21  k3f9",
        "      first open step of Milestone 2 (first open milestone)",
        "",
        "  caution        blocked on the grid",
        "  document says  30  Milestone 3: Print",
        "  notes          - keep it simple",
        "",
        "                 ```",
        "                 code    here",
        "                 ```",
        "  then           22  Show a conflict before the drop",
        "  left behind    5  Milestone 0: Ask every harbour master",
        "",
        "Also open",
        "  docs/0003-vessels.md:7                                 expand  Milestone 4: Export",
        "  docs/long/0004-a-very-long-name-of-a-document.md:1203  do      Rename all of `**kwargs`",
    ]


def test_a_terminal_gets_lines_that_fit() -> None:
    assert shown(Screen(width=60), FULL, *OTHERS).splitlines() == [
        "Berth Board  1/3 milestones, 4/9 steps",
        "Milestone 2: Drag to move a stay",
        "",
        "→ do  Snap every stay to the half hour",
        "      docs/0002-berths.md:21  k3f9",
        "      first open step of Milestone 2 (first open milestone)",
        "",
        "  caution        blocked on the grid",
        "  document says  30  Milestone 3: Print",
        "  notes          - keep it simple",
        "",
        "                 ```",
        "                 code    here",
        "                 ```",
        "  then           22  Show a conflict before the drop",
        "  left behind    5  Milestone 0: Ask every harbour master",
        "",
        "Also open",
        "  0003-vessels:7                 expand  Milestone 4: Export",
        "  0004-a-very…f-a-document:1203  do      Rename all of `**k…",
    ]


def test_a_narrow_terminal_gets_labels_on_lines_of_their_own() -> None:
    text = shown(Screen(width=40, encoding="ascii"), FULL)
    assert text.splitlines()[3:] == [
        "> do  Snap every stay to the half hour",
        "      docs/0002-berths.md:21  k3f9",
        "      first open step of Milestone 2",
        "      (first open milestone)",
        "",
        "  caution",
        "    blocked on the grid",
        "  document says",
        "    30  Milestone 3: Print",
        "  notes",
        "    - keep it simple",
        "",
        "    ```",
        "    code    here",
        "    ```",
        "  then",
        "    22  Show a conflict before the drop",
        "  left behind",
        "    5  Milestone 0: Ask every harbour...",
    ]


def test_colour_adds_nothing_but_colour() -> None:
    coloured = shown(Screen(width=60, colour=True), FULL, *OTHERS)
    for code in ("0", "1", "2", "33", "36", "1;36"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == shown(Screen(width=60), FULL, *OTHERS)


def test_a_long_task_is_bounded_on_a_terminal_unless_all_is_asked_for() -> None:
    task = pointer(text=" ".join(f"word{number}" for number in range(200)))
    bounded = shown(Screen(width=60), task)
    assert bounded.count("\n") < 14
    assert "…" in bounded
    for screen in (Screen(width=60, verbose=True), PIPE):
        assert "word199" in shown(screen, task)


def test_long_notes_are_bounded_on_a_terminal_unless_all_is_asked_for() -> None:
    task = pointer(notes="\n".join(f"note {number}" for number in range(20)))
    bounded = shown(Screen(width=60), task)
    assert "note 7" in bounded
    assert "note 8" not in bounded
    assert "(12 more lines, -v shows them)" in bounded
    for screen in (Screen(width=60, verbose=True), PIPE):
        assert "note 19" in shown(screen, task)
        assert "more lines" not in shown(screen, task)


def test_notes_one_line_too_long_are_shown_whole() -> None:
    task = pointer(notes="\n".join(f"note {number}" for number in range(9)))
    assert "note 8" in shown(Screen(width=60), task)


def test_a_milestone_that_is_itself_the_task_is_named_once() -> None:
    text = shown(PIPE, OTHERS[0])
    assert text.count("Milestone 4") == 1
    assert "→ expand  Milestone 4: Export\n" in text


def test_a_task_without_milestones_stands_by_itself() -> None:
    task = pointer(milestone=None, milestones=Count(0, 0, 0), leaves=Count(3, 4, 0))
    assert shown(PIPE, task).startswith("Berth Board  3/4 tasks\n\n→ do  Snap")


def test_a_document_without_a_title_is_called_by_its_path() -> None:
    assert shown(PIPE, pointer(title="")).startswith("docs/0002-berths.md  1/3 milestones")


def test_a_title_too_wide_for_its_numbers_gets_a_line_of_its_own() -> None:
    lines = shown(Screen(width=40), pointer(title="T" * 60)).splitlines()
    assert lines[:2] == ["TTTTTTTTTTTTTTTTTTT…", "1/3 milestones, 4/9 steps"]


@pytest.mark.parametrize(
    ("letters", "place"),
    [
        (17, ["      docs/{}.md:21  k3f9"]),
        (23, ["      docs/{}.md:21", "      k3f9"]),
        (24, ["docs/{}.md:21", "      k3f9"]),
        (90, ["docs/{}.md:21", "      k3f9"]),
    ],
)
def test_a_place_stays_in_one_piece(letters: int, place: list[str]) -> None:
    lines = shown(Screen(width=40), pointer(path=f"docs/{'x' * letters}.md")).splitlines()
    assert lines[4 : 4 + len(place)] == [line.format("x" * letters) for line in place]


def test_a_long_place_without_an_id_leaves_no_empty_line() -> None:
    lines = shown(Screen(width=30), nothing("complete", path="docs/" + "x" * 30)).splitlines()
    assert lines[-1] == "docs/" + "x" * 30


def test_a_document_with_nothing_next_says_why() -> None:
    assert shown(PIPE, nothing("complete")).splitlines()[2:] == [
        "→ nothing  complete",
        "           docs/0002-berths.md",
    ]


def test_nothing_to_do_anywhere_is_said_in_a_sentence() -> None:
    text = shown(Screen(width=30), documents=3, because="all 3 plans are finished, see status")
    assert text == "Nothing is next: all 3 plans\nare finished, see status\n"


def test_without_any_plan_a_plan_is_explained() -> None:
    text = shown(Screen(width=50))
    assert "No document here holds a plan." in text
    assert "- [ ] Milestone 1:" in text
    assert all(len(line) <= 50 for line in text.splitlines())


def test_a_runner_up_that_points_at_nothing_has_no_line() -> None:
    text = shown(PIPE, FULL, nothing("complete", path="docs/0001-login.md"))
    assert text.endswith("  docs/0001-login.md  nothing  complete\n")


def test_a_runner_up_is_named_with_its_milestone() -> None:
    assert shown(PIPE, FULL, FULL).endswith("do  Milestone 2: Snap every stay to the half hour\n")
