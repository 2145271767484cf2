"""A repository to the name its clones share: the address of its origin."""

# Theory of operation
#
# 1. The address is read from the repository's own configuration file, as text: no git, no includes,
#    no programs that a configuration could name.
# 2. What is secret in an address, or differs from clone to clone, is taken off: user, password,
#    query. Of an address on this machine only the last folder is told.

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plantrack.repo.files import read_small
from plantrack.repo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.repo.values import Place

_MAX_BYTES = 1024 * 1024
_WITH_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/@]*@)*([^/?#]*)([^?#]*)", re.IGNORECASE)
_LIKE_SCP = re.compile(r"(?:[^/:@]*@)?([^/:@]+):(?!//)(.+)")


def origin_url(place: Place) -> str:
    """Give the address of the remote called origin, without its secrets; "" where there is none."""
    if place.common_dir is None:
        return ""
    data = read_small(f"{place.common_dir}/config", max_bytes=_MAX_BYTES) or b""
    urls = list(_urls(data.decode("utf-8", "replace")))
    return public(urls[0]) if urls else ""


def public(url: str) -> str:
    """Take everything off an address that is secret or only true on this machine."""
    url = url.strip()
    found = _WITH_SCHEME.fullmatch(url) or _WITH_SCHEME.match(url)
    if found is not None and found[1].lower() != "file":
        path = found[3].rstrip("/")
        return f"{found[1].lower()}://{found[2].lower()}{path}".removesuffix(".git")
    scp = _LIKE_SCP.fullmatch(url)
    if found is None and scp is not None:
        return f"ssh://{scp[1].lower()}/{scp[2].strip('/')}".removesuffix(".git")
    return (found[3] if found else url).rstrip("/").rpartition("/")[2].removesuffix(".git")


def _urls(text: str) -> Iterator[str]:
    """Yield the values of remote.origin.url, in order."""
    for one in settings(text):
        if (one.section, one.part, one.name) == ("remote", "origin", "url") and one.value:
            yield one.value
