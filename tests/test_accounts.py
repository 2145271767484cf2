from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plantrack.store.accounts import Account

AMOUNTS = st.integers(min_value=0, max_value=10**6)
ACCOUNTS = st.builds(Account, *[AMOUNTS] * 8)


def balanced(added: int, removed: int, *done: int) -> Account:
    """Give an account that balances."""
    ticked, unticked, arrived, gone = done
    left = ticked - unticked + arrived - gone
    return Account(added, removed, added - removed, ticked, unticked, arrived, gone, left)


BALANCED = st.builds(balanced, *[AMOUNTS] * 6)


@given(ACCOUNTS, ACCOUNTS)
def test_accounts_add_up_amount_by_amount(one: Account, other: Account) -> None:
    both = one + other
    assert both.amounts == tuple(sum(pair) for pair in zip(one.amounts, other.amounts, strict=True))
    assert both == other + one
    assert one + Account() == one


@given(BALANCED, BALANCED)
def test_balanced_accounts_stay_balanced_when_they_are_added_up(
    one: Account, other: Account
) -> None:
    assert one.is_balanced
    assert (one + other).is_balanced


@given(BALANCED, st.sampled_from(range(8)), st.integers(min_value=1, max_value=9))
def test_any_amount_that_is_another_is_noticed(one: Account, place: int, more: int) -> None:
    amounts = list(one.amounts)
    amounts[place] += more
    assert not Account(*amounts).is_balanced
