"""Double entry as pure arithmetic (M2): the invariants hold for every sequence of operations."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gevinst_portfolio.domain.ledger import (
    AccountKind,
    AwardKind,
    BeyondAward,
    BeyondOwed,
    BeyondVerified,
    Entry,
    Leg,
    NothingToPost,
    PoolTooSmall,
    Standing,
    TransactionKind,
    entries,
    legs_of,
    repaid_otherwise,
    turned,
)
from gevinst_shared.values.refusal import Refusal

AMOUNTS = st.integers(min_value=1, max_value=10_000)
PLAIN = [kind for kind in TransactionKind if kind not in {TransactionKind.DRAWDOWN, TransactionKind.REVERSAL}]


@given(st.sampled_from(PLAIN), AMOUNTS)
def test_every_kind_of_transaction_balances(kind: TransactionKind, amount: int) -> None:
    assert sum(leg.amount for leg in legs_of(kind, amount)) == 0


@given(st.sampled_from(PLAIN), AMOUNTS)
def test_what_takes_back_is_the_transaction_turned(kind: TransactionKind, amount: int) -> None:
    legs = legs_of(kind, amount)

    back = turned(legs)

    assert {(leg.account, -leg.amount) for leg in back} == {(leg.account, leg.amount) for leg in legs}
    assert back[0].amount > 0


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_is_not_posted(amount: int) -> None:
    with pytest.raises(NothingToPost):
        legs_of(TransactionKind.AWARD, amount)
    with pytest.raises(NothingToPost):
        repaid_otherwise(amount)


@pytest.mark.parametrize(
    ("legs", "refusal"),
    [
        (legs_of(TransactionKind.AWARD, 1), PoolTooSmall),
        (legs_of(TransactionKind.CAPITAL_OUT, 1), PoolTooSmall),
        (legs_of(TransactionKind.DRAWDOWN, 1, AwardKind.LOAN), BeyondAward),
        (legs_of(TransactionKind.RETURN, 1), BeyondAward),
        (repaid_otherwise(1), BeyondOwed),
        (legs_of(TransactionKind.WRITE_OFF, 1), BeyondOwed),
        (legs_of(TransactionKind.GAIN, 1), BeyondVerified),
    ],
)
def test_an_empty_pool_refuses_what_it_does_not_have(legs: tuple[Leg, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        entries(legs, {kind: Standing() for kind in AccountKind})


def test_a_refusal_says_what_was_asked_and_what_is_there() -> None:
    standings = {kind: Standing() for kind in AccountKind} | {AccountKind.FREE: Standing(1, 12345)}

    with pytest.raises(PoolTooSmall, match=r"500\.00 is asked of the pool and 123\.45 is free"):
        entries(legs_of(TransactionKind.AWARD, 50000), standings)


class LedgerMachine(RuleBasedStateMachine):
    """A pool with one loan and one grant, beside a plain account of what has been done."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[str, Entry]] = []
        self.standings: dict[str, dict[AccountKind, Standing]] = {}
        self.pool: dict[AccountKind, Standing] = {}
        self.history: list[tuple[str, tuple[Leg, ...]]] = []
        self.awarded: dict[str, int] = defaultdict(int)
        self.drawn: dict[str, int] = defaultdict(int)
        self.paid_in = 0

    @initialize()
    def open(self) -> None:
        self.pool = {kind: Standing() for kind in AccountKind if not kind.is_of_award}
        for award in ("loan", "grant"):
            self.standings[award] = {kind: Standing() for kind in AccountKind if kind.is_of_award}

    def post(self, award: str, legs: tuple[Leg, ...]) -> bool:
        try:
            made = entries(legs, {**self.pool, **self.standings[award]})
        except Refusal:
            return False
        for entry in made:
            book = self.standings[award] if entry.account.is_of_award else self.pool
            book[entry.account] = Standing(entry.number, entry.balance_after)
            self.made.append((award, entry))
        self.history.append((award, legs))
        return True

    @rule(amount=AMOUNTS)
    def pay_in(self, amount: int) -> None:
        assert self.post("loan", legs_of(TransactionKind.CAPITAL_IN, amount))
        self.paid_in += amount

    @rule(
        kind=st.sampled_from(PLAIN),
        award=st.sampled_from(["loan", "grant"]),
        amount=AMOUNTS,
    )
    def do(self, kind: TransactionKind, award: str, amount: int) -> None:
        if self.post(award, legs_of(kind, amount)) and kind is TransactionKind.AWARD:
            self.awarded[award] += amount

    @rule(award=st.sampled_from(["loan", "grant"]), amount=AMOUNTS)
    def draw(self, award: str, amount: int) -> None:
        if self.post(award, legs_of(TransactionKind.DRAWDOWN, amount, AwardKind(award))):
            self.drawn[award] += amount

    @rule(amount=AMOUNTS)
    def repay(self, amount: int) -> None:
        self.post("loan", repaid_otherwise(amount))

    @rule(place=st.integers(min_value=0, max_value=10_000))
    def take_back(self, place: int) -> None:
        if self.history:
            award, legs = self.history[place % len(self.history)]
            self.post(award, turned(legs))

    @invariant()
    def balances_derive_from_entries(self) -> None:
        for award, book in [("", self.pool), *self.standings.items()]:
            for kind, standing in book.items():
                own = [
                    e for of, e in self.made if e.account is kind and (not kind.is_of_award or of == award)
                ]
                assert sum(entry.amount for entry in own) == standing.balance
                assert [entry.number for entry in own] == list(range(1, standing.number + 1))

    @invariant()
    def everything_adds_up_to_zero(self) -> None:
        books = [self.pool, *self.standings.values()]
        assert sum(standing.balance for book in books for standing in book.values()) == 0

    @invariant()
    def no_account_is_below_zero_on_its_side(self) -> None:
        for book in [self.pool, *self.standings.values()]:
            assert all(standing.balance * kind.side >= 0 for kind, standing in book.items())

    @invariant()
    def what_is_lent_and_promised_was_there(self) -> None:
        """M2: cash, free and committed, is what came in less what went out, and is never negative."""
        committed = sum(book[AccountKind.COMMITTED].balance for book in self.standings.values())
        assert self.pool[AccountKind.FREE].balance + committed >= 0


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLedgerMachine = pytest.mark.slow(TestLedgerMachine)
