"""The times of a line's revisions to what each of them counts for."""

# Theory of operation
#
# 1. The order of a line is certain, its times are not: clocks are wrong, and commits are dated at
#    will. So the times that fit one another are believed: as many as can be, that do not fall along
#    the line. Where two contradict each other and nothing else decides, it is the earlier one, for
#    a late one would hold up everything after it; at the beginning of the line it is the later one.
# 2. A time that is not believed counts for the nearest one between its believed neighbours. So a
#    single wild one moves no other, and what revisions count for never falls along the line.
# 3. Times before 1980 were given by machines that did not know the time, and say nothing.
# 4. What revisions count for depends on the whole line and on nothing else.

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EARLIEST_S = 315_619_200  # 1980-01-02, where the clocks of many machines begin


def clocks(times: Sequence[int]) -> tuple[int, ...]:
    """Give what each revision of a line counts for, oldest first; Unix seconds, never falling."""
    believed = _believed(times)
    if not believed:
        return tuple(accumulate(times, max))
    found: list[int] = []
    latest = times[believed[0]]
    for place in believed:
        between = times[len(found) : place]
        found += (min(max(time, latest), times[place]) for time in between)
        latest = times[place]
        found.append(latest)
    found += [latest] * (len(times) - len(found))
    return tuple(accumulate(found, max))


def fit(last: int, times: Sequence[int]) -> bool:
    """Tell whether revisions that are put to the end of a line count for their own times.

    `last` is what its last revision counts for. Then no other one counts for anything else, either.
    """
    return all(one <= other for one, other in pairwise((EARLIEST_S, last, *times)))


def _believed(times: Sequence[int]) -> list[int]:
    """Choose the places of as many times as possible that do not fall, in order."""
    ends: list[int] = []  # by how many: the earliest time that so many can end with
    place_of_end: list[int] = []
    before: list[int] = []  # place of the one it follows among them; -1: of none
    for place, time in enumerate(times):
        count = bisect_right(ends, time)
        before.append(place_of_end[count - 1] if count else -1)
        if time >= EARLIEST_S:
            ends[count : count + 1] = [time]
            place_of_end[count : count + 1] = [place]
    chosen = []
    at = place_of_end[-1] if place_of_end else -1
    while at >= 0:
        chosen.append(at)
        at = before[at]
    chosen.reverse()
    return [_first(times, chosen[1:]), *chosen[1:]] if chosen else []


def _first(times: Sequence[int], others: Sequence[int]) -> int:
    """Choose the place of the first one; as late a time as the others leave it."""
    end = others[0] if others else len(times)
    latest = times[end] if others else max(times)
    return max(
        (place for place in range(end) if EARLIEST_S <= times[place] <= latest),
        key=times.__getitem__,
    )
