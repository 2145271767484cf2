"""Patterns against git's own reading of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Repo
from plantrack.repo.globs import covered, decision, parse, read_lines

FILES = (
    "a", "b/a", "b/b", "b/c/a", "b/c/d/a.md", "ab/a.md", "ab/b.md", "c/a b", "c/[a]", "c/*",
    "c/a-b", "d/!a", "d/#a", "d/a\\b", "d/]", "d/-", "d/^", "A/A", "aab/ba/aa", "aab/0/a ",
    "a.md.md",
)  # fmt: skip
FOLDERS = sorted({parent for file in FILES for parent in map(str, Path(file).parents)} - {"."})
PIECES = (
    "a", "b", "*", "**", "/", "?", "[a]", "[!a]", "[^ab]", "[a-b]", "!", "\\", "\\*", "[", "]", "-",
    " ", "\\ ", "#", "[[:alpha:]]", "[]a]", "[b-a]", "[a\\]]", "**/", "/**", "/**/", ".md", "[a-]",
    "[--0]", "[[:foo:]a]", "[!]a]", "\\a", "[!b-a]", "\r", "é", "[[:upper:]x]", "[[:a",
)  # fmt: skip


def hidden(lines: str, path: str, *, folder: bool) -> bool:
    """Read the lines as the .gitignore of the top folder; a hidden folder hides what is in it."""
    globs, parts = read_lines(lines.encode()), path.split("/")
    for length in range(1, len(parts)):
        if decision(globs, parts[:length], folder=True):
            return True
    return bool(decision(globs, parts, folder=folder))


@pytest.fixture
def tree(make_repo: Callable[..., Repo]) -> Repo:
    repo = make_repo()
    repo.write(dict.fromkeys(FILES, ""))
    return repo


def odd(line: str) -> bool:
    """Tell the patterns git reads in its own way: a slash in brackets or escaped, `a**/`."""
    if "\\/" in line:
        return True
    inside = False
    for at, sign in enumerate(line):
        inside = (inside or sign == "[") and not (
            inside and sign == "]" and line[at - 1] not in "[!^"
        )
        if inside and sign == "/":
            return True
    return any(part.strip("*") and "**" in part for part in line.lstrip("!").split("/"))


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=6)
        .map("".join)
        .filter(lambda line: not odd(line)),
        min_size=1,
        max_size=3,
    ).map("\n".join)
)
def test_any_pattern_hides_what_git_would_ignore(tree: Repo, lines: str) -> None:
    (tree.path / ".gitignore").write_bytes(lines.encode() + b"\n")
    asked = [*FILES, *FOLDERS]
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=tree.path,
        input="\0".join(asked).encode() + b"\0",
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    theirs = set(done.stdout.decode().split("\0")) - {""}
    assert {path for path in asked if hidden(lines, path, folder=path in FOLDERS)} == theirs


@pytest.mark.parametrize(
    ("pattern", "path", "is_covered"),
    [
        ("docs", "docs/a.md", True),
        ("docs", "x/docs/y/a.md", True),
        ("/docs", "x/docs/a.md", False),
        ("docs/", "docs", False),
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/deep/a.md", False),
        ("docs/**/*.md", "docs/a.md", True),
        ("docs/**/*.md", "docs/deep/er/a.md", True),
        ("docs/**", "docs/deep/er/a.md", True),
        ("**/plans/*", "a/b/plans/c.md", True),
        ("*.md", "a/b/c.md", True),
        ("*.md", "a/b/c.mdx", False),
        ("a/**/**/b", "a/b", True),
        ("**", "a/b", True),
        ("plan?.md", "plané.md", True),
    ],
)
def test_a_pattern_covers_a_file_or_a_folder_above_it(
    pattern: str, path: str, *, is_covered: bool
) -> None:
    glob = parse(pattern)
    assert glob is not None
    assert glob.covers(path.split("/")) is is_covered
    assert covered([glob], path.split("/")) is is_covered


def test_the_last_pattern_that_covers_decides() -> None:
    globs = read_lines(b"docs/\n!docs/old/\ndocs/old/kept.md\n")
    assert covered(globs, ["docs", "a.md"])
    assert not covered(globs, ["docs", "old", "a.md"])
    assert covered(globs, ["docs", "old", "kept.md"])


def test_comments_blank_lines_a_bom_and_windows_line_ends_are_understood() -> None:
    globs = read_lines(b"\xef\xbb\xbfa.md\r\n\r\n# note\r\n   \n\\#b\nc\\ \nd  \n!\n/\n\\!e")
    assert [glob.text for glob in globs] == ["a.md", "\\#b", "c\\ ", "d", "\\!e"]
    assert [glob.text for glob in globs if glob.fits(["#b"], folder=False)] == ["\\#b"]


def test_a_name_that_is_no_text_is_matched_too() -> None:
    (glob,) = read_lines(b"caf\xe9*\n")
    assert glob.fits(["caf\udce9.md"], folder=False)


@pytest.mark.parametrize(
    ("pattern", "folder", "may"),
    [
        (".github/**", ".github", True),
        (".github/**", ".github/deep", True),
        (".github/**", ".gitlab", False),
        ("vendor/ours/*.md", "vendor", True),
        ("vendor/ours/*.md", "vendor/ours", True),
        ("vendor/ours/*.md", "vendor/theirs", False),
        ("vendor/ours/*.md", "vendor/ours/deep", False),
        ("vendor/ours", "vendor/ours/deep", True),
        ("**/vendor/a.md", "x/y", True),
        ("vendor", "x/y", True),
    ],
)
def test_a_folder_is_entered_only_where_a_pattern_can_reach(
    pattern: str, folder: str, *, may: bool
) -> None:
    glob = parse(pattern)
    assert glob is not None
    assert glob.may_cover_below(folder.split("/")) is may


@pytest.mark.parametrize(
    "pattern",
    ["a*" * 60 + "b", "*" * 500 + "b", "?*" * 60 + "b", "**/a/" * 60 + "b", "[a-z]*" * 60 + "0"],
)
def test_no_pattern_is_slow_to_put_to_a_path(pattern: str) -> None:
    glob = parse(pattern)
    assert glob is not None
    assert not glob.covers(["a" * 250])
    assert not glob.covers(["a"] * 60 + ["c"])
