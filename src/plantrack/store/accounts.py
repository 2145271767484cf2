"""What came to plans, what went and what is there, as plain values."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Account:
    """What came, what went and what is there, of one document or of many."""

    added: int = 0
    removed: int = 0
    present: int = 0
    ticked: int = 0
    unticked: int = 0
    arrived_done: int = 0  # of those added
    removed_done: int = 0  # of those removed
    done: int = 0  # of those present

    def __add__(self, other: Account) -> Account:
        """Add amount by amount."""
        return Account(*map(operator.add, self.amounts, other.amounts))

    @property
    def amounts(self) -> tuple[int, ...]:
        """Give every amount, in order."""
        return tuple(getattr(self, field.name) for field in fields(self))

    @property
    def should_be_present(self) -> int:
        """Count what came and has not gone."""
        return self.added - self.removed

    @property
    def should_be_done(self) -> int:
        """Count what became done and neither was opened again nor has gone."""
        return self.ticked - self.unticked + self.arrived_done - self.removed_done

    @property
    def is_balanced(self) -> bool:
        """Tell whether what is there is what came and has not gone."""
        return (self.should_be_present, self.should_be_done) == (self.present, self.done)


@dataclass(frozen=True, slots=True)
class Balance:
    """The books of one work tree."""

    top: str  # absolute path of its top folder
    documents: int  # that were added up, those that are gone included
    accounts: tuple[Account, ...]  # of items, leaves, milestones; (): they cannot be compared
    wrong: tuple[str, ...]  # what does not balance, a sentence each
