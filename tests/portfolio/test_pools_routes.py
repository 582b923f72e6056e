"""Investment pools over HTTP (M2), with worked case 5 first."""

import asyncio
from typing import Any

import pytest

from gevinst_portfolio.schemas.pool_applications import PoolApplicationOut
from gevinst_portfolio.schemas.pool_awards import (
    AccountOut,
    AwardOut,
    StatementLineOut,
    TransactionOut,
    VerifiedBenefitOut,
)
from gevinst_portfolio.schemas.pools import ArrearsOut, ForecastOut, PoolOut, RoundOut, TrialBalanceOut
from tests.portfolio.background import events_of
from tests.portfolio.boards import ruled
from tests.portfolio.pool_world import PoolWorld, day, lent, make_pool_world, nok, refusal, replan
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.days import today


@pytest.fixture
async def pools(world: World) -> PoolWorld:
    return await make_pool_world(world)


async def test_worked_case_5_a_million_is_lent_repaid_and_the_gain_goes_to_the_common_purse(
    pools: PoolWorld,
) -> None:
    """DOMAIN.md, worked case 5: 1 M lent in year 1, repaid in the years after, then the gain goes on."""
    await pools.pay_in("1000000.00")
    project = await pools.world.project(name="Digital post")
    award = await pools.awarded(project["id"])
    assert await pools.balances() == {"capital": "-1000000.00", "committed": "1000000.00"}
    await pools.gate(project["id"], "planlegge")
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    await pools.gate(project["id"], "gjennomfore")
    await pools.moved(award, "drawdowns", "600000.00", phase="gjennomfore")
    assert await pools.balances() == {"capital": "-1000000.00", "owed": "1000000.00"}

    for year, (verified, repaid) in enumerate([("450000.00", "450000.00"), ("700000.00", "550000.00")]):
        assert (await pools.verified(award, verified, name=f"Year {year + 2}")).status_code == 201
        await pools.moved(award, "repayments", repaid)
    early = await pools.read(f"/pool-awards/{award['id']}")
    await pools.moved(award, "gains", "150000.00", text="To the common purse")

    assert (early["owed"]["amount"], early["benefits_unused"]["amount"]) == ("0.00", "150000.00")
    assert await pools.balances() == {
        "free": "1000000.00",
        "capital": "-1000000.00",
        "verified": "-1150000.00",
        "used": "1000000.00",
        "common-purse": "150000.00",
    }
    late = await pools.read(f"/pools/{pools.pool['id']}/arrears")
    assert late["awards"] == []
    forecast = await pools.read(f"/pools/{pools.pool['id']}/forecast")
    assert (forecast["cash"]["amount"], forecast["lowest"]["amount"]) == ("1000000.00", "1000000.00")


async def test_the_documents_are_what_their_models_say(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    drawdown = await pools.moved(award, "drawdowns", "400000.00", phase="planlegge", text="First")
    benefit = (await pools.verified(award, "10.00")).json()
    pool = f"/pools/{pools.pool['id']}"
    accounts = (await pools.read(f"{pool}/accounts", limit=100))["items"]
    statement = (await pools.read(f"/pool-accounts/{accounts[0]['id']}/entries"))["items"]
    application = await pools.read(f"/pool-applications/{award['application_id']}")

    assert obeys(PoolOut, pools.pool)
    assert obeys(RoundOut, await pools.read(f"/pool-rounds/{pools.round['id']}"))
    assert obeys(PoolApplicationOut, application)
    assert obeys(AwardOut, await pools.read(f"/pool-awards/{award['id']}"))
    assert obeys(TransactionOut, drawdown)
    assert obeys(VerifiedBenefitOut, benefit)
    assert all(obeys(AccountOut, one) for one in accounts)
    assert all(obeys(StatementLineOut, one) for one in statement)
    assert obeys(TrialBalanceOut, await pools.read(f"{pool}/trial-balance"))
    assert obeys(ArrearsOut, await pools.read(f"{pool}/arrears"))
    assert obeys(ForecastOut, await pools.read(f"{pool}/forecast"))
    assert application["state"] == "awarded"
    assert [one["state"] for one in await events_of(pools.desk, "pool-application-moved")] == [
        "applied",
        "assessed",
        "awarded",
    ]
    posted = await events_of(pools.desk, "pool-transaction-posted")
    assert [one["kind"] for one in posted] == ["capital-in", "award", "drawdown", "benefit"]


async def test_every_balance_can_be_followed_to_its_entries(pools: PoolWorld) -> None:
    """E2: a statement's running balance ends in the balance, and each line names its transaction."""
    _, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    await pools.moved(award, "repayments", "100000.00", out_of_benefits=False)
    pool = f"/pools/{pools.pool['id']}"

    accounts = (await pools.read(f"{pool}/accounts", kind="free"))["items"]
    lines = (await pools.read(f"/pool-accounts/{accounts[0]['id']}/entries"))["items"]
    of_award = await pools.read(f"{pool}/transactions", award=award["id"])
    one = await pools.read(f"/pool-transactions/{lines[-1]['transaction_id']}")

    assert [(line["number"], line["kind"], line["balance"]["amount"]) for line in lines] == [
        (1, "capital-in", "2000000.00"),
        (2, "award", "1000000.00"),
        (3, "repayment", "1100000.00"),
    ]
    assert accounts[0]["balance"] == lines[-1]["balance"]
    assert {entry["account"]: entry["amount"]["amount"] for entry in one["entries"]} == {
        "free": "100000.00",
        "owed": "-100000.00",
    }
    assert [one["kind"] for one in of_award["items"]] == ["repayment", "drawdown", "award"]


async def test_g3_who_verifies_a_benefit_is_who_is_signed_in_and_nobody_else_may(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    path = f"/pool-awards/{award['id']}/verified-benefits"
    body = {
        "name": "Postage",
        "amount": nok("100.00"),
        "benefit_owner": "ola",
        "verified_on": today().isoformat(),
    }

    kept = (await pools.controller.post(path, json=body)).json()
    named = await pools.controller.post(path, json={**body, "verified_by": "somebody"})
    by_finance = await pools.finance.post(path, json=body)

    assert kept["verified_by"] == "per"
    assert [one["verified_by"] for one in await events_of(pools.desk, "benefit-booked")] == ["per"]
    assert (named.status_code, by_finance.status_code) == (400, 403)


async def test_a_stop_returns_what_was_not_drawn_to_the_pool(pools: PoolWorld) -> None:
    """G6: the stop and the return are one transaction, and reading the feed again changes nothing."""
    project, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")

    await pools.gate(project["id"], "planlegge", outcome="stop", state="stopped")

    assert await pools.balances() == {
        "free": "1600000.00",
        "capital": "-2000000.00",
        "owed": "400000.00",
    }
    back = (await pools.read(f"/pools/{pools.pool['id']}/transactions", kind="return"))["items"]
    assert [(one["award_id"], one["recorded_by"], one["text"]) for one in back] == [
        (award["id"], "director", "So decided.")
    ]
    after = await pools.move(award, "drawdowns", "1.00", phase="planlegge")
    assert refusal(after) == "pool-project-ended"


async def test_a_stop_by_the_board_returns_it_too(pools: PoolWorld) -> None:
    """G6."""
    project, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")

    await ruled(pools.world, project["id"], "stop")

    balances = await pools.balances()
    assert (balances["free"], balances["owed"], balances.get("committed")) == (
        "1600000.00",
        "400000.00",
        None,
    )


async def test_the_pool_never_awards_what_it_does_not_have_even_to_two_at_once(pools: PoolWorld) -> None:
    """M2."""
    await pools.pay_in("1500000.00")
    applications = []
    for name in ("A", "B", "C"):
        project = await pools.world.project(name=name)
        application = await pools.applied(project["id"])
        await pools.assessed(application["id"])
        applications.append(application["id"])

    answers = await asyncio.gather(*(pools.try_award(one) for one in applications))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {refusal(one) for one in answers if one.status_code == 409} == {"pool-too-small"}
    assert (await pools.balances())["free"] == "500000.00"
    out = {"kind": "capital-out", "amount": nok("500000.01"), "occurred_on": today().isoformat()}
    answer = await pools.finance.post(f"/pools/{pools.pool['id']}/capital", json=out)
    assert refusal(answer) == "pool-too-small"


async def test_a_round_gives_no_more_than_its_ceiling_and_only_while_it_is_open(pools: PoolWorld) -> None:
    await pools.pay_in("5000000.00")
    said = {name: pools.round[name] for name in ("name", "opens_on", "closes_on", "criteria")}
    path = f"/pool-rounds/{pools.round['id']}"
    low = await put(pools.finance, path, {**said, "ceiling": nok("1500000.00")})
    assert low.status_code == 200, low.text
    first, second = await pools.world.project(name="A"), await pools.world.project(name="B")
    await pools.awarded(first["id"])
    waiting = await pools.applied(second["id"])
    await pools.assessed(waiting["id"])

    beyond = await pools.try_award(waiting["id"])
    closed = await put(
        pools.finance, path, {**said, "opens_on": "2025-01-01", "closes_on": day(0)}, revision=2
    )
    assert closed.status_code == 200, closed.text
    third = await pools.world.project(name="C")
    late = await pools.owner.post(f"{path}/applications", json=pools.asked(third["id"]))
    turned = await put(pools.finance, path, {**said, "closes_on": "2020-01-01"}, revision=3)

    assert refusal(beyond) == "beyond-round"
    assert refusal(late) == "round-not-open"
    assert (turned.status_code, refusal(turned)) == (400, "round-turned")


async def test_plans_add_up_and_money_is_not_mixed(pools: PoolWorld) -> None:
    project = await pools.world.project()
    path = f"/pool-rounds/{pools.round['id']}/applications"
    half = [{"phase": "planlegge", "planned_on": day(0), "amount": "500000.00"}]
    twice = half * 2
    odd: dict[str, dict[str, Any]] = {
        "plan-uneven": {"drawdowns": half},
        "plan-without-order": {"drawdowns": twice},
        "grant-is-not-repaid": {"kind": "grant"},
        "other-money": {"amount": {"amount": "1000000.00", "currency": "NOK", "price_year": 2025}},
        "malformed": {"amount": {"amount": "-1", "currency": "ZZZ", "price_year": 2026}},
    }

    answers = {
        name: await pools.owner.post(path, json=pools.asked(project["id"], **members))
        for name, members in odd.items()
    }

    assert {name: refusal(answer) for name, answer in answers.items()} == {name: name for name in odd}
    assert {answer.status_code for answer in answers.values()} == {400, 409}


async def test_a_grant_is_given_and_not_owed(pools: PoolWorld) -> None:
    _, award = await lent(pools, kind="grant", repayments=[])

    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    repaid = await pools.move(award, "repayments", "1.00", out_of_benefits=False)
    plan = await replan(pools, award, [(100, "1000000.00")])
    await pools.moved(award, "recoveries", "5.00", text="Came back")

    assert (refusal(repaid), refusal(plan)) == ("beyond-owed", "grant-is-not-repaid")
    balances = await pools.balances()
    assert (balances["grants"], balances["recovered"]) == ("400000.00", "-5.00")


async def test_benefits_repay_only_as_far_as_a_controller_who_is_not_the_owner_verified_them(
    pools: PoolWorld,
) -> None:
    """G3, M2."""
    _, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")

    own = await pools.verified(award, "100.00", benefit_owner="Per")
    assert (await pools.verified(award, "100.00")).status_code == 201
    beyond = await pools.move(award, "repayments", "100.01")
    gain = await pools.move(award, "gains", "100.00")
    ahead = await pools.verified(award, "1.00", verified_on=day(2))
    reads = await pools.controller.get(f"/pool-awards/{award['id']}/verified-benefits")

    assert (own.status_code, refusal(own)) == (400, "verified-by-owner")
    assert problem(own)["errors"][0]["pointer"] == "/body/benefit_owner"
    assert [refusal(one) for one in (beyond, gain, ahead)] == [
        "beyond-verified",
        "still-owed",
        "dated-ahead",
    ]
    assert [one["amount"]["amount"] for one in reads.json()["items"]] == ["100.00"]


async def test_what_is_due_and_unpaid_is_late_with_its_age_until_the_plan_is_set_anew(
    pools: PoolWorld,
) -> None:
    project, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    await pools.moved(award, "repayments", "100000.00", out_of_benefits=False)
    path = f"/pools/{pools.pool['id']}/arrears"

    late = await pools.read(path)
    later = await pools.read(path, day=day(400))
    again = await replan(pools, award, [(200, "1000000.00")])
    stale = await replan(pools, award, [(200, "1000000.00")])

    (one,) = late["awards"]
    assert one["project_name"] == project["name"]
    (due,) = one["instalments"]
    # 500,000 was due; of 400,000 drawn 100,000 came back, so 300,000 can be late and no more.
    assert (due["unpaid"]["amount"], due["days"]) == ("300000.00", 10)
    assert later["unpaid"]["amount"] == "300000.00"
    assert again.status_code == 200, again.text
    assert (again.headers["etag"], again.json()["revision"]) == ('"2"', 2)
    assert stale.status_code == 412
    assert (await pools.read(path))["awards"] == []


async def test_the_board_writes_off_and_nobody_else(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")
    path = f"/pool-awards/{award['id']}/write-offs"
    body = {"amount": nok("400000.00"), "reason": "The benefit did not come."}

    assert (await pools.finance.post(path, json=body)).status_code == 403
    given_up = await made(pools.board, path, body)
    beyond = await pools.board.post(path, json=body)

    assert given_up["text"] == "The benefit did not come."
    assert refusal(beyond) == "beyond-owed"
    assert (await pools.balances())["losses"] == "400000.00"
    assert (await pools.read(f"/pools/{pools.pool['id']}/arrears"))["awards"] == []


async def test_a_mistake_is_taken_back_by_a_reversal_that_names_it_once(pools: PoolWorld) -> None:
    _, award = await lent(pools)
    wrong = await pools.moved(award, "drawdowns", "300000.00", phase="planlegge")
    reason = {"reason": "Wrong award."}
    path = f"/pool-transactions/{wrong['id']}/reversal"

    back = await made(pools.finance, path, reason)
    twice = await pools.finance.post(path, json=reason)
    undone = await pools.finance.post(f"/pool-transactions/{back['id']}/reversal", json=reason)
    first = (await pools.read(f"/pools/{pools.pool['id']}/transactions", kind="award"))["items"][0]
    award_back = await pools.finance.post(f"/pool-transactions/{first['id']}/reversal", json=reason)
    capital = (await pools.read(f"/pools/{pools.pool['id']}/transactions", kind="capital-in"))["items"][0]
    spent = await pools.finance.post(f"/pool-transactions/{capital['id']}/reversal", json=reason)

    assert back["reverses_id"] == wrong["id"]
    assert [refusal(one) for one in (twice, undone, award_back, spent)] == [
        "already-reversed",
        "already-reversed",
        "cannot-be-reversed",
        "pool-too-small",
    ]
    # The phase is whole again.
    await pools.moved(award, "drawdowns", "400000.00", phase="planlegge")


async def test_n1_an_award_is_announced_with_what_those_concerned_must_know(pools: PoolWorld) -> None:
    await pools.pay_in("1000000.00")
    project = await pools.world.project(name="Digital post")

    award = await pools.awarded(project["id"])

    (told,) = await events_of(pools.world.desk, "pool-awarded")
    assert (told["award_id"], told["project_name"]) == (award["id"], "Digital post")
    assert (told["pool_name"], told["awarded_by"]) == (pools.pool["name"], award["awarded_by"])
