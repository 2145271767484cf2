"""Document paths to what stands in them: a plan each, or why there is none."""

# Theory of operation
#
# 1. A file is read once. What its bytes were read as before, under the same rules, is remembered by
#    their name: only what is new is parsed.
# 2. Documents go through in batches, so that no more than a few of their texts are held at a time.
# 3. Parsing takes nearly all the time of a first scan. From some hundred documents on, other
#    processes do it.
# 4. A plan is always taken from its packed form, just parsed or remembered, so that both ways give
#    the same.

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, markdown, pack, parse
from plantrack.core.dialect import Origin, Rules
from plantrack.core.model import Finding, Plan
from plantrack.repo import Place, Stamp
from plantrack.store.recording import CachedPlan
from plantrack.sync.crew import Crew, processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from plantrack.core.memo import Memo
    from plantrack.sync.lately import Lately

    Remembered = Callable[[Sequence[tuple[str, str]]], tuple[str | None, ...]]
    Promise = Callable[[], tuple[str, ...]]  # packed plans
    Texts = tuple[tuple[bytes, Origin], ...]

GONE = "gone"  # the code of the finding that a file is not there

BATCH = 32
SMALL = 8  # is parsed before another process would have answered
MANY = 400  # documents; fewer are read before other processes have started
_CONTEXT_BYTES = 8
_NOWHERE = Origin((), archived=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document turned out to be."""

    path: str
    stamp: Stamp | None  # None: it is not there any more
    mtime_ns: int  # 0 when it could not be read
    blob: str | None  # git blob id of its bytes; None: they could not be read
    plan: Plan | None  # None: it could not be read, or its bytes are those that are known
    trouble: Finding | None  # why it could not be read
    new: CachedPlan | None  # its plan, to be remembered; None: it is already


@dataclass(frozen=True, slots=True)
class Reader:
    """How the documents of one place are read."""

    place: Place
    rules: Rules
    max_bytes: int
    remembered: Remembered  # (blob, context) pairs to packed plans, aligned
    began_ns: int  # Unix time before the first read: what changed since is looked at once more
    lately: Lately | None = None  # None: everything is parsed from its first line on

    def read(self, paths: Sequence[str], known: Mapping[str, str | None]) -> Iterator[Reading]:
        """Read documents, in order; one whose blob is the one `known` by its path is not parsed."""
        todo = iter(paths)
        waiting: deque[tuple[list[_Fetched], Promise]] = deque()
        with Crew(parse_packed, processors() if len(paths) >= MANY else 1) as crew:
            while batch := tuple(islice(todo, BATCH)):
                fetched = self._fetch(batch, known)
                texts = tuple((one.data, one.origin) for one in fetched if one.is_new)
                if self.lately is not None and len(texts) < SMALL:
                    promise: Promise = partial(self._parsed, self.lately, fetched)
                else:
                    promise = crew.begin((self.rules, texts), small=len(texts) < SMALL)
                waiting.append((fetched, promise))
                if len(waiting) > crew.ahead:
                    yield from _finished(*waiting.popleft())
            while waiting:
                yield from _finished(*waiting.popleft())

    def _fetch(self, paths: Sequence[str], known: Mapping[str, str | None]) -> list[_Fetched]:
        """Read some documents' bytes, and look up what they were read as before."""
        fetched = [self._open(path, known.get(path)) for path in paths]
        keys = [(one.blob, one.context) for one in fetched if one.is_new]
        packed = iter(self.remembered(keys) if keys else ())
        return [replace(one, plan=_loaded(next(packed))) if one.is_new else one for one in fetched]

    def _parsed(self, lately: Lately, fetched: Sequence[_Fetched]) -> tuple[str, ...]:
        """Parse the new ones of some documents as what follows on their last versions."""
        return tuple(
            pack.dump_plan(
                lately.plan(
                    (self.place.top, one.path, one.context),
                    one.data,
                    partial(parse_bytes, one.data, one.origin, self.rules),
                )
            )
            for one in fetched
            if one.is_new
        )

    def _open(self, path: str, known: str | None) -> _Fetched:
        source = repo.read_document(self.place, path, max_bytes=self.max_bytes)
        if isinstance(source, Finding):
            stamp = None if source.code == GONE else repo.stamp(self.place, path)
            return _Fetched(path, stamp and repo.settled(stamp, self.began_ns), trouble=source)
        origin = dialect.origin(path)
        return _Fetched(
            path,
            repo.settled(source.stamp, self.began_ns),
            mtime_ns=source.stamp.mtime_ns,
            blob=source.blob,
            data=source.data,
            origin=origin,
            context=context_of(self.rules, origin),
            same=source.blob == known,
        )


def parse_packed(job: tuple[Rules, Texts]) -> tuple[str, ...]:
    """Parse documents' bytes to packed plans, in order."""
    rules, texts = job
    return tuple(pack.dump_plan(parse_bytes(data, origin, rules)) for data, origin in texts)


def parse_bytes(data: bytes, origin: Origin, rules: Rules, memo: Memo | None = None) -> Plan:
    """Parse one document's bytes; what is odd about the bytes is among the plan's findings."""
    text, findings = markdown.decode(data)
    plan = parse.read_plan(text, origin, rules, memo)
    return replace(plan, findings=(*findings, *plan.findings)) if findings else plan


@cache
def context_of(rules: Rules, origin: Origin) -> str:
    """Condense what a plan depends on besides the bytes of its document."""
    said = repr((parse.PARSER_VERSION, rules, origin)).encode()
    return blake2b(said, digest_size=_CONTEXT_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class _Fetched:
    """One document's bytes, and what is known of them."""

    path: str
    stamp: Stamp | None
    mtime_ns: int = 0
    blob: str = ""  # "": could not be read
    data: bytes = b""
    origin: Origin = _NOWHERE
    context: str = ""
    same: bool = False  # its bytes are those that are known
    plan: Plan | None = None  # as it was read before
    trouble: Finding | None = None

    @property
    def is_new(self) -> bool:
        """Tell whether it has to be parsed."""
        return self.trouble is None and not self.same and self.plan is None


def _loaded(packed: str | None) -> Plan | None:
    if packed is None:
        return None
    try:
        return pack.load_plan(packed)
    except ValueError:  # packed by another version
        return None


def _finished(fetched: Sequence[_Fetched], promise: Promise) -> Iterator[Reading]:
    """Bring documents together with the plans of those that had to be parsed."""
    parsed = iter(promise())
    for one in fetched:
        plan, new = one.plan, None
        if one.is_new:
            packed = next(parsed)
            plan, new = pack.load_plan(packed), CachedPlan(one.blob, one.context, packed)
        yield Reading(one.path, one.stamp, one.mtime_ns, one.blob or None, plan, one.trouble, new)
