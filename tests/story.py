"""Ten weeks of planning in a small harbour office, as a git repository made from sample_docs."""

# Theory of operation
#
# 1. The story is told commit by commit: when, by whom, what about, and what it did to documents.
#    A document arrives as it stands in sample_docs, with every box open.
# 2. The same last day gives the same commits, with the same ids, on every machine: names, times and
#    words are told here, and nothing of the machine's own settings for git is heard.
# 3. The last commit is made on the last Thursday before that day; everything before it is counted
#    back from there, so that working days stay working days whenever the story is told.
# 4. It ends in the middle of work: one box is ticked and not committed.

from __future__ import annotations

import argparse
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "sample_docs" / "docs" / "design"
DESIGN = Path("docs") / "design"
UNTIL = date(2026, 5, 29)
WEEKS = 10
MON, TUE, WED, THU, FRI = range(5)

MARIT, JONAH, PRIYA = "Marit Oksanen", "Jonah Brandt", "Priya Raman"

PLAN_HEADING = "## Implementation Plan"
BOX = re.compile(r"^(\s*- )\[[xX]\]", re.MULTILINE)

SETTINGS = {
    "commit.gpgSign": "false",
    "core.autocrlf": "false",
    "core.hooksPath": "/dev/null",
    "gc.auto": "0",  # nothing goes on in the background when all is told
    "maintenance.auto": "false",
}

Edit = Callable[[Path], None]  # of the documents in a folder


def build(folder: Path, *, until: date = UNTIL) -> None:
    """Make the repository in a folder that is empty or not there yet."""
    story = Story(folder.resolve(), until=until)
    story.begin()
    _plans_are_made(story)
    _all_goes_well(story)
    _the_sign_in_ships(story)
    _a_branch_is_merged(story)
    _plans_meet_the_quay(story)
    _a_branch_is_squashed(story)
    _the_last_weeks(story)
    story.do(tick("0002", "Undo the last move"))


# --- how it is told -------------------------------------------------------------------------------


@dataclass(slots=True)
class Story:
    """The repository while it is being made."""

    folder: Path
    until: date
    _clock: datetime = field(default=datetime(1970, 1, 1, tzinfo=UTC), init=False)

    def begin(self) -> None:
        """Make the repository, on a branch main that has no commit yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--template=")
        self._git("symbolic-ref", "HEAD", "refs/heads/main")

    def do(self, *edits: Edit) -> None:
        """Change documents of the work tree."""
        design = self.folder / DESIGN
        design.mkdir(parents=True, exist_ok=True)
        for edit in edits:
            edit(design)

    def commit(self, week: int, day: int, author: str, subject: str, *edits: Edit) -> None:
        """Change documents and commit them; `week` counts from 1, `day` from Monday."""
        self.do(*edits)
        self._git("add", "--all")
        self._sign(week, day, author, "commit", "--quiet", "--message", subject)

    def tag(self, name: str) -> None:
        """Name the commit the story has come to."""
        self._git("tag", name)

    def branch(self, name: str) -> None:
        """Go on with a new branch from here."""
        self._git("checkout", "--quiet", "-b", name)

    def go(self, name: str) -> None:
        """Go on with another branch."""
        self._git("checkout", "--quiet", name)

    def merge(self, week: int, day: int, author: str, subject: str, branch: str) -> None:
        """Merge a branch as one that can still be seen."""
        words = ("merge", "--quiet", "--no-ff", "--message", subject, branch)
        self._sign(week, day, author, *words)
        self._git("branch", "--quiet", "--delete", branch)

    def squash(self, week: int, day: int, author: str, subject: str, branch: str) -> None:
        """Bring all of a branch in as one commit, and forget it."""
        self._git("merge", "--quiet", "--squash", branch)
        self._sign(week, day, author, "commit", "--quiet", "--message", subject)
        self._git("branch", "--quiet", "--delete", "--force", branch)

    def _sign(self, week: int, day: int, author: str, *words: str) -> None:
        """Run what makes a commit, at the next full hour of that working day."""
        ended = self.until - timedelta(days=1)
        ended -= timedelta(days=(ended.weekday() - THU) % 7)
        today = ended - timedelta(weeks=WEEKS - week, days=THU - day)
        morning = datetime.combine(today, time(9), tzinfo=UTC)
        later = self._clock + timedelta(hours=1)
        assert later.date() <= today, f"told too late: {words}"
        self._clock = max(morning, later)
        self._git(*words, author=author)

    def _git(self, *words: str, author: str = MARIT) -> None:
        outside = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        identity = {
            "NAME": author,
            "EMAIL": f"{author.split(maxsplit=1)[0].lower()}@slackwater.example",
            "DATE": self._clock.isoformat(),
        }
        ours = {
            f"GIT_{role}_{what}": text
            for role in ("AUTHOR", "COMMITTER")
            for what, text in identity.items()
        }
        ours |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_DEFAULT_HASH": "sha1",
            "HOME": str(self.folder),  # older versions of git look there all the same
            "LC_ALL": "C",
            "XDG_CONFIG_HOME": str(self.folder),
        }
        settings = [word for pair in SETTINGS.items() for word in ("-c", "=".join(pair))]
        done = subprocess.run(
            ["git", *settings, *words],
            cwd=self.folder,
            env=outside | ours,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"git {words}: {done.stdout}{done.stderr}"


# --- what is done to documents --------------------------------------------------------------------


def arrive(number: str, *older: tuple[str, str]) -> Edit:
    """Bring a document in with every box open; `older` pairs words with what stood there first."""

    def edit(design: Path) -> None:
        sample = found(SAMPLES, number)
        (design / sample.name).write_text(BOX.sub(r"\1[ ]", sample.read_text("utf-8")), "utf-8")
        for now, before in older:
            rewrite(design, number, now, before)

    return edit


def tick(number: str, *beginnings: str) -> Edit:
    """Tick the boxes that begin with these words."""
    return mark(number, "[ ]", "[x]", beginnings)


def untick(number: str, *beginnings: str) -> Edit:
    """Open the boxes that begin with these words again."""
    return mark(number, "[x]", "[ ]", beginnings)


def mark(number: str, before: str, after: str, beginnings: tuple[str, ...]) -> Edit:
    def edit(design: Path) -> None:
        for words in beginnings:
            rewrite(design, number, f"{before} {words}", f"{after} {words}")

    return edit


def write(number: str, *pairs: tuple[str, str]) -> Edit:
    """Write something else in place of words that stand there once."""

    def edit(design: Path) -> None:
        for before, after in pairs:
            rewrite(design, number, before, after)

    return edit


def rename(number: str, name: str) -> Edit:
    """Give a document another file name."""

    def edit(design: Path) -> None:
        found(design, number).rename(design / name)

    return edit


def fold(number: str, status: tuple[str, str], rest: str) -> Edit:
    """Say that a document is finished, and put a few words in the place of its plan."""

    def edit(design: Path) -> None:
        path = found(design, number)
        before, heading, _ = path.read_text("utf-8").partition(PLAN_HEADING)
        assert heading, f"{path.name} has no plan"
        path.write_text(before + rest, "utf-8")
        rewrite(design, number, *status)

    return edit


def rewrite(design: Path, number: str, before: str, after: str) -> None:
    path = found(design, number)
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path.name} has {text.count(before)} times: {before}"
    path.write_text(text.replace(before, after), "utf-8")


def found(design: Path, number: str) -> Path:
    (path,) = design.glob(f"{number}-*.md")
    return path


# --- the story ------------------------------------------------------------------------------------

_TURNING_POINTS = "Find turning points by root search on the derivative.\n"
_HIGH_AND_LOW = (
    "Find high and low water by root search on the derivative, with a guard for the double high\n"
    "    water at Southhaven.\n"
)
_DROP = (
    "Refuse a drop that the clearance rule forbids, and show the first tide that allows it.\n",
    (
        "Refuse a drop that the clearance rule forbids.\n"
        "  - [ ] Show the first tide that allows it.\n"
    ),
)
_LAYOUT = (
    "- [ ] Milestone 3: Print layout (deferred: the office printer is broken)\n"
    "  - [ ] Fit a week on A3 landscape.\n"
)
_WINDOWS = "Milestone 2: Tide windows for a gauge and a draught, as JSON and as iCalendar\n"
_WINDOW_STEPS = (
    "  - [ ] Compute the windows of a week for one draught.\n"
    "  - [ ] Answer in JSON, with times in the harbour's zone and in UTC.\n"
    "  - [ ] Answer in iCalendar.\n"
)
_TRAIL = "Milestone 5: Audit trail\n"
_TRAIL_STEPS = (
    "  - [ ] Record who moved a stay, from where and why.\n"
    "  - [ ] Show the trail of one stay in its dialogue.\n"
    "  - [ ] Forget it after two years.\n"
)


def _plans_are_made(story: Story) -> None:
    story.commit(
        1, MON, MARIT, "Plan the tide predictions",
        arrive(
            "0001",
            (_HIGH_AND_LOW, _TURNING_POINTS),
            ("for any year between 1970 and 2100.", "for the years 2000 to 2050."),
        ),
    )  # fmt: skip
    story.commit(
        1, TUE, JONAH, "Plan the berth board",
        arrive(
            "0002",
            ("Approved, first phase in use at Southhaven", "Approved"),
            (" (deferred). The office printer is broken and nobody has missed it.", ""),
            ("with the 31 berths of Southhaven.", "with a dozen invented berths."),
        ),
    )  # fmt: skip
    story.commit(
        1, TUE, PRIYA, "Plan the sign-in",
        arrive(
            "0011",
            ("Shipped, 2026-02-14", "In Progress"),
            (" It has been\nin production since February.", ""),
        ),
    )  # fmt: skip
    story.commit(1, WED, JONAH, "Plan the notifications", arrive("0004"))
    story.commit(1, THU, MARIT, "Read XTide files", tick("0001", "Parse the XTide"))
    story.commit(1, FRI, PRIYA, "Hash passwords with Argon2id", tick("0011", "Argon2id"))


def _all_goes_well(story: Story) -> None:
    story.commit(
        2, MON, MARIT, "Store stations",
        tick("0001", "Reject stations", "Store stations", "Milestone 1"),
    )  # fmt: skip
    story.commit(2, TUE, JONAH, "Add the tables of the board", tick("0002", "Tables for berths"))
    story.commit(2, WED, PRIYA, "Add one-time codes", tick("0011", "Second factor by TOTP"))
    story.commit(
        2, THU, JONAH, "Seed the real berths instead of invented ones",
        write("0002", ("a dozen invented berths", "the 31 berths of Southhaven")),
        tick("0002", "Seed script", "Milestone 1"),
    )  # fmt: skip
    story.commit(
        2, FRI, MARIT, "Compute node factors",
        write("0001", ("for the years 2000 to 2050", "for any year between 1970 and 2100")),
        tick("0001", "Compute both"),
    )  # fmt: skip
    story.commit(3, MON, JONAH, "Draw the board", tick("0002", "Draw one week"))
    story.commit(3, TUE, MARIT, "Plan the offline mode", arrive("0008"))
    story.commit(
        3, WED, PRIYA, "Sign in with OpenID Connect",
        tick("0011", "Authorization code", "Map groups", "Milestone 2"),
    )  # fmt: skip
    story.commit(3, THU, JONAH, "Add the outbox", tick("0004", "Write messages"))
    story.commit(3, FRI, MARIT, "Cache node factors", tick("0001", "Cache them"))
    story.commit(
        4, MON, MARIT, "Find turning points",
        tick("0001", "Sum the constituents", "Find turning points", "Milestone 3"),
    )  # fmt: skip
    story.commit(4, TUE, JONAH, "Warn of too little water", tick("0002", "Highlight stays"))
    story.commit(
        4, WED, PRIYA, "Find who still shares the office account",
        tick("0011", "Show who", "Milestone 1"),
    )  # fmt: skip
    story.commit(
        4, FRI, JONAH, "Deliver messages", tick("0004", "Deliver from", "Expose queue age")
    )


def _the_sign_in_ships(story: Story) -> None:
    story.commit(
        5, MON, PRIYA, "Ship the sign-in and fold its plan",
        fold(
            "0011",
            ("In Progress", "Shipped"),
            "## Outcome\n\nIn production. Security keys wait until somebody owns one.\n",
        ),
    )  # fmt: skip
    story.tag("v0.1")
    story.commit(5, TUE, PRIYA, "Plan the public API", arrive("0006"))
    story.commit(5, TUE, JONAH, "Add the night palette", tick("0002", "Night", "Milestone 2"))
    story.commit(
        5, WED, JONAH, "Put the print layout off",
        write("0002", ("Print layout", "Print layout (deferred: the office printer is broken)")),
    )  # fmt: skip
    story.commit(
        5, THU, JONAH, "Say who reads the board",
        write("0002", ("Readable from four metres", "Readable by a skipper from four metres")),
    )  # fmt: skip
    story.commit(5, THU, MARIT, "Check the long cycle", tick("0001", "Check the 18.6-year cycle"))
    story.commit(5, FRI, JONAH, "Render messages", tick("0004", "Render messages"))


def _a_branch_is_merged(story: Story) -> None:
    story.branch("offline-mode")
    story.commit(
        6, MON, MARIT, "Keep a copy on the tablet",
        tick("0008", "Service worker", "Banner with the age", "Milestone 1"),
    )  # fmt: skip
    story.go("main")
    story.commit(6, TUE, PRIYA, "Agree on resource names", tick("0006", "Milestone 1"))
    story.go("offline-mode")
    story.commit(6, WED, MARIT, "Queue what is entered", tick("0008", "Queue mutations"))
    story.go("main")
    story.commit(6, WED, JONAH, "Add mail settings", tick("0004", "Settings page"))
    story.go("offline-mode")
    story.commit(6, THU, MARIT, "Replay the queue", tick("0008", "Replay in order"))
    story.go("main")
    story.merge(6, FRI, MARIT, "Merge the offline mode", "offline-mode")


def _plans_meet_the_quay(story: Story) -> None:
    story.commit(
        7, MON, JONAH, "Cut the print layout, number the rest anew",
        write(
            "0002",
            (_LAYOUT, ""),
            ("Milestone 4", "Milestone 3"),
            ("Milestone 5", "Milestone 4"),
            ("Milestone 6", "Milestone 5"),
        ),
    )  # fmt: skip
    story.commit(
        7, TUE, MARIT, "Reopen the turning points: Southhaven has two high waters",
        untick("0001", "Find turning points", "Milestone 3"),
    )  # fmt: skip
    story.commit(
        7, TUE, PRIYA, "Break the tide windows down",
        write("0006", (_WINDOWS, _WINDOWS + _WINDOW_STEPS)),
    )  # fmt: skip
    story.commit(
        7, WED, JONAH, "Call them messages",
        rename("0004", "0004-messages.md"),
        write("0004", ("# Design: Notifications", "# Design: Messages")),
        tick("0004", "Retry with back-off"),
    )  # fmt: skip
    story.commit(7, THU, PRIYA, "Compute tide windows", tick("0006", "Compute the windows"))
    story.commit(
        7, FRI, MARIT, "Guard against the second high water",
        write("0001", (_TURNING_POINTS, _HIGH_AND_LOW)),
        tick("0001", "Find high and low", "Milestone 3"),
    )  # fmt: skip


def _a_branch_is_squashed(story: Story) -> None:
    story.branch("calendar-feed")
    story.commit(8, MON, PRIYA, "Plan the calendar feed", arrive("0010"))
    story.commit(8, TUE, PRIYA, "Keep UIDs stable", tick("0010", "Stable UIDs"))
    story.go("main")
    story.commit(8, TUE, JONAH, "Split what a drop does", write("0002", _DROP))
    story.commit(8, WED, JONAH, "Drag stays", tick("0002", "Snap to the half hour"))
    story.commit(8, WED, MARIT, "Copy two weeks of tables", tick("0001", "Transcribe one spring"))
    story.go("calendar-feed")
    story.commit(8, THU, PRIYA, "Answer polls", tick("0010", "`ETag`", "Milestone 1"))
    story.go("main")
    story.commit(8, THU, JONAH, "Keep passwords secret", tick("0004", "Keep the password"))
    story.squash(8, FRI, PRIYA, "Add a calendar feed per berth", "calendar-feed")


def _the_last_weeks(story: Story) -> None:
    story.commit(9, MON, MARIT, "Report differences", tick("0001", "One row per turning point"))
    story.commit(9, TUE, JONAH, "Refuse what runs aground", tick("0002", "Refuse a drop"))
    story.commit(
        9, TUE, MARIT, "Survive a battery change", tick("0008", "Survive a battery", "Milestone 2")
    )
    story.commit(9, WED, JONAH, "Read bounces", tick("0004", "Parse delivery", "Stop sending"))
    story.commit(9, FRI, PRIYA, "Revoke feeds", tick("0010", "Secret in the URL"))
    story.tag("v0.2")
    story.commit(
        10, MON, JONAH, "Break the audit trail down",
        write("0002", (_TRAIL, _TRAIL + _TRAIL_STEPS)),
    )  # fmt: skip
    story.commit(
        10, TUE, MARIT, "Print the twenty worst, not ten",
        write("0001", ("Print the worst ten differences", "Print the worst twenty differences")),
        tick("0001", "Print the worst twenty"),
    )  # fmt: skip
    story.commit(10, WED, PRIYA, "Answer in JSON", tick("0006", "Answer in JSON"))
    story.commit(10, WED, JONAH, "Show the next tide", tick("0002", "Show the first tide"))
    story.commit(10, THU, PRIYA, "Free and busy", tick("0010", "Tide windows", "Milestone 2"))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path, help="where to make it; empty, or not there yet")
    words.add_argument("--until", type=date.fromisoformat, default=UNTIL, help="its last day")
    told = words.parse_args()
    if told.folder.exists() and any(told.folder.iterdir()):
        words.error(f"{told.folder} is not empty")
    build(told.folder, until=told.until)


if __name__ == "__main__":
    main()
