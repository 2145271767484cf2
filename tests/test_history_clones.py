"""Clones that lack something: what is there is read, what is not is told once, never fetched."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from history_samples import Known, assert_books_balance, known, pending, told
from plantrack import config, sync
from plantrack.core.comparison import Sides
from plantrack.errors import PlaceError
from plantrack.sync import sides
from sync_samples import Here

MakeRepo = Callable[..., Repo]
GAUGES, BERTHS, PILOTS = "Read the gauges", "Paint the berth board", "Call every pilot"


def checklist(*tasks: str, title: str = "Tides") -> str:
    """Write a design doc with these tasks, each "x words" or "words"."""
    boxes = "\n".join(f"- [x] {t[2:]}" if t.startswith("x ") else f"- [ ] {t}" for t in tasks)
    return f"# {title}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


def long_story(make_repo: MakeRepo) -> Repo:
    """Make a repository with a rename, a rewrite and a document that goes."""
    repo = make_repo(
        {"docs/a.md": checklist(GAUGES, BERTHS), "b.md": checklist(PILOTS, title="Pilots")},
        {"docs/a.md": checklist(f"x {GAUGES}", BERTHS), "docs/c.md": checklist("Look up")},
        {"b.md": checklist(f"x {PILOTS}", "Thank every pilot", title="Pilots")},
        {"docs/c.md": None},
    )
    repo.git("mv", "docs/a.md", "docs/z.md")
    repo.commit({"docs/z.md": checklist(f"x {GAUGES}", f"x {BERTHS}", "Look down")})
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return repo


def clone(repo: Repo, *options: str) -> Repo:
    """Clone over a protocol, so that something may be left on the server."""
    there = repo.path.parent / "clone"
    command = ["git", "clone", "--quiet", *options, f"file://{repo.path}", str(there)]
    subprocess.run(command, check=True)
    return Repo(there)


def whole(repo: Repo) -> Known:
    """Read a repository that lacks nothing."""
    here = Here(repo.path)
    here.refresh()
    return known(here)


def remarks(here: Here) -> list[tuple[str, str]]:
    """Read what was found about the place and its past."""
    with here.open() as store:
        return [(one.code, one.message) for one in store.findings() if one.kind == "listing"]


def objects(repo: Repo) -> set[Path]:
    return set((repo.path / ".git" / "objects").rglob("*"))


# --- partial clones -------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["blob:none", "blob:limit=100", "tree:0"])
def test_what_a_partial_clone_left_on_the_server_is_told_once_and_not_fetched(
    make_repo: MakeRepo, left: str
) -> None:
    repo = long_story(make_repo)
    partial = clone(repo, f"--filter={left}")
    here, before = Here(partial.path), objects(partial)
    here.refresh()
    here.refresh()
    ((code, words),) = remarks(here)
    assert code == "history-gap"
    count = int(words.split()[0])
    assert words.startswith(f"{count} commits could not be read as a whole, the first of them ")
    assert 2 <= count <= 5  # each once, whatever it touched
    assert words.endswith("git fetch --refetch --no-filter gets what was not cloned, "
                          "then plantrack sync --rebuild")  # fmt: skip
    assert objects(partial) == before
    assert pending(here) == []  # what stands at the end of the line is all here
    assert_books_balance(here)
    partial.git("fetch", "--quiet", "--refetch", "--no-filter")
    here.refresh(rebuild=True)
    assert remarks(here) == []
    assert known(here) == whole(repo)


def test_a_commit_after_a_gap_is_read_on_top_of_it(make_repo: MakeRepo) -> None:
    partial = clone(long_story(make_repo), "--filter=blob:none")
    here = Here(partial.path)
    here.refresh()
    partial.write({"b.md": checklist(f"x {PILOTS}", "x Thank every pilot", title="Pilots")})
    here.refresh()
    assert pending(here) == [("ticked", "", "Thank every pilot")]
    partial.git("commit", "--quiet", "--all", "--message", "Thank them")
    here.refresh()
    assert told(here)[-1] == ("ticked", "", "Thank every pilot")
    assert [code for code, _ in remarks(here)] == ["history-gap"]
    assert_books_balance(here)


def compare(here: Here, asked: str) -> Sides:
    place, settings = here.place, config.load(here.path.as_posix())
    with here.open() as store:
        return sides.read(place, store, settings, sides.ends(place, asked))


def test_what_is_missing_is_not_taken_for_what_was_not_there(make_repo: MakeRepo) -> None:
    repo = long_story(make_repo)
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~2")
    repo.write({"b.md": checklist("Go aside", title="Pilots"), "long.md": "- [ ] a\n" * 200_000})
    repo.commit({})
    repo.commit({"b.md": checklist("x Go aside", title="Pilots"), "long.md": "- [x] a\n" * 200_000})
    repo.git("checkout", "--quiet", "main")
    expected = compare(Here(repo.path), "side..HEAD")
    partial = clone(repo, "--filter=blob:none")
    here = Here(partial.path)
    here.refresh()
    with pytest.raises(PlaceError, match="not in this clone") as refused:
        compare(here, "origin/side..HEAD")
    assert "--refetch" in refused.value.remedy
    partial.git("fetch", "--quiet", "--refetch", "--no-filter")
    found = compare(here, "origin/side..HEAD")
    assert found.pairs == expected.pairs
    assert len(compare(here, "origin/side~1..origin/side").pairs) == 1  # the long one has no plan


# --- shallow clones -------------------------------------------------------------------------------


def test_a_clone_that_reaches_further_back_is_read_anew_without_being_asked_to(
    make_repo: MakeRepo,
) -> None:
    repo = long_story(make_repo)
    shallow = clone(repo, "--depth", "2")
    here = Here(shallow.path)
    lengths = []
    for way in (None, ("--deepen", "1"), ("--depth", "1"), ("--unshallow",)):
        if way is not None:
            shallow.git("fetch", "--quiet", *way)
        here.refresh()
        lengths.append(len(told(here)))
        assert_books_balance(here)
        assert [code for code, _ in remarks(here)] == (
            [] if way == ("--unshallow",) else ["history-shallow"]
        )
    assert len(set(lengths)) == len(lengths), lengths
    assert known(here) == whole(repo)


def test_a_clone_that_reaches_as_far_as_it_did_is_current(make_repo: MakeRepo) -> None:
    here = Here(clone(long_story(make_repo), "--depth", "2").path)
    here.rest()
    place, settings = here.place, config.load(here.path.as_posix())
    basis = sync.basis_of(place, settings)
    with here.open() as store:
        columns = store.columns()
        assert columns is not None
        assert sync.is_current(place, columns, basis)
    Repo(here.path).git("fetch", "--quiet", "--unshallow")
    assert not sync.is_current(place, columns, sync.basis_of(place, settings))


# --- damage ---------------------------------------------------------------------------------------


def hurt(path: Path, chance: random.Random) -> None:
    """Take an object away, or leave something else in its place."""
    data = path.read_bytes()
    path.chmod(0o644)
    path.unlink()
    if way := chance.randrange(4):
        at = chance.randrange(len(data))
        torn = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        path.write_bytes((b"", data[: len(data) // 2], torn)[way - 1])


@pytest.mark.parametrize("seed", range(6))
def test_damaged_objects_are_survived_and_read_when_they_are_mended(
    make_repo: MakeRepo, seed: int
) -> None:
    repo = long_story(make_repo)
    here = Here(repo.path)
    here.refresh()
    before = known(here)
    chance = random.Random(seed)  # noqa: S311 -- the same damage every time
    names = [line.split()[0] for line in repo.git("rev-list", "--objects", "HEAD").splitlines()]
    chosen = chance.sample(names[1:], chance.randrange(1, 6))  # HEAD itself is left alone
    paths = [repo.path / ".git/objects" / name[:2] / name[2:] for name in chosen]
    kept = {path: path.read_bytes() for path in paths}
    for path in paths:
        hurt(path, chance)
    here.refresh(rebuild=True)
    assert_books_balance(here)
    ((code, words),) = remarks(here)
    assert (code, "; git fsck tells what is missing" in words) == ("history-gap", True)
    for path, data in kept.items():
        path.write_bytes(data)
    here.refresh(rebuild=True)
    assert (known(here), remarks(here)) == (before, [])


def test_replaced_commits_and_grafts_change_nothing(make_repo: MakeRepo) -> None:
    repo = long_story(make_repo)
    here = Here(repo.path)
    here.refresh()
    before = known(here)
    head, first = repo.git("rev-parse", "HEAD", "HEAD~4").split()
    repo.git("replace", head, first)
    here.refresh(rebuild=True)
    assert known(here) == before
    repo.git("replace", "--delete", head)
    (repo.path / ".git/info/grafts").write_text(f"{head}\n")
    here.refresh(rebuild=True)
    assert known(here) == before


# --- sparse checkouts -----------------------------------------------------------------------------


def test_what_a_sparse_checkout_leaves_out_was_not_removed(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"docs/a.md": checklist(GAUGES), "other/b.md": checklist(PILOTS, title="Pilots")}
    )
    here = Here(repo.path)
    here.refresh()
    before = known(here)
    repo.git("sparse-checkout", "set", "docs")
    assert not (repo.path / "other").exists()
    here.refresh()
    assert pending(here) == []
    (repo.path / "docs/a.md").unlink()
    here.refresh()
    assert pending(here) == [("removed", "document removed", GAUGES)]
    repo.git("checkout", "--quiet", "--", "docs/a.md")
    repo.git("sparse-checkout", "disable")
    here.refresh()
    assert known(here) == before
