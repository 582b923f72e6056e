"""Investment pools over HTTP (M2): what is foreseen, and who may do what (G3, E1)."""

from typing import Any

import pytest

from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import database_of
from tests.portfolio.pool_world import PoolWorld, lent, make_pool_world, nok, refusal
from tests.portfolio.world import World
from tests.support.days import today


@pytest.fixture
async def pools(world: World) -> PoolWorld:
    return await make_pool_world(world)


async def test_the_forecast_counts_what_is_planned_and_marks_what_is_uncertain(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    assert (await pools.verified(award, "150000.00")).status_code == 201

    found = await pools.read(f"/pools/{pools.pool['id']}/forecast", quarters=8)
    by_year = await pools.read(f"/pools/{pools.pool['id']}/forecast", quarters=8, by="year")

    def total(document: dict[str, Any], name: str) -> float:
        return sum(float(period[name]["amount"]) for period in document["periods"])

    for told in (found, by_year):
        assert total(told, "certain_in") == 150000
        assert total(told, "uncertain_in") == 850000
        assert (total(told, "certain_out"), total(told, "uncertain_out")) == (0, 600000)
        assert told["periods"][-1]["balance"]["amount"] == "2000000.00"
        assert told["lowest_cautious"]["amount"] == "1150000.00"
    assert found["cash"]["amount"] == "1600000.00"
    assert len(found["periods"]) == 8


async def test_the_board_decides_on_what_was_assessed_and_not_on_its_own_applications(
    pools: PoolWorld,
) -> None:
    """G3: the one who proposes cannot decide."""
    await pools.pay_in("2000000.00")
    project, other = await pools.world.project(name="A"), await pools.world.project(name="B")
    application = await pools.applied(project["id"])
    path = f"/pool-applications/{application['id']}"
    reason = {"reason": "Another pays back sooner."}

    unread = await pools.board.post(f"{path}/refusal", json=reason, headers={"If-Match": '"1"'})
    await pools.assessed(application["id"])
    both = pools.desk.caller(Role.BOARD_MEMBER, subject="owner")
    own = await both.post(f"{path}/refusal", json=reason, headers={"If-Match": '"2"'})
    stale = await pools.board.post(f"{path}/refusal", json=reason, headers={"If-Match": '"1"'})
    missing = await pools.board.post(f"{path}/refusal", json=reason)
    refused = await pools.board.post(f"{path}/refusal", json=reason, headers={"If-Match": '"2"'})
    after = await pools.try_award(application["id"])
    second = await pools.applied(other["id"])
    back = await pools.owner.post(
        f"/pool-applications/{second['id']}/withdrawal", headers={"If-Match": '"1"'}
    )

    assert (unread.status_code, refusal(unread)) == (409, "not-assessed")
    assert (own.status_code, refusal(own)) == (403, "decided-by-applicant")
    assert (stale.status_code, missing.status_code) == (412, 428)
    assert refused.json()["state"] == "refused"
    assert refusal(after) == "application-closed"
    assert back.json()["state"] == "withdrawn"


async def test_finance_runs_the_pool_and_another_organisation_sees_nothing(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    stranger = pools.desk.caller(*EVERYONE, organisation="0192:964338531")
    reader = pools.desk.caller(Role.READER, subject="reader")
    pool = f"/pools/{pools.pool['id']}"
    body = {"kind": "capital-in", "amount": nok("1.00"), "occurred_on": today().isoformat()}

    assert (await pools.board.post(f"{pool}/capital", json=body)).status_code == 403
    assert (await reader.get(f"{pool}/trial-balance")).status_code == 200
    for path in (pool, f"{pool}/trial-balance", f"{pool}/accounts", f"/pool-awards/{award['id']}"):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{pool}/capital", json=body)).status_code == 404
    key = {"Idempotency-Key": "once"}
    answers = [await pools.finance.post(f"{pool}/capital", json=body, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await pools.balances())["free"] == "1000001.00"


async def test_nothing_in_the_ledger_can_be_changed_or_deleted_by_the_service(pools: PoolWorld) -> None:
    """E1: the application's role may insert and read."""
    await lent(pools)

    for statement in (
        "UPDATE ledger_entry SET amount = 1",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_transaction SET text = ''",
        "DELETE FROM ledger_transaction",
        "UPDATE ledger_account SET side = 0",
        "DELETE FROM pool_award",
        "UPDATE verified_benefit SET amount_minor = 1",
    ):
        async with database_of(pools.desk).transaction(pools.desk.organisation) as connection:
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(statement)
