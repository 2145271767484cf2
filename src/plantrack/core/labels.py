"""Item and heading texts to the labels authors gave them."""

# Theory of operation
#
# A label names a place in a plan: a word with a number ("Phase 2"), a letter with a number ("M1.2",
# "T014"), or a number ("3a", "1.2."). It is parsed off the text, with or without bold, when a
# separator or the end follows it; prose that only begins like one ("3 apples") keeps its words.
# Labels change freely between versions and are never identity.

from __future__ import annotations

import re

OUTER_WORDS = frozenset({"milestone", "phase", "stage", "sprint", "wave", "workstream"})
_WORD = r"(?:milestone|phase|stage|step|task|sprint|wave|commit|workstream)"
_NUMBER = r"\d{1,4}(?:\.\d{1,4})*[a-zA-Z]?"
_SEPARATOR = r"(?:\s*[:.)\]]+(?=\s|$|\*|_)|\s*[—–](?=\s|$)|\s+-{1,2}(?=\s))"
_END = rf"(?={_SEPARATOR}|\s*(?:\*\*|__)|\s*$|\s+[(\[{{])"
_SIGNS = r"[^\w\s`\[(<\"'&~*_-]"
_LABEL = re.compile(
    # possessive: signs that lead nowhere are looked at once
    rf"^{_SIGNS}*+\s*+(?P<open>(?:~~|\*\*|__)*+)(?:{_SIGNS}++\s*+)?+"
    r"(?P<label>"
    rf"(?:(?i:{_WORD})\s+#?(?:{_NUMBER}|[A-Z]\d{{0,2}}(?:\.\d+)*|[IVX]{{1,4}})(?:{_END}|(?=\s+[A-Z`\"'“])))"
    rf"|(?:[A-Z]{{1,3}}\d{{1,4}}(?:\.\d{{1,4}})*[a-z]?{_END})"
    r"|(?:T\d{3,4}(?=\s))"
    rf"|(?:{_NUMBER}{_SEPARATOR.replace('?=', '?=')})"
    r")"
    rf"(?P<close>\s*(?:\*\*|__))?(?P<sep>{_SEPARATOR})?\s*",
)
_DOTTED = re.compile(
    r"^(?P<open>(?:~~|\*\*|__)*)(?P<label>\d{1,4}(?:\.\d{1,4})+)(?P<close>\*\*|__)?(?P<sep>)[ \t]+",
)
_NO_LABEL = re.compile(r"(?!(?i:mi|ph|s[tp]|ta|w[ao]|co))[A-Za-z][a-z]")  # begins with a plain word
_LABEL_END = re.compile(r"[\s:.)\]—–-]+$")
_TAG = re.compile(r"\s*\[(P|US\d{1,3}|Story)\](?=\s|$)")


def split(text: str, *, numbered: bool = False) -> tuple[str, str]:
    """Part a text into its label and the rest; the label is "" where there is none.

    `numbered` also takes a dotted number without a full stop ("1.2 Title"), as spec folders write
    it. Emphasis that surrounds the label only goes with it, emphasis that goes on is reopened.
    """
    if _NO_LABEL.match(text):  # most texts
        return "", text
    match = _LABEL.match(text)
    if match is None and numbered:
        match = _DOTTED.match(text)
    if match is None:
        return "", text
    rest = text[match.end() :]
    opened = match.group("open")
    if match.group("close"):
        opened = opened[:-2]
    while opened and rest.startswith(opened[-2:]):
        opened, rest = opened[:-2], rest[2:].lstrip()
    rest = opened + rest
    return _LABEL_END.sub("", match.group("label")), rest


def split_tags(text: str) -> tuple[tuple[str, ...], str]:
    """Part the bracketed legends (`[P]`, `[US1]`) off the front of a text."""
    if "[" not in text:
        return (), text
    tags = []
    end = 0
    while match := _TAG.match(text, end):
        tags.append(match.group(1))
        end = match.end()
    return tuple(tags), text[end:].lstrip() if tags else text


def key(label: str) -> str:
    """Fold a label for comparison: "Phase  6" and "phase 6" are one, "M3" is "milestone 3"."""
    folded = " ".join(label.split()).lower().replace("#", "")
    return f"milestone {folded[1:]}" if _SHORT_MILESTONE.match(folded) else folded


_SHORT_MILESTONE = re.compile(r"m(?=\d)")


def is_outer(label: str) -> bool:
    """Tell whether a label names a milestone by its word, whatever it stands under."""
    return label.split(" ", 1)[0].lower() in OUTER_WORDS


def is_number(label: str) -> bool:
    """Tell whether a label is a number and nothing else ("1", "1.2")."""
    return bool(label) and label[0].isdigit()


_UNIT_LABEL = re.compile(r"(?i)^(?:step|task|commit)\s|^T\d{3}|^\d")


def is_unit(label: str) -> bool:
    """Tell whether a label names one piece of work, not a stretch to be broken into steps."""
    return bool(_UNIT_LABEL.match(label))


_MENTION = re.compile(rf"\b(?:(?i:{_WORD})s?\s+{_NUMBER}\b|M\d{{1,3}}(?:\.\d+)*[a-z]?\b)")


def mentioned(text: str) -> tuple[str, ...]:
    """Find the labels a prose text mentions, as comparison keys, in order."""
    return tuple(
        re.sub(rf"^({_WORD})s ", r"\1 ", key(match.group())) for match in _MENTION.finditer(text)
    )
