from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from history_samples import assert_books_balance, pending, told
from plantrack.repo import find_place
from plantrack.repo import stamp as take_stamp
from plantrack.sync import settling
from sync_samples import A_TICK_S, Here, plan

MakeRepo = Callable[..., Repo]
Break = Callable[[Path], None]

WHOLE = plan("x x  ")


def empty(path: Path) -> None:
    path.write_text("")


def cut_short(path: Path) -> None:
    path.write_text(WHOLE[:-40])


def remove(path: Path) -> None:
    path.unlink()


def remove_with_its_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


def put_what_cannot_be_read(path: Path) -> None:
    path.unlink()
    path.mkdir()


def mend(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    if path.is_dir():
        path.rmdir()
    path.write_text(WHOLE)


BREAKS = [empty, cut_short, remove, remove_with_its_folder, put_what_cannot_be_read]
EVERY_BREAK = pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__)


@pytest.fixture(params=["git", "no git"])
def top(request: pytest.FixtureRequest, make_repo: MakeRepo, tmp_path: Path) -> Path:
    """Make a folder with two documents, read already; one of them has more than is committed."""
    first = {"docs/a.md": plan("x"), "b.md": plan(" ", title="Berths")}
    folder = make_repo(first).path if request.param == "git" else tmp_path / "repo"
    Repo(folder).write(first | {"docs/a.md": WHOLE})
    for name in first:
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))  # before the time of every look
    Here(folder).rest()
    return folder


@pytest.fixture(autouse=True)
def _hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be young for long: the machine may be busy."""
    monkeypatch.setattr(settling, "YOUNG_S", 3_600)


@pytest.fixture
def age(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return `age()`: from then on every file is old."""

    def age() -> None:
        time.sleep(A_TICK_S)
        monkeypatch.setattr(settling, "YOUNG_S", A_TICK_S / 2)

    return age


def history(here: Here) -> tuple[object, object]:
    return told(here), pending(here)


def leaves(here: Here) -> int:
    """Count the leaves of the document that is damaged; it had five."""
    row = here.rows().get("docs/a.md")
    return row.leaves_total if row else 0


# --- who waits ------------------------------------------------------------------------------------


@EVERY_BREAK
def test_a_save_under_way_is_waited_for(top: Path, damage: Break) -> None:
    """The documents are looked at while one is damaged; the other one's reading mends it."""
    here, path = Here(top), top / "docs/a.md"
    before = history(here)
    Repo(top).write({"b.md": plan(" ", title="Berths") + "\nMore words.\n"})
    damage(path)
    view = here.refresh(progress=lambda *_: mend(path))
    assert (view.unsettled, here.rows()["docs/a.md"].leaves_done) == ((), 2)
    assert history(here) == before


@EVERY_BREAK
def test_a_loss_that_stays_is_believed(top: Path, damage: Break) -> None:
    here = Here(top)
    damage(top / "docs/a.md")
    assert here.refresh().unsettled == ()
    assert leaves(here) < 5
    assert_books_balance(here)


def test_a_rebuild_waits_too(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(WHOLE)
    here = Here(tmp_path)
    here.refresh()
    before = history(here)
    empty(path)
    here.refresh(rebuild=True, progress=lambda *_: mend(path))
    assert history(here) == before


def test_many_documents_are_waited_for_once(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{number}.md": plan("x ", title=f"Part {number}") for number in range(60)}
    here = Here(make_repo(files).path)
    here.rest()
    waits: list[int] = []
    monkeypatch.setattr(settling, "QUIET_S", 3_600)
    real = settling.wait

    def wait(place: object, paths: tuple[str, ...], until: float | None) -> float:
        waits.append(len(paths))
        return real(place, paths, until)  # type: ignore[arg-type]

    monkeypatch.setattr(settling, "wait", wait)
    for name in files:
        empty(here.path / name)
    assert here.refresh().documents == 0
    assert waits == [60]


def test_what_is_written_over_and_over_is_believed_when_patience_ends(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PATIENCE_S", 0.05)
    here, path = Here(top), top / "docs/a.md"
    empty(path)
    assert here.refresh(progress=lambda *_: empty(path)).unsettled == ()
    assert "docs/a.md" not in here.rows()


def test_a_loss_of_long_ago_is_not_waited_for(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty(top / "docs/a.md")
    time.sleep(settling.QUIET_S + 0.02)
    monkeypatch.setattr(settling, "wait", lambda *_: pytest.fail("it waited"))
    Here(top).refresh()
    assert "docs/a.md" not in Here(top).rows()


# --- who does not ---------------------------------------------------------------------------------


@EVERY_BREAK
def test_who_does_not_wait_takes_a_save_under_way_as_it_was_recorded(
    top: Path, damage: Break
) -> None:
    here, path = Here(top), top / "docs/a.md"
    before = here.everything()["documents"], here.everything()["trees"], history(here)
    damage(path)
    for _ in range(2):
        assert here.refresh(waits=False).unsettled == ("docs/a.md",)
        assert (here.everything()["documents"], here.everything()["trees"], history(here)) == before
    mend(path)
    assert here.refresh(waits=False).unsettled == ()
    assert (here.everything()["documents"][0].items, history(here)) == (1, before[2])
    here.rest()
    step_by_step = here.everything()
    here.refresh(rebuild=True)
    assert here.everything() == step_by_step


@EVERY_BREAK
def test_who_asks_again_believes_a_loss_that_stays(
    top: Path, damage: Break, age: Callable[[], None]
) -> None:
    here = Here(top)
    damage(top / "docs/a.md")
    assert here.refresh(waits=False).unsettled == ("docs/a.md",)
    age()
    assert here.refresh(waits=False).unsettled == ()
    assert leaves(here) < 5
    assert_books_balance(here)


def test_other_documents_are_recorded_meanwhile(top: Path) -> None:
    here = Here(top)
    empty(top / "docs/a.md")
    Repo(top).write({"b.md": plan("x", title="Berths")})
    view = here.refresh(waits=False)
    assert (view.read, view.unsettled) == (2, ("docs/a.md",))
    assert {path: row.leaves_done for path, row in here.rows().items()} == {
        "b.md": 1,
        "docs/a.md": 2,
    }


def test_items_that_come_or_are_ticked_are_believed_at_once(top: Path) -> None:
    Repo(top).write({"docs/a.md": plan("xxxxx "), "new.md": plan(" ")})
    assert Here(top).refresh(waits=False).unsettled == ()
    assert Here(top).rows()["docs/a.md"].leaves_done == 5


def test_under_another_configuration_nothing_is_recorded_while_something_is_doubted(
    top: Path, age: Callable[[], None]
) -> None:
    here = Here(top)
    before = here.everything()
    Repo(top).write({"plantrack.toml": 'marks = { "~" = "dropped" }\n'})
    empty(top / "docs/a.md")
    assert here.refresh(waits=False).unsettled == ("docs/a.md",)
    assert here.everything() == before
    age()
    here.refresh(waits=False)
    assert list(here.rows()) == ["b.md"]


# --- git ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("waits", [True, False])
def test_what_a_switch_takes_away_is_believed_at_once(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch, *, waits: bool
) -> None:
    repo = make_repo({"a.md": plan(" "), "c.md": plan("x")})
    repo.git("switch", "--quiet", "--create", "other")
    repo.commit({"a.md": WHOLE, "docs/b.md": plan("  ", title="Berths"), "c.md": None})
    here = Here(repo.path)
    here.rest()
    monkeypatch.setattr(settling, "wait", lambda *_: pytest.fail("it waited"))
    repo.git("switch", "--quiet", "main")
    assert here.refresh(waits=waits).unsettled == ()
    assert {path: row.leaves_total for path, row in here.rows().items()} == {"a.md": 1, "c.md": 1}
    repo.write({"a.md": WHOLE})
    here.refresh()
    repo.git("checkout", "--quiet", "--", "a.md")
    assert here.refresh(waits=waits).unsettled == ()
    assert pending(here) == []


def test_a_document_git_does_not_know_is_doubted_until_head_has_moved(
    make_repo: MakeRepo, age: Callable[[], None]
) -> None:
    repo = make_repo({"a.md": plan(" ")}, {"a.md": plan("x")})
    repo.write({"b.md": plan("  ", title="Berths")})
    here = Here(repo.path)
    here.rest()
    (repo.path / "b.md").unlink()
    assert here.refresh(waits=False).unsettled == ("b.md",)
    age()
    assert here.refresh(waits=False).unsettled == ()
    assert "b.md" not in here.rows()


# --- how old a loss is ----------------------------------------------------------------------------


def test_what_is_gone_is_as_old_as_the_last_change_of_the_nearest_folder(tmp_path: Path) -> None:
    place = find_place(str(tmp_path))
    (tmp_path / "docs/deep").mkdir(parents=True)
    (tmp_path / "docs/deep/a.md").touch()
    time.sleep(A_TICK_S)
    paths = ("docs/deep/a.md", "docs/deep/b.md", "docs/no/c.md")
    assert settling.young(place, paths, A_TICK_S / 2) == ()
    (tmp_path / "docs/new").touch()
    just_now = (tmp_path / "docs").stat().st_ctime_ns
    assert settling.young(place, paths, A_TICK_S / 2, read_ns=just_now) == ("docs/no/c.md",)
    os.utime(tmp_path / "docs/deep/a.md", (0, 0))  # whatever it claims
    touched = settling.young(place, paths, A_TICK_S / 2, read_ns=just_now)
    assert touched == ("docs/deep/a.md", "docs/no/c.md")
    assert settling.young(place, paths, 0) == ()
    nowhere = place._replace(top=f"{tmp_path}/nowhere")
    assert settling.young(nowhere, paths, A_TICK_S / 2) == ()


def test_what_seems_old_is_looked_at_twice(tmp_path: Path) -> None:
    place = find_place(str(tmp_path))
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("- [ ] One\n")
    read = {name: stamp for name in ("a.md", "b.md", "c.md") if (stamp := take_stamp(place, name))}
    assert settling.stirring(place, {}, read) == []
    assert settling.stirring(place, read, {}) == []
    assert settling.stirring(place, read, read) == []  # the times they were recorded with
    (tmp_path / "b.md").write_text("- [ ] Other\n")
    (tmp_path / "c.md").unlink()
    assert settling.stirring(place, read, {}) == ["b.md", "c.md"]
    untrusted = {name: stamp._replace(mtime_ns=-1) for name, stamp in read.items()}
    assert settling.stirring(place, untrusted, read) == ["b.md", "c.md"]


def test_a_file_that_was_read_long_before_it_is_judged_is_as_old_as_it_was_then(
    tmp_path: Path,
) -> None:
    place = find_place(str(tmp_path))
    (tmp_path / "a.md").touch()
    read_ns = (tmp_path / "a.md").stat().st_ctime_ns + 1000
    time.sleep(A_TICK_S)
    assert settling.young(place, ("a.md",), A_TICK_S / 2) == ()
    assert settling.young(place, ("a.md",), A_TICK_S / 2, read_ns=read_ns) == ("a.md",)


def test_waiting_ends_when_something_is_written(tmp_path: Path) -> None:
    place = find_place(str(tmp_path))
    path = tmp_path / "a.md"
    path.touch()
    until = settling.wait(place, ("a.md",), None)
    assert settling.wait(place, ("a.md",), until) == until
    assert settling.young(place, ("a.md",), settling.QUIET_S) == ()
