"""What a decision does to one project, and what that frees (P8, G6)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.project_decisions import (
    FROM,
    CannotDecideSo,
    DayTooFar,
    NoEndNamed,
    NotForThisDecision,
    Ruling,
    ruled,
)
from gevinst_portfolio.domain.project_profiles import ProjectFigures, first_quarter
from gevinst_portfolio.domain.projects import CostKind, CostOfYear, Need, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.releases import freed_between, freed_by_stop, spent_in
from gevinst_portfolio.domain.replans import carried, left_of

ROLE = uuid4()
TODAY = date(2027, 4, 10)
days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
statuses = st.sampled_from(ProjectStatus)


@st.composite
def projects(draw: st.DrawFn, status: ProjectStatus = ProjectStatus.RUNNING) -> ProjectFigures:
    start = draw(days)
    end = start + timedelta(days=draw(st.integers(0, 1500)))
    return ProjectFigures(
        id=uuid4(),
        name="A",
        status=status,
        start=start,
        end=end,
        cost_minor=draw(st.integers(0, 10**9)),
        needs=(Need(ROLE, tuple(map(Decimal, draw(st.lists(st.integers(0, 9), max_size=12))))),),
    )


def figures(status: ProjectStatus, end: date = date(2027, 12, 31)) -> ProjectFigures:
    """A project of 2027 that costs 400."""
    return ProjectFigures(uuid4(), "A", status, start=date(2027, 1, 1), end=end, cost_minor=40000)


def test_a_stop_in_april_frees_the_two_quarters_after_it() -> None:
    after = ruled(figures(ProjectStatus.RUNNING), Ruling(DecisionKind.STOP), today=TODAY)

    assert (after.effect, after.status) == (Effect.STOPPED, ProjectStatus.STOPPED)
    assert after.freed.total_minor == 20000


def test_a_pause_until_october_frees_one_quarter() -> None:
    ruling = Ruling(DecisionKind.PAUSE, until=date(2027, 10, 1))

    after = ruled(figures(ProjectStatus.RUNNING), ruling, today=TODAY)

    assert after.freed.total_minor == 10000


def test_by_the_end_of_june_half_of_the_year_is_spent() -> None:
    project = figures(ProjectStatus.STOPPED)

    assert spent_in(project, 2027, Quarter.read("2027-Q2")) == {CostKind.INVESTMENT: 20000}
    assert spent_in(project, 2028, Quarter.read("2028-Q2")) == {CostKind.INVESTMENT: 0}


def test_what_was_spent_is_taken_from_the_years_money_once() -> None:
    """G6: what was already spent stays spent."""
    key = (2027, CostKind.INVESTMENT)
    project = figures(ProjectStatus.STOPPED)

    assert left_of({key: 60000}, {}, [(project, TODAY, True)], 2027) == {key: 40000}
    assert left_of({}, {key: 60000}, [(project, TODAY, True)], 2027) == {key: 40000}
    assert left_of({}, {key: 60000}, [(project, TODAY, False)], 2027) == {key: 60000}
    assert left_of({}, {key: 100}, [(project, TODAY, True)], 2027) == {key: 0}
    assert left_of({}, {}, [(project, TODAY, True)], 2027) == {}


def test_the_new_scenario_lets_go_of_what_has_ended() -> None:
    said = {
        "forced_in": ["a", "b"],
        "pinned": [
            {"project_id": "a", "quarter": "2027-Q1"},
            {"project_id": "a", "quarter": "2027-Q3"},
            {"project_id": "b", "quarter": "2027-Q3"},
        ],
        "all_or_none": [{"project_ids": ["a", "b"]}],
        "exclusive": [{"project_ids": ["a", "b", "c"]}],
        "value": "score",
    }

    kept = carried(said, {"a", "c"}, Quarter.read("2027-Q3"))

    assert kept == {
        "forced_in": ["a"],
        "pinned": [{"project_id": "a", "quarter": "2027-Q3"}],
        "all_or_none": [],
        "exclusive": [{"project_ids": ["a", "c"]}],
        "value": "score",
    }


@given(projects(), days)
def test_what_is_spent_and_what_is_freed_is_the_whole_cost(project: ProjectFigures, today: date) -> None:
    freed = freed_by_stop(project, today)
    years = range(2025, 2036)
    spent = sum(sum(spent_in(project, year, Quarter.of(today)).values()) for year in years)

    assert spent + freed.total_minor == project.cost_minor


@given(projects(), days, st.integers(1, 2000))
def test_a_pause_and_the_stop_after_it_free_each_quarter_once(
    project: ProjectFigures, today: date, length: int
) -> None:
    until = today + timedelta(days=length)
    pause = ruled(project, Ruling(DecisionKind.PAUSE, until=until), today=today)
    rests = replace(project, status=ProjectStatus.PAUSED)

    stop = ruled(rests, Ruling(DecisionKind.STOP), today=today, released_from=Quarter.of(until))

    whole = freed_by_stop(project, today)
    assert pause.freed.total_minor + stop.freed.total_minor == whole.total_minor
    parts = [one for freed in (pause.freed, stop.freed) for one in freed.resources]
    assert sum(one.total for one in parts) == sum(one.total for one in whole.resources)


@given(projects(), days, days)
def test_what_is_freed_lies_within_its_quarters(project: ProjectFigures, one: date, other: date) -> None:
    first, end = sorted((Quarter.of(one), Quarter.of(other)))

    freed = freed_between(project, first, end)

    begins = first_quarter(project)
    assert begins is not None
    for resource in freed.resources:
        assert all(max(first, begins) <= quarter < end for quarter, _ in resource.quarters)


@given(statuses, st.sampled_from([kind for kind in DecisionKind if kind is not DecisionKind.SCENARIO]))
def test_every_transition_is_either_in_the_table_or_refused(
    status: ProjectStatus, kind: DecisionKind
) -> None:
    until = date(2030, 1, 1) if kind in {DecisionKind.PAUSE, DecisionKind.POSTPONE} else None
    ruling = Ruling(kind, until=until)

    before = date(2026, 12, 31)

    if status in FROM[kind]:
        assert ruled(figures(status), ruling, today=before).status is not status or until is not None
    else:
        with pytest.raises(CannotDecideSo):
            ruled(figures(status), ruling, today=before)


def test_approved_work_that_has_begun_can_be_paused_and_not_postponed() -> None:
    begun, until = figures(ProjectStatus.APPROVED), date(2027, 10, 1)

    paused = ruled(begun, Ruling(DecisionKind.PAUSE, until=until), today=TODAY)

    assert (paused.status, paused.freed.total_minor) == (ProjectStatus.PAUSED, 10000)
    with pytest.raises(CannotDecideSo):
        ruled(begun, Ruling(DecisionKind.POSTPONE, until=until), today=TODAY)


@given(projects(ProjectStatus.PROPOSED), days)
def test_an_approved_project_keeps_its_length_and_its_cost(project: ProjectFigures, start: date) -> None:
    costs = (CostOfYear(2027, CostKind.INVESTMENT, Decimal(100)),)
    with_costs = replace(project, cost_by_year=costs)

    after = ruled(with_costs, Ruling(DecisionKind.APPROVE, start=start), today=TODAY)

    assert after.start == start
    assert project.start is not None
    assert project.end is not None
    assert after.end is not None
    assert after.end - start == project.end - project.start
    assert sum(one.amount for one in after.cost_by_year) == 100
    expected = ProjectStatus.RUNNING if start <= TODAY else ProjectStatus.APPROVED
    assert after.status is expected


@pytest.mark.parametrize(
    ("ruling", "refusal"),
    [
        (Ruling(DecisionKind.STOP, until=date(2028, 1, 1)), NotForThisDecision),
        (Ruling(DecisionKind.PAUSE), NoEndNamed),
        (Ruling(DecisionKind.POSTPONE), NoEndNamed),
        (Ruling(DecisionKind.APPROVE, start=date(9999, 12, 31)), DayTooFar),
        (Ruling(DecisionKind.APPROVE, start=date(1, 1, 1)), DayTooFar),
    ],
)
def test_an_odd_ruling_is_refused_by_name(ruling: Ruling, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ruled(figures(ProjectStatus.PROPOSED), ruling, today=TODAY)


def test_a_project_that_would_end_in_ten_thousand_years_is_refused() -> None:
    project = figures(ProjectStatus.PROPOSED, end=date(9999, 12, 31))

    with pytest.raises(DayTooFar):
        ruled(project, Ruling(DecisionKind.APPROVE, start=date(2028, 1, 1)), today=TODAY)
