from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Repo
from plantrack.repo import find_place
from plantrack.repo.remote import origin_url, public


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/harbour/slackwater.git", "https://example.org/harbour/slackwater"),
        ("https://ada:secret@example.org/a/b.git", "https://example.org/a/b"),
        ("https://token@Example.org/a/b/?x=1#y", "https://example.org/a/b"),
        ("https://a@b:c@example.org/a", "https://example.org/a"),
        ("ssh://git@example.org:22/a/b.git", "ssh://example.org:22/a/b"),
        ("git@example.org:a/b.git", "ssh://example.org/a/b"),
        ("example.org:a/b", "ssh://example.org/a/b"),
        ("/srv/git/slackwater.git", "slackwater"),
        ("../slackwater", "slackwater"),
        ("file:///srv/git/slackwater.git/", "slackwater"),
        ("", ""),
    ],
)
def test_an_address_loses_its_secrets_and_what_is_only_true_here(url: str, shown: str) -> None:
    assert public(url) == shown


@given(st.text("abc:@/.?#", max_size=20))
def test_no_address_keeps_what_stands_before_an_at_sign(rest: str) -> None:
    assert "secret" not in public(f"https://user:secret@{rest}")


def test_the_origin_is_read_from_the_configuration(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo({"a.md": "x"})
    assert origin_url(find_place(str(repo.path))) == ""
    repo.git("remote", "add", "upstream", "https://example.org/other")
    repo.git("remote", "add", "origin", "https://ada:secret@example.org/a/b.git")
    assert origin_url(find_place(str(repo.path))) == "https://example.org/a/b"


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ('[remote "origin"] url = https://e.org/a', "https://e.org/a"),
        ('[remote "origin"]\n\tURL = "https://e.org/a" ; why', "https://e.org/a"),
        ('[remote "origin"]\n\turl = https://e.org/\\\na', "https://e.org/a"),
        ('[remote "origin"]\n\turl = https://e.org/a\n\turl = https://e.org/b', "https://e.org/a"),
        ('[remote "Origin"]\n\turl = https://e.org/a', ""),
        ('[remote "origin"]\n\tpushurl = https://e.org/a', ""),
        ('[remote "origin"\nurl = x', ""),
    ],
)
def test_a_configuration_is_read_as_git_reads_it(
    lines: str, shown: str, make_repo: Callable[..., Repo]
) -> None:
    repo = make_repo({"a.md": "x"})
    (repo.path / ".git/config").write_text(lines)
    assert origin_url(find_place(str(repo.path))) == shown


def test_outside_git_there_is_no_origin(tmp_path: Path) -> None:
    assert origin_url(find_place(str(tmp_path))) == ""
