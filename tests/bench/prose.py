"""A seeded source of chance to words: sentences, names and code that read like a design doc's."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_THINGS = _words(
    "buffer cache channel client cursor daemon decoder endpoint exporter filter gateway handler "
    "heartbeat importer index journal ledger listener loader lock manifest mailer migration "
    "mirror notifier parser pipeline planner policy probe proxy queue quota reader record relay "
    "replica report request retry route sampler schema scheduler session shard snapshot socket "
    "spool stream supervisor switch table ticket token tracer upload validator vault watcher worker"
)
_KINDS = _words(
    "archived bounded broken cached cold compact delayed duplicate empty encrypted expired failed "
    "first foreign incoming large late local missing nightly old orphaned partial pending public "
    "rare remote second shared signed slow stale temporary unknown unread verified wide"
)
_DEEDS = _words(
    "accept batch bound cap check close collect compare compress copy count delete document drop "
    "encode expose fetch flush freeze guard hide limit list log mask measure merge move name "
    "notify open pause pin print prune publish read refuse release rename replay report reset "
    "resume retire rotate sample seal send sort split store sweep test time trace validate wrap"
)
REASONS = (
    "so that a restart loses nothing",
    "because the old path is never taken twice",
    "before anyone depends on it",
    "once the numbers are in",
    "without holding the lock",
    "as the operators asked",
    "unless the caller says otherwise",
    "which costs less than asking again",
    "while traffic is low",
    "and say so in the log",
)

WIDTH = 100  # columns that paragraphs are wrapped to


def wrapped(words: str, indent: str = "", hang: str = "") -> str:
    """Break words into lines; `hang` comes before every line but the first."""
    lines, line = [], indent  # textwrap takes five times as long, and there are megabytes to write
    for word in words.split():
        if len(line) + len(word) >= WIDTH and line.strip():
            lines.append(line.rstrip())
            line = hang
        line += word + " "
    return "\n".join([*lines, line.rstrip()])


class Pen:
    """Writes words, the same ones for the same seed."""

    def __init__(self, seed: str) -> None:
        self.chance = Random(seed)  # noqa: S311 - the same documents every time is the point

    def name(self) -> str:
        """Write two words for a thing: `stale queue`."""
        return f"{self.chance.choice(_KINDS)} {self.chance.choice(_THINGS)}"

    def deed(self) -> str:
        """Write what a step does: `Flush the stale queue before anyone depends on it`."""
        words = f"{self.chance.choice(_DEEDS).capitalize()} the {self.thing()}"
        if self.chance.random() < 0.45:
            words += f" {self.chance.choice(REASONS)}"
        return words

    def thing(self) -> str:
        """Write a thing, now and then as code, strong or linked."""
        plain = self.name()
        dressed = (
            f"`{plain.replace(' ', '_')}`",
            f"**{plain}**",
            f"[{plain}](../{plain.replace(' ', '-')}.md)",
        )
        return self.chance.choices((plain, *dressed), (7, 2, 0.5, 0.5))[0]

    def sentence(self) -> str:
        """Write a sentence of some 90 characters."""
        chance = self.chance
        start = f"The {self.thing()} must {chance.choice(_DEEDS)} the {self.thing()}"
        return f"{start} {chance.choice(REASONS)}, and the {self.thing()} stays as it is."

    def paragraph(self) -> str:
        """Write two to five sentences, wrapped."""
        words = " ".join(self.sentence() for _ in range(self.chance.randint(2, 5)))
        return wrapped(words)

    def bullets(self) -> str:
        """Write a plain list."""
        return "\n".join(f"- {self.deed()}." for _ in range(self.chance.randint(3, 6)))

    def code(self) -> str:
        """Write a fenced block; some hold what would be a box anywhere else."""
        lines = [f"def {self.name().replace(' ', '_')}(self):"]
        lines += [f"    self.{self.name().replace(' ', '.')}()" for _ in range(5)]
        if self.chance.random() < 0.1:
            lines.append("    # - [ ] not a box")
        return "\n".join(["```python", *lines, "```"])

    def table(self) -> str:
        """Write a table of figures."""
        rows = [f"| {self.name()} | {self.chance.randint(1, 999)} ms |" for _ in range(6)]
        return "\n".join(["| path | time |", "|---|---|", *rows])
