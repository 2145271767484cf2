"""Documents that are made to hang, to crash or to confuse a reader, each of a wanted size."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

HEAD = "# Design: Mooring\n\n**Status:** Draft\n\n## Implementation Plan\n\n"
DESIGN_DOC = "docs/design/mooring.md"
KIRO = ".kiro/specs/mooring/tasks.md"
SPEC_KIT = "specs/001-mooring/tasks.md"
SUPERPOWERS = "docs/superpowers/plans/mooring.md"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One way to be a nuisance."""

    name: str
    make: Callable[[int], str]  # from a size in characters
    path: str = DESIGN_DOC


def _again(part: str, *, before: str = HEAD, after: str = "") -> Callable[[int], str]:
    """Repeat a part until the size is reached."""
    return lambda size: before + part * (size // len(part)) + after


def _counted(part: str, *, before: str = HEAD) -> Callable[[int], str]:
    """Repeat a part in which "%" stands for a number that counts up."""

    def make(size: int) -> str:
        numbered = (part.replace("%", str(number)) for number in itertools.count(1))
        return before + "".join(_until(numbered, size))

    return make


def _lines_of(part: str, *, begin: str = "- [ ] ", step: int = 4000) -> Callable[[int], str]:
    """Fill lines of almost the length that is read with a part, in one paragraph."""
    line = part * (step // len(part))
    return lambda size: HEAD + begin + "\n  ".join([line] * (size // step + 1)) + "\n"


def _growing(
    make: Callable[[int], str], *, before: str = HEAD, after: str = ""
) -> Callable[[int], str]:
    """Join make(1), make(2), … up to the size."""
    return lambda size: before + "".join(_until(map(make, itertools.count(1)), size)) + after


def _shrinking(make: Callable[[int], str], *, before: str = HEAD) -> Callable[[int], str]:
    def whole(size: int) -> str:
        parts = list(_until(map(make, itertools.count(1)), size))
        return before + "".join(reversed(parts)) + "\n"

    return whole


def _until(parts: Iterable[str], size: int) -> Iterator[str]:
    total = 0
    for part in parts:
        total += len(part)
        if total > size:
            return
        yield part


def _boxes_by_number(size: int) -> str:
    """Number boxes 1, 1.1, 1.1.1 and so on, all at column 0."""
    return "".join(_until((f"- [ ] {'.'.join('1' * n)} a\n" for n in itertools.count(1)), size))


def _indexed(size: int) -> str:
    count = size // 45
    index = "".join(f"- [ ] Phase {n}: a\n" for n in range(count))
    return HEAD + index + "".join(f"\n### Phase {n}: a\n\n- [ ] b\n" for n in range(count))


def _next_steps_of_many(size: int) -> str:
    count = size // 40
    plan = "".join(f"- [ ] M{n % 1000}: a\n" for n in range(count))
    return HEAD + plan + "\n## Next Steps\n\n" + "".join(f"- do M{n}\n" for n in range(count))


def _next_steps_in_one(size: int) -> str:
    plan = "".join(f"- [ ] M{n}: a\n" for n in range(999))
    return HEAD + plan + "\n## Next Steps\n\n- " + "M7 and M8\n  " * (size // 12) + "\n"


STRUCTURE = (
    Hostile("lists in lists on one line", _again("- ", after="[ ] a\n")),
    Hostile("lists in lists, one a line", _growing(lambda n: "  " * n + "- [ ] a\n")),
    Hostile("ordered lists on one line", _again("1. ", after="[ ] a\n")),
    Hostile("quotes in quotes", _again(">", after=" - [ ] a\n")),
    Hostile("quotes in quotes with blanks", _again("> ", after="- [ ] a\n")),
    Hostile("ten thousand nested quotes, again and again", _again(">" * 10_000 + " a\n\n")),
    Hostile("ten thousand nested lists, again and again", _again("- " * 10_000 + "a\n\n")),
    Hostile("quotes and lists in turn", _again("> - ", after="[ ] a\n")),
    Hostile("quotes in lists by lines", _growing(lambda n: "> - " * n + "a\n")),
    Hostile("item and quote in turn", _again("- a\n> b\n")),
    Hostile("item, quote and heading in turn", _again("- a\n> b\n# c\n")),
    Hostile("quote, list and heading in turn", _again("> a\n- [ ] b\n### c\n")),
    Hostile("tiny lists", _again("- [ ] a\n\n\n1. b\n\n")),
    Hostile("lists parted by comments", _again("- [ ] a\n\n<!-- -->\n\n")),
    Hostile("markers in turn", _again("- [ ] a\n+ [ ] b\n* [ ] c\n1. [ ] d\n2) [ ] e\n")),
    Hostile("empty markers", _again("-\n")),
    Hostile("empty markers and boxes", _again("-\n[ ] a\n")),
    Hostile("a line of stars", _again("* ", after="\n")),
    Hostile("lines of stars", _again("* * * * * * *\n")),
    Hostile("a line of dashes", _again("-", after="\n")),
    Hostile("dashes with blanks and an end", _again("- ", after="x\n")),
    Hostile("underscores", _again("_ ", after="\n- [ ] a\n")),
    Hostile("one item with many paragraphs", _again("  b\n\n", before=HEAD + "- [ ] a\n\n")),
    Hostile("one item with many lines", _again("  b\n", before=HEAD + "- [ ] a\n")),
    Hostile("lazy lines", _again("- [ ] a\nb\n")),
    Hostile("one item with many lazy lines", _again("b\n", before=HEAD + "- [ ] a\n")),
    Hostile("lazy lines in steps of one item", _again("  - [ ] b\nc\n", before=HEAD + "- [ ] a\n")),
    Hostile(
        "lazy lines behind fences in one item",
        _again("  ```\n  x\n  ```\n  t\nlazy\n", before=HEAD + "- [ ] a\n"),
    ),
    Hostile(
        "lazy lines behind tags in deep items",
        _again("        <b>\n\n        t\nlazy\n", before=HEAD + "- - - - a\n\n"),
    ),
    Hostile("lazy lines in quotes", _again("> # a\n> b\nc\n")),
    Hostile("boxes", _again("- [ ] a\n")),
    Hostile("nested boxes", _again("- [ ] a\n  - [x] b\n    - [ ] c\n")),
    Hostile("boxes with notes", _again("- [ ] a\n\n  b\n\n  - c\n\n")),
    Hostile("boxes outside any plan", _again("- [ ] a\n", before="# Notes\n\n")),
    Hostile("over-indented boxes", _again("text\n        - [ ] a\n\n")),
    Hostile("boxes in indented code", _again("    - [ ] a\n\ntext\n\n")),
    Hostile("tabs", _again("\t")),
    Hostile("tabs before markers", _growing(lambda n: "\t" * n + "- [ ] a\n")),
    Hostile("tabs behind markers", _again("-\t[ ]\ta\n>\t-\t[ ]\tb\n")),
    Hostile("NULs", _again("- [ ] a\0\n\0\n")),
    Hostile("carriage returns", _again("- [ ] a\r\r\n")),
    Hostile("line separators", _again("- [ ] a\u2028- [ ] b\x85\x0b\x0c\n")),
    Hostile("lone surrogates", _again("- [ ] \ud800\n")),
    Hostile("long numbers", _again("9", after=". [ ] a\n")),
    Hostile("nine digits", _again("999999999. [ ] a\n")),
    Hostile("ten digits", _again("1234567890. [ ] a\n")),
)

LEAVES = (
    Hostile("a fence that never ends", _again("- [ ] a\n", before=HEAD + "```\n")),
    Hostile("fences", _again("```\n")),
    Hostile("fences around boxes", _again("```\n- [ ] a\n```\n\n")),
    Hostile("fences of both kinds", _again("```\n~~~\n")),
    Hostile("longer and longer fences", _growing(lambda n: "`" * (n + 2) + "\n")),
    Hostile("shorter and shorter fences", _shrinking(lambda n: "`" * (n + 2) + "\n")),
    Hostile("fences on markers", _again("- ```\n")),
    Hostile("fences on markers with text", _again("- ```\n  a\n# b\n")),
    Hostile("indented fences", _again("    ```\n  a\n")),
    Hostile("fences that are none", _again("``` a`b\n")),
    Hostile("fences in quotes", _again("> ```\n")),
    Hostile("a comment that never ends", _again("- [ ] a\n", before=HEAD + "<!--\n")),
    Hostile("comments that never end", _again("<!--\n")),
    Hostile("comments", _again("<!-- - [ ] a -->\n")),
    Hostile("comments in items", _again("- [ ] a\n  <!--\n")),
    Hostile("blocks of HTML", _again("<div>\n")),
    Hostile("lone tags", _again("text\n<b>\n")),
    Hostile("lone tags and fences", _again("text\n<b>\n```\n")),
    Hostile("details", _again("<details>\n- [ ] a\n\n")),
    Hostile("scripts", _again("<script>\n")),
    Hostile("declarations", _again("<!A\n<?\n<![CDATA[\n")),
    Hostile("a tag of many names", _again(" b", before=HEAD + "<a", after="\n")),
    Hostile("a tag of many values", _again("\ta=b\tc", before=HEAD + "<a", after="!\n")),
    Hostile("tags of many values", _again("<a" + "\ta=b\tc" * 40 + "!\n\n")),
    Hostile("a tag of many quotes", _again(" a='", before=HEAD + "<a", after="\n")),
    Hostile("open tags", _again("<a ")),
    Hostile("a heading of 32 KB", _again("# " + "a" * 32_000 + "\n")),
    Hostile("hashes", _again("#", after="\n")),
    Hostile("hashes behind a heading", _again(" #", before=HEAD + "### a", after="\n")),
    Hostile("blanks in headings", _again("### a" + " " * 4000 + "b\n")),
    Hostile("headings", _again("### a\n")),
    Hostile("headings with boxes", _again("### a\n- [ ] b\n")),
    Hostile("headings of all levels", _again("### a\n#### b\n##### c\n###### d\n- [ ] e\n")),
    Hostile("indented headings", _again(" ### a\n- [ ] b\n")),
    Hostile("underlined headings", _again("a\n-\n")),
    Hostile("double underlines", _again("=\n")),
    Hostile("a long underlined heading", _again("a b\n", before="", after="===\n")),
    Hostile("underlines behind long lines", _again("a" * 4000 + "\n=\n")),
    Hostile("link definitions", _again("[a]: b\n", after="===\n")),
    Hostile("link definitions with open titles", _again("[a]: b '\n", after="===\n")),
    Hostile("link definitions with open targets", _again("[a]: <", after="\n===\n")),
    Hostile("link definitions in vain", _again("[a]:\n", after="===\n")),
    Hostile("a long link label", _again("[", after="]: b\n===\n")),
    Hostile("tables", _again("| a | [ ] b |\n|---|---|\n")),
    Hostile("pipes", _again("|", after="\n")),
    Hostile("blanks", _again(" ", after="\n- [ ] a\n")),
    Hostile("lines of blanks", _again("      \n")),
    Hostile("line breaks", _again("\n")),
    Hostile("one long word", _again("a")),
    Hostile("one long box", _again("a", before=HEAD + "- [ ] ")),
)

INLINE = (
    Hostile("backticks", _lines_of("`")),
    Hostile("backticks and blanks", _lines_of("` ")),
    Hostile("code and letters", _lines_of("`a")),
    Hostile("longer and longer code", _growing(lambda n: "`" * n + "a", before=HEAD + "- [ ] ")),
    Hostile(
        "shorter and shorter code", _shrinking(lambda n: "`" * n + "a", before=HEAD + "- [ ] ")
    ),
    Hostile("open brackets", _lines_of("[")),
    Hostile("closing brackets", _lines_of("]")),
    Hostile("brackets", _lines_of("[ ] ")),
    Hostile("open links", _lines_of("[a](")),
    Hostile("stars", _lines_of("*")),
    Hostile("open bold", _lines_of("**a ")),
    Hostile("open italics", _lines_of("*a _b ")),
    Hostile("underscores in words", _lines_of("__a")),
    Hostile("mixed emphasis", _lines_of("*a_ **b__ ")),
    Hostile("strikes", _lines_of("~~a")),
    Hostile("tildes", _lines_of("~")),
    Hostile("a strike that never ends", _lines_of("a` ", begin="- [ ] ~~")),
    Hostile("a remark behind a strike", _lines_of("! ", begin="- [ ] ~~a~~ ")),
    Hostile("signs", _lines_of("!")),
    Hostile("signs and blanks", _lines_of("! ")),
    Hostile("signs and emphasis", _lines_of("!**")),
    Hostile("emoji", _lines_of("🚢")),
    Hostile("opened emphasis", _lines_of("~~**__")),
    Hostile("legends", _lines_of("[P] ")),
    Hostile("words of labels", _lines_of("Phase ")),
    Hostile("labels", _lines_of("M1 ")),
    Hostile("labels with points", _lines_of(".1", begin="- [ ] Phase 1")),
    Hostile("labels with digits", _lines_of("1", begin="- [ ] Milestone ")),
    Hostile("labels with ends", _lines_of(":", begin="- [ ] Phase 1 ")),
    Hostile("labels with brackets", _lines_of(")", begin="- [ ] M1")),
    Hostile("labels with blanks", _lines_of(" ", begin="- [ ] M1 a")),
    Hostile("blanks between words", _lines_of("a" + " " * 900)),
    Hostile("numbers", _lines_of("1.", begin="- [ ] ")),
    Hostile("numbers with blanks", _lines_of("1. ", begin="- [ ] ")),
    Hostile("full stops", _lines_of(". ")),
    Hostile("dashes", _lines_of(" - ")),
    Hostile("brackets that say deferred", _lines_of("( deferre ")),
    Hostile("blocked, blocked", _lines_of("blocked on ")),
    Hostile("braces in a title", _again("{{", before="", after="\n===\n" + HEAD)),
    Hostile(
        "braces in a title of many lines", _again("{{" * 1000 + "\n", before="", after="===\n")
    ),
    Hostile("angles in a title", _again("<A" * 1000 + "\n", before="", after="===\n")),
    Hostile("entities in a title", _again("&lt;A" * 500 + "\n", before="", after="===\n")),
    Hostile("anchors in a title", _again("{#" * 1000 + "\n", before="", after="===\n")),
    Hostile("remarks in a title", _again("(optional" * 100 + "\n", before="", after="===\n")),
    Hostile("signs in a title", _again("!" * 2000 + "\n", before="", after="a\n===\n")),
    Hostile("blanks in a title", _again("a" + " " * 2000 + "b\n", before="", after="===\n")),
    Hostile("code in a title", _shrinking(lambda n: "`" * n + "a", before="# ")),
    Hostile("anchors in headings", _again("### " + "{#" * 400 + "\n- [ ] a\n")),
    Hostile("signs in headings", _again("### a" + "!" * 2000 + "b\n- [ ] a\n")),
    Hostile("instructions that never end", _again("# <instructions>\n")),
    Hostile("instructions", _again("# <instructions>\n# </instructions>\n")),
    Hostile("dashes in notes", _again("  ---\n", before=HEAD + "- [ ] M1: a\n\n")),
    Hostile("stars in notes", _again("  ***\n  status\n", before=HEAD + "- [ ] M1: a\n\n")),
)

FIELDS = (
    Hostile("front matter", _again("a: b\n", before="---\n", after="---\n" + HEAD)),
    Hostile("front matter that never ends", _again("a: b\n", before="---\n")),
    Hostile("front matter of blanks", _again(" ", before="---\na:", after="b\n---\n" + HEAD)),
    Hostile("front matter of letters", _again("a", before="---\n", after="\n---\n" + HEAD)),
    Hostile("rules at the top", _again("---\n", before="")),
    Hostile("a Status of many words", _again("draft and ", before="# A\n\n**Status:** ")),
    Hostile("a Status of many lines", _again("phase x and\n", before="# A\n\n**Status:** ")),
    Hostile("a Status of brackets", _again("[" * 3000 + "\n", before="# A\n\n**Status:** ")),
    Hostile("a Status of links", _again("[a](" * 900 + "\n", before="# A\n\n**Status:** ")),
    Hostile("a Status of code", _shrinking(lambda n: "`" * n + "a", before="# A\n\nStatus: ")),
    Hostile("a Status of signs", _again("!*_~" * 900 + "\n", before="# A\n\nStatus: ")),
    Hostile("a Status of checkboxes", _again("checkboxes " * 300 + "\n", before="# A\n\nStatus: ")),
    Hostile("a Status of blanks", _again(" " * 3000 + "a\n", before="# A\n\nStatus: ")),
    Hostile("many Status fields", _again("**Status:** done\n\n", before="# A\n\n")),
    Hostile("quoted Status fields", _again("> Status: done\n", before="# A\n\n")),
    Hostile("open Status fields", _again("**Status: a\n", before="# A\n\n")),
    Hostile("stamps", _again("> Historical\n\n", before="# A\n\n")),
    Hostile("quote marks before a stamp", _again(">", before="# A\n\n", after=" Done\n")),
    Hostile("a Status under each heading", _again("### a\n**Status:** b\n- [ ] c\n")),
    Hostile("a Status under underlined headings", _again("a\n-\n**Status:** b\n")),
    Hostile("many plan headings", _again("## Milestones\n", before="# A\n\n")),
    Hostile("many plans", _again("## Milestones\n- [ ] M1: a\n", before="# A\n\n")),
    Hostile("an implicit plan", _counted("## Phase %\n- [ ] a\n", before="# A\n\n")),
    Hostile(
        "an implicit plan with others in it",
        _counted("## Phase %\n- [ ] a\n## x\n- [ ] b\n", before="# A\n\n"),
    ),
    Hostile(
        "implicit plans below one another",
        _counted("## a\n### Phase %\n- [ ] a\n### x\n- [ ] b\n", before="# A\n\n"),
    ),
    Hostile("an index and its sections", _indexed),
    Hostile(
        "labelled headings without boxes", _counted("### Phase %\n", before=HEAD + "- [ ] a\n")
    ),
    Hostile("labelled boxes", _counted("- [ ] M%: a\n")),
    Hostile("labelled boxes with steps", _counted("- [x] M%: a\n  - [ ] b\n")),
    Hostile("lost indents", _again("- [ ] M1: a\n- [ ] b\n- [ ] M2: c\n- [ ] M3: d\n")),
    Hostile("a checklist outside", _again("### Release Checklist\n- [ ] a\n")),
    Hostile("Next Steps", _again("## Next Steps\n- M1\n", before=HEAD + "- [ ] M1: a\n\n")),
    Hostile("Next Steps of many milestones", _next_steps_of_many),
    Hostile("Next Steps in one bullet", _next_steps_in_one),
    Hostile("numbers below numbers", _boxes_by_number, KIRO),
    Hostile("numbers at column 0", _counted("- [ ] 1.% a\n  - b\n", before=""), KIRO),
    Hostile("numbered boxes", _counted("- [ ] %. a\n  - [ ] %.1 b\n", before=""), KIRO),
    Hostile("spec-kit tasks", _counted("## Phase %: a\n- [ ] T012 [P] [US1] b\n"), SPEC_KIT),
    Hostile("spec-kit in vain", _again("- [ ] ****T01\n", before=""), SPEC_KIT),
    Hostile("spec-kit blanks in vain", _again(" " * 4000 + "\n", before=""), SPEC_KIT),
    Hostile("superpowers tasks", _counted("### Task %: a\n- [ ] **Step 1: b**\n"), SUPERPOWERS),
)

EVERY = (*STRUCTURE, *LEAVES, *INLINE, *FIELDS)
