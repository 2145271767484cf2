from __future__ import annotations

import ctypes
import errno
import os
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest
from watchdog.observers import inotify_c

from conftest import Repo
from plantrack.watch import Batch, Ground, Pace, Watcher
from plantrack.watch.ear import git_folders
from soak import follower
from soak.follower import Follower, ground, rescan

PATIENCE_S = 20.0
EVENTS_ALONE = Pace(sweep_s=inf)  # nothing is found but by an event
PLAN = "docs/plan.md"
LONG_TEXT = "# Plan\n" + "- [ ] a step\n" * 500

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A folder with a document, another file, and what may not wake anybody."""
    top = tmp_path / "top"
    for folder in ("docs", "src", ".plan-history", ".git/refs/heads", ".git/objects"):
        (top / folder).mkdir(parents=True)
    (top / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (top / PLAN).write_text(LONG_TEXT)
    (top / "src/code.py").write_text("pass\n")
    return top


def batches(watcher: Watcher, is_enough: Callable[[list[Batch]], object]) -> list[Batch]:
    """Take batches until they are enough."""
    found: list[Batch] = []
    until = time.monotonic() + PATIENCE_S
    while not is_enough(found):
        assert time.monotonic() < until, f"no more than {found}"
        due = watcher.due()
        select.select([watcher], [], [], 1.0 if due is None else min(due, 1.0))
        batch = watcher.take()
        if batch is not None:
            found.append(batch)
    return found


def paths_in(found: list[Batch]) -> set[str]:
    return {path for batch in found for path in batch.paths}


def awaited(watcher: Watcher, path: str) -> list[Batch]:
    """Take batches until one names a path."""
    return batches(watcher, lambda found: path in paths_in(found))


def started(top: Path, pace: Pace = EVENTS_ALONE) -> Watcher:
    """Watch a folder, after the batch that everybody begins with."""
    watcher = Watcher(ground(top), pace)
    assert watcher.mode == "events", watcher.notice
    assert watcher.take() == Batch(frozenset(), is_whole=True, in_git=False)
    return watcher


def agrees(following: Follower) -> None:
    """Follow until the model is what stands on disk."""
    until = time.monotonic() + PATIENCE_S
    while following.model != rescan(following.top):
        assert time.monotonic() < until
        following.step(0.1)


# --- how files are saved --------------------------------------------------------------------------


def in_place(path: Path) -> None:
    """As VS Code and nano do."""
    handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    os.write(handle, b"# New\n")
    os.fsync(handle)
    os.close(handle)


def by_replacing(path: Path) -> None:
    """As agents, formatters and `sed -i` do."""
    other = path.with_name(".tmp-4711")
    other.write_text("# New\n")
    other.replace(path)


def like_vim(path: Path) -> None:
    """Try whether files may be made, keep the old one as a backup, write the new one."""
    probe, backup = path.with_name("4913"), path.with_name(path.name + "~")
    probe.touch()
    probe.unlink()
    path.rename(backup)
    path.write_text("# New\n")
    path.chmod(0o644)
    backup.unlink()


def like_vim_copying(path: Path) -> None:
    """Write into the file itself, after a copy of it was made."""
    swap, backup = path.with_name(f".{path.name}.swp"), path.with_name(path.name + "~")
    swap.write_bytes(b"b0VIM")
    shutil.copy(path, backup)
    in_place(path)
    backup.unlink()
    swap.unlink()


def like_emacs(path: Path) -> None:
    """Lock by a link that leads nowhere, save aside now and then, keep the old one as a backup."""
    lock, aside = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#")
    lock.symlink_to("ada@host.4711:1700000000")
    aside.write_text("# Ne")
    path.rename(path.with_name(path.name + "~"))
    path.write_text("# New\n")
    aside.unlink()
    lock.unlink()


def by_exchanging(path: Path) -> None:
    """Swap two files in one step (renameat2)."""
    other = path.with_name("other.tmp")
    other.write_text("# New\n")
    done = ctypes.CDLL(None, use_errno=True).renameat2(
        -100, os.fsencode(other), -100, os.fsencode(path), 2
    )
    if done != 0:
        other.unlink()
        pytest.skip("files cannot be exchanged here")
    other.unlink()


def by_moving_in(path: Path) -> None:
    """Move a file in from a folder that is not watched."""
    other = path.parents[2] / "elsewhere.md"
    other.write_text("# New\n")
    other.replace(path)


def by_linking(path: Path) -> None:
    other = path.parents[2] / "elsewhere.md"
    other.write_text("# New\n")
    path.unlink()
    path.hardlink_to(other)


def without_closing(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(handle, b"- [ ] one more\n")
    _held_open.append(handle)


def by_removing(path: Path) -> None:
    path.unlink()


def by_moving_away(path: Path) -> None:
    path.rename(path.parents[2] / "elsewhere.md")


_held_open: list[int] = []
SAVES = [
    in_place,
    by_replacing,
    like_vim,
    like_vim_copying,
    like_emacs,
    by_exchanging,
    by_moving_in,
    by_linking,
    without_closing,
    by_removing,
    by_moving_away,
]


@pytest.fixture
def _closing() -> Iterator[None]:
    yield
    while _held_open:
        os.close(_held_open.pop())


@pytest.mark.usefixtures("_closing")
@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_a_save_is_told_of_and_nothing_else(save: Callable[[Path], None], top: Path) -> None:
    with started(top) as watcher:
        save(top / PLAN)
        found = awaited(watcher, PLAN)
        assert paths_in(found) == {PLAN}
        assert not any(batch.is_whole or batch.in_git for batch in found)


@pytest.mark.parametrize(
    "save", [in_place, by_replacing, like_vim, like_emacs], ids=lambda save: save.__name__
)
def test_what_stands_in_a_file_after_a_save_is_what_was_followed(
    save: Callable[[Path], None], top: Path
) -> None:
    following = Follower.at(top, EVENTS_ALONE)
    with following.watcher:
        save(top / PLAN)
        agrees(following)
        assert following.model[PLAN] == b"# New\n"


@pytest.mark.parametrize("keys", ["backupcopy=no", "backupcopy=yes"])
def test_a_save_by_vim_itself_is_told_of(keys: str, top: Path) -> None:
    vim = shutil.which("vim")
    if vim is None:
        pytest.skip("there is no vim")
    with started(top) as watcher:
        script = ["-c", f"set {keys} backup writebackup", "-c", "normal Goxyz", "-c", "wq"]
        argv = [vim, "-N", "-u", "NONE", "-i", "NONE", "-es", *script, PLAN]
        subprocess.run(argv, cwd=top, stdin=subprocess.DEVNULL, timeout=60, check=False)
        assert "xyz" in (top / PLAN).read_text()
        assert paths_in(awaited(watcher, PLAN)) == {PLAN}


def test_a_save_by_emacs_itself_is_told_of(top: Path) -> None:
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("there is no emacs")
    with started(top) as watcher:
        code = f'(progn (find-file "{PLAN}") (insert "xyz") (save-buffer))'
        argv = [emacs, "-Q", "--batch", "--eval", code]
        subprocess.run(argv, cwd=top, timeout=60, check=True)
        assert paths_in(awaited(watcher, PLAN)) == {PLAN}


# --- what nobody is woken for ---------------------------------------------------------------------


def reading(top: Path) -> None:
    (top / PLAN).read_text()
    list(top.rglob("*"))


def attributes(top: Path) -> None:
    (top / PLAN).chmod(0o600)
    os.utime(top / PLAN, (1, 1))


def other_files(top: Path) -> None:
    (top / "docs/picture.png").write_bytes(b"\x89PNG")
    (top / "docs/.plan.md.swp").write_bytes(b"b0VIM")
    (top / "docs/plan.md~").write_text("old")
    (top / "docs/#plan.md#").write_text("ne")
    (top / "docs/.#plan.md").symlink_to("nowhere")
    (top / "docs/4913").touch()
    (top / "src/code.py").write_text("import os\n")


def our_own_memory(top: Path) -> None:
    (top / ".plan-history/plans.db").write_bytes(b"SQLite format 3\0")
    (top / ".plan-history/plans.db-wal").write_bytes(b"wal")
    shutil.rmtree(top / ".plan-history")
    (top / ".plan-history").mkdir()


def git_at_rest(top: Path) -> None:
    """Reading git commands, a fetch, and a lock that is only taken."""
    (top / ".git/objects/4b825dc").write_bytes(b"x")
    (top / ".git/FETCH_HEAD").write_text("x")
    (top / ".git/COMMIT_EDITMSG").write_text("x")
    (top / ".git/index.lock").touch()
    (top / ".git/refs/heads/main.lock").touch()


def folders_nobody_looks_into(top: Path) -> None:
    (top / "node_modules/package").mkdir(parents=True)
    (top / "node_modules/package/readme.md").write_text("# Not ours\n")
    shutil.rmtree(top / "node_modules")


@pytest.mark.parametrize(
    "deed",
    [
        reading,
        attributes,
        other_files,
        our_own_memory,
        git_at_rest,
        folders_nobody_looks_into,
    ],
    ids=lambda deed: deed.__name__,
)
@pytest.mark.parametrize("system", ["linux", "other"])
def test_nobody_is_woken_for(
    deed: Callable[[Path], None], system: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events come in order: what is told of the last deed is all there is."""
    monkeypatch.setattr("plantrack.watch.system._NAME", system)
    with started(top) as watcher:
        deed(top)
        (top / "last.md").write_text("# Last\n")
        found = awaited(watcher, "last.md")
        assert paths_in(found) == {"last.md"}
        assert not any(batch.is_whole or batch.in_git for batch in found)


def test_at_rest_nothing_is_due_and_nothing_wakes(top: Path) -> None:
    with started(top) as watcher:
        assert watcher.due() is None
        assert select.select([watcher], [], [], 0.5)[0] == []
        assert watcher.take() is None


def test_at_rest_there_is_the_sweep(top: Path) -> None:
    with started(top, Pace(sweep_s=0.2)) as watcher:
        due = watcher.due()
        assert due is not None
        assert due <= 0.2
        found = batches(watcher, lambda found: len(found) == 3)
        assert set(found) == {Batch(frozenset(), is_whole=True, in_git=False)}
        assert select.select([watcher], [], [], 0)[0] == []  # a timer wakes, no descriptor


# --- storms ---------------------------------------------------------------------------------------


def test_twenty_saves_in_a_moment_are_three_batches_at_most(top: Path) -> None:
    with started(top) as watcher:
        moments = []

        def save() -> None:
            for _ in range(20):
                by_replacing(top / PLAN)
                moments.append(time.monotonic())
                time.sleep(0.3 / 20)
            (top / "last.md").write_text("# Last\n")

        thread = threading.Thread(target=save)
        thread.start()
        found = awaited(watcher, "last.md")
        thread.join()
        # A machine that stops for longer than the quiet makes several storms of it.
        pauses = sum(later - earlier > 0.05 for earlier, later in pairwise(moments))
        length = moments[-1] - moments[0]
        assert len(found) <= 3 + pauses + length / EVENTS_ALONE.most_s
        assert paths_in(found) == {PLAN, "last.md"}


def test_more_paths_than_anybody_wants_to_hear_of_are_everything(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plantrack.watch.inbox.MOST_PATHS", 10)
    with started(top, Pace(sweep_s=inf, quiet_s=0.5)) as watcher:
        in_place(top / PLAN)  # what comes after it waits for quiet
        for number in range(40):
            (top / f"docs/{number:02}.md").touch()
        found = batches(watcher, lambda found: any(batch.is_whole for batch in found))
        assert max(len(batch.paths) for batch in found) == 10


# --- git ------------------------------------------------------------------------------------------


def followed(repo: Repo, deed: Callable[[], object]) -> Follower:
    """Let something be done to a repository while a follower looks, until both agree."""
    following = Follower.at(repo.path, EVENTS_ALONE)
    with following.watcher:
        thread = threading.Thread(target=deed)
        thread.start()
        while thread.is_alive():
            following.step(0.05)
        truth = rescan(repo.path)
        until = time.monotonic() + PATIENCE_S
        while following.model != truth or not following.batches:
            assert time.monotonic() < until
            following.step(0.1)
        following.settle(0.2, until)
        assert following.model == truth
    return following


@pytest.mark.no_cover  # the lines of other tests, thousands of times
@pytest.mark.timeout(300)
def test_five_thousand_documents_that_git_switches_are_all_followed(
    make_repo: Callable[..., Repo],
) -> None:
    repo = make_repo()
    paths = [f"docs/{number // 500}/{number:04}.md" for number in range(5000)]
    said = []
    for branch, mark in (("main", " "), ("other", "x")):
        said.append(f"commit refs/heads/{branch}\ncommitter Ada <a@example.org> 0 +0000\ndata 0\n")
        text = f"# Plan\n- [{mark}] a step\n"
        said += [f"M 644 inline {path}\ndata {len(text)}\n{text}\n" for path in paths]
    argv = ["git", "fast-import", "--quiet"]
    subprocess.run(argv, cwd=repo.path, input="".join(said), text=True, check=True)
    repo.git("switch", "--quiet", "other")
    following = followed(repo, lambda: repo.git("switch", "--quiet", "main"))
    assert len(following.model) == 5000
    assert any(batch.in_git or batch.is_whole for batch in following.batches)


def stash(repo: Repo) -> None:
    repo.git("stash", "--quiet")


def stash_and_pop(repo: Repo) -> None:
    repo.git("stash", "--quiet")
    repo.git("stash", "pop", "--quiet")


def commit(repo: Repo) -> None:
    repo.git("commit", "--quiet", "--all", "--message", "Change it")


def rename(repo: Repo) -> None:
    repo.git("mv", PLAN, "docs/later.md")


def switch(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--force", "other")


def rename_folder(repo: Repo) -> None:
    repo.git("mv", "docs", "notes")


@pytest.mark.parametrize(
    "deed",
    [stash, stash_and_pop, commit, rename, switch, rename_folder],
    ids=lambda deed: deed.__name__,
)
def test_git_is_followed(deed: Callable[[Repo], None], make_repo: Callable[..., Repo]) -> None:
    repo = make_repo({PLAN: "# Plan\n", "docs/deep/other.md": "# Other\n"})
    repo.git("switch", "--quiet", "--create", "other")
    repo.commit({PLAN: None, "new/plan.md": "# Plan\n"})
    repo.git("switch", "--quiet", "main")
    repo.write({PLAN: "# Plan\n- [x] done\n"})
    following = followed(repo, lambda: deed(repo))
    assert any(batch.in_git for batch in following.batches)


def test_a_commit_on_a_new_branch_in_a_folder_of_branches_is_seen(
    make_repo: Callable[..., Repo],
) -> None:
    """Its file is in a folder that is not there yet when watching begins."""
    repo = make_repo({PLAN: "# Plan\n"})
    with started(repo.path) as watcher:
        repo.git("switch", "--quiet", "--create", "feature/deep/one")
        batches(watcher, lambda found: any(batch.in_git for batch in found))
        head = repo.git("rev-parse", "HEAD").strip()
        time.sleep(0.3)  # until what came with the switch is over
        while watcher.take() is not None:
            pass
        (repo.path / ".git/refs/heads/feature/deep/one").write_text(head + "\n")
        batches(watcher, lambda found: any(batch.in_git for batch in found))


def test_of_very_many_folders_of_branches_some_are_left_to_the_sweep(top: Path) -> None:
    heads = top / ".git/refs/heads"
    for number in range(400):
        (heads / f"{number:03}").mkdir()
    found = git_folders(ground(top))
    assert 200 < len(found) < 300
    assert found[str(heads)] == "refs/heads"


def test_a_lock_that_git_gives_back_unused_is_told_of(top: Path) -> None:
    """Whoever waits for git to be done has to look again."""
    lock = top / ".git/index.lock"
    lock.touch()
    with started(top) as watcher:
        lock.unlink()
        (batch,) = batches(watcher, len)
        assert batch == Batch(frozenset(), is_whole=False, in_git=True)


def test_a_linked_worktree_hears_of_its_own_head_and_of_the_branches_of_all(
    make_repo: Callable[..., Repo], tmp_path: Path
) -> None:
    repo = make_repo({PLAN: "# Plan\n"})
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    common = repo.path / ".git"
    own = common / "worktrees/linked"
    where = Ground(str(linked), str(own), str(common), ("docs",), follower.takes)
    with Watcher(where, EVENTS_ALONE) as watcher:
        watcher.take()
        (own / "HEAD").write_text("ref: refs/heads/other\n")
        assert batches(watcher, len)[-1].in_git
        time.sleep(0.3)
        while watcher.take() is not None:
            pass
        repo.git("branch", "third")
        assert batches(watcher, len)[-1].in_git


# --- folders --------------------------------------------------------------------------------------


@pytest.fixture
def following(top: Path) -> Iterator[Follower]:
    found = Follower.at(top, EVENTS_ALONE)
    with found.watcher:
        yield found


def test_documents_in_new_folders_are_found(following: Follower) -> None:
    deep = following.top / "new/folder/deep"
    deep.mkdir(parents=True)
    (deep / "one.md").write_text("# One\n")
    agrees(following)
    (deep / "two.md").write_text("# Two\n")
    agrees(following)


def test_a_folder_with_documents_that_is_moved_in_is_found(
    following: Follower, tmp_path: Path
) -> None:
    other = tmp_path / "other/deep"
    other.mkdir(parents=True)
    (other / "one.md").write_text("# One\n")
    other.parent.rename(following.top / "other")
    agrees(following)
    assert "other/deep/one.md" in following.model


def test_a_folder_that_is_renamed_is_followed_under_its_new_name(following: Follower) -> None:
    (following.top / "docs").rename(following.top / "notes")
    agrees(following)
    (following.top / "notes/plan.md").write_text("# New\n")
    agrees(following)
    assert following.model == {"notes/plan.md": b"# New\n"}


def test_a_folder_that_takes_the_place_of_another_is_followed(following: Follower) -> None:
    docs = following.top / "docs"
    docs.rename(following.top / "old")
    docs.mkdir()
    (docs / "plan.md").write_text("# Other\n")
    agrees(following)
    (docs / "plan.md").write_text("# Changed\n")
    (following.top / "old/plan.md").write_text("# Changed, too\n")
    agrees(following)


def test_a_folder_that_is_removed_and_made_again_is_followed(following: Follower) -> None:
    docs = following.top / "docs"
    for number in range(3):
        shutil.rmtree(docs)
        docs.mkdir()
        (docs / "plan.md").write_text(f"# {number}\n")
        agrees(following)
        (docs / "plan.md").write_text(f"# {number}, changed\n")
        agrees(following)


def test_a_folder_comes_back_though_nobody_says_anew_what_to_watch(top: Path) -> None:
    with started(top) as watcher:
        shutil.rmtree(top / "docs")
        batches(watcher, lambda found: any(batch.is_whole for batch in found))
        (top / "docs").mkdir()
        batches(watcher, lambda found: any(batch.is_whole for batch in found))
        (top / PLAN).write_text("# New\n")
        awaited(watcher, PLAN)


@pytest.mark.parametrize("how", ["moved", "removed"])
def test_a_top_folder_that_vanishes_and_comes_back_is_watched_again(how: str, top: Path) -> None:
    following = Follower.at(top, Pace(sweep_s=0.3))
    with following.watcher:
        if how == "moved":
            top.rename(top.with_name("elsewhere"))
        else:
            shutil.rmtree(top)
        agrees(following)
        assert following.model == {}
        (top / "docs").mkdir(parents=True)
        (top / PLAN).write_text("# Back\n")
        agrees(following)
        (top / PLAN).write_text("# Back and changed\n")
        awaited(following.watcher, PLAN)  # by an event: a sweep names nothing


def test_a_folder_that_may_not_be_read_is_passed_over(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody keeps root from reading it, so the system call is made to say so."""
    real = inotify_c.inotify_add_watch

    def add(handle: int, path: bytes, mask: int) -> inotify_c.WatchDescriptor:
        if path.endswith(b"docs"):
            ctypes.set_errno(errno.EACCES)
            return inotify_c.WatchDescriptor(-1)
        return real(handle, path, mask)

    monkeypatch.setattr(inotify_c, "inotify_add_watch", add)
    with started(top) as watcher:
        (top / PLAN).write_text("# Unheard\n")
        (top / "new.md").write_text("# New\n")
        assert paths_in(awaited(watcher, "new.md")) == {"new.md"}
        monkeypatch.undo()
        (top / "other").mkdir()  # wakes; the folder is tried again, and may be read now
        batches(watcher, len)
        (top / PLAN).write_text("# Heard\n")
        awaited(watcher, PLAN)


def test_following_the_same_ground_again_changes_nothing(top: Path) -> None:
    with started(top) as watcher:
        watcher.follow(ground(top))
        assert watcher.due() is None


def test_following_another_folder_looks_at_everything_once_more(top: Path) -> None:
    (top / "later").mkdir()
    with Watcher(ground(top, ("docs",)), EVENTS_ALONE) as watcher:
        watcher.take()
        watcher.follow(ground(top, ("docs", "later")))
        assert [batch.is_whole for batch in batches(watcher, len)] == [True]
        (top / "later/new.md").write_text("# New\n")
        awaited(watcher, "later/new.md")
        watcher.follow(ground(top, ("docs",)))
        (top / "later/new.md").write_text("# Newer\n")
        (top / PLAN).write_text("# New\n")
        assert paths_in(awaited(watcher, PLAN)) == {PLAN}


# --- when not everything is told ------------------------------------------------------------------


def test_a_queue_that_overflows_is_noticed_and_everything_is_looked_at(top: Path) -> None:
    """The thread is held while more happens than the kernel keeps."""
    is_held, goes_on = threading.Event(), threading.Event()

    def takes(path: str) -> bool:
        is_held.set()
        goes_on.wait(PATIENCE_S)
        return follower.takes(path)

    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    with Watcher(replace(ground(top), takes=takes), EVENTS_ALONE) as watcher:
        watcher.take()
        (top / PLAN).write_text("# New\n")
        assert is_held.wait(PATIENCE_S)
        one, two = top / "docs/1.md", top / "docs/2.md"
        one.touch()
        for _ in range(most // 2 + 10):
            one.rename(two)
            two.rename(one)
        (top / "docs/lost.md").touch()
        goes_on.set()
        found = batches(watcher, lambda found: any(batch.is_whole for batch in found))
        assert "docs/lost.md" not in paths_in(found)  # its event was among the lost ones
        (top / "docs/heard.md").touch()
        awaited(watcher, "docs/heard.md")


@pytest.mark.parametrize("system", ["linux", "other"])
def test_a_mistake_in_a_handler_makes_nobody_deaf(
    system: str, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plantrack.watch.system._NAME", system)

    def takes(path: str) -> bool:
        if path == PLAN:
            raise ZeroDivisionError
        return follower.takes(path)

    with Watcher(replace(ground(top), takes=takes), EVENTS_ALONE) as watcher:
        watcher.take()
        (top / PLAN).write_text("# New\n")
        assert batches(watcher, len)[0].is_whole
        (top / "docs/other.md").write_text("# New\n")
        awaited(watcher, "docs/other.md")
