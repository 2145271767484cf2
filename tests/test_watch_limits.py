"""Where changes cannot be listened for, or not all of them, or in another way; and the end."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
from watchdog import observers
from watchdog.observers.inotify import InotifyObserver
from watchdog.observers.inotify_c import InotifyFD

from conftest import Repo
from plantrack.watch import Pace, Watcher, limits
from plantrack.watch import cover as covering
from soak.follower import Follower, ground
from test_watch import (
    EVENTS_ALONE,
    PLAN,
    agrees,
    awaited,
    batches,
    by_moving_away,
    by_removing,
    by_replacing,
    in_place,
    like_vim,
    paths_in,
    started,
    top,
)

__all__ = ["top"]  # the fixture
POLLING = Pace(sweep_s=inf, poll_s=0.1)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")


# --- nothing to listen with -----------------------------------------------------------------------


def test_polling_finds_what_is_done_without_an_event(top: Path) -> None:
    following = Follower.at(top, POLLING, polls=True)
    with following.watcher:
        assert following.watcher.mode == "polling"
        assert following.watcher.notice == "looking for changes every 0.1 s: as asked for"
        (top / PLAN).write_text("# New\n")
        agrees(following)
        (top / "new").mkdir()
        (top / "new/plan.md").write_text("# New\n")
        agrees(following)
        assert {batch.is_whole for batch in following.batches} == {True}
        assert paths_in(following.batches) == set()


SCRIPT = """
import sys, threading
from pathlib import Path
from plantrack.watch import Pace, Watcher
from soak.follower import ground
top = Path(sys.argv[1])
with Watcher(ground(top), Pace(poll_s=0.1)) as watcher:
    print(watcher.mode)
    print(watcher.notice)
    print(threading.active_count())
"""
LIMITS = {
    "max_inotify_watches": "there are no inotify watches left (fs.inotify.max_user_watches)",
    "max_inotify_instances": "there are no inotify instances left (fs.inotify.max_user_instances)",
}


@pytest.mark.parametrize("limit", LIMITS)
def test_when_the_kernel_gives_no_more_it_is_polled_and_said(limit: str, top: Path) -> None:
    """In a user namespace of its own a process may lower its own limits."""
    lowered = f'echo 0 > /proc/sys/user/{limit} && exec "$@"'
    unshare = ["unshare", "--user", "--map-root-user", "sh", "-c", lowered, "sh"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0
    ):
        pytest.skip("there are no user namespaces here")
    done = subprocess.run(
        [*unshare, sys.executable, "-c", SCRIPT, str(top)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    mode, notice, threads = done.stdout.splitlines()
    assert (mode, notice) == ("polling", f"looking for changes every 0.1 s: {LIMITS[limit]}")
    assert threads == "1"  # what did listen has been stopped
    assert done.stderr == ""


def failing(number: int, name: str) -> Callable[..., object]:
    real = InotifyFD.add_callback

    def add(self: InotifyFD, path: bytes, *more: object) -> object:
        if path.endswith(os.fsencode(name)):
            raise OSError(number, os.strerror(number))
        return real(self, path, *more)  # type: ignore[arg-type]

    return add


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOMEM])
def test_when_watches_run_out_later_it_is_polled_from_then_on(
    number: int, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = Follower.at(top, POLLING)
    with following.watcher:
        assert following.watcher.mode == "events"
        monkeypatch.setattr(InotifyFD, "add_callback", failing(number, "new"))
        (top / "new").mkdir()
        (top / "new/plan.md").write_text("# New\n")
        agrees(following)
        assert following.watcher.mode == "polling"
        assert "left" in following.watcher.notice
        (top / "new/plan.md").write_text("# Newer\n")
        agrees(following)


def test_a_folder_that_goes_before_it_is_watched_is_no_trouble(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InotifyFD, "add_callback", failing(errno.ENOENT, "docs"))
    with started(top) as watcher:
        (top / "new.md").touch()
        awaited(watcher, "new.md")
        assert watcher.notice == ""


@pytest.mark.parametrize("error", [OSError(errno.ENOSYS, "not implemented"), ValueError("-1")])
def test_where_there_is_no_inotify_it_is_polled(
    error: Exception, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr(InotifyFD, "_create_inotify_fd", refuse)
    with Watcher(ground(top), POLLING) as watcher:
        assert watcher.mode == "polling"
        assert "inotify does not work here" in watcher.notice


def test_a_thread_that_ends_is_noticed_and_polling_takes_over(top: Path) -> None:
    following = Follower.at(top, Pace(sweep_s=0.2, poll_s=0.1))
    with following.watcher:
        ear = following.watcher._ear  # noqa: SLF001 - nothing a user does ends it
        assert ear is not None
        ear.close()
        (top / PLAN).write_text("# New\n")
        agrees(following)
        batches(following.watcher, lambda _: following.watcher.mode == "polling")
        assert "the thread that listened has ended" in following.watcher.notice


def test_where_a_library_knows_no_inotify_it_is_polled(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.utils import UnsupportedLibcError

    def refuse(*_: object) -> None:
        raise UnsupportedLibcError

    monkeypatch.setattr("plantrack.watch.inotify.Inotify", refuse)
    with Watcher(ground(top), POLLING) as watcher:
        assert "knows no inotify" in watcher.notice


# --- not all of it --------------------------------------------------------------------------------


def test_too_many_folders_are_left_to_the_sweep_and_that_is_said(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = list(covering.cover.__defaults__ or ())
    monkeypatch.setattr(covering.cover, "__defaults__", (2, *defaults[1:]))
    following = Follower.at(top, Pace(sweep_s=0.2))
    with following.watcher:
        assert following.watcher.mode == "events"
        assert following.watcher.notice == "1 folders too many: they are looked at every 0.2 s"
        (top / "src/plan.md").write_text("# Unheard\n")
        (top / "last.md").write_text("# Heard\n")
        agrees(following)
        assert "src/plan.md" not in paths_in(following.batches)


def test_a_far_file_system_is_listened_to_and_looked_at_more_often(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"36 21 0:32 / {tmp_path} rw - nfs4 server:/export rw\n")
    monkeypatch.setattr(limits, "MOUNTS", str(mounts))
    with Watcher(ground(top), Pace(sweep_s=inf, poll_s=0.2)) as watcher:
        assert watcher.mode == "polling"
        assert "nfs4 does not tell of changes that are made elsewhere" in watcher.notice
        (top / PLAN).write_text("# New\n")
        awaited(watcher, PLAN)
        batches(watcher, lambda found: sum(batch.is_whole for batch in found) == 2)


def test_where_mounts_are_not_told_nothing_is_far(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOUNTS", "/nowhere")
    with Watcher(ground(top)) as watcher:
        assert (watcher.mode, watcher.notice) == ("events", "")


# --- other systems --------------------------------------------------------------------------------


@pytest.fixture
def other_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listen through watchdog's own observer: Linux' one stands in for that of other systems."""
    monkeypatch.setattr("plantrack.watch.system._NAME", "other")


@pytest.mark.usefixtures("other_system")
@pytest.mark.parametrize(
    "save",
    [in_place, by_replacing, like_vim, by_removing, by_moving_away],
    ids=lambda save: save.__name__,
)
def test_other_systems_tell_of_a_save_and_of_nothing_else(
    save: Callable[[Path], None], top: Path
) -> None:
    with started(top) as watcher:
        save(top / PLAN)
        assert paths_in(awaited(watcher, PLAN)) == {PLAN}


def test_without_the_layer_below_the_observer_does_the_work(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later watchdog may have it elsewhere."""
    monkeypatch.setitem(sys.modules, "plantrack.watch.inotify", None)
    with started(top) as watcher:
        in_place(top / PLAN)
        assert paths_in(awaited(watcher, PLAN)) == {PLAN}


@pytest.mark.usefixtures("other_system")
def test_other_systems_follow_folders_and_git(top: Path) -> None:
    following = Follower.at(top, EVENTS_ALONE)
    with following.watcher:
        (top / "new/deep").mkdir(parents=True)
        (top / "new/deep/plan.md").write_text("# New\n")
        agrees(following)
        (top / "docs").rename(top / "notes")
        agrees(following)
        following.settle(0.7, inf)
        (top / ".git/HEAD").write_text("ref: refs/heads/other\n")
        found = batches(following.watcher, len)
        assert found[0].in_git


@pytest.mark.usefixtures("other_system")
def test_other_systems_watch_a_folder_again_that_comes_back(top: Path) -> None:
    following = Follower.at(top, Pace(sweep_s=0.3))
    with following.watcher:
        top.rename(top.with_name("elsewhere"))
        agrees(following)
        (top / "docs").mkdir(parents=True)
        (top / PLAN).write_text("# Back\n")
        agrees(following)
        following.step(1)
        (top / PLAN).write_text("# Back and changed\n")
        awaited(following.watcher, PLAN)


@pytest.mark.usefixtures("other_system")
def test_other_systems_watch_git_where_it_is_elsewhere(top: Path, tmp_path: Path) -> None:
    git = tmp_path / "elsewhere.git"
    (top / ".git").rename(git)
    where = replace(ground(top), git_dir=str(git), common_dir=str(git))
    with Watcher(where, EVENTS_ALONE) as watcher:
        watcher.take()
        (git / "refs/heads/main").write_text("1" * 40)
        assert batches(watcher, len)[0].in_git


@pytest.mark.usefixtures("other_system")
@pytest.mark.parametrize("name", ["KqueueObserver", "PollingObserver"])
def test_an_observer_that_would_hold_every_file_open_is_not_used(
    name: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observers, "Observer", type(name, (InotifyObserver,), {}))
    with Watcher(ground(top), POLLING) as watcher:
        assert watcher.mode == "polling"
        assert "this system" in watcher.notice


@pytest.mark.usefixtures("other_system")
@pytest.mark.parametrize("method", ["start", "schedule"])
def test_an_observer_that_does_not_work_is_replaced_by_polling(
    method: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no more")

    monkeypatch.setattr(InotifyObserver, method, refuse)
    with Watcher(ground(top), POLLING) as watcher:
        assert watcher.mode == "polling"
        assert "does not tell of changes" in watcher.notice


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["linux", "other"])
@pytest.mark.parametrize("polls", [False, True])
def test_no_thread_and_no_descriptor_is_left(
    system: str,
    polls: bool,  # noqa: FBT001 - a case
    top: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plantrack.watch.system._NAME", system)

    def count() -> tuple[int, int]:
        return threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    with Watcher(ground(top), polls=polls):
        pass  # what is opened once for all, by the first one
    before = count()
    for _ in range(3):
        watcher = Watcher(ground(top), polls=polls)
        watcher.take()
        (top / PLAN).write_text("# New\n")
        assert polls or count() > before
        watcher.close()
        watcher.close()
        assert count() == before
    assert watcher.take() is None
    assert watcher.due() is None


def test_what_is_done_while_it_is_closed_is_no_trouble(top: Path) -> None:
    """Events arrive until the last moment, and after."""
    is_over = threading.Event()

    def save() -> None:
        while not is_over.is_set():
            in_place(top / PLAN)

    thread = threading.Thread(target=save)
    thread.start()
    try:
        for _ in range(20):
            with Watcher(ground(top), EVENTS_ALONE) as watcher:
                awaited(watcher, PLAN)
    finally:
        is_over.set()
        thread.join()


def test_what_the_library_logs_is_not_written_to_the_screen(
    top: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = (
        "import logging, sys\nfrom pathlib import Path\n"
        "from plantrack.watch import Watcher\nfrom soak.follower import ground\n"
        "with Watcher(ground(Path(sys.argv[1]))):\n"
        "    logging.getLogger('watchdog.observers.inotify_c').warning('Queue overflowed')\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, str(top)], env=environment, check=True)
    assert capfd.readouterr() == ("", "")


def test_watchdog_is_not_imported_before_something_is_watched() -> None:
    code = "import sys, plantrack.watch; print(sorted({'watchdog', 'logging'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("words", [["next"], ["status"], ["status", "0001"], ["log"]], ids=" ".join)
def test_commands_that_watch_nothing_do_not_import_watchdog(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    repo = make_repo({"docs/0001.md": "# Plan\n\n## Implementation Plan\n\n- [ ] a step\n"})
    code = (
        "import sys; from plantrack.__main__ import main; main(sys.argv[1:]);"
        " print('watchdog' in sys.modules, file=sys.stderr)"
    )
    argv = [sys.executable, "-c", code, *words]
    done = subprocess.run(argv, cwd=repo.path, capture_output=True, text=True, check=True)
    assert done.stderr.split()[-1] == "False"
