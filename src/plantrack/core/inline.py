"""Inline Markdown to what it says: emphasis off, strikes and leads recognised."""

from __future__ import annotations

import re

from plantrack.core.memo import remembered

# eight marks at most: every other number of them is one more search to the end of the text
_CODE = r"(?<!`)(`{1,8})(?!`)(?:.+?)(?<!`)\1(?!`)"
CODE_SPAN = re.compile(_CODE)
_EMPHASIS = re.compile(rf"{_CODE}|\*\*|~~|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)")
_ITALIC = re.compile(
    rf"{_CODE}|(?<![\w*\\])([*_])(?=[^\s*_])([^*_`]*?[^\s*_\\])\2(?![\w*])",
)


_MAY_BE_ITALIC = re.compile(r"[*_](?<![\w*\\][*_])(?=[^\s*_])")  # most names in code are not
_MARKED = re.compile(r"[*~_]")


def plain(text: str) -> str:
    """Take emphasis and strike-through marks off, outside code spans."""
    return _unmarked(text) if _MARKED.search(text) else text.strip()


@remembered(1 << 13)
def _unmarked(text: str) -> str:
    if "**" in text or "__" in text or "~~" in text:
        text = _EMPHASIS.sub(lambda match: match.group() if match.group(1) else "", text)
    if _MAY_BE_ITALIC.search(text):
        text = _ITALIC.sub(lambda match: match.group(3) or match.group(), text)
    return text.strip()


_STRUCK = re.compile(
    r"^(?:\*\*|__)?~~(?P<struck>(?:`[^`]*`|[^~`]|~(?!~))+)~~(?P<after>.*)$",
    re.DOTALL,
)
_REMARK_AFTER = re.compile(
    r"(?i)^\W*(?:$|(?:(?:was |is |has been |now )?(?:moved|superseded|replaced|dropped|cancell?ed"
    r"|deferred|descoped|obsolete|covered|handled|folded|merged|split|subsumed|punted|abandoned|removed|done)"
    r"|no longer|not needed|not pursued|out of scope|won'?t|see)\b)",
)


def is_struck(text: str) -> bool:
    """Tell whether the whole lead of a text is struck through, whatever remark follows it.

    What follows without punctuation and is no remark goes on with the lead: a text with a replaced
    beginning ("~~old~~ New wording") is not struck.
    """
    match = _STRUCK.match(text)
    if match is None:
        return False
    ends = match.group("struck").rstrip().endswith((".", "!", "?", ":", ";"))
    after = match.group("after")
    return ends or bool(re.match(r"^\s*[^\w\s`\"']", after) or _REMARK_AFTER.match(after))


_FIRST_CLAUSE = re.compile(r"^(?:`[^`]*`|[^.`]|\.(?!\s|$))*")
_BOLD_LEAD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)")


def lead(text: str) -> str:
    """Return a text's title: its bold beginning, else what stands before the first full stop."""
    match = _BOLD_LEAD.match(text)
    if match:
        return match.group(1)
    clause = _FIRST_CLAUSE.match(text)
    return clause.group() if clause else text
