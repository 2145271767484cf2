"""Arguments to tables of other tools beside ours; the exit code is 1 where ours failed."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import page, stage, table
from bench.command import tell
from bench.peers import measuring, tools
from bench.peers.asked import Ground, Question
from bench.peers.installs import Unavailable
from bench.peers.measuring import Answers, Got
from bench.spawn import Failed
from bench.stage import Stage


def main(arguments: Sequence[str] | None = None) -> int:
    """Install the peers, ask all of them, and tell."""
    asked = _parser().parse_args(arguments)
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        (folder / "peers").mkdir(parents=True, exist_ok=True)
        scale = stage.QUICK if asked.quick else stage.FULL
        ready = Stage(folder, scale, stage.entry("auto"), tell)
        stage.compile_everything()
        machine = table.this_machine(" ".join(ready.entry))
        got = [install(one, folder / "peers") for one in tools.PEERS if _is_asked(one.name, asked)]
        answers = [answer(ground, title, got) for ground, title in grounds(ready)]
    said = (
        measuring.render(got, answers) + "\n" + page.fenced("\n".join(table.machine_lines(machine)))
    )
    print(said)
    if asked.json:
        asked.json.write_text(json.dumps(measuring.as_json(got, answers), indent=2) + "\n")
    if asked.page:
        page.put(asked.page, "peers", said)
    return int(
        any(one.reason and one.line.tool == tools.OURS for each in answers for one in each.outcomes)
    )


def install(peer: tools.Peer, folder: Path) -> Got:
    """Get a peer, or the reason why it is not here."""
    tell(f"getting {peer.name} from {peer.origin}")
    try:
        return Got(peer, peer.install(folder))
    except Unavailable as reason:
        return Got(peer, None, str(reason))


def grounds(ready: Stage) -> Iterator[tuple[Ground, str]]:
    """Give what is asked about what, and the title of that."""
    few, many, long = ready.scale.few, ready.scale.many, ready.scale.long.part(10)
    top = ready.tree(few)
    yield _ground(ready, Question.START, top, few.documents), "Start-up"
    for question in (Question.STATUS, Question.NEXT):
        for size in (few, many):
            title = f"{question.capitalize()}, {size.documents:,} documents"
            yield _ground(ready, question, ready.tree(size), size.documents), title
    title = f"Burndown, {long.commits:,} commits over {long.documents:,} documents"
    yield _ground(ready, Question.BURNDOWN, ready.history(long), long.documents), title


def answer(ground: Ground, title: str, got: Sequence[Got]) -> Answers:
    """Ask everyone one question."""
    tell(title)
    lines, failed = list(tools.ours(ground)), []
    for one in got:
        if one.program is None:
            continue
        tell(f"{title}: {one.peer.name}")
        try:
            lines += list(one.peer.lines(one.program, ground))
        except Failed as error:
            failed.append(measuring.failed(one.peer.name, error))
    outcomes = measuring.measure(lines, ground)
    shutil.rmtree(ground.room)
    return Answers(ground.question, title, (*outcomes, *failed))


def _ground(ready: Stage, question: Question, top: Path, count: int) -> Ground:
    room = ready.folder / "room"
    shutil.rmtree(room, ignore_errors=True)  # an earlier run may have been interrupted
    room.mkdir()
    return Ground(ready, question, top, count, room)


def _is_asked(name: str, asked: argparse.Namespace) -> bool:
    return not asked.only or name in asked.only


def _parser() -> argparse.ArgumentParser:
    names = [one.name for one in tools.PEERS]
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="fewer documents, fewer repeats")
    add("--only", action="append", choices=names, metavar="TOOL", help="ask this one beside ours")
    add("--json", type=Path, metavar="FILE", help="write every figure there")
    add("--page", type=Path, metavar="FILE", help="put the tables into this page")
    add("--keep", type=Path, metavar="FOLDER", help="work there, or use what an earlier run did")
    return parser
