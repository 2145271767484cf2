from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import described
from conftest import PROJECT_ROOT
from past_samples import change, revision
from plantrack.core.feed import Appeared, Committed, Event
from plantrack.render import feed
from test_render_feed import EVENTS, LEAVES, LINES, TIME, changed

TEXT = (PROJECT_ROOT / "docs/watch.md").read_text("utf-8")
BLOCK = re.compile(r"^```python\n(.*?^# recipe: (\w+)\n.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = {name: code for code, name in BLOCK.findall(TEXT)}
HOSTILE = "$(touch owned); `touch owned` #(touch owned) -- --help"

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return `run(name, *events, arguments=(), fails=False)`: what a recipe came to.

    Every program it starts is a stand-in that writes down its arguments and what it is sent.
    """
    programs = tmp_path / "bin"
    programs.mkdir()
    heard = tmp_path / "heard"

    def go(
        name: str, *events: Event, arguments: tuple[str, ...] = (), fails: bool = False
    ) -> tuple[int, str]:
        for program in ("notify-send", "tmux", "make", "plantrack", "agent"):
            path = programs / program
            path.write_text(
                f"#!{sys.executable}\nimport sys\n"
                f"asked = {program!r}, *sys.argv[1:]\n"
                f"sent = sys.stdin.read() if {program == 'agent'} else ''\n"
                f"print('a task' if {program == 'plantrack'} else '')\n"
                f"open({str(heard)!r}, 'a').write(repr((asked, sent)) + '\\n')\n"
                f"sys.exit({int(fails)})\n"
            )
            path.chmod(0o755)
        script = tmp_path / name
        script.write_text(RECIPES[name])
        done = subprocess.run(
            [sys.executable, str(script), *arguments],
            input="".join(map(feed.as_object, events)),
            env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
            cwd=tmp_path,
            text=True,
            capture_output=True,
            check=False,
        )
        assert not (tmp_path / "owned").exists()
        told = heard.read_text() if heard.exists() else ""
        return done.returncode, told + done.stderr

    return go


TICKED = changed(change(text_after=HOSTILE), title="Berths")
PULLED = changed(change(), revision=revision())
OTHERS: tuple[Event, ...] = (
    Committed(revision(), "main", 2, TIME),
    Appeared("docs/a.md", "A", LEAVES, TIME),
)


def test_the_recipes_are_found() -> None:
    assert set(RECIPES) == {"notification", "tmux", "gate", "loop"}


@pytest.mark.parametrize("name", ["notification", "tmux", "gate"])
def test_a_recipe_has_nothing_to_say_to_other_events(run: Run, name: str) -> None:
    for event in OTHERS:
        assert run(name, event) == (0, "")


def test_a_notification_tells_what_was_done(run: Run) -> None:
    code, told = run("notification", TICKED)
    assert (code, told) == (0, f"{(('notify-send', '--', 'Berths 3/8', HOSTILE), '')!r}\n")


def test_tmux_is_told_how_far_a_plan_is(run: Run) -> None:
    code, told = run("tmux", changed(change(), title="Berths #(touch owned)"))
    asked = ("tmux", "set-option", "-g", "@plan", "Berths (touch owned) 3/8")
    assert (code, told) == (0, f"{(asked, '')!r}\n")


def test_the_gate_runs_the_tests_for_what_was_just_ticked(run: Run) -> None:
    assert run("gate", PULLED) == (0, "")
    code, told = run("gate", TICKED, fails=True)
    assert code == 1
    assert told.endswith("docs/0002-berths.md:21 is ticked, and the tests fail\n")


def test_an_agent_gets_a_task_at_first_and_for_each_that_is_done(run: Run) -> None:
    code, told = run("loop", OTHERS[0], TICKED, OTHERS[1], arguments=("agent", "--stdin"))
    asked = (("plantrack", "next", "--json"), ""), (("agent", "--stdin"), "a task\n")
    assert (code, told) == (0, "".join(f"{one!r}\n" for one in (*asked, *asked)))


def test_the_lines_that_are_shown_are_of_the_form_that_is_printed() -> None:
    shown = re.findall(r"^2026-\S+ \S+  (.*)$", TEXT, re.MULTILINE)
    assert LINES["ticked"] in shown
    assert LINES["committed"] in shown
    assert LINES["switched"] in shown
    form = re.compile(r"(\[.\]| - )  \S+  \S+  [a-z ,]+  .+")
    assert all(map(form.fullmatch, shown))


def test_every_key_of_an_object_is_listed() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXT, re.MULTILINE))
    common = {"schema", "data_not_instructions", "event", "time"}
    for name in ("Changed", "Committed", "Switched", "Appeared", "Vanished", "Trouble"):
        keys = set(described.schema("watch")["$defs"][name]["properties"]) - common
        assert set(re.findall(r"`(\w+)`", rows[name.lower()])) == keys


def test_every_kind_of_event_is_among_the_samples() -> None:
    told = {json.loads(feed.as_object(one))["event"] for one in EVENTS.values()}
    assert told == {"changed", "committed", "switched", "appeared", "vanished", "trouble"}
