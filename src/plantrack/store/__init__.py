"""What is known of plans, kept between commands: the only database code."""

# This much is all that a plain question needs; what is recorded is told in `recording`.

from __future__ import annotations

from plantrack.store.rows import (
    Basis,
    Columns,
    DocumentRow,
    FindingRow,
    ItemRow,
    Location,
    MentionRow,
    OverviewRow,
    PointerRow,
    Row,
    Snapshot,
)
from plantrack.store.store import Store, open_store
from plantrack.store.trouble import Overtaken, Renewed

__all__ = [
    "Basis",
    "Columns",
    "DocumentRow",
    "FindingRow",
    "ItemRow",
    "Location",
    "MentionRow",
    "Overtaken",
    "OverviewRow",
    "PointerRow",
    "Renewed",
    "Row",
    "Snapshot",
    "Store",
    "open_store",
]
