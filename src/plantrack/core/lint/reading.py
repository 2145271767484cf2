"""Rules about what keeps a document from being read as it was meant, or at all."""

from __future__ import annotations

from plantrack.core.lint.around import Around
from plantrack.core.lint.rule import Example, Rule, Severity, nowhere, told
from plantrack.core.model import Finding

_PLAN = "# Tide gauge\n\n## Implementation Plan\n\n- [ ] Open the port\n"
_GARBLED = Finding("", 5, "not-utf-8", "bytes that are no UTF-8 were replaced")
_NULS = Finding("", 5, "nul-bytes", "NUL characters were replaced")

RULES = (
    Rule(
        code="not-utf-8",
        severity=Severity.WARNING,
        finds="The document is not UTF-8.",
        because="Characters are replaced, and a text that changes is harder to know again.",
        remedy="Save it as UTF-8.",
        find=told("not-utf-8"),
        bad=Example(_PLAN, Around(told=(_GARBLED,)), "With a byte E9 for é in line 5."),
        good=Example(_PLAN),
    ),
    Rule(
        code="nul-bytes",
        severity=Severity.WARNING,
        finds="The document holds NUL characters.",
        because="They are replaced; no text has any.",
        remedy="Remove them.",
        find=told("nul-bytes"),
        bad=Example(_PLAN, Around(told=(_NULS,)), "With a NUL in line 5."),
        good=Example(_PLAN),
    ),
    Rule(
        code="long-line",
        severity=Severity.WARNING,
        finds="A line is longer than is read.",
        because="What stands behind the limit is not seen.",
        remedy="Break the line, or raise max_line_chars.",
        find=told("long-line"),
        bad=Example(_PLAN + "- [ ] " + "x" * 5000 + "\n"),
        good=Example(_PLAN + "- [ ] " + "x" * 50 + "\n"),
    ),
    Rule(
        code="large-section",
        severity=Severity.ERROR,
        finds="A plan section is larger than is read.",
        because="The boxes behind the limit are not counted.",
        remedy="Part the document, or raise max_section_kib.",
        find=told("large-section"),
        bad=Example(_PLAN + "".join(f"- [ ] Step {n} {'x' * 4000}\n" for n in range(70))),
        good=Example(_PLAN + "".join(f"- [ ] Step {n} {'x' * 4000}\n" for n in range(3))),
    ),
    *(
        Rule(
            code=code,
            severity=Severity.ERROR,
            finds=finds,
            because="Nothing in it is counted.",
            remedy=remedy,
            find=told(code) if code == "too-intricate" else nowhere,
        )
        for code, finds, remedy in (
            (
                "too-intricate",
                "A part of a document is nested too deeply or too intricately to be read.",
                "Write it flatter.",
            ),
            (
                "too-large",
                "A document is larger than is read.",
                "Part it, raise max_document_kib, or exclude it.",
            ),
            ("unreadable", "A document or folder cannot be read.", "Make it readable."),
            (
                "not-a-file",
                "Something is named like a document and is no regular file.",
                "Rename it, or exclude it.",
            ),
            (
                "link-outside",
                "A document is a link that leads out of the repository.",
                "Put the document itself there, or exclude it.",
            ),
            (
                "changing",
                "A document was written to while it was read, again and again.",
                "Ask again.",
            ),
        )
    ),
)
