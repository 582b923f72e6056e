"""Double entry for an investment pool: its accounts, and what each kind of transaction posts (M2).

Amounts are whole hundredths in the pool's money: debit above zero, credit below. Cash that is free and cash
that is promised are two accounts, so "the pool never lends what it does not have" is that `free` stays at or
above zero. Arrears are no account: what is due is a plan's word, and is worked out for a day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gevinst_shared.values.refusal import Refusal


class AccountKind(StrEnum):
    """The chart. The last three are kept for each award by itself."""

    FREE = "free"  # cash that is not promised to anybody
    CAPITAL = "capital"  # what the owner put in, less what he took out
    GRANTS = "grants"  # paid out, never to come back
    LOSSES = "losses"  # lent, and written off
    RECOVERED = "recovered"  # came in although nothing was owed any more
    VERIFIED = "verified"  # benefits that a controller has verified
    USED = "used"  # … of these, what repaid loans
    COMMON_PURSE = "common-purse"  # … and what went on to the common purse
    COMMITTED = "committed"  # cash set aside for the award and not drawn yet
    OWED = "owed"  # lent and not repaid
    UNUSED = "unused"  # verified benefits that neither repaid nor went on

    @property
    def side(self) -> int:
        """1 where the balance is debit, -1 where it is credit, 0 where it may be either."""
        if self is AccountKind.CAPITAL:
            return 0
        return -1 if self in {AccountKind.RECOVERED, AccountKind.VERIFIED} else 1

    @property
    def is_of_award(self) -> bool:
        return self in AWARD_ACCOUNTS


AWARD_ACCOUNTS = (AccountKind.COMMITTED, AccountKind.OWED, AccountKind.UNUSED)
POOL_ACCOUNTS = tuple(kind for kind in AccountKind if kind not in AWARD_ACCOUNTS)


class TransactionKind(StrEnum):
    CAPITAL_IN = "capital-in"
    CAPITAL_OUT = "capital-out"
    CO_FINANCING = "co-financing"
    AWARD = "award"
    DRAWDOWN = "drawdown"
    RETURN = "return"
    BENEFIT = "benefit"
    REPAYMENT = "repayment"
    GAIN = "gain"
    RECOVERY = "recovery"
    WRITE_OFF = "write-off"
    REVERSAL = "reversal"


class AwardKind(StrEnum):
    LOAN = "loan"
    GRANT = "grant"


class NothingToPost(Refusal):
    code = "nothing-to-post"
    title = "Nothing to post"
    detail = "The amount must be above zero."


class PoolTooSmall(Refusal):
    """M2: the pool never lends what it does not have."""

    code = "pool-too-small"
    title = "The pool does not have that much"
    detail = "{asked} is asked of the pool and {there} is free. Pay in capital, or ask for less."


class BeyondAward(Refusal):
    code = "beyond-award"
    title = "More than is left of the award"
    detail = "{asked} is asked for and {there} is left of the award."


class BeyondOwed(Refusal):
    code = "beyond-owed"
    title = "More than is owed"
    detail = "{asked} was given and {there} is owed. Book what is beyond as a recovery or as a gain."


class BeyondVerified(Refusal):
    code = "beyond-verified"
    title = "More than was verified"
    detail = "{asked} is to come from benefits and {there} of the verified benefits is left."


class CannotGoBack(Refusal):
    code = "cannot-go-back"
    title = "Cannot be taken back"
    detail = "What this posted has been used since: {asked} would be taken from {account}, which has {there}."


@dataclass(frozen=True, slots=True)
class Leg:
    """One account's part of a transaction."""

    account: AccountKind
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands: how many entries it has, and their sum."""

    number: int = 0
    balance: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a transaction, chained to what was before it in its account and in its transaction."""

    account: AccountKind
    amount: int
    number: int
    balance_before: int
    line: int
    sum_before: int

    @property
    def balance_after(self) -> int:
        return self.balance_before + self.amount

    @property
    def sum_after(self) -> int:
        return self.sum_before + self.amount


def legs_of(kind: TransactionKind, amount: int, award: AwardKind | None = None) -> tuple[Leg, ...]:
    """What the transaction posts, except for a reversal; `NothingToPost` unless the amount is above zero.

    A repayment is one out of verified benefits; `repaid_otherwise` is the other. `award` is for a drawdown.
    Check: a drawdown of 5 of a loan is 5 more owed and 5 less committed; of a grant, 5 more of grants.
    """
    if amount <= 0:
        raise NothingToPost
    if kind is TransactionKind.DRAWDOWN:
        to = AccountKind.GRANTS if award is AwardKind.GRANT else AccountKind.OWED
        return _moved(amount, to=(to,), out_of=(AccountKind.COMMITTED,))
    to_, out_of = _MOVES[kind]
    return _moved(amount, to=to_, out_of=out_of)


def repaid_otherwise(amount: int) -> tuple[Leg, ...]:
    """A repayment from other money than verified benefits."""
    if amount <= 0:
        raise NothingToPost
    return _moved(amount, to=(AccountKind.FREE,), out_of=(AccountKind.OWED,))


def turned(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs of the transaction that takes these back."""
    return _ordered(Leg(leg.account, -leg.amount) for leg in legs)


def entries(legs: Sequence[Leg], standings: Mapping[AccountKind, Standing]) -> tuple[Entry, ...]:
    """The entries of a transaction, from where its accounts stand.

    Debits come first, so the sum is above zero until the last line makes it zero. Refuses what would take an
    account below zero on its side, in the words of that account.
    """
    assert sum(leg.amount for leg in legs) == 0, "a transaction balances"
    assert len({leg.account for leg in legs}) == len(legs), "an account has one line of a transaction"
    made: list[Entry] = []
    total = 0
    for line, leg in enumerate(legs, start=1):
        at = standings[leg.account]
        entry = Entry(leg.account, leg.amount, at.number + 1, at.balance, line, total)
        if entry.balance_after * leg.account.side < 0:
            raise _too_little(leg, at)
        total += leg.amount
        made.append(entry)
    return tuple(made)


def _too_little(leg: Leg, at: Standing) -> Refusal:
    asked, there = spoken(abs(leg.amount)), spoken(abs(at.balance))
    match leg.account:
        case AccountKind.FREE:
            return PoolTooSmall(asked=asked, there=there)
        case AccountKind.COMMITTED:
            return BeyondAward(asked=asked, there=there)
        case AccountKind.OWED:
            return BeyondOwed(asked=asked, there=there)
        case AccountKind.UNUSED:
            return BeyondVerified(asked=asked, there=there)
        case _:
            return CannotGoBack(asked=asked, there=there, account=leg.account.value)


def spoken(minor: int) -> str:
    """Hundredths as people write them: 125 is 1.25."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _moved(amount: int, *, to: Iterable[AccountKind], out_of: Iterable[AccountKind]) -> tuple[Leg, ...]:
    return (*(Leg(kind, amount) for kind in to), *(Leg(kind, -amount) for kind in out_of))


def _ordered(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    return tuple(sorted(legs, key=lambda leg: -leg.amount))


_A, _T = AccountKind, TransactionKind
# Debited, and credited.
_MOVES: Mapping[TransactionKind, tuple[tuple[AccountKind, ...], tuple[AccountKind, ...]]] = {
    _T.CAPITAL_IN: ((_A.FREE,), (_A.CAPITAL,)),
    _T.CAPITAL_OUT: ((_A.CAPITAL,), (_A.FREE,)),
    _T.CO_FINANCING: ((_A.FREE,), (_A.CAPITAL,)),
    _T.AWARD: ((_A.COMMITTED,), (_A.FREE,)),
    _T.RETURN: ((_A.FREE,), (_A.COMMITTED,)),
    _T.BENEFIT: ((_A.UNUSED,), (_A.VERIFIED,)),
    _T.REPAYMENT: ((_A.FREE, _A.USED), (_A.OWED, _A.UNUSED)),
    _T.GAIN: ((_A.COMMON_PURSE,), (_A.UNUSED,)),
    _T.RECOVERY: ((_A.FREE,), (_A.RECOVERED,)),
    _T.WRITE_OFF: ((_A.LOSSES,), (_A.OWED,)),
}
