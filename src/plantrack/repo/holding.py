"""Who else is at a folder or a file: locks that are waited for, and leases that tell of writers."""

# Theory of operation
#
# 1. A folder is locked by those who write documents into it; the kernel frees it from the dead.
# 2. The kernel grants a lease on a file that is only read while nobody has it open for writing. So
#    to ask for one is to ask for writers; it is given back at once. Where there are no leases, or
#    the file is somebody else's, nothing is known.
# 3. A lease that is broken sends a signal, which by default would end the process. So another one
#    is chosen before, that by default does nothing.

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
import time

from plantrack.repo.files import open_regular_in

_GLANCE_S = 0.005
_TAKEN = frozenset({errno.EAGAIN, errno.EACCES})


def lock_folder(handle: int, *, patience_s: float) -> bool | None:
    """Lock an open folder until it is closed; False: it was not free in time.

    None: that cannot be done here.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:
                return None
        else:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(_GLANCE_S)


def has_writer(folder: int, name: str) -> bool:
    """Tell whether somebody has a file open for writing; False where nobody knows."""
    if not sys.platform.startswith("linux"):
        return False
    handle = open_regular_in(folder, name)
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    else:
        return False
    finally:
        os.close(handle)
