from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date

from conftest import FIRST_COMMIT, Repo
from plantrack.core.change import ChangeKind
from plantrack.core.effects import Unit
from plantrack.core.model import State
from plantrack.views import past, series
from plantrack.views.past import Question
from plantrack.views.series import Asked
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

PATH = "docs/0001-tides.md"


def here_with(make_repo: MakeRepo, *commits: dict[str, str | None]) -> Here:
    here = Here(make_repo(*commits).path)
    here.refresh()
    return here


def test_a_moment_no_calendar_has_is_none() -> None:
    assert past.moment(int(FIRST_COMMIT.timestamp())) == FIRST_COMMIT
    assert past.moment(10**15) is None
    assert past.moment(None) is None


def test_blame_of_what_is_not_there_names_nothing(make_repo: MakeRepo) -> None:
    with here_with(make_repo, {PATH: plan()}).open() as store:
        assert past.blame(store, "b.md").items == ()


def test_an_item_that_came_back_is_as_old_as_its_return(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {PATH: plan("x")}, {PATH: plan("")}, {PATH: plan("x")})
    with here.open() as store:
        (item,) = past.blame(store, PATH).items
        assert item.added is not None
        assert item.added.time is not None
        assert (item.added.time - FIRST_COMMIT).days == 2
        assert (item.arrived_done, item.ticked) == (True, None)


def test_what_is_not_done_any_more_has_no_day_of_it(make_repo: MakeRepo) -> None:
    here = here_with(make_repo, {PATH: plan(" ")}, {PATH: plan("x")}, {PATH: plan(" ")})
    with here.open() as store:
        (item,) = past.blame(store, PATH).items
    assert (item.state, item.ticked, item.arrived_done) == (State.TODO, None, False)


def test_a_log_is_narrowed_by_all_but_its_length(make_repo: MakeRepo) -> None:
    with here_with(make_repo, {PATH: plan()}).open() as store:
        assert not past.log(store, Question()).is_narrowed
        assert not past.log(store, Question(limit=1)).is_narrowed
        assert past.log(store, Question(kinds=(ChangeKind.TICKED,))).is_narrowed
        assert past.log(store, Question(author="ada")).is_narrowed


def test_a_document_nobody_heard_of_has_no_days(make_repo: MakeRepo) -> None:
    with here_with(make_repo, {PATH: plan()}).open() as store:
        for is_other in (False, True):
            asked = Asked(
                Unit.LEAVES, date(2026, 3, 1), ("b.md",), zone=UTC, is_other_zone=is_other
            )
            assert series.burndown(store, asked).days == ()


def test_steps_below_steps_are_counted_for_their_milestone(make_repo: MakeRepo) -> None:
    bare = "# A\n\n## Implementation Plan\n\n- [ ] Milestone 1: Do\n- [ ] Milestone 2: Then\n"
    steps = "  - [ ] One\n    - [ ] Part a\n    - [ ] Part b\n  - [ ] Two\n"
    grown = bare.replace("Milestone 1: Do\n", f"Milestone 1: Do\n{steps}")
    with here_with(make_repo, {PATH: bare}, {PATH: grown}).open() as store:
        asked = Asked(Unit.LEAVES, date(2026, 3, 1))
        basis = series.forecasts(store, asked).forecast.basis
    assert basis is not None
    assert basis.spread is not None
    assert (basis.spread.milestones, basis.spread.median) == (1, 3)
