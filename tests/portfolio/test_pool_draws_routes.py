"""When money moves of an award: not before it, and phase by phase (M2, G6), over HTTP."""

import pytest

from gevinst_shared.values.ids import new_id
from tests.portfolio.pool_world import PoolWorld, day, lent, make_pool_world, refusal
from tests.portfolio.world import World
from tests.support.callers import problem


@pytest.fixture
async def pools(world: World) -> PoolWorld:
    return await make_pool_world(world)


async def test_a_phase_is_paid_only_when_its_gate_has_said_go_and_only_as_planned(pools: PoolWorld) -> None:
    project, award = await lent(pools)

    early = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore")
    unplanned = await pools.move(award, "drawdowns", "1.00", phase="avslutte")
    beyond = await pools.move(award, "drawdowns", "400000.01", phase="planlegge")
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    twice = await pools.move(award, "drawdowns", "0.01", phase="planlegge")
    await pools.gate(project["id"], "planlegge", outcome="rework")
    still_early = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore")
    ahead = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore", occurred_on=day(2))

    assert [refusal(one) for one in (early, unplanned, beyond, twice, still_early, ahead)] == [
        "gate-not-passed",
        "phase-not-planned",
        "beyond-phase",
        "beyond-phase",
        "gate-not-passed",
        "gate-not-passed",
    ]


@pytest.mark.parametrize("what", ["drawdowns", "repayments", "returns", "gains", "recoveries"])
async def test_m2_nothing_moves_of_an_award_before_it_was_made(pools: PoolWorld, what: str) -> None:
    _, award = await lent(pools)
    if what == "repayments":
        await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    phase = {"phase": "planlegge"} if what == "drawdowns" else {}
    before = await pools.balances()

    answer = await pools.move(award, what, "1.00", occurred_on=day(-1), **phase)

    assert (answer.status_code, refusal(answer)) == (400, "before-award")
    assert problem(answer)["errors"][0]["pointer"] == "/body/occurred_on"
    assert await pools.balances() == before


async def test_g6_a_stop_that_is_heard_of_late_returns_money_no_earlier_than_it_was_awarded(
    pools: PoolWorld,
) -> None:
    project, _ = await lent(pools)

    await pools.gate(project["id"], "planlegge", outcome="stop", state="stopped", decided_on=day(-400))

    (back,) = (await pools.read(f"/pools/{pools.pool['id']}/transactions", kind="return"))["items"]
    assert back["occurred_on"] == day(0)


async def test_m2_the_first_phase_is_paid_when_the_project_begins_with_it(pools: PoolWorld) -> None:
    """G1: no gate stands before the first phase of a phase model."""
    await pools.pay_in("2000000.00")
    project = await pools.world.project()
    award = await pools.awarded(project["id"])

    before = await pools.move(award, "drawdowns", "1.00", phase="planlegge")
    await pools.heard("progress-started", {"project_id": project["id"], "phase_model": "x", "phase": 7})
    await pools.begun(str(new_id()), "planlegge")
    await pools.begun(project["id"], "planlegge")
    await pools.begun(project["id"], "gjennomfore")
    after = await pools.move(award, "drawdowns", "400000.00", phase="planlegge")
    next_one = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore")
    await pools.gate(project["id"], "gjennomfore")
    await pools.gate(project["id"], "planlegge", outcome="step-back")
    back = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore")

    assert after.status_code == 201, after.text
    assert [refusal(one) for one in (before, next_one, back)] == ["gate-not-passed"] * 3


async def test_a_step_back_closes_the_phases_after_it_again(pools: PoolWorld) -> None:
    project, award = await lent(pools)
    await pools.gate(project["id"], "gjennomfore")
    await pools.gate(project["id"], "planlegge", outcome="step-back")

    answer = await pools.move(award, "drawdowns", "1.00", phase="gjennomfore")

    assert refusal(answer) == "gate-not-passed"
