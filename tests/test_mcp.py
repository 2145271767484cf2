from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack import agent_tools, mcp
from plantrack.__main__ import main
from plantrack.commands import Options

PLAN = "# Berths\n\n## Implementation Plan\n\n- [ ] Milestone 1: Grid\n  - [ ] Draw it\n"
CHARS_A_TOKEN = 3.5
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def harbour(make_repo: Callable[..., Repo]) -> Repo:
    return make_repo({"docs/0001-berths.md": PLAN})


def asked(folder: Path, work: Callable[[Any], Awaitable[None]]) -> None:
    """Let the library's own client talk to our server, as a process over stdin and stdout."""
    library = pytest.importorskip("mcp")
    server = library.StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "plantrack", "-C", str(folder), "mcp"],
        env={"PYTHONPATH": str(PROJECT_ROOT / "src"), "PATH": "/usr/bin:/bin"},
    )

    async def talk(errors: TextIO) -> None:
        async with (
            library.stdio_client(server, errlog=errors) as (reading, writing),
            library.ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            await work(session)

    # Named: else it is what stderr was when the library was imported, a stand-in at times.
    with Path(os.devnull).open("w", encoding="utf-8") as errors:
        asyncio.run(talk(errors))


def test_an_agent_works_a_plan_through_over_the_protocol(harbour: Repo) -> None:
    async def work(session: Any) -> None:  # noqa: ANN401 -- of a library that may be missing
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == [tool.name for tool in agent_tools.TOOLS]
        hints = {tool.name: tool.annotations for tool in tools}
        assert [name for name, one in hints.items() if not one.read_only_hint] == ["complete_item"]
        assert hints["complete_item"].destructive_hint is False
        found = await session.call_tool("next_task", {})
        following = json.loads(found.content[0].text)["next"]
        assert (found.is_error, following["text"]) == (False, "Draw it")
        wrong = {"item": following["id"], "expected_text": "Erase it"}
        refused = await session.call_tool("complete_item", wrong)
        assert refused.is_error
        assert "What to do:" in refused.content[0].text
        right = {"item": following["id"], "expected_text": "Draw it"}
        ticked = await session.call_tool("complete_item", right)
        assert json.loads(ticked.content[0].text)["next"]["action"] == "close"
        odd = await session.call_tool("no_such_tool", {})
        assert odd.is_error

    asked(harbour.path, work)
    text = (harbour.path / "docs/0001-berths.md").read_text()
    assert text == PLAN.replace("[ ] Draw", "[x] Draw")


def test_the_list_of_tools_costs_less_than_a_thousand_tokens() -> None:
    pytest.importorskip("mcp")
    tools = [tool.model_dump(by_alias=True, exclude_none=True) for tool in mcp.listed()]
    text = json.dumps(tools) + agent_tools.INSTRUCTIONS
    assert len(text) / CHARS_A_TOKEN < 1000
    assert len(tools) == 5


def test_a_client_is_configured_with_what_starts_the_server(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", str(harbour.path), "mcp", "--print-config"]) == 0
    found = json.loads(capsys.readouterr().out)["mcpServers"]["plantrack"]
    assert found["args"] == ["-C", str(harbour.path), "mcp"]
    assert Path(found["command"]).is_absolute()


def test_without_the_library_it_is_said_what_to_install(
    harbour: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    assert main(["-C", str(harbour.path), "mcp"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first == "plantrack: plantrack mcp needs the mcp library, which is not installed"
    assert 'pip install ".[mcp]"' in second


def test_the_library_is_imported_by_nothing_but_the_server() -> None:
    code = (
        "import sys; from plantrack import agent_commands, agent_tools, cli, mcp;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"anyio", "mcp", "mcp_types", "pydantic"}.isdisjoint(done.stdout.split())


def test_a_server_answers_whatever_carries_it(harbour: Repo) -> None:
    library = pytest.importorskip("mcp")
    made = mcp.server(Options(str(harbour.path)), lambda: NOW)
    assert made.instructions == agent_tools.INSTRUCTIONS

    async def talk() -> None:
        async with library.Client(made) as client:
            assert len((await client.list_tools()).tools) == 5
            found = await client.call_tool("get_item", {"item": "0001#M1"})
            assert json.loads(found.content[0].text)["text"] == "Milestone 1: Grid"
            assert (await client.call_tool("get_item", {})).is_error

    asyncio.run(talk())
