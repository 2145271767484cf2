"""Documents that are the same, byte for byte: charts count them once, as status does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from conftest import Repo
from plantrack.__main__ import main

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]


def checklist(done: int, title: str = "Tides") -> str:
    """Write a design doc with ten tasks, the first so many of them done."""
    boxes = "\n".join(f"- [{'x' if at < done else ' '}] Do part {at}" for at in range(10))
    return f"# {title}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


@pytest.fixture
def steps(make_repo: MakeRepo) -> Iterator[Repo]:
    """Go through a repository in which copies come, differ and are the same again."""

    def go() -> Iterator[Repo]:
        repo = make_repo({"b.md": checklist(0)}, {"b.md": checklist(3), "o.md": checklist(1, "O")})
        yield repo
        repo.commit({"a.md": checklist(3)})
        yield repo
        repo.write({"c.md": checklist(3)})
        yield repo
        repo.write({"b.md": checklist(4)})
        yield repo
        repo.write({"a.md": checklist(4), "c.md": checklist(4)})
        yield repo
        repo.commit({})
        yield repo

    return go()


@pytest.mark.parametrize("zone", [(), ("--tz", "Asia/Tokyo")])
def test_charts_end_where_status_stands(
    steps: Iterator[Repo], zone: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for repo in steps:
        assert main(["-C", str(repo.path), "burndown", "--csv", *zone]) == 0
        scope, done, rest = capsys.readouterr().out.splitlines()[-1].split(",")[1:4]
        assert main(["-C", str(repo.path), "status", "--json"]) == 0
        totals = json.loads(capsys.readouterr().out)["totals"]
        told = totals["leaves"]
        assert told == totals["ever"]["leaves"]
        assert (int(scope), int(done), int(rest)) == (
            told["total"], told["done"], told["total"] - told["done"]
        )  # fmt: skip


def test_a_copy_that_is_asked_for_alone_is_shown(
    make_repo: MakeRepo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo({"b.md": checklist(0)}, {"b.md": checklist(3)}, {"c.md": checklist(3)})
    for names, scope in ((("c.md",), "10"), (("b.md",), "10"), (("b.md", "c.md"), "10")):
        assert main(["-C", str(repo.path), "burndown", *names, "--csv"]) == 0
        assert capsys.readouterr().out.splitlines()[-1].split(",")[1] == scope
