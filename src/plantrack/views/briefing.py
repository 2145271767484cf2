"""The memory to what whoever comes new to a repository has to know of its plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import views
from plantrack.core.view import BriefingView
from plantrack.views import overview

if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.store import Store

TASKS = 3  # next ones that are named


def briefing(store: Store, *, now: datetime) -> BriefingView:
    """Tell how far the plans are and what is next, in brief."""
    whole = overview.overview(store, None, now=now)
    following = views.next_tasks(store, limit=TASKS)
    first = () if following.next is None else (following.next,)
    return BriefingView(
        documents=len(whole.documents),
        milestones=whole.milestones,
        leaves=whole.leaves,
        tasks=(*first, *following.others),
        because=following.because,
    )
