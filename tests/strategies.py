"""Documents and plans at random: Markdown line by line, and design docs of every shape."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from plantrack.core import dialect, parse
from plantrack.core.model import Plan

DESIGN_DOC = "docs/design/mooring.md"
KIRO = ".kiro/specs/mooring/tasks.md"
OPENSPEC = "openspec/changes/mooring/tasks.md"
SPEC_KIT = "specs/001-mooring/tasks.md"
SUPERPOWERS = "docs/superpowers/plans/mooring.md"
PATHS = (DESIGN_DOC, KIRO, OPENSPEC, SPEC_KIT, SUPERPOWERS, "docs/plans/x.md", "docs/archive/x.md")

INDENTS = ("", "", "", " ", "  ", "   ", "    ", "      ", "\t", "  \t")
CONTAINERS = (
    *("", "", "", "", "- ", "- ", "* ", "+ ", "1. ", "1) ", "2. ", "10. "),
    *("> ", ">", "- - ", "-\t", "- > ", "> - ", "1.  ", "-   ", "-     "),
)
LEAVES = (
    *("[ ] a", "[x] b", "[X] c", "[ ]", "[x] M1: d", "[~] e", "[ ]* f", "[ ]\tg", "[wip] h"),
    *("text", "more text", "", "", "# h", "## h", "### h ##", "#", "####### h", "#h"),
    *("```", "````", "~~~", "``` x", "``` a`b", "---", "===", "--", "=", "***", "* * *", "_ _ _"),
    *("<!--", "-->", "<!-- c -->", "<!-->", "<div>", "</div>", "<details>", "<pre>", "x</PRE>"),
    *("<script>", "<?", "?>", "<![CDATA[", "]]>", "<!A", ">", "| a | b |", "|--|--|"),
    *("- ", "*", "+", "1.", "2)", "\\", "`a", '"', "    code", "\tcode", "a  ", "&lt;"),
)
# a tag alone on a line, and link definitions: where the oracles themselves disagree
DISPUTED = ("<b>", "<a href='x'>", "</b>", "</pre>", "[a]: /u", "[a]:", "[a]: /u 't", "t'")


def markdown(
    *, leaves: tuple[str, ...] = (*LEAVES, *DISPUTED), max_lines: int = 16
) -> SearchStrategy[str]:
    """Make documents of lines that each begin or go on with some block of Markdown."""
    line = st.builds(
        "{}{}{}".format,
        st.sampled_from(INDENTS),
        st.sampled_from(CONTAINERS),
        st.sampled_from(leaves),
    )
    return st.lists(line, min_size=1, max_size=max_lines).map(lambda lines: "\n".join(lines) + "\n")


def undisputed_markdown() -> SearchStrategy[str]:
    """Make documents of which every reader of Markdown makes the same."""
    return markdown(leaves=LEAVES)


_PLAIN_LINES = (
    *("[ ] a", "[x] b", "text", "**c**", "`d`", "1.5 e", "--f", "é", "| g |", "_h_"),
    *("", "", "```", "~~~", "---", "1. i", "# j", "> k", "<b>", "\0", "- l"),
)


def plain_markdown() -> SearchStrategy[str]:
    """Make documents of words, items and fences, most of them indented as they should be."""
    line = st.builds(
        "{}{}{}".format,
        st.sampled_from(("", "", "  ", "  ", "    ", "   ", " ", "      ")),
        st.sampled_from(("- ", "- ", "* ", "1. ", "2. ", "", "", "-  ")),
        st.sampled_from((*_PLAIN_LINES[:10] * 3, *_PLAIN_LINES[10:])),
    )
    lines = st.one_of(line, line, line, st.sampled_from(("", "", "  ```", "```", "    ```")))
    return st.lists(lines, max_size=14).map(lambda lines: "\n".join(lines) + "\n")


def any_text() -> SearchStrategy[str]:
    """Make texts of any characters, and of those that mean something in a plan."""
    telling = st.text(
        alphabet="-*+ []xX~#>`<!\\\t\n\r:.()_{}&;|123MTPas\0\u2028\xa0\ufeff🚧", max_size=300
    )
    return st.one_of(st.text(max_size=100), telling, markdown())


_MARKS = (" ", " ", " ", "x", "x", "X", "~", "-", "🚧", "in-progress", "skipped")
_LABELS = ("", "", "Milestone {}: ", "**Phase {}** — ", "M{}. ", "Step {}: ", "T00{} ", "{}. ")
_WORDS = ("dig", "fill", "pave", "~~paint~~", "**sign** it.", "ship (deferred)", "`code` x", "gate")
_FILLERS = ("", "", "some prose", "- a bullet", "> a quote", "  a note", "```\n- [ ] x\n```")
_STATUSES = (
    "",
    "",
    "",
    "Draft",
    "Draft",
    "In progress",
    "In progress",
    "Shipped, gaps remain",
    "Superseded",
)
_HEADINGS = ("Phase {}: ", "", "Task {}: ", "{}. ", "M{} — ")


def labels() -> SearchStrategy[str]:
    """Make the labels of boxes, with what parts them from the text; most are none."""
    return st.builds(str.format, st.sampled_from(_LABELS), st.integers(1, 6))


def box_lines() -> SearchStrategy[str]:
    """Make boxes on one line, indented by up to three levels."""
    return st.builds(
        "{}- [{}]{} {}{}".format,
        st.sampled_from(("", "", "", "  ", "  ", "    ")),
        st.sampled_from(_MARKS),
        st.sampled_from(("", "", "", "", "*")),
        labels(),
        st.sampled_from(_WORDS),
    )


def _inner_headings() -> SearchStrategy[str]:
    label = st.builds(str.format, st.sampled_from(_HEADINGS), st.integers(1, 6))
    words = st.sampled_from(("Dig", "Fill", "Verification", "Notes", "Future Work"))
    heading = st.builds("{} {}{}".format, st.sampled_from(("###", "####")), label, words)
    return heading.map("\n{}\n".format)


def design_docs() -> SearchStrategy[str]:
    """Make documents with a title, a Status, a plan and Next Steps; each may be missing."""
    return st.builds(
        _design_doc,
        st.sampled_from(_STATUSES),
        st.sampled_from(("## Implementation Plan", "## Implementation Plan", "## Plan", "")),
        st.one_of(_messy_plans(), _shaped_plans(), _shaped_plans()),
        st.lists(st.builds("- do M{}".format, st.integers(1, 6)), max_size=3),
    )


def _messy_plans() -> SearchStrategy[list[str]]:
    line = st.one_of(box_lines(), box_lines(), _inner_headings(), st.sampled_from(_FILLERS))
    return st.lists(line, min_size=1, max_size=20)


# how a milestone is written: its box, its heading, and its steps, each "" where it has none
_SHAPES = (
    ("- [{mark}] **Milestone {n}: Dig**", "", "  - [{mark}] fill {n}"),
    ("- [{mark}] M{n}: Dig", "", "  - [{mark}] fill"),
    ("- [{mark}] Dig {n}", "", "  - [{mark}] fill"),
    ("- [{mark}] {n}. Dig", "", "  - [{mark}] {n}.1 fill"),
    ("- [{mark}] {n}. Dig\n  - how", "", "- [{mark}] {n}.1 fill"),
    ("- [{mark}] M{n}: Dig", "", "- [{mark}] fill"),
    ("- [{mark}] Milestone {n}: Dig", "", ""),
    ("", "\n### Phase {n}: Dig\n", "- [{mark}] fill"),
    ("", "\n### Task {n}: Dig\n", "- [{mark}] **Step 1: fill**"),
    ("", "\n### {n}. Dig\n", "- [{mark}] {n}.1 fill"),
    ("- [{mark}] Phase {n}: Dig", "\n### Phase {n}: Dig\n", "- [{mark}] fill"),
    ("- [{mark}] ~~Phase {n}: Dig~~", "\n### Phase {n}: Dig\n", "- [{mark}] fill"),
)


def _shaped_plans() -> SearchStrategy[list[str]]:
    marks = st.sampled_from((" ", " ", "x", "x", "x", "~", " ]*["))
    milestone = st.tuples(marks, st.lists(marks, max_size=3))
    milestones = st.lists(milestone, min_size=1, max_size=6)
    return st.builds(_shaped_plan, st.sampled_from(_SHAPES), milestones)


def _shaped_plan(shape: tuple[str, str, str], milestones: list[tuple[str, list[str]]]) -> list[str]:
    box, heading, step = shape
    index = []
    sections = []
    for n, (own, marks) in enumerate(milestones, 1):
        steps = [_marked(step, n, mark) for mark in marks if step]
        sections.extend(
            [heading.format(n=n), *steps] if heading else [_marked(box, n, own), *steps]
        )
        index.extend([_marked(box, n, own)] if heading and box else [])
    return [*index, *sections]


def _marked(line: str, n: int, mark: str) -> str:
    # " ]*[" closes the brackets early: an open box with a star behind it
    return line.format(n=n, mark=mark).replace("[ ]*[]", "[ ]*")


def _design_doc(status: str, heading: str, lines: list[str], bullets: list[str]) -> str:
    field = f"**Status:** {status}\n\n" if status else ""
    steps = "\n## Next Steps\n\n" + "\n".join(bullets) + "\n" if bullets else ""
    return f"# Design: Mooring\n\n{field}{heading}\n\n" + "\n".join(lines) + "\n" + steps


def paths() -> SearchStrategy[str]:
    """Choose a path, of which most decide a dialect."""
    return st.one_of(st.just(DESIGN_DOC), st.sampled_from(PATHS))


def plans() -> SearchStrategy[Plan]:
    """Make plans of every shape and dialect."""
    return st.builds(read, design_docs(), paths())


def read(text: str, path: str = DESIGN_DOC) -> Plan:
    """Read a document as if it stood at a path."""
    return parse.read_plan(text, dialect.origin(path), dialect.Rules())
