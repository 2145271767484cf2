from __future__ import annotations

from pathlib import Path

import pytest

from plantrack.repo import Place
from plantrack.repo.present import present

DOCUMENT = "docs/plan.md"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    top = tmp_path / "top"
    for path in ("docs/plan.md", "docs/map.svg", "src/board.py", ".git/config", "map.svg"):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text("x")
    (tmp_path / "secret.txt").write_text("x")
    (top / "out").symlink_to(tmp_path / "secret.txt")
    (top / "in").symlink_to("src/board.py")
    return Place(str(top), None, None, str(top), str(top))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("map.svg", "docs/map.svg"),  # the nearer one
        ("src/board.py", "src/board.py"),
        ("./src/board.py", "src/board.py"),
        ("../src/board.py", "src/board.py"),
        ("src", "src/"),
        ("in", "in"),
    ],
)
def test_what_is_there_is_told_from_the_top(place: Place, name: str, path: str) -> None:
    assert present(place, DOCUMENT, [name]) == (path,)


@pytest.mark.parametrize(
    "name",
    [
        "gone.py",
        "../../secret.txt",
        "out",
        ".git/config",
        "..",
        "../..",
        "docs/plan.md",
        "a\0b",
        "x" * 300,
    ],
)
def test_nothing_is_told_of_what_is_gone_or_elsewhere(place: Place, name: str) -> None:
    assert present(place, DOCUMENT, [name]) == ()


def test_each_is_told_once_in_the_order_it_was_named(place: Place) -> None:
    names = ["src/board.py", "map.svg", "../src/board.py"]
    assert present(place, DOCUMENT, names) == ("src/board.py", "docs/map.svg")
