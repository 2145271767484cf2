"""A table of mounts to the file systems that do not tell of every change."""

# A kernel tells of the changes that are made through it. What is changed on a server, on the host
# of a virtual machine or behind a user's own file system goes untold here.

from __future__ import annotations

import re
from collections.abc import Collection

MOUNTS = "/proc/self/mountinfo"

_FAR = re.compile(
    r"nfs4?|cifs|smb\d?|smbfs|ncpfs|9p|afs|ceph|coda|glusterfs|lustre|beegfs|gpfs|ocfs2|gfs2"
    r"|vboxsf|vmhgfs|prl_fs|virtiofs|fakeowner|drvfs|fuse(?!ctl).*"
)
_ESCAPED = re.compile(r"\\([0-7]{3})")  # space, tab, line break and backslash are


def far(mounts: str, top: str, folders: Collection[str]) -> str:
    """Name the type of a far file system that `top` or one of the folders in it is on; "": none.

    `mounts` is in the format of /proc/self/mountinfo: a later line covers an earlier one.
    """
    type_by_point = dict(map(_mount, filter(None, mounts.splitlines())))
    below = {point: kind for point, kind in type_by_point.items() if _is_in(point, top)}
    around = [point for point in type_by_point if _is_in(top, point)]
    kinds = [type_by_point[max(around, key=len)]] if around else []
    kinds += [kind for point, kind in below.items() if point[len(top) + 1 :] in folders]
    return next(filter(_FAR.fullmatch, kinds), "")


def _mount(line: str) -> tuple[str, str]:
    fields, _, rest = line.partition(" - ")
    point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields.split(" ")[4])
    return point, rest.split(" ")[0]


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
