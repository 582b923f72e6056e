"""When a duty's steps fall, and which of them tell (N2, N3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.ladder import Ladder, Planned, Workplace, planned, settling
from gevinst_notifications.domain.duties.rules import (
    DEFAULTS,
    Count,
    DutyRule,
    MustRemind,
    OddRepetition,
    OwnerHearsLater,
    Rung,
    Step,
    StepTwice,
    codes_of,
    refuse_unsound,
)
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_shared.values.refusal import Refusal

OSLO = Workplace("0192:958935420", WorkCalendar("NO"))
LINE = DEFAULTS[DutyKind.MEASUREMENT_DUE]
LONG_AGO = datetime(2027, 1, 4, 9, tzinfo=UTC)
every_kind = pytest.mark.parametrize("kind", DutyKind)


def days(steps: tuple[Planned, ...]) -> dict[str, date]:
    return {one.code: OSLO.day_of(one.at) for one in steps}


def test_a_measurement_due_after_whitsun_in_norway() -> None:
    """Due on Tuesday 18 May 2027: the 17th is the national day and Whit Monday, after a weekend."""
    found = days(planned(date(2027, 5, 18), LONG_AGO, LINE, OSLO))

    assert found == {
        "owner-14c": date(2027, 5, 4),
        "owner-3c": date(2027, 5, 14),
        "owner+0c": date(2027, 5, 18),
        "owner+1w": date(2027, 5, 19),
        "owner+1wx2": date(2027, 5, 26),
        "controller+7w": date(2027, 5, 27),
        "owner+1wx3": date(2027, 6, 2),
        "owner+1wx4": date(2027, 6, 9),
        "owners-leader+21w": date(2027, 6, 16),
    }


def test_mornings_are_at_eight_on_either_side_of_summer_time() -> None:
    winter, summer = OSLO.morning(date(2027, 3, 25)), OSLO.morning(date(2027, 3, 30))

    assert (winter, summer) == (
        datetime(2027, 3, 25, 7, tzinfo=UTC),
        datetime(2027, 3, 30, 6, tzinfo=UTC),
    )


def test_what_lies_before_the_deadline_was_set_is_not_said() -> None:
    set_at = datetime(2027, 5, 14, 9, tzinfo=UTC)  # after the morning on which three days before fall

    codes = [one.code for one in planned(date(2027, 5, 18), set_at, LINE, OSLO)]

    assert codes[:2] == ["owner+0c", "owner+1w"]


def test_what_is_said_at_once_is_not_said_again_on_the_same_morning() -> None:
    rule = DutyRule(DutyKind.ACTION_DUE, (Step(Rung.OWNER), Step(Rung.OWNER, -3, Count.CALENDAR)))
    at_night = datetime(2027, 5, 14, 3, tzinfo=UTC)

    found = planned(date(2027, 5, 18), at_night, rule, OSLO)

    assert [(one.code, one.at) for one in found] == [("owner@once", at_night)]


def test_two_steps_that_roll_to_one_day_are_one() -> None:
    """Good Friday 2027 is 26 March: two and three days before Easter Monday's eve are both Wednesday."""
    steps = (Step(Rung.OWNER, -3, Count.CALENDAR), Step(Rung.OWNER, -2, Count.CALENDAR))

    found = planned(date(2027, 3, 29), LONG_AGO, DutyRule(DutyKind.ACTION_DUE, steps), OSLO)

    assert [(one.code, OSLO.day_of(one.at)) for one in found] == [("owner-2c", date(2027, 3, 24))]


def test_a_rule_made_today_says_nothing_of_the_days_before() -> None:
    made = DutyRule(LINE.kind, LINE.steps, set_at=datetime(2027, 5, 20, 12, tzinfo=UTC))

    codes = [one.code for one in planned(date(2027, 5, 18), LONG_AGO, made, OSLO)]

    assert codes[0] == "owner+1wx2"


def _run(steps: tuple[Planned, ...], looks: list[datetime]) -> list[tuple[date, str]]:
    """What is told when somebody looks at these moments."""
    settled: dict[str, datetime] = {}
    told = []
    for now in looks:
        what = settling(Ladder(steps, settled), now=now, place=OSLO)
        told += [(OSLO.day_of(now), one.code) for one in what.tell]
        settled |= {one.code: now for one in (*what.tell, *what.overtaken)}
    return told


def test_after_an_outage_only_the_latest_is_said_and_the_line_hears_day_by_day() -> None:
    """N2: no storm, and nobody's leader hears of what its owner has not."""
    steps = planned(date(2027, 5, 18), LONG_AGO, LINE, OSLO)
    monday = datetime(2027, 7, 5, 6, 30, tzinfo=UTC)

    told = _run(steps, [monday + timedelta(hours=hours) for hours in range(0, 96, 3)])

    assert told == [
        (date(2027, 7, 5), "owner+1wx4"),
        (date(2027, 7, 6), "controller+7w"),
        (date(2027, 7, 7), "owners-leader+21w"),
    ]


def test_the_next_look_is_when_the_next_step_falls() -> None:
    steps = planned(date(2027, 5, 18), LONG_AGO, LINE, OSLO)

    what = settling(Ladder(steps), now=steps[0].at, place=OSLO)

    assert [one.code for one in what.tell] == ["owner-14c"]
    assert what.next_at == steps[1].at
    done = Ladder(steps, {one.code: one.at for one in steps})
    assert settling(done, now=steps[-1].at, place=OSLO).next_at is None


@given(
    kind=st.sampled_from(DutyKind),
    due_on=st.dates(date(2027, 1, 1), date(2029, 12, 31)),
    ahead=st.integers(0, 400),
    every=st.integers(1, 72),
)
def test_whenever_somebody_looks_each_step_is_told_once_or_overtaken_and_never_early(
    kind: DutyKind, due_on: date, ahead: int, every: int
) -> None:
    set_at = datetime(due_on.year, due_on.month, due_on.day, 10, tzinfo=UTC) - timedelta(days=ahead)
    steps = planned(due_on, set_at, DEFAULTS[kind], OSLO)
    settled: dict[str, datetime] = {}
    now, end = set_at, max((one.at for one in steps), default=set_at) + timedelta(days=30)
    while now < end:
        what = settling(Ladder(steps, settled), now=now, place=OSLO)
        assert all(one.at <= now and one.code not in settled for one in (*what.tell, *what.overtaken))
        assert len({one.rung for one in what.tell}) == len(what.tell)
        settled |= {one.code: now for one in (*what.tell, *what.overtaken)}
        now += timedelta(hours=every)

    assert set(settled) == {one.code for one in steps}


@every_kind
def test_what_we_ship_is_sound(kind: DutyKind) -> None:
    refuse_unsound(kind, DEFAULTS[kind].steps)


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ((Step(Rung.OWNER, 0), Step(Rung.OWNER, 0)), StepTwice),
        ((Step(Rung.CONTROLLER, 3),), OwnerHearsLater),
        ((Step(Rung.OWNER, 0), Step(Rung.CONTROLLER, -1)), OwnerHearsLater),
        ((Step(Rung.OWNER, 0, times=3),), OddRepetition),
        ((Step(Rung.OWNER, 0, every=3),), OddRepetition),
        ((Step(Rung.OWNER, every=3, times=2),), OddRepetition),
    ],
)
def test_a_ladder_that_does_not_hold_together_is_refused(
    steps: tuple[Step, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        refuse_unsound(DutyKind.ACTION_DUE, steps)


@pytest.mark.parametrize("steps", [(), (Step(Rung.OWNER, 1),)])
def test_a_condition_is_always_reminded_of_in_time(steps: tuple[Step, ...]) -> None:
    """G7."""
    with pytest.raises(MustRemind):
        refuse_unsound(DutyKind.CONDITION_LAPSING, steps)


def test_every_step_of_every_ladder_has_a_name_of_its_own() -> None:
    for rule in DEFAULTS.values():
        codes = [code for step in rule.steps for code in codes_of(step)]
        assert len(set(codes)) == len(codes)
