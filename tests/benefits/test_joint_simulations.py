"""C5: the cases of several projects drawn together: they share factors of the same code, and nothing else."""

import random
from decimal import Decimal
from math import asin, pi, sqrt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst_benefits.domain.case.business_case import BusinessCase
from gevinst_benefits.domain.case.case_resolving import business_case
from gevinst_benefits.domain.simulation.joint_simulations import (
    MOST_CASES,
    JointCases,
    LeftOut,
    TooManyCases,
    simulate_together,
)
from gevinst_benefits.schemas.joint_simulations import JointSimulationOut
from gevinst_shared.values.actor import EVERYONE
from gevinst_shared.values.ids import new_id
from tests.benefits.cases import frame
from tests.benefits.living_cases import Json, assumed, line, ranged, resolved
from tests.benefits.world import World, made
from tests.support.organisations import new_organisation

DRAWS = 20_000
ONE_YEAR = frame(horizon_years=1)


def uniform(loading: str | None = None, *, factor: str = "wages") -> Json:
    spread = {"low": "0", "high": "1000000", "distribution": "uniform"}
    hangs = {} if loading is None else {"loadings": [{"factor": factor, "loading": loading}]}
    return assumed("gain", "500000", "NOK", spread=spread, **hangs)


def case_of(number: int, assumption: Json, amount: str = "gain", **members: Any) -> BusinessCase:
    """A project's case of one uncertain amount; the names and line ids are the same in every project."""
    factors = [{"code": "wages", "name": f"Wages {number}"}, {"code": "idle", "name": "Idle"}]
    found = resolved(
        line(1, "benefit", amount), assumptions=(assumption,), factors=factors, within=ONE_YEAR, **members
    )
    return business_case(UUID(int=number), 1, found)


def only_sum(*cases: BusinessCase, seed: int = 3) -> JointCases:
    [found] = simulate_together(cases, seed=seed, draws=DRAWS).sums
    return found


def test_two_projects_on_one_factor_spread_more_than_two_that_have_nothing_in_common() -> None:
    """Of uniform amounts: 1/12 + 1/12, and 2 arcsin(r / 2) / (2 pi) more where r is 0.8 × 0.8."""
    bound = only_sum(case_of(1, uniform("0.8")), case_of(2, uniform("0.8")))
    loose = only_sum(case_of(1, uniform()), case_of(2, uniform()))

    expected = sqrt(2 / 12 + 2 * asin(0.64 / 2) / (2 * pi)) * 1e6
    assert float(bound.figures.standard_deviation) == pytest.approx(expected, rel=0.015)
    assert float(loose.figures.standard_deviation) == pytest.approx(sqrt(2 / 12) * 1e6, rel=0.015)
    assert float(bound.if_independent) == pytest.approx(sqrt(2 / 12) * 1e6, rel=0.015)
    assert bound.figures.p10.value < loose.figures.p10.value


def test_a_factor_of_another_code_is_another_factor() -> None:
    here, there = case_of(1, uniform("1")), case_of(2, uniform("1", factor="idle"))

    apart = only_sum(here, there)

    assert float(apart.figures.standard_deviation) == pytest.approx(sqrt(2 / 12) * 1e6, rel=0.02)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(order=st.randoms(), seed=st.integers(0, 2**53 - 1))
def test_neither_order_nor_company_changes_a_sum(order: random.Random, seed: int) -> None:
    cases = [case_of(number, uniform("0.5")) for number in (1, 2, 3)]
    shuffled = list(cases)
    order.shuffle(shuffled)

    assert only_sum(*cases, seed=seed) == only_sum(*shuffled, seed=seed)


def test_amounts_of_different_prices_or_currencies_are_never_added_up() -> None:
    """C1."""
    older = frame(horizon_years=1, price_year=2025)
    text = {"name": "gain", "value": "7", "unit": "NOK"}
    plain = resolved(line(1, "benefit", "gain", price_year=2025), assumptions=(text,), within=older)

    found = simulate_together(
        [case_of(1, uniform()), business_case(UUID(int=2), 1, plain)], seed=1, draws=100
    ).sums

    assert [(one.price_year, one.project_ids) for one in found] == [
        (2025, (UUID(int=2),)),
        (2026, (UUID(int=1),)),
    ]
    assert found[0].figures.mean.value == 7


def test_factors_are_told_with_the_projects_that_hang_on_them() -> None:
    found = simulate_together(
        [case_of(2, uniform("0.8")), case_of(1, uniform("0.1")), case_of(3, uniform())], seed=1, draws=100
    )

    [shared] = found.factors
    assert (shared.factor, shared.name) == ("wages", "Wages 1")
    assert shared.project_ids == (UUID(int=1), UUID(int=2))


def test_a_case_of_which_no_draw_can_be_computed_is_left_out_and_said() -> None:
    """B6: missing is not zero."""
    never = resolved(
        line(1, "benefit", "if(n == 1, p, p / (n - n))"),
        assumptions=(ranged("n", "1", "0", "1.5"), assumed("p", "6", "NOK")),
        within=ONE_YEAR,
    )

    found = simulate_together(
        [case_of(1, uniform()), business_case(UUID(int=2), 1, never)], seed=1, draws=200
    )

    assert [one.project_ids for one in found.sums] == [(UUID(int=1),)]
    assert found.left_out == ((UUID(int=2), LeftOut.NO_DRAW),)


def test_more_cases_than_can_be_drawn_are_refused() -> None:
    with pytest.raises(TooManyCases):
        simulate_together([case_of(1, uniform())] * (MOST_CASES + 1), seed=1, draws=100)


def factored(world: World, code: str = "wages", **members: Any) -> Json:
    """The world's case, with a gain that hangs on a factor."""
    gain = world.gain(amounts={"pattern": "recurring", "amount_per_year": "gain"})
    return world.case(
        lines=[world.cost(), gain],
        assumptions=[uniform("0.9", factor=code)],
        factors=[{"code": code, "name": "Wage growth"}],
        **members,
    )


async def simulated(world: World, path: str) -> Json:
    answer = await world.office.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    assert JointSimulationOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    return found


async def test_a_portfolio_is_drawn_from_the_newest_case_of_each_project(world: World) -> None:
    """C5: and a project without a case is told, not counted as nothing."""
    path = f"/portfolios/{world.portfolio_id}/simulation"
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())
    await made(world.office, f"/projects/{world.project_id}/business-cases", factored(world))
    alone = await simulated(world, path)
    await made(world.office, f"/projects/{world.other_id}/business-cases", factored(world))

    both = await simulated(world, path)
    again = await simulated(world, path)

    assert alone["left_out"] == [{"project_id": world.other_id, "reason": "no-business-case"}]
    [one] = both["sums"]
    assert (one["currency"], one["price_year"], both["left_out"]) == ("NOK", 2026, [])
    assert sorted(one["project_ids"]) == sorted([world.project_id, world.other_id])
    assert both == again
    spread, apart = (
        Decimal(one[name]) for name in ("standard_deviation", "standard_deviation_if_independent")
    )
    assert spread > apart * Decimal("1.25")
    assert both["factors"][0]["project_ids"] == one["project_ids"]


async def test_a_stopped_project_is_not_drawn(world: World) -> None:
    for project_id in (world.project_id, world.other_id):
        await made(world.office, f"/projects/{project_id}/business-cases", factored(world))
    await world.tell(
        "project-changed",
        project_id=world.other_id,
        portfolio_id=world.portfolio_id,
        name="New switchboard",
        status="stopped",
    )

    found = await simulated(world, f"/portfolios/{world.portfolio_id}/simulation?seed=5&draws=100")

    assert [one["project_ids"] for one in found["sums"]] == [[world.project_id]]
    assert (found["seed"], found["draws"]) == (5, 100)


async def test_a_programme_is_drawn_likewise_and_strangers_see_nothing(world: World) -> None:
    programme_id = str(new_id())
    for project_id in (world.project_id, world.other_id):
        await world.tell(
            "project-changed",
            project_id=project_id,
            portfolio_id=world.portfolio_id,
            programme_id=programme_id,
            name="Project",
        )
        await made(world.office, f"/projects/{project_id}/business-cases", factored(world))
    path = f"/programmes/{programme_id}/simulation"
    stranger = world.desk.caller(*EVERYONE, subject="per", organisation=new_organisation())
    nobody = world.desk.caller(subject="ola")

    found = await simulated(world, path)

    assert len(found["sums"][0]["project_ids"]) == 2
    assert (await stranger.get(path)).status_code == 404
    assert (await nobody.get(path)).status_code == 403
    assert (await world.office.get(f"/programmes/{new_id()}/simulation")).status_code == 404
    assert (await world.office.get(f"{path}?draws=99")).status_code == 400
    assert (await world.office.get(f"{path}?seed=-1")).status_code == 400
