"""Two bodies agree on a benefit over HTTP, and each counts only what is its own (B11)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.agreement_halves import AgreementListOut, AgreementOut
from gevinst_benefits.schemas.benefit_plans import BenefitPlanOut
from tests.benefits.plan_records import agreement, told
from tests.benefits.two_bodies import Side, add_partner, letter, offered, receiving_side, two_sides
from tests.support.callers import Desk, problem


@pytest.fixture
async def sides(benefits: Desk) -> tuple[Side, Side]:
    return await two_sides(benefits)


async def step(side: Side, path: str, **body: Any) -> dict[str, Any]:
    answer = await side.world.office.post(f"{path}/steps", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(side: Side, path: str, **body: Any) -> str:
    answer = await side.world.office.post(f"{path}/steps", json=body)
    assert answer.status_code >= 400, answer.text
    return str(problem(answer)["type"]).partition("#")[2]


async def counted(giver: Side, receiver: Side) -> list[tuple[str, str | None]]:
    return [await giver.counts(), await receiver.counts()]


async def test_a_benefit_is_counted_by_one_body_at_a_time(sides: tuple[Side, Side]) -> None:
    """B11: by its giver until it confirms, by its receiver from when it has seen that."""
    giver, receiver = sides
    offer = await offered(giver)
    mine, theirs = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await giver.tell(receiver)
    seen = [await counted(giver, receiver)]
    await step(receiver, theirs, **receiver.acceptance(share_kept="0.25"))
    await receiver.tell(giver)
    seen.append(await counted(giver, receiver))
    await step(giver, mine, step="confirm")
    seen.append(await counted(giver, receiver))
    await giver.tell(receiver)
    seen.append(await counted(giver, receiver))
    await receiver.tell(giver)
    seen.append(await counted(giver, receiver))

    assert seen == [
        [("1000", None), ("0", None)],
        [("1000", None), ("0", None)],
        [("250", "750"), ("0", None)],
        [("250", "750"), ("750", None)],
        [("250", None), ("750", None)],
    ]
    for side, path in ((giver, mine), (receiver, theirs)):
        found = (await side.world.office.get(path)).json()
        assert AgreementOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
        assert (found["state"], found["share_kept"], found["is_open"]) == ("confirmed", "0.25", True)
        listed = (await side.world.office.get(f"{path.rpartition('/')[0]}?state=confirmed")).json()
        assert AgreementListOut.model_validate(listed)
        assert [one["id"] for one in listed["items"]] == [offer["id"]]
        plan = (await side.world.office.get(f"/projects/{side.world.project_id}/benefit-plan")).json()
        assert BenefitPlanOut.model_validate(plan)
        assert plan["items"][0]["agreement"]["agreement_id"] == offer["id"]
    assert [one["side"] for one in await told(receiver.world, "agreement-proposed")] == ["receiver"]
    states = [one["agreement_state"] for one in await told(giver.world, "agreement-changed")]
    assert states == ["shared", "confirmed", "confirmed"]


async def test_a_dispute_sends_it_back_once_the_giver_releases_it(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    mine, theirs = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await agreed(giver, receiver, offer)
    before = await counted(giver, receiver)
    early = await refused(giver, mine, step="release")
    await step(receiver, theirs, step="dispute", reason="It is in our plan already.")
    disputed = await counted(giver, receiver)
    await receiver.tell(giver)
    told_back = await counted(giver, receiver)
    found = await step(giver, mine, step="release")
    await giver.tell(receiver)

    assert early == "agreement-step-not-possible"
    assert before == [("0", None), ("1000", None)]
    assert disputed == [("0", None), ("0", "1000")]
    assert told_back == [("0", "1000"), ("0", "1000")]
    assert await counted(giver, receiver) == [("1000", None), ("0", None)]
    assert (found["state"], found["is_open"]) == ("released", False)
    assert found["reason"] == "It is in our plan already."


async def test_other_figures_than_those_accepted_are_not_confirmed(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    mine, theirs = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await giver.tell(receiver)
    await step(receiver, theirs, **receiver.acceptance())
    await receiver.tell(giver)
    await giver.world.tell(
        "project-rescheduled",
        project_id=giver.world.project_id,
        name="Digital post",
        portfolio_id=giver.world.portfolio_id,
        start="2028-01-01",
        end="2028-12-31",
        status="approved",
    )

    slipped = await refused(giver, mine, step="confirm")
    again = await step(giver, mine, step="offer-again")
    voided = await refused(giver, mine, step="confirm")
    await giver.tell(receiver)
    replied = (await receiver.world.office.get(theirs)).json()
    await step(receiver, theirs, **receiver.acceptance())
    await receiver.tell(giver)
    await step(giver, mine, step="confirm")
    await giver.tell(receiver)

    assert slipped == voided == "agreement-figures-changed"
    assert (again["state"], again["figures"]["starts_on"]) == ("proposed", "2028-01-01")
    assert (replied["state"], replied["figures"]["starts_on"]) == ("proposed", "2028-01-01")
    assert (await receiver.total())["year"] == 2028
    assert await counted(giver, receiver) == [("0", "1000"), ("1000", None)]


async def test_a_giver_that_was_restored_learns_what_it_confirmed(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    backup = await giver.backup("agreement_offer")
    await agreed(giver, receiver, offer)
    await giver.restored(backup)
    held = await counted(giver, receiver)
    refusal = await refused(giver, f"/agreement-offers/{offer['id']}", step="withdraw")
    await giver.tell(receiver)
    await receiver.tell(giver)

    assert held == [("0", "1000"), ("1000", None)]
    assert refusal == "agreement-held"
    await giver.tell(receiver)
    await receiver.tell(giver)
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]


async def test_a_receiver_that_was_restored_learns_what_it_accepted(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    await giver.tell(receiver)
    backup = await receiver.backup("agreement_reply")
    await agreed(giver, receiver, offer)
    await receiver.restored(backup)
    held = await counted(giver, receiver)
    await receiver.tell(giver)
    await giver.tell(receiver)

    assert held[1][0] == "0"
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]


async def test_a_giver_that_was_restored_before_anybody_heard_of_its_offer_goes_on(
    sides: tuple[Side, Side],
) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    await giver.restored(await giver.backup("agreement_offer"))
    held = await counted(giver, receiver)
    await talk(giver, receiver)

    assert held == [("0", "1000"), ("0", None)]
    assert await counted(giver, receiver) == [("1000", None), ("0", None)]
    await agreed(giver, receiver, offer)
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]


@pytest.mark.parametrize("knows_the_offer", [False, True])
async def test_what_a_restore_has_forgotten_is_planned_again(
    sides: tuple[Side, Side], knows_the_offer: bool
) -> None:
    """B11: what was accepted after the backup is shown as missing, and counted again once it is planned."""
    giver, receiver = sides
    lost = await receiving_side(giver.world)  # The receiver as it was until it was restored.
    offer = await offered(giver)
    theirs = f"/agreement-replies/{offer['id']}"
    await giver.tell(lost)
    backup = await lost.backup("agreement_reply")
    await agreed(giver, lost, offer)
    await giver.tell(receiver, may_recall=True)
    if knows_the_offer:
        await receiver.restored(backup)
    await talk(giver, receiver)

    found = (await receiver.world.office.get(theirs)).json()
    before = [await listed(receiver, missing) for missing in ("true", "false")]
    uncounted = await counted(giver, receiver)
    planned = await step(receiver, theirs, **receiver.acceptance(step="plan-again"))
    again = await refused(receiver, theirs, **receiver.acceptance(step="plan-again"))
    await talk(giver, receiver)

    assert AgreementOut.model_validate(found).is_missing
    assert (found["state"], "benefit_id" in found) == ("confirmed", False)
    assert uncounted == [("0", None), ("0", None)]
    assert (planned["state"], planned["is_missing"]) == ("confirmed", False)
    assert again == "agreement-nothing-to-plan-again"
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]
    after = [await listed(receiver, missing) for missing in ("true", "false")]
    assert (before, after) == ([[offer["id"]], []], [[], [offer["id"]]])


async def test_what_was_agreed_before_all_was_lost_is_agreed_again(sides: tuple[Side, Side]) -> None:
    """A receiver that knows of no restore, and of no partner before: it is asked anew, and counts once."""
    giver, receiver = sides
    lost = await receiving_side(giver.world)
    offer = await offered(giver)
    mine, theirs = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await agreed(giver, lost, offer)
    await talk(giver, receiver)
    found = (await receiver.world.office.get(theirs)).json()
    asked = await counted(giver, receiver)
    await step(receiver, theirs, **receiver.acceptance())
    await talk(giver, receiver)
    accepted = await counted(giver, receiver)
    await step(giver, mine, step="confirm")
    await talk(giver, receiver)

    assert (found["state"], found["is_missing"], "benefit_id" in found) == ("proposed", False, False)
    assert asked == [("0", None), ("0", None)]
    assert accepted == [("0", "1000"), ("0", "1000")]
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]


@pytest.mark.parametrize("answered", [None, "dispute", "accept"])
async def test_what_is_not_missing_is_not_planned_again(
    sides: tuple[Side, Side], answered: str | None
) -> None:
    giver, receiver = sides
    theirs = f"/agreement-replies/{(await offered(giver))['id']}"
    await giver.tell(receiver)
    if answered is not None:
        dispute = {"step": "dispute", "reason": "It is ours."}
        await step(receiver, theirs, **(dispute if answered == "dispute" else receiver.acceptance()))

    code = await refused(receiver, theirs, **receiver.acceptance(step="plan-again"))

    assert code == "agreement-nothing-to-plan-again"
    assert await listed(receiver, "true") == []


async def test_what_was_offered_is_not_recorded_by_hand_nor_offered_twice(sides: tuple[Side, Side]) -> None:
    giver, _ = sides
    offer = await offered(giver)
    at = f"/benefits/{offer['benefit_id']}"

    by_hand = await giver.world.office.post(f"{at}/agreement-entries", json=agreement())
    twice = await giver.world.office.post(
        f"{at}/agreement-offers", json={"partner_id": str(giver.partner_id)}
    )
    withdrawn = await step(giver, f"/agreement-offers/{offer['id']}", step="withdraw")
    after = await giver.world.office.post(f"{at}/agreement-entries", json=agreement())
    accepted = agreement(state="accepted", happened_on="2026-01-03")
    await giver.world.office.post(f"{at}/agreement-entries", json=accepted)
    by_hand_before = await giver.world.office.post(
        f"{at}/agreement-offers", json={"partner_id": str(giver.partner_id)}
    )

    assert problem(by_hand)["type"].endswith("#agreement-exchanged")
    assert problem(twice)["type"].endswith("#agreement-exchanged")
    assert (withdrawn["state"], after.status_code) == ("withdrawn", 201)
    assert problem(by_hand_before)["type"].endswith("#agreement-by-hand")


@pytest.mark.parametrize(
    ("state", "timing", "code"),
    [
        ("paused", {"hangs_on": "start"}, "agreement-partner-not-confirmed"),
        ("confirmed", {"hangs_on": "end"}, "agreement-not-dated"),
    ],
)
async def test_odd_offers_are_refused(
    sides: tuple[Side, Side], state: str, timing: dict[str, Any], code: str
) -> None:
    _, receiver = sides
    partner_id = await add_partner(receiver.world, "0192:991825827", state)
    benefit = await receiver.world.planned_in(receiver.world.other_id, timing=timing)

    answer = await receiver.world.office.post(
        f"/benefits/{benefit['id']}/agreement-offers", json={"partner_id": str(partner_id)}
    )

    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize(
    "half",
    [
        "",
        "[]",
        '{"life": [1, "a"], "own": {"state": "confirmed", "figures": "00"}, "own_at": [1, 1]}',
        '{"life": [-1, "a"], "own": {"state": "offered", "figures": "%s"}, "own_at": [1, 1]}' % ("0" * 64),
        '{"life": [1, "a"], "own": {"state": "offered", "figures": "%s", "share_kept": "4"}, '
        '"own_at": [1, 1]}' % ("0" * 64),
        '{"life": [1, "a"], "own": {"state": "offered", "figures": "%s"}, "own_at": [1, 1]}' % ("0" * 64),
    ],
)
async def test_a_letter_that_is_not_understood_changes_nothing(sides: tuple[Side, Side], half: str) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    figures = '{"name": "x"}' if half == "[]" else str(offer["figures"]).replace("'", '"')

    for kind in ("agreement_offer", "agreement_reply"):
        await receiver.receive([(kind, offer["id"], letter(half, figures))])

    assert (await receiver.world.office.get("/agreement-replies")).json()["items"] == []
    await giver.tell(receiver)
    assert len((await receiver.world.office.get("/agreement-replies")).json()["items"]) == 1


async def talk(giver: Side, receiver: Side) -> None:
    """Letters in both directions, until nobody has more to say."""
    for _ in range(3):
        await giver.tell(receiver)
        await receiver.tell(giver)


async def listed(receiver: Side, missing: str) -> list[str]:
    found = (await receiver.world.office.get("/agreement-replies", params={"missing": missing})).json()
    return [one["id"] for one in found["items"]]


async def agreed(giver: Side, receiver: Side, offer: dict[str, Any]) -> None:
    await giver.tell(receiver)
    await step(receiver, f"/agreement-replies/{offer['id']}", **receiver.acceptance())
    await receiver.tell(giver)
    await step(giver, f"/agreement-offers/{offer['id']}", step="confirm")
    await giver.tell(receiver)
    await receiver.tell(giver)
