from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conftest import FIRST_COMMIT, Repo
from plantrack import config, sync, views
from plantrack.core.board_view import BoardView, Choice, Page
from plantrack.core.effects import Unit
from plantrack.core.model import Action, Count
from plantrack.store import Store
from plantrack.views.board import MOST_CHANGES, Board
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

TIDES, BERTHS = "docs/0001-tides.md", "docs/0002-berths.md"
NO_CHOICE = Choice()
NOW = FIRST_COMMIT + timedelta(days=30)


@dataclass(slots=True)
class Looking:
    """Somebody who looks at a place, for as long as its memory is open."""

    here: Here
    store: Store
    board: Board

    def view(
        self, choice: Choice = NO_CHOICE, *, now: datetime = NOW, wholly: bool = True
    ) -> BoardView:
        """Bring the memory up to date and look."""
        settings = config.load(str(self.here.path))
        sync.refresh(self.here.place, self.store, settings, now=now)
        return self.board.view(now, choice, wholly=wholly)


@contextmanager
def looking(path: Path, paths: tuple[str, ...] | None = None) -> Iterator[Looking]:
    here = Here(path)
    with here.open() as store:
        yield Looking(here, store, Board(store, here.place, config.load(str(path)), paths))


def paths_of(view: BoardView) -> list[str]:
    return [doc.path for doc in view.documents]


# --- what is ------------------------------------------------------------------------------------


def test_a_board_says_what_next_and_status_say(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {TIDES: plan("xx "), BERTHS: plan("x", status="Shipped"), "docs/3.md": plan("  ")},
        {"docs/3.md": plan("x ")},
    )
    with looking(repo.path) as one:
        view = one.view()
        status = views.status(one.store, one.here.place, now=NOW)
        following = views.next_tasks(one.store)
    assert view.next == following.next
    assert view.because == ""
    assert sorted(view.documents) == sorted(status.documents)
    assert paths_of(view) == ["docs/3.md", TIDES, BERTHS]  # as to be worked on, then by path
    assert (view.leaves, view.milestones) == (status.leaves, status.milestones)
    assert view.per_week == status.per_week
    assert view.repository == status.repository
    assert view.watched_since is None


def test_nothing_to_do_has_its_reason(make_repo: MakeRepo) -> None:
    with looking(make_repo({TIDES: plan("xx", status="Shipped")}).path) as one:
        view = one.view()
    assert view.next is None
    assert view.because == "every plan is finished"
    assert view.opened is None


def test_a_single_document_that_is_done_points_at_nothing(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("xx", status="Shipped"), BERTHS: plan(" ")})
    with looking(repo.path, (TIDES,)) as one:
        view = one.view()
    assert view.next is None
    assert view.because
    assert paths_of(view) == [TIDES]


def test_a_place_without_plans_is_a_board_with_nothing_on_it(make_repo: MakeRepo) -> None:
    with looking(make_repo({"readme.md": "# Read me\n"}).path) as one:
        view = one.view()
    assert (view.documents, view.changes, view.next, view.opened) == ((), (), None, None)
    assert view.because == "no document has an Implementation Plan"
    assert view.burndown is not None
    assert view.burndown.days == ()


def test_what_is_not_committed_comes_first_with_the_times_it_was_seen(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("  "), BERTHS: plan("   ")})
    with looking(repo.path) as one:
        assert one.view().uncommitted == frozenset()
        repo.write({TIDES: plan("x ")})
        one.view(now=NOW)
        repo.write({BERTHS: plan(" x ")})
        view = one.view(now=NOW + timedelta(minutes=5))
    assert view.uncommitted == {TIDES, BERTHS}
    present, *rest = view.changes
    assert present.revision.is_present
    assert {change.path: change.seen for change in present.changes} == {
        TIDES: NOW,
        BERTHS: NOW + timedelta(minutes=5),
    }
    assert [entry.revision.subject for entry in rest] == ["Change the plan"]


def test_there_are_no_more_changes_than_a_screen_could_show(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan(" " * 150)})
    with looking(repo.path) as one:
        assert sum(len(entry.changes) for entry in one.view().changes) == MOST_CHANGES
        repo.write({TIDES: plan("x" * 150)})
        view = one.view()
    assert [len(entry.changes) for entry in view.changes] == [MOST_CHANGES, MOST_CHANGES]


def test_findings_are_those_of_plans_and_of_what_could_not_be_read(make_repo: MakeRepo) -> None:
    frozen = plan("x ", status="Shipped")
    repo = make_repo({TIDES: frozen, BERTHS: plan(" "), "docs/bad.md": b"\xff\xfe- [ ] x"})
    with looking(repo.path) as one:
        view = one.view()
    assert [(found.code, found.path) for found in view.findings] == [
        ("not-utf-8", "docs/bad.md"),
        ("frozen", TIDES),
    ]


def test_a_folder_outside_git_says_since_when_it_is_watched(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text(plan(" "), "utf-8")
    with looking(tmp_path) as one:
        view = one.view()
        (tmp_path / "plan.md").write_text(plan("x"), "utf-8")
        later = one.view(now=NOW + timedelta(hours=1))
    assert view.watched_since == NOW
    assert view.repository.head is None
    assert later.watched_since == NOW
    assert later.uncommitted == frozenset()
    assert later.changes[0].changes[0].kind == "ticked"


# --- some documents -------------------------------------------------------------------------------


def test_a_board_of_some_documents_speaks_of_them_alone(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("x "), BERTHS: plan("xx ")}, {TIDES: plan("xx")})
    repo.write({BERTHS: plan("xxx")})
    with looking(repo.path, (TIDES,)) as one:
        view = one.view()
    assert paths_of(view) == [TIDES]
    assert view.leaves == Count(2, 2, 0)
    assert view.uncommitted == frozenset()
    assert {change.path for entry in view.changes for change in entry.changes} == {TIDES}
    assert view.burndown is not None
    assert view.burndown.documents == (TIDES,)
    assert view.burndown.days[-1].done == 2


def test_documents_without_a_history_have_no_changes(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan(" ")})
    repo.write({BERTHS: plan(" ")})
    with looking(repo.path, ("docs/gone.md",)) as one:
        view = one.view()
    assert (view.documents, view.changes) == ((), ())


# --- from close by --------------------------------------------------------------------------------


def test_the_document_with_the_next_task_is_opened_unless_another_is_selected(
    make_repo: MakeRepo,
) -> None:
    with looking(make_repo({TIDES: plan(" "), BERTHS: plan("x")}).path) as one:
        usual = one.view().opened
        chosen = one.view(Choice(selected=BERTHS)).opened
        assert one.view(Choice(selected="docs/gone.md")).opened is None
    assert usual is not None
    assert usual.document.path == TIDES
    assert chosen is not None
    (section,) = chosen.document.sections
    assert [node.text for node in section.nodes] == ["Do part 0"]
    assert chosen.burndown is None  # its page is not the tree


def test_a_tree_comes_with_the_numbers_of_its_document(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("  "), BERTHS: plan("    ")}, {TIDES: plan("x ")})
    with looking(repo.path) as one:
        choice = Choice(page=Page.TREE, selected=TIDES, unit=Unit.MILESTONES)
        view = one.view(choice, now=FIRST_COMMIT + timedelta(days=2))
        leaves = one.view(replace(choice, unit=Unit.LEAVES))
    assert view.opened is not None
    assert view.opened.per_week == 0.25
    assert view.opened.burndown is not None
    assert (view.opened.burndown.unit, view.opened.burndown.documents) == ("milestones", (TIDES,))
    assert leaves.opened is not None
    assert leaves.opened.burndown is not None
    assert leaves.opened.burndown.days[-1].scope == 2


# --- again and again ------------------------------------------------------------------------------


def test_a_quick_look_sees_documents_and_changes_at_once(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("  "), BERTHS: plan("   ")})
    with looking(repo.path) as one:
        one.view()
        repo.write({TIDES: plan("x ")})
        quick = one.view(wholly=False)
        repo.commit({}, "Tick it")
        committed = one.view(wholly=False)
    assert quick.leaves == Count(1, 5, 0)
    assert quick.next is not None
    assert (quick.next.path, quick.next.text) == (TIDES, "Do part 1")
    assert quick.changes[0].revision.is_present
    assert committed.changes[0].revision.subject == "Tick it"
    assert committed.uncommitted == frozenset()


def test_a_quick_look_keeps_what_takes_its_time(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("  ")})
    choice = Choice(selected=TIDES)
    with looking(repo.path) as one:
        before = one.view(choice)
        repo.write({TIDES: plan("x ")})
        quick = one.view(choice, wholly=False)
        whole = one.view(choice)
        same = one.view(choice)
    assert before.burndown is quick.burndown
    assert before.opened is not None
    assert quick.opened is not None
    assert quick.opened.document.sections is before.opened.document.sections
    assert quick.opened.document.leaves == Count(1, 2, 0)  # its row is as it stands
    assert whole.burndown is not None
    assert whole.burndown.days[-1].done == 1
    assert whole.opened is not None
    assert whole.opened.document.sections[0].nodes[0].state == "done"
    assert same.burndown is whole.burndown  # nothing that it rests on is another


def test_what_was_never_asked_for_is_made_at_once(make_repo: MakeRepo) -> None:
    with looking(make_repo({TIDES: plan("x "), BERTHS: plan(" ")}).path) as one:
        one.view()
        view = one.view(Choice(page=Page.TREE, selected=BERTHS, unit=Unit.MILESTONES), wholly=False)
    assert view.burndown is not None
    assert view.burndown.unit == "milestones"
    assert view.opened is not None
    assert view.opened.document.sections


def test_documents_that_did_not_change_are_not_viewed_anew(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan("  "), BERTHS: plan("   ")})
    with looking(repo.path) as one:
        before = {doc.path: doc for doc in one.view().documents}
        repo.write({TIDES: plan("x "), "docs/new.md": plan(" ")})
        after = {doc.path: doc for doc in one.view(wholly=False).documents}
        whole = {doc.path: doc for doc in one.view().documents}
        rest = {doc.path: doc for doc in one.view().documents}
    assert whole[BERTHS] is not before[BERTHS]  # its ids might be longer by now
    assert all(rest[path] is whole[path] for path in whole)
    assert after[BERTHS] is before[BERTHS]
    assert after[TIDES].leaves == Count(1, 2, 0)
    assert after.keys() == {TIDES, BERTHS, "docs/new.md"}
    assert after == whole


def test_a_document_that_went_is_not_kept(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan(" "), BERTHS: plan("  ")})
    with looking(repo.path) as one:
        one.view()
        repo.write({TIDES: None})
        assert paths_of(one.view(wholly=False)) == [BERTHS]


def test_of_documents_alike_one_is_shown(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan(" "), BERTHS: plan("x ")})
    with looking(repo.path) as one:
        one.view()
        repo.write({TIDES: plan("x ")})
        assert len(one.view(wholly=False).documents) == 1
        repo.write({TIDES: plan("xx")})
        assert len(one.view(wholly=False).documents) == 2


def test_many_trees_are_looked_at_one_after_the_other(make_repo: MakeRepo) -> None:
    names = [f"docs/{number:04}-pier.md" for number in range(20)]
    repo = make_repo({name: plan(" " * (at + 1)) for at, name in enumerate(names)})
    with looking(repo.path) as one:
        one.view()
        for _ in range(2):
            for at, name in enumerate(names):
                opened = one.board.view(NOW, Choice(selected=name), wholly=False).opened
                assert opened is not None
                assert len(opened.document.sections[0].nodes) == at + 1


def test_days_are_those_of_the_configured_time_zone(make_repo: MakeRepo) -> None:
    repo = make_repo({TIDES: plan(" "), "plantrack.toml": 'timezone = "Pacific/Kiritimati"\n'})
    noon = datetime(2026, 2, 1, 12, tzinfo=UTC)
    with looking(repo.path) as one:
        view = one.view(now=noon)
    assert view.burndown is not None
    assert view.burndown.days[-1].day.isoformat() == "2026-02-02"


def test_the_next_task_of_one_document_is_that_of_next(make_repo: MakeRepo) -> None:
    reference = plan(" ", status="Reference")
    with looking(make_repo({TIDES: reference, BERTHS: plan(" ")}).path, (TIDES,)) as one:
        view = one.view()
    assert view.next is not None
    assert (view.next.path, view.next.action) == (TIDES, Action.DO)
