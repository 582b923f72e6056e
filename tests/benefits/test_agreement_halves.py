"""B11, X3: two bodies that only write each other letters never count a benefit twice."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gevinst_benefits.domain.plan import agreement_halves
from gevinst_benefits.domain.plan.agreements import AgreementState, Standing
from gevinst_shared.values.refusal import Refusal

GIVER, RECEIVER = "giver", "receiver"
SHARES = [Decimal(0), Decimal("0.25"), Decimal("0.333333")]
PLANS = [Decimal(1000), Decimal("1234.56")]


class TwoBodies(RuleBasedStateMachine):
    """A giver and a receiver; the post keeps every letter for ever and brings any of them, at any time."""

    def __init__(self, halves: Any = agreement_halves) -> None:
        super().__init__()
        self.halves = halves
        self.names = map(str, count())
        self.plan = PLANS[0]
        first = halves.offer(halves.Life(1, self.name()), str(self.plan))
        self.half = {GIVER: first, RECEIVER: halves.begin_reply(halves.Life(1, self.name()))}
        self.post: dict[str, list[Any]] = {GIVER: [], RECEIVER: []}
        self.backups: dict[str, list[Any]] = {GIVER: [first], RECEIVER: [self.half[RECEIVER]]}
        # What the giver gave under each answer: the figures that it planned with then, and its own part.
        self.given: dict[str, tuple[Decimal, Decimal]] = {}

    def name(self) -> str:
        return next(self.names)

    def act(self, side: str, step: Any, *arguments: Any, **named: Any) -> bool:
        """Take a step if the half can; whether it did."""
        try:
            self.half[side] = step(self.half[side], *arguments, body="the other", **named)
        except Refusal:
            return False
        return True

    @rule(plan=st.sampled_from(PLANS))
    def plan_anew(self, plan: Decimal) -> None:
        self.plan = plan

    @rule()
    def offer_again(self) -> None:
        self.act(GIVER, self.halves.offer_again, str(self.plan))

    @rule()
    def confirm(self) -> None:
        if self.act(GIVER, self.halves.confirm, str(self.plan)):
            answered = self.half[GIVER].seen
            self.given[answered.answer] = (self.plan, answered.share_kept)

    @rule()
    def release(self) -> None:
        self.act(GIVER, self.halves.release)

    @rule()
    def withdraw(self) -> None:
        self.act(GIVER, self.halves.withdraw)

    @rule(share_kept=st.sampled_from(SHARES))
    def accept(self, share_kept: Decimal) -> None:
        self.act(RECEIVER, self.halves.accept, self.name(), share_kept=share_kept)

    @rule()
    def dispute(self) -> None:
        self.act(RECEIVER, self.halves.dispute, "It is ours already.")

    @rule(side=st.sampled_from([GIVER, RECEIVER]))
    def write(self, side: str) -> None:
        self.post[side].append(self.half[side])

    @precondition(lambda self: any(self.post.values()))
    @rule(data=st.data())
    def bring(self, data: st.DataObject) -> None:
        """Any letter that was ever written: early, late, once more or never."""
        side = data.draw(st.sampled_from([side for side, letters in self.post.items() if letters]))
        letters = self.post[side]
        # Mostly a new one, or little would come of it.
        back = data.draw(st.sampled_from([0, 0, 0, *range(len(letters))]))
        self.read(RECEIVER if side == GIVER else GIVER, letters[-1 - back])

    @rule(side=st.sampled_from([GIVER, RECEIVER]))
    def exchange(self, side: str) -> None:
        """A letter that arrives at once."""
        self.write(side)
        self.read(RECEIVER if side == GIVER else GIVER, self.half[side])

    @rule(share_kept=st.sampled_from(SHARES))
    def agree(self, share_kept: Decimal) -> None:
        """What mostly happens."""
        self.exchange(GIVER)
        self.accept(share_kept)
        self.exchange(RECEIVER)
        self.confirm()
        self.exchange(GIVER)
        self.exchange(RECEIVER)

    @rule(side=st.sampled_from([GIVER, RECEIVER]))
    def back_up(self, side: str) -> None:
        self.backups[side].append(self.half[side])

    @rule(side=st.sampled_from([GIVER, RECEIVER]), data=st.data())
    def restore_any(self, side: str, data: st.DataObject) -> None:
        self.restore(side, data.draw(st.sampled_from(self.backups[side])))

    def restore(self, side: str, backup: Any) -> None:
        self.half[side] = self.halves.restored(backup, self.name())

    @rule()
    def be_quiet(self) -> None:
        """When all is said and read, what both agreed to is counted exactly once."""
        for _ in range(4):
            self.exchange(GIVER)
            self.exchange(RECEIVER)
        giver, receiver = self.half[GIVER], self.half[RECEIVER]
        left, right = self.standings()
        assert not giver.is_held
        assert not receiver.is_held
        assert giver.seen == receiver.own
        assert receiver.seen == giver.own
        is_given = giver.own.state.value == "confirmed"
        if not is_given or giver.own.answer == receiver.own.answer:
            assert left.counted + right.counted == 1
            assert left.in_transit == right.in_transit == 0
        else:
            assert left.counted + left.in_transit == 1
            assert (right.counted, left.in_transit) == (0, right.in_transit)

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        left, right = self.standings()
        assert left.counted + right.counted <= 1
        for one in (left, right):
            assert one.counted >= 0
            assert one.in_transit >= 0
            assert one.counted + one.in_transit <= 1

    @invariant()
    def what_is_counted_is_what_was_given(self) -> None:
        """The receiver counts no other figures and no larger part than the giver gave away."""
        _, right = self.standings()
        if right.counted:
            own = self.half[RECEIVER].own
            figures, kept = self.given[own.answer]
            assert (Decimal(own.figures), right.counted) == (figures, 1 - kept)
            assert Decimal(own.figures) * right.counted + figures * kept == figures

    @invariant()
    def who_was_restored_counts_nothing_until_it_is_told(self) -> None:
        for half, standing in zip(self.half.values(), self.standings(), strict=True):
            assert not half.is_held or standing.counted == 0

    def hold(self) -> None:
        self.nothing_is_counted_twice()
        self.what_is_counted_is_what_was_given()
        self.who_was_restored_counts_nothing_until_it_is_told()

    def standings(self) -> tuple[Any, Any]:
        return (
            self.halves.standing_of_giver(self.half[GIVER]),
            self.halves.standing_of_receiver(self.half[RECEIVER]),
        )

    def read(self, side: str, letter: Any) -> None:
        once = self.halves.hear(self.half[side], letter)
        assert self.halves.hear(once, letter) == once
        self.half[side] = once

    def teardown(self) -> None:
        self.be_quiet()


TestTwoBodies = TwoBodies.TestCase
TestTwoBodies.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def an_old_dispute_arrives_late(two: TwoBodies) -> None:
    two.exchange(GIVER)
    two.dispute()
    two.write(RECEIVER)
    two.agree(Decimal(0))
    two.read(GIVER, two.post[RECEIVER][0])
    two.release()


def a_restored_giver_hears_what_was_written_before(two: TwoBodies) -> None:
    two.exchange(GIVER)
    two.accept(Decimal(0))
    two.write(RECEIVER)
    two.agree(Decimal(0))
    two.restore(GIVER, two.backups[GIVER][0])
    two.read(GIVER, two.post[RECEIVER][0])


def a_restored_giver_is_told_what_it_confirmed(two: TwoBodies) -> None:
    two.agree(Decimal("0.25"))
    two.restore(GIVER, two.backups[GIVER][0])
    two.exchange(GIVER)
    two.exchange(RECEIVER)


def a_letter_of_a_life_that_both_forgot_arrives(two: TwoBodies) -> None:
    two.exchange(GIVER)
    two.accept(Decimal(0))
    two.back_up(RECEIVER)
    two.restore(GIVER, two.backups[GIVER][0])
    two.exchange(GIVER)
    two.exchange(RECEIVER)
    two.confirm()
    two.write(GIVER)
    two.restore(GIVER, two.backups[GIVER][0])
    two.restore(RECEIVER, two.backups[RECEIVER][1])
    two.exchange(GIVER)
    two.exchange(RECEIVER)
    late = two.post[GIVER][-2]
    two.exchange(GIVER)
    two.read(RECEIVER, late)


def a_confirmation_is_on_its_way(two: TwoBodies) -> None:
    two.exchange(GIVER)
    two.accept(Decimal("0.25"))
    two.exchange(RECEIVER)
    two.confirm()
    assert two.standings()[0] == Standing(AgreementState.CONFIRMED, Decimal("0.25"), Decimal("0.75"))
    assert two.standings()[1] == Standing(AgreementState.SHARED, Decimal(0), Decimal(0))
    two.exchange(GIVER)
    assert two.standings()[1] == Standing(AgreementState.CONFIRMED, Decimal("0.75"), Decimal(0))


def other_figures_void_an_acceptance(two: TwoBodies) -> None:
    two.exchange(GIVER)
    two.accept(Decimal(0))
    two.exchange(RECEIVER)
    two.plan_anew(PLANS[1])
    two.confirm()
    assert two.half[GIVER].own.state.value == "offered"
    two.offer_again()
    two.confirm()
    assert two.half[GIVER].own.state.value == "offered"
    two.agree(Decimal(0))
    assert two.standings()[1].counted == 1


def a_benefit_that_is_disputed_goes_back(two: TwoBodies) -> None:
    two.agree(Decimal("0.25"))
    two.withdraw()
    two.release()
    assert two.standings()[0].counted == Decimal("0.25")
    two.dispute()
    two.exchange(RECEIVER)
    assert two.standings()[0] == Standing(AgreementState.DISPUTED, Decimal("0.25"), Decimal("0.75"))
    two.release()
    assert two.standings()[0] == Standing(AgreementState.RELEASED, Decimal(1), Decimal(0))


STORIES = [
    an_old_dispute_arrives_late,
    a_restored_giver_hears_what_was_written_before,
    a_restored_giver_is_told_what_it_confirmed,
    a_letter_of_a_life_that_both_forgot_arrives,
    a_confirmation_is_on_its_way,
    other_figures_void_an_acceptance,
    a_benefit_that_is_disputed_goes_back,
]


def tell(story: Callable[[TwoBodies], None], halves: Any = agreement_halves) -> None:
    """Play the story, holding the machine's invariants at its end and after it is quiet."""
    two = TwoBodies(halves)
    story(two)
    two.hold()
    two.be_quiet()
    two.hold()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_ends_with_nothing_counted_twice(story: Callable[[TwoBodies], None]) -> None:
    tell(story)


MUTANTS = {
    "the giver counts on after it confirmed": (
        "return Standing(AgreementState.CONFIRMED, own.share_kept, ",
        "return Standing(AgreementState.CONFIRMED, Decimal(1), ",
    ),
    "the receiver counts from its acceptance on": (
        "if is_given and seen is not None and own.state in ACCEPTING and own.answer == seen.answer:",
        "if seen is not None and own.state in ACCEPTING:",
    ),
    "a confirmation fits any acceptance": (" and own.answer == seen.answer:", ":"),
    "changed figures void nothing": ("if not figures == own.figures == reply.figures:", "if False:"),
    "the plan of today is not looked at": (
        "if not figures == own.figures == reply.figures:",
        "if own.figures != reply.figures:",
    ),
    "the kept share is lost": ("answer=reply.answer, share_kept=reply.share_kept", "answer=reply.answer"),
    "release waits for nobody": (
        "if half.own.state is not OfferState.CONFIRMED or not is_disputed:",
        "if half.own.state is not OfferState.CONFIRMED:",
    ),
    "a confirmed offer is withdrawn": (
        "is not OfferState.OFFERED:\n        raise _not_possible(half.own.state, OfferState.W",
        "not in LIVING:\n        raise _not_possible(half.own.state, OfferState.W",
    ),
    "an older letter is read after a newer one": (
        "if ours.seen_at is None or theirs.own_at > ours.seen_at:",
        "if True:",
    ),
    "letters of a life that ended are read": ("if not _is_current(theirs.life, ours.heard):", "if False:"),
    "who was restored is not held": (
        "half.life.number + 1, stamp), is_held=True",
        "half.life.number + 1, stamp), is_held=False",
    ),
    "any letter ends the hold": (
        "if theirs.heard == ours.life:",
        "if True:",
    ),
    "what the partner has seen of us is not taken up": ("theirs.seen_at > ours.own_at:", "False:"),
    "lives that began from one backup are not told apart": (
        "return heard is None or life == heard or life.number > heard.number",
        "return heard is None or life.number >= heard.number",
    ),
    "a benefit in transit has arrived at once": (
        "has_arrived = half.known_at is not None and half.known_at >= half.own_at",
        "has_arrived = True",
    ),
    "a benefit never arrives": (
        "has_arrived = half.known_at is not None and half.known_at >= half.own_at",
        "has_arrived = False",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_half_that_is_wrong_is_found_out(name: str) -> None:
    """A story or the machine would notice if one of its rules were missing."""
    with mutant(*MUTANTS[name]) as halves, pytest.raises((AssertionError, KeyError)):
        try_everything(halves)


def try_everything(halves: ModuleType) -> None:
    for story in STORIES:
        tell(story, halves)
    run_state_machine_as_test(
        partial(TwoBodies, halves),  # type: ignore[arg-type]  # whatever makes a machine
        settings=settings(
            max_examples=300,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@contextmanager
def mutant(old: str, new: str) -> Iterator[ModuleType]:
    """The halves' module with one thing changed."""
    source = Path(agreement_halves.__file__).read_text()
    assert source.count(old) == 1
    module = ModuleType("mutant_of_agreement_halves")
    sys.modules[module.__name__] = module
    try:
        exec(source.replace(old, new), module.__dict__)
        yield module
    finally:
        del sys.modules[module.__name__]
