"""Documents to nothing, or to an AssertionError: they read as two other readers have them."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

from plantrack.core import blocks, boxes, chunks, dialect, markdown, parse
from plantrack.core.chunks import Chunk
from plantrack.core.memo import Memo
from plantrack.core.model import Plan
from plantrack.core.plain import read_plain
from readers import Reading, cmark_gfm, markdown_it, mentions_ticked_box, our_reading, ours
from strategies import DISPUTED


def assert_reads_as_elsewhere(path: str, data: bytes, memo: Memo) -> None:
    """Read a real document in every way there is, and by both other readers.

    `memo` is what an earlier version of it came to.
    """
    text, _ = markdown.decode(data)
    lines = markdown.split_lines(text)
    whole, sliced = markdown.read_whole_outline(lines), markdown.read_outline(lines)
    mine = our_reading(whole, lines)
    assert our_reading(sliced, lines) == mine, path
    assert markdown_it(lines) == mine, path
    _assert_equals_cmark_gfm(mine, lines, path)
    assert all(map(_reads_as_the_judge, chunks.cut(lines))), path
    plan = _accounted_for(text, lines, path)
    one_upon_the_other = parse.read_plan(text, dialect.origin(path), dialect.Rules(), memo)
    assert one_upon_the_other == plan, path


def _reads_as_the_judge(chunk: Chunk) -> bool:
    """Tell whether a part, if it is taken for plain, is read as the reader of all Markdown does."""
    found = read_plain(chunk.text, chunk.line)
    return found is None or found == blocks.read_blocks(chunk.text, chunk.line)


def assert_follows_somebody(text: str) -> None:
    """Read any document as one of the others does, but where they disagree and neither is right."""
    lines = markdown.split_lines(text)
    mine = ours(lines)
    if mine != markdown_it(lines) and mine != cmark_gfm(lines):
        assert any(disputed in text for disputed in DISPUTED), text


def _assert_equals_cmark_gfm(mine: Reading, lines: list[str], path: str) -> None:
    theirs = cmark_gfm(lines)
    assert {line for line, _ in theirs.tasks} == {line for line, _ in mine.tasks}, path
    for line, _ in theirs.tasks ^ mine.tasks:
        assert mentions_ticked_box(lines[line - 1]), path
    assert theirs.headings == mine.headings, path


def _accounted_for(text: str, lines: list[str], path: str) -> Plan:
    """Give the plan, once every box-like line was found in the ledger."""
    plan, ledger, why = parse.explain(text, dialect.origin(path), dialect.Rules())
    assert why
    box_like = [n for n, line in enumerate(lines, 1) if boxes.BOX_LIKE.match(line)]
    assert [row.line for row in ledger.lines] == box_like, path
    marked = [node for node in plan.walk() if node.mark is not None]
    assert sorted(row.line for row in ledger.lines if row.counted) == sorted(
        node.line for node in marked
    ), path
    assert ledger.count("leaf") + ledger.count("optional") == sum(n.is_leaf for n in marked), path
    assert not {"too-intricate"} & {finding.code for finding in plan.findings}, path
    return plan


def versions(bundle: Path, clone: Path, wanted: Callable[[str], bool]) -> list[tuple[str, bytes]]:
    """Collect (path, content) of the Markdown files of all commits whose blobs are wanted, once."""
    _git("clone", "--bare", "--quiet", str(bundle), str(clone))
    log = _git(
        *("-C", str(clone), "log", "--all", "--raw", "-z", "--no-abbrev", "--format="),
        *("-m", "--root", "--no-renames"),
    ).split(b"\0")
    paths: dict[bytes, str] = {}
    for entry, name in itertools.pairwise(log):
        if not entry.strip().startswith(b":"):
            continue
        blob = entry.split()[3]
        is_document = name.lower().endswith((b".md", b".markdown")) and set(blob) != {ord("0")}
        if is_document and wanted(blob.decode()):
            paths.setdefault(blob, name.decode("utf-8", "replace"))
    if not paths:
        return []
    stream = _git(
        "-C", str(clone), "cat-file", "--batch", "--buffer", given=b"\n".join(paths) + b"\n"
    )
    found = []
    position = 0
    while position < len(stream):
        end = stream.index(b"\n", position)
        blob, _, size = stream[position:end].split()
        position = end + 1 + int(size) + 1
        found.append((paths[blob], stream[end + 1 : position - 1]))
    return found


def _git(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
