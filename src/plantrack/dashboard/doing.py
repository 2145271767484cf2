"""How far something that takes long has come, in words that are quietly shown."""

from __future__ import annotations

PATIENCE_S = 0.3  # what takes less is not worth a word
RESTS_S = 0.25  # that words stay, so that they can be read


class Doing:
    """What the memory is busy with; times are seconds of one clock that only goes forward."""

    def __init__(self) -> None:
        """Be busy with nothing."""
        self._began: float | None = None  # None: nothing is being done
        self._far: tuple[int, int] | None = None  # done and to do; None: that is not known
        self._said = ""
        self._said_at = 0.0

    def begin(self, now: float) -> None:
        """Begin with something else."""
        self._began, self._far, self._said = now, None, ""

    def end(self) -> None:
        """Be through with it."""
        self._began, self._said = None, ""

    def tell(self, done: int, total: int) -> None:
        """Take in how far it is."""
        self._far = done, total

    def words(self, now: float) -> str:
        """Say what is being done; "" nothing, or not for long."""
        if self._began is None or now - self._began < PATIENCE_S:
            return ""
        if not self._said or now - self._said_at >= RESTS_S:
            self._said, self._said_at = self._far_in_words(), now
        return self._said

    def _far_in_words(self) -> str:
        if self._far is None:
            return "reading…"
        done, total = self._far
        return f"reading {done:,} of {total:,}" if done < total else "adding up…"
