"""What `check` was asked to what it prints, and to the documents it mends."""

# Theory of operation
#
# 1. Options win over the configuration; `ignore` of both adds up.
# 2. The baseline at the top of the repository is used when it is there, or the one that is named.
#    It is written on request, and grows on a further request only.
# 3. What can be mended is mended first, then what is left is told. A document that changed
#    meanwhile is left as it is and named; the others are mended all the same.

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import TYPE_CHECKING

from plantrack import __version__, console
from plantrack.commands import Memory, Options
from plantrack.core import markdown
from plantrack.core.check_view import CheckView, MendedView
from plantrack.core.lint import baseline, catalogue, fixing
from plantrack.core.lint.rule import Severity
from plantrack.core.model import Finding
from plantrack.errors import UsageError, WriteRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.lint.baseline import Baseline
    from plantrack.core.lint.rule import Rule

FOUND = 1  # the exit code when there are errors or warnings
_MOST_BASELINE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked for, and where; texts as they were written."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    stale_days: int | None = None
    drift: bool = False
    since: str = ""
    baseline: str | None = None  # None: the usual one, if it is there; "": none


@dataclass(frozen=True, slots=True)
class Doing:
    """What is to be done with what is found."""

    form: str = "text"  # text, json, github or sarif
    strict: bool = False  # notes make it fail as well
    fix: bool = False
    dry: bool = False  # show what would be mended, and write nothing
    write_baseline: bool = False
    grow: bool = False


def check(
    options: Options,
    names: Sequence[str] = (),
    *,
    now: datetime,
    wanted: Wanted = Wanted(),
    doing: Doing = Doing(),
) -> int:
    """Tell what is wrong with documents; return 1 when something is."""
    _refuse_mixtures(names, wanted, doing)
    with Memory(options, now) as memory:
        from plantrack.views.check import Asked
        from plantrack.views.check import check as look

        rules = _rules(memory, wanted)
        where, known = _baseline(memory, wanted, doing)

        asked = Asked(
            rules=rules,
            now=now,
            stale_days=_stale(memory, wanted),
            since=wanted.since,
            baseline=None if doing.write_baseline else known,
        )

        def answer() -> CheckView:
            one = replace(asked, paths=memory.paths(names))
            return look(memory.store, memory.place, memory.config, one)

        view = memory.ask(answer)
        if doing.fix:
            mended = tuple(_mended(memory, view, doing))
            if not doing.dry and any(not one.refusal for one in mended):
                view = memory.ask(answer)
            view = view._replace(mended=mended)
    if doing.write_baseline:
        return _keep(view, where, known, doing)
    _show(view, options, doing)
    return _exit_code(view, doing)


def found(memory: Memory, names: Sequence[str], *, now: datetime) -> CheckView:
    """Look for what is wrong with documents, for a program; as the configuration asks for it.

    Raises NotFound and UsageError as the command does.
    """
    from plantrack.views.check import Asked
    from plantrack.views.check import check as look

    rules = _rules(memory, Wanted())
    _, known = _baseline(memory, Wanted(), Doing())

    def answer() -> CheckView:
        asked = Asked(
            rules=rules,
            now=now,
            paths=memory.paths(names),
            stale_days=memory.config.stale_days,
            baseline=known,
        )
        return look(memory.store, memory.place, memory.config, asked)

    return memory.ask(answer)


def explain(options: Options, codes: Sequence[str]) -> int:
    """Say what rules there are, or all about some of them."""
    screen = console.screen(verbose=options.verbose)
    try:
        rules = catalogue.chosen(codes or (catalogue.ALL,))
    except catalogue.UnknownCode as error:
        raise _unknown(error) from error
    if options.json:
        from plantrack.render import check_json

        console.write(check_json.rules(rules, screen))
        return 0
    from plantrack.render.text import check as text

    if codes:
        console.write("\n".join(text.explained(rule, screen) for rule in rules))
    else:
        console.write(text.rules(rules, screen))
    return 0


def _refuse_mixtures(names: Sequence[str], wanted: Wanted, doing: Doing) -> None:
    if doing.write_baseline and (names or wanted.since):
        message = "--write-baseline is about all documents and lines"
        raise UsageError(message, "leave DOC and --since out")
    if doing.write_baseline and (doing.fix or wanted.baseline == ""):
        message = "--write-baseline excludes --fix and --no-baseline"
        raise UsageError(message, "mend first, then write the baseline")
    if doing.dry and not doing.fix:
        raise UsageError("--dry-run says what --fix would do", "write --fix --dry-run")
    if doing.grow and not doing.write_baseline:
        message = "--allow-growth is about --write-baseline"
        raise UsageError(message, "write --write-baseline --allow-growth")


def _rules(memory: Memory, wanted: Wanted) -> tuple[Rule, ...]:
    config = memory.config
    try:
        return catalogue.chosen(
            wanted.select or config.check_select,
            (*wanted.ignore, *config.check_ignore),
            ("drift",) if wanted.drift else (),
        )
    except catalogue.UnknownCode as error:
        raise _unknown(error) from error


def _unknown(error: catalogue.UnknownCode) -> UsageError:
    remedy = "plantrack check --explain lists them"
    if error.nearest:
        remedy = f"did you mean {error.nearest}? {remedy}"
    return UsageError(f"“{error.word}” is no code and begins none", remedy)


def _stale(memory: Memory, wanted: Wanted) -> int | None:
    return memory.config.stale_days if wanted.stale_days is None else wanted.stale_days


def _exit_code(view: CheckView, doing: Doing) -> int:
    if any(one.refusal for one in view.mended):
        return WriteRefused.exit_code
    notes = view.count(Severity.NOTE) if doing.strict else 0
    return FOUND if notes + view.count(Severity.ERROR) + view.count(Severity.WARNING) else 0


def _show(view: CheckView, options: Options, doing: Doing) -> None:
    screen = console.screen(verbose=options.verbose)
    form = "json" if options.json else doing.form
    if form == "json":
        from plantrack.render import check_json

        console.write(check_json.check(view, screen))
    elif form == "sarif":
        from plantrack.render import sarif

        console.write(sarif.check(view, __version__))
    elif form == "github":
        from plantrack.render import github

        console.write(github.check(view))
    else:
        from plantrack.render.text import check as text

        console.write(text.check(view, screen))


# --- the baseline ---------------------------------------------------------------------------------


def _baseline(memory: Memory, wanted: Wanted, doing: Doing) -> tuple[str, Baseline | None]:
    """Give the path of the baseline, and what it holds; None: there is none."""
    if wanted.baseline == "":
        return "", None
    path = wanted.baseline or os.path.join(memory.place.top, baseline.FILE)
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BASELINE_BYTES)
    except FileNotFoundError as error:
        if wanted.baseline and not doing.write_baseline:
            message = f"{path} is not there: nothing was checked"
            raise UsageError(message, "plantrack check --write-baseline makes it") from error
        return path, None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise UsageError(message, "make it a readable file, or write --no-baseline") from error
    try:
        return path, baseline.load(data.decode("utf-8-sig", "replace"))
    except baseline.Unreadable as error:
        message = f"{path} is no baseline: {error}"
        raise UsageError(message, "restore it, or remove it and write it anew") from error


def _keep(view: CheckView, path: str, known: Baseline | None, doing: Doing) -> int:
    """Write the baseline anew; what was not asked about stays in it."""
    from plantrack import outfile

    new = baseline.made_of(one.key for one in view.found)
    if known is not None:
        asked = {rule.code for rule in view.rules}
        others = tuple(pair for pair in known.counts if pair[0].code not in asked)
        new = baseline.Baseline(tuple(sorted((*new.counts, *others))))
        growth = baseline.grown(known, new)
        if growth and not doing.grow:
            findings = "1 finding" if growth == 1 else f"{growth} findings"
            raise WriteRefused(
                f"{path} would grow by {findings}: it was not written",
                "mend them, or write --allow-growth as well",
            )
    outfile.write(path, (baseline.dump(new),))
    kept = sum(count for _, count in new.counts)
    console.write(f"{kept} finding{'' if kept == 1 else 's'} in {path}\n")
    return 0


# --- mending --------------------------------------------------------------------------------------


def _mended(memory: Memory, view: CheckView, doing: Doing) -> Iterator[MendedView]:
    """Mend what was found and can be mended, document by document."""
    from plantrack import repo
    from plantrack.repo.replacing import replace_document

    codes_by_path: dict[str, set[str]] = {}
    for one in view.found:
        if catalogue.BY_CODE[one.code].is_fixed:
            codes_by_path.setdefault(one.path, set()).add(one.code)
    for path, codes in codes_by_path.items():
        source = repo.read_document(
            memory.place, path, max_bytes=memory.config.max_document_kib * 1024
        )
        if isinstance(source, Finding):
            continue
        try:
            text = source.data.decode("utf-8")
        except UnicodeDecodeError:
            continue  # what is no UTF-8 could not be given back as it was
        better = fixing.fixed(path, text, memory.config.rules(), codes)
        if not better.counts:
            continue
        if doing.dry:
            yield MendedView(path, better.counts, tuple(_diff(path, text, better.text)), "")
            continue
        refusal = ""
        try:
            replace_document(memory.place, source, better.text.encode("utf-8"))
        except WriteRefused as error:
            refusal = error.message
        yield MendedView(path, better.counts, (), refusal)


def _diff(path: str, before: str, after: str) -> Iterator[str]:
    """Yield the lines of a unified diff."""
    old, new = markdown.split_lines(before), markdown.split_lines(after)
    names = f"a/{path}", f"b/{path}"
    return unified_diff(old, new, *names, lineterm="")
