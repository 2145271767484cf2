"""The tools for models, over the Model Context Protocol: the only user of its library."""

# Theory of operation
#
# 1. The library is imported when a server is started, and nowhere else: it is an extra, and takes
#    longer to import than any question to answer.
# 2. One call is worked on at a time, in a thread of its own, so that the line to the client stays
#    answered. Nothing but the protocol is ever written to stdout.

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING

from plantrack import __version__, agent_tools
from plantrack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from mcp import types
    from mcp.server.lowlevel import Server

    from plantrack.commands import Options

NAME = "plantrack"


def configuration(options: Options) -> str:
    """Write what a client is configured with to start this server here."""
    command = shutil.which(NAME) or os.path.join(os.path.dirname(sys.executable), NAME)
    folder = os.path.abspath(options.start)
    server = {"command": os.path.abspath(command), "args": ["-C", folder, "mcp"]}
    return json.dumps({"mcpServers": {NAME: server}}, indent=2) + "\n"


def serve(options: Options, clock: Callable[[], datetime]) -> None:
    """Serve one client on stdin and stdout until it leaves.

    Raises UsageError where the library is not installed.
    """
    import asyncio

    try:
        from mcp.server.stdio import stdio_server
    except ImportError as error:
        raise UsageError(
            "plantrack mcp needs the mcp library, which is not installed",
            'install plantrack with its extra, from its checkout: pip install ".[mcp]"',
        ) from error

    async def run() -> None:
        serving = server(options, clock)
        async with stdio_server() as (reading, writing):
            await serving.run(reading, writing, serving.create_initialization_options())

    asyncio.run(run())


def server(options: Options, clock: Callable[[], datetime]) -> Server[Any]:
    """Make a server for the repository that `options` start from."""
    import asyncio

    from mcp import types
    from mcp.server.lowlevel import Server

    tools = listed()
    turn = asyncio.Lock()

    async def list_tools(*_: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(_: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        async with turn:
            answer = await asyncio.to_thread(
                agent_tools.call, options, params.name, params.arguments, now=clock()
            )
        content = [types.TextContent(type="text", text=answer.text)]
        return types.CallToolResult(content=list(content), is_error=answer.is_error)

    return Server(
        NAME,
        version=__version__,
        instructions=agent_tools.INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def listed() -> list[types.Tool]:
    """Give the tools as a client is told of them."""
    from mcp import types

    return [
        types.Tool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema={
                "type": "object",
                "properties": {
                    name: {"type": "string", "description": said}
                    for name, said in tool.parameters.items()
                },
                **({"required": list(tool.required)} if tool.required else {}),
            },
            annotations=types.ToolAnnotations(
                read_only_hint=tool.is_read_only,
                destructive_hint=None if tool.is_read_only else False,
                idempotent_hint=None if tool.is_read_only else True,
                open_world_hint=False,
            ),
        )
        for tool in agent_tools.TOOLS
    ]
