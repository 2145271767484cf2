"""datetime without what Python writes around it: the same classes, in a fraction of the time."""

# Some Pythons read datetime in Python before they replace it by this.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import UTC, datetime, timedelta
else:
    try:
        from _datetime import datetime, timedelta, timezone

        UTC = timezone.utc
    except ImportError:  # another Python than CPython
        from datetime import UTC, datetime, timedelta

__all__ = ["UTC", "datetime", "timedelta"]
