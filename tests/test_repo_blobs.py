from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Repo
from fast_history import write_history
from plantrack.errors import PlaceError
from plantrack.repo import blobs, find_place, git, stream
from plantrack.repo.blobs import Blobs

MakeRepo = Callable[..., Repo]
LIMIT = 1 << 20
NOT_THERE = "not in this clone of the repository, or damaged"


def opened(folder: Repo | Path, *, max_bytes: int = LIMIT) -> Blobs:
    place = find_place(str(folder.path if isinstance(folder, Repo) else folder))
    return Blobs(place, max_bytes=max_bytes)


def add(repo: Repo, *contents: bytes) -> list[str]:
    """Store blobs; return their names."""
    for number, content in enumerate(contents):
        (repo.path / str(number)).write_bytes(content)
    paths = "\n".join(str(number) for number in range(len(contents)))
    command = ["git", "-C", str(repo.path), "hash-object", "-w", "--no-filters", "--stdin-paths"]
    done = subprocess.run(command, input=paths.encode(), check=True, capture_output=True)
    return done.stdout.decode().split()


def loose(repo: Repo | Path, name: str) -> Path:
    folder = repo.path if isinstance(repo, Repo) else repo
    path = folder / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o644)
    return path


def children() -> list[int]:
    """List the processes that this one has started and that have not ended."""
    tasks = Path("/proc/self/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def _leave_no_process() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def test_contents_come_byte_for_byte_in_the_order_asked_for(make_repo: MakeRepo) -> None:
    repo = make_repo()
    contents = [b"", b"\n", b"a", b"a\n", b"no newline", b"\0\xff\r\n", b"x blob 5\n", b"\n\n\n"]
    names = add(repo, *contents)
    with opened(repo) as reader:
        assert list(reader.read(names)) == list(zip(names, contents, strict=True))
        backward = list(zip(names[::-1], contents[::-1], strict=True))
        assert list(reader.read(iter(names[::-1]))) == backward
        assert list(reader.read([names[2]] * 3)) == [(names[2], b"a")] * 3
        assert list(reader.read([])) == []
        assert reader.unread == ()


def test_thousands_of_blobs_of_every_size_pass_without_a_standstill(make_repo: MakeRepo) -> None:
    chance = random.Random(1)  # noqa: S311 -- the same sizes every time
    sizes = [chance.choice([0, 10, 4096, 65_536, 200_000]) for _ in range(300)]
    contents = [chance.randbytes(size) for size in sizes]
    repo = make_repo()
    content_by_name = dict(zip(add(repo, *contents), contents, strict=True))
    names = chance.choices(list(content_by_name), k=3000)
    with opened(repo) as reader:
        for name, content in reader.read(names):
            assert content == content_by_name[name]


def test_what_is_longer_than_the_limit_is_left_unread(make_repo: MakeRepo) -> None:
    repo = make_repo()
    small, exact, large = names = add(repo, b"12", b"123", b"1234")
    with opened(repo, max_bytes=3) as reader:
        assert list(reader.read(names)) == [(small, b"12"), (exact, b"123"), (large, None)]
        assert list(reader.read([large])) == [(large, None)]
        assert reader.unread == ((large, "4 bytes long, more than 3"),)


def test_a_blob_that_would_fill_the_memory_is_not_even_unpacked(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"big.md": b"\0" * (1 << 24), "a.md": "1"})
    names = repo.git("rev-parse", "@:big.md", "@:a.md").split()
    heard = 0
    hear = stream.Talk.hear

    def counted(talk: stream.Talk) -> bytes:
        nonlocal heard
        chunk = hear(talk)
        heard += len(chunk)
        return chunk

    monkeypatch.setattr(stream.Talk, "hear", counted)
    with opened(repo) as reader:
        assert [content for _, content in reader.read(names)] == [None, b"1"]
    assert heard < 1000


def test_what_is_no_blob_or_is_not_there_is_said_once(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": "1"})
    commit, tree, blob = repo.git("rev-parse", "@", "@:docs", "@:docs/a.md").split()
    asked = [commit, blob, "1" * 40, tree, blob, "1" * 40]
    with opened(repo) as reader:
        answers = [content for _, content in reader.read(asked)]
        assert answers == [None, b"1", None, None, b"1", None]
        assert reader.unread == (
            (commit, "a commit, not the content of a file"),
            ("1" * 40, NOT_THERE),
            (tree, "a tree, not the content of a file"),
        )


@pytest.mark.parametrize("damage", [b"", b"no zlib", None])
def test_damaged_objects_are_passed_over(make_repo: MakeRepo, damage: bytes | None) -> None:
    repo = make_repo()
    contents = [b"%d\n" % number * 5000 for number in range(20)]
    names = add(repo, *contents)
    bad = {names[0], names[7], names[8], names[19]}
    for name in bad:
        path = loose(repo, name)
        # Sound enough to tell the size, but not for all of the content.
        path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    with opened(repo) as reader:
        for name, content in zip(names, contents, strict=True):
            expected = None if name in bad else content
            assert list(reader.read([name])) == [(name, expected)]
        assert {blob for blob, _ in reader.unread} == bad
    with opened(repo) as reader:
        assert (
            list(reader.read(names * 30))
            == [
                (name, None if name in bad else content)
                for name, content in zip(names, contents, strict=True)
            ]
            * 30
        )
        assert sorted(reader.unread) == sorted((name, NOT_THERE) for name in bad)


def test_a_damaged_pack_costs_no_more_than_what_it_held(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    write_history(folder, {"a.md": "line\n" * 500, "b.md": "other\n" * 500}, commits=400)
    command = ["git", "-C", str(folder), "rev-list", "--objects", "--no-object-names", "--all"]
    listed = subprocess.run(command, check=True, capture_output=True).stdout.decode().split()
    (pack,) = (folder / ".git/objects/pack").glob("*.pack")
    data = bytearray(pack.read_bytes())
    for at in range(len(data) // 3, len(data) // 2, 97):
        data[at] ^= 0xFF
    pack.chmod(0o644)
    pack.write_bytes(data)
    with opened(folder) as reader:
        answers = list(reader.read(listed))
    assert [name for name, _ in answers] == listed
    assert any(content is not None for _, content in answers)


def test_a_clone_without_contents_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, clone = tmp_path / "repo", tmp_path / "clone"
    write_history(folder, {"a.md": "- [ ] one\n- [ ] two\n"}, commits=300)
    repo = Repo(folder)
    repo.git("config", "uploadpack.allowFilter", "true")
    command = ["git", "clone", "-q", "--filter=blob:none", f"file://{folder}", str(clone)]
    subprocess.run(command, check=True)
    names = repo.git("log", "--format=", "--raw", "--no-abbrev").split("\n")
    names = [line.split()[3] for line in names if line]
    objects = sorted((clone / ".git/objects").rglob("*"))
    reader = opened(clone)
    fake_git(tmp_path / "bin", monkeypatch, f'echo >> {tmp_path}/starts; exec {git.program()} "$@"')
    with reader:
        found = [content is not None for _, content in reader.read(names)]
        assert found == [name == names[0] for name in names]
        assert {name for name, _ in reader.unread} == set(names[1:])
    assert sorted((clone / ".git/objects").rglob("*")) == objects
    assert len((tmp_path / "starts").read_text()) < 6


def test_a_reading_that_was_left_does_not_disturb_the_next(make_repo: MakeRepo) -> None:
    repo = make_repo()
    names = add(repo, *(b"%d\n" % number * 9000 for number in range(400)))
    with opened(repo) as reader:
        for number in (0, 1, 7):
            reading = reader.read(names)
            for _ in range(number):
                next(reading)
            reading.close()
            assert [content for _, content in reader.read(names[:2])] == [
                b"0\n" * 9000, b"1\n" * 9000
            ]  # fmt: skip


def test_two_readings_at_once_are_refused(make_repo: MakeRepo) -> None:
    repo = make_repo()
    names = add(repo, b"1", b"2")
    with opened(repo) as reader:
        reading = reader.read(names)
        next(reading)
        with pytest.raises(AssertionError, match="under way"):
            next(reader.read(names))


def test_only_names_are_put_to_git(make_repo: MakeRepo) -> None:
    with opened(make_repo({"a.md": "1"})) as reader, pytest.raises(AssertionError):
        list(reader.read(["HEAD:a.md"]))


def test_nothing_is_started_before_something_is_read(make_repo: MakeRepo) -> None:
    before = children()
    with opened(make_repo()) as reader:
        assert list(reader.read([])) == []
        assert children() == before


def test_git_that_is_killed_is_started_again(make_repo: MakeRepo) -> None:
    repo = make_repo()
    contents = [b"%d\n" % number * 30_000 for number in range(40)]
    names = add(repo, *contents)
    before = children()
    got = []
    with opened(repo) as reader:
        for name, content in reader.read(names):
            got.append((name, content))
            if len(got) in (1, 3, 20):
                for pid in set(children()) - set(before):
                    os.kill(pid, signal.SIGKILL)
        assert reader.unread == ()
    assert got == list(zip(names, contents, strict=True))


def test_git_that_never_answers_is_given_up(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = opened(make_repo())
    fake_git(tmp_path / "bin", monkeypatch, "exec sleep 100")
    monkeypatch.setattr(git, "LIMIT_S", 0.1)
    with reader, pytest.raises(PlaceError, match="did not answer"):
        list(reader.read(["1" * 40]))


def test_git_that_always_ends_is_given_up(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = opened(make_repo())
    fake_git(tmp_path / "bin", monkeypatch, f"echo >> {tmp_path}/starts; exit 1")
    monkeypatch.setattr(blobs, "MAX_ENDS", 9)
    names = [f"{number:040x}" for number in range(2000)]
    with reader:
        assert list(reader.read(names)) == [(name, None) for name in names]
        assert len(reader.unread) == 2000
    assert len((tmp_path / "starts").read_text()) == 10


def test_git_that_talks_nonsense_is_not_believed(
    make_repo: MakeRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = opened(make_repo())
    fake_git(tmp_path / "bin", monkeypatch, "yes nonsense | tr -d '\\n'")
    with reader:
        assert list(reader.read(["1" * 40])) == [("1" * 40, None)]


def test_both_gits_end_when_the_reader_is_left_by_an_error(make_repo: MakeRepo) -> None:
    repo = make_repo()
    names = add(repo, *(b"%d\n" % number * 90_000 for number in range(9)))
    before = children()

    def interrupted() -> None:
        with opened(repo) as reader:
            for _ in reader.read(names):
                assert len(children()) == len(before) + 2
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert children() == before
