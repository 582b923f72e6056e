"""Budget adjustments over HTTP: phased, agreed by the unit, booked and reversed (M1, G3, B1, C1)."""

from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.budget_adjustments import EntryOut, PhasingOut, PracticeOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.purse import FRAME, LEADER, Purse, cash_benefit
from tests.benefits.world import OWNER, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation

INDEX = {"price_year": 2027, "from_value": "100", "to_value": "104.2", "source": "National statistics"}


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


async def test_a_phasing_is_prefilled_with_the_planned_years_as_savings(purse: Purse) -> None:
    """M1, B9."""
    body = {"unit_id": purse.unit, "account": "Postage", **FRAME}

    draft = await made(purse.finance, f"/benefits/{purse.benefit['id']}/budget-phasings", body)

    assert (draft["state"], draft["is_in_force"]) == ("draft", False)
    assert [line["year"] for line in draft["lines"]] == list(range(2026, 2036))
    assert {line["amount"] for line in draft["lines"]} == {"-1000.00"}
    assert (await purse.finance.get(f"/budget-phasings/{draft['id']}")).json() == draft


@pytest.mark.parametrize("subject", [LEADER, OWNER])
async def test_the_units_leader_or_the_benefits_owner_agrees(purse: Purse, subject: str) -> None:
    """M1, B2: by the role that is held in the unit."""
    draft = await purse.phased((2026, "400.00"), (2027, "-500.00"))

    answer = await purse.world.desk.caller(subject=subject).post(f"/budget-phasings/{draft['id']}/agreement")

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["state"], shown["agreed_by"], shown["is_in_force"]) == ("agreed", subject, True)


async def test_neither_a_stranger_nor_the_drafter_agrees(purse: Purse) -> None:
    """G3."""
    await purse.world.assign("finn", Role.UNIT_LEADER, "unit", purse.world.unit)
    path = f"/budget-phasings/{(await purse.phased((2027, '-500.00')))['id']}/agreement"

    stranger = await purse.world.desk.caller(Role.UNIT_LEADER, subject="per").post(path)
    drafter = await purse.finance.post(path)
    reader = await purse.world.desk.caller(Role.READER, subject="r").post(path)

    assert refused(stranger) == (403, "not-the-units-leader")
    assert refused(drafter) == (403, "drafter-agrees")
    assert refused(reader) == (403, "not-allowed")


async def test_only_a_confirmed_budget_reduction_in_money_is_phased(purse: Purse) -> None:
    """B1, C7: freed time becomes money only by a stated use."""
    hours = await purse.world.planned()
    unconfirmed = await purse.world.planned(
        mode="budget-reduction",
        estimate={"ledger": "money", "money_per_year": {"amount": "5.00", **FRAME}},
    )
    body = {"unit_id": purse.unit, "account": "Postage", "lines": [], **FRAME}

    in_hours = await purse.finance.post(f"/benefits/{hours['id']}/budget-phasings", json=body)
    too_soon = await purse.finance.post(f"/benefits/{unconfirmed['id']}/budget-phasings", json=body)

    assert refused(in_hours) == (409, "benefit-not-bookable")
    assert refused(too_soon) == (409, "benefit-not-confirmed")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"price_year": 2027}, (409, "not-the-benefits-money")),
        ({"currency": "DKK"}, (409, "not-the-benefits-money")),
        ({"unit_id": "0198b6a4-7c1e-7000-8000-000000000009"}, (409, "unit-not-known")),
        ({"lines": [{"account": "A", "year": 2027, "amount": "0.00"}]}, (400, "empty-amount")),
        ({"lines": [{"account": "A", "year": 2027, "amount": "1.00"}] * 2}, (400, "line-of-year-twice")),
        ({"lines": [{"account": "A", "year": 2027, "amount": 1}]}, (400, "malformed")),
        ({"lines": [{"account": "A", "year": 99999, "amount": "1.00"}]}, (400, "malformed")),
        ({"lines": [{"account": "A\u0000", "year": 2027, "amount": "1.00"}]}, (400, "malformed")),
        ({"lines": [{"account": "A", "year": 2027, "amount": "9" * 30}]}, (400, "malformed")),
        ({"lines": None}, (400, "malformed")),
        ({"practice": "soon"}, (400, "malformed")),
    ],
)
async def test_odd_phasings_are_refused(
    purse: Purse, members: dict[str, Any], expected: tuple[int, str]
) -> None:
    """C1."""
    body = {"unit_id": purse.unit, "account": "Postage", "lines": [], **FRAME} | members

    answer = await purse.finance.post(f"/benefits/{purse.benefit['id']}/budget-phasings", json=body)

    assert refused(answer) == expected


async def test_a_draft_changes_with_its_revision_and_what_is_settled_does_not(purse: Purse) -> None:
    draft = await purse.phased((2027, "-500.00"))
    path = f"/budget-phasings/{draft['id']}"
    body = {"lines": [{"account": "Postage", "year": 2027, "amount": "-600.00"}], "note": "More"}

    missing = await purse.finance.put(path, json=body)
    stale = await purse.finance.put(path, json=body, headers={"If-Match": '"9"'})
    changed = await purse.finance.put(path, json=body, headers={"If-Match": '"1"'})
    withdrawn = await purse.finance.post(f"{path}/withdrawal")
    late = await purse.finance.put(path, json=body, headers={"If-Match": '"3"'})
    agreed = await purse.leader.post(f"{path}/agreement")

    assert (missing.status_code, stale.status_code) == (428, 412)
    assert changed.json()["lines"][0]["amount"] == "-600.00"
    assert withdrawn.json()["state"] == "withdrawn"
    assert refused(late) == (409, "phasing-settled")
    assert refused(agreed) == (409, "phasing-settled")


async def test_a_later_agreement_takes_the_place_of_the_one_before(purse: Purse) -> None:
    """E1: what was agreed stays to be read."""
    first = await purse.agreed((2027, "-500.00"))
    second = await purse.agreed((2027, "-700.00"))

    stale = await purse.book(first, 2027)
    left = await purse.booked(second, 2027)

    assert refused(stale) == (409, "phasing-not-agreed")
    assert left["amount"]["amount"] == "-700.00"
    listed = (await purse.finance.get(f"/benefits/{purse.benefit['id']}/budget-phasings")).json()["items"]
    assert [(one["state"], one["is_in_force"]) for one in listed] == [("agreed", True), ("agreed", False)]


async def test_nothing_is_booked_before_it_is_agreed_or_where_nothing_is_agreed(purse: Purse) -> None:
    """M1."""
    draft = await purse.phased((2027, "-500.00"))
    agreed = await purse.agreed((2028, "-500.00"))

    early = await purse.book(draft["id"], 2027)
    elsewhere = await purse.book(agreed, 2027)
    other_account = await purse.book(agreed, 2028, account="Paper")

    assert refused(early) == (409, "phasing-not-agreed")
    assert refused(elsewhere) == (409, "no-such-line")
    assert refused(other_account) == (409, "no-such-line")


async def test_a_line_is_booked_once_and_never_beyond_what_was_agreed(purse: Purse) -> None:
    """M1: net cost first, growing gain after."""
    phasing = await purse.agreed((2026, "400.00"), (2027, "-500.00"), (2028, "-900.00"))

    cost = await purse.booked(phasing, 2026)
    part = await purse.booked(phasing, 2027, "-200.00")
    beyond = await purse.book(phasing, 2027, "-300.01")
    other_side = await purse.book(phasing, 2027, "1.00")
    rest = await purse.booked(phasing, 2027)
    again = await purse.book(phasing, 2027)

    assert [one["amount"]["amount"] for one in (cost, part, rest)] == ["400.00", "-200.00", "-300.00"]
    assert {refused(one) for one in (beyond, other_side, again)} == {(409, "beyond-agreed")}


async def test_lines_are_booked_all_or_none(purse: Purse) -> None:
    phasing = await purse.agreed((2027, "-500.00"), (2028, "-1500.00"))
    lines = [{"account": "Postage", "year": year} for year in (2027, 2028)]

    answer = await purse.finance.post(f"/budget-phasings/{phasing}/bookings", json={"lines": lines})

    assert refused(answer) == (409, "beyond-benefit")
    assert (await purse.finance.get("/budget-entries")).json()["items"] == []


async def test_all_units_together_save_no_more_than_the_benefit_gives(purse: Purse) -> None:
    """M1: a year's savings over all units and accounts; a cost is not limited by the benefit."""
    await purse.world.assign("lars", Role.UNIT_LEADER, "unit", purse.world.top)
    here = await purse.agreed((2027, "-600.00"))
    draft = await purse.phased((2027, "-600.00"), (2028, "5000.00"), unit_id=str(purse.world.top))
    lars = purse.world.desk.caller(subject="lars")
    assert (await lars.post(f"/budget-phasings/{draft['id']}/agreement")).status_code == 200
    await purse.booked(here, 2027)

    beyond = await purse.book(draft["id"], 2027)
    within = await purse.book(draft["id"], 2027, "-400.00")
    cost = await purse.book(draft["id"], 2028)

    assert refused(beyond) == (409, "beyond-benefit")
    assert (within.status_code, cost.status_code) == (201, 201)


async def test_when_verified_is_the_practice_only_what_the_controller_found_is_booked(purse: Purse) -> None:
    """M1: missing is not zero, and zero is not enough either (B6)."""
    set_ = await purse.finance.put("/budget-practice", json={"practice": "when-verified"})
    phasing = await purse.agreed((2025, "-900.00"), (2026, "-900.00"), (2027, "100.00"))

    missing = await purse.book(phasing, 2025)
    cost = await purse.book(phasing, 2027)
    found = await purse.verified(2025, "350.00")
    beyond = await purse.book(phasing, 2025)
    entry = await purse.booked(phasing, 2025, "-350.00")
    await purse.verified(2025, "500.00", corrects_id=found["id"], reason="A month was missing")
    more = await purse.booked(phasing, 2025, "-150.00")

    assert set_.status_code == 200, set_.text
    assert refused(missing) == (409, "beyond-verification")
    assert cost.status_code == 201
    assert refused(beyond) == (409, "beyond-verification")
    assert (entry["practice"], entry["verification_id"]) == ("when-verified", found["id"])
    assert more["amount"]["amount"] == "-150.00"


async def test_a_benefit_can_have_another_practice_than_the_organisation(purse: Purse) -> None:
    """M1: both practices are supported."""
    unset = await purse.finance.get("/budget-practice")
    await purse.finance.put("/budget-practice", json={"practice": "when-verified"})
    phasing = await purse.agreed((2027, "-900.00"), practice="at-once")

    entry = await purse.booked(phasing, 2027)
    shown = (await purse.finance.get("/budget-practice")).json()

    assert unset.status_code == 404
    assert (entry["practice"], shown["practice"]) == ("at-once", "when-verified")
    assert PracticeOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown


async def test_a_reversal_is_a_new_entry_and_takes_back_no_more_than_is_left(purse: Purse) -> None:
    """M1."""
    phasing = await purse.agreed((2027, "-1000.00"))
    entry = await purse.booked(phasing, 2027)

    part = await purse.reverse(entry["id"], "300.00")
    beyond = await purse.reverse(entry["id"], "700.01")
    rest = await purse.reverse(entry["id"])
    nothing = await purse.reverse(entry["id"])
    twice = await purse.reverse(rest.json()["id"])
    again = await purse.booked(phasing, 2027)

    assert part.json()["amount"]["amount"] == "300.00"
    assert (part.json()["kind"], part.json()["reverses_id"]) == ("reversal", entry["id"])
    assert refused(beyond) == (409, "beyond-booked")
    assert rest.json()["amount"]["amount"] == "700.00"
    assert refused(nothing) == (409, "beyond-booked")
    assert refused(twice) == (409, "not-reversible")
    assert again["amount"]["amount"] == "-1000.00"
    shown = (await purse.finance.get(f"/budget-entries/{entry['id']}")).json()
    assert (shown["amount"], shown["reversed_amount"]["amount"]) == (entry["amount"], "1000.00")


@pytest.mark.parametrize(
    "body", [{}, {"reason": " "}, {"reason": "x", "amount": 5}, {"reason": "x", "amount": "-1"}]
)
async def test_odd_reversals_are_refused(purse: Purse, body: dict[str, Any]) -> None:
    entry = await purse.booked(await purse.agreed((2027, "-10.00")), 2027)

    answer = await purse.finance.post(f"/budget-entries/{entry['id']}/reversals", json=body)

    assert refused(answer) in {(400, "malformed"), (409, "beyond-booked")}


async def test_another_price_year_is_booked_with_its_index_and_reverses_to_zero(purse: Purse) -> None:
    """C1: openly indexed, never silently."""
    phasing = await purse.agreed((2027, "-333.33"))
    entry = await purse.booked(phasing, 2027, index=INDEX)

    taken = [(await purse.reverse(entry["id"], "111.11")).json() for _ in range(3)]
    useless = await purse.book(phasing, 2027, index=INDEX | {"price_year": 2026})

    assert entry["amount"] == {"amount": "-347.33", "currency": "NOK", "price_year": 2027}
    assert entry["base_amount"] == {"amount": "-333.33", **FRAME}
    assert entry["index"]["source"] == "National statistics"
    assert sum(float(one["amount"]["amount"]) for one in taken) == pytest.approx(347.33)
    assert refused(useless) == (400, "index-not-needed")


async def test_a_booked_benefit_keeps_its_mode_and_money(purse: Purse) -> None:
    """M1: nothing that is booked changes its frame behind the ledger."""
    await purse.booked(await purse.agreed((2027, "-10.00")), 2027)
    path = f"/benefits/{purse.benefit['id']}"
    body = purse.world.benefit(mode="redeployed")

    answer = await purse.world.office.put(path, json=body, headers={"If-Match": '"2"'})

    assert refused(answer) == (409, "frame-booked")


async def test_what_postgresql_writes_is_what_the_models_would_write(purse: Purse) -> None:
    phasing = await purse.agreed((2025, "-900.00"), practice="when-verified", note="As decided")
    await purse.verified(2025, "350.00")
    entry = await purse.booked(phasing, 2025, "-350.00", index=INDEX, reason="Now")
    reversal = (await purse.reverse(entry["id"], "1.00")).json()

    shown = (await purse.finance.get(f"/budget-phasings/{phasing}")).json()

    assert PhasingOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    for written in (entry, reversal):
        assert EntryOut.model_validate(written).model_dump(mode="json", exclude_none=True) == written


async def test_entries_are_listed_by_unit_with_those_below_and_by_year(purse: Purse) -> None:
    phasing = await purse.agreed((2027, "-10.00"), (2028, "-20.00"))
    await purse.booked(phasing, 2027)
    late = await purse.booked(phasing, 2028)

    above = (await purse.finance.get(f"/budget-entries?unit={purse.world.top}&year=2028")).json()["items"]
    other = (await purse.finance.get(f"/budget-entries?benefit={purse.unit}")).json()["items"]

    assert (above, other) == ([late], [])


async def test_another_organisation_and_other_roles_reach_nothing(purse: Purse) -> None:
    phasing = await purse.agreed((2027, "-10.00"))
    entry = await purse.booked(phasing, 2027)
    stranger = purse.world.desk.caller(*EVERYONE, organisation=new_organisation())
    office = purse.world.office

    unknown = [
        await stranger.get(f"/budget-entries/{entry['id']}"),
        await stranger.post(f"/budget-entries/{entry['id']}/reversals", json={"reason": "x"}),
        await stranger.post(f"/budget-phasings/{phasing}/agreement"),
    ]
    booking = await office.post(
        f"/budget-phasings/{phasing}/bookings", json={"lines": [{"account": "A", "year": 2027}]}
    )

    assert {one.status_code for one in unknown} == {404}
    assert refused(booking) == (403, "not-allowed")


async def test_the_same_booking_sent_twice_with_a_key_is_booked_once(purse: Purse) -> None:
    phasing = await purse.agreed((2027, "-1000.00"))
    body = {"lines": [{"account": "Postage", "year": 2027, "amount": "-400.00"}]}

    answers = [
        await purse.finance.post(
            f"/budget-phasings/{phasing}/bookings", json=body, headers={"Idempotency-Key": "one-and-only"}
        )
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert len((await purse.finance.get("/budget-entries")).json()["items"]) == 1


async def test_a_benefit_of_a_stopped_project_can_still_be_reversed(purse: Purse) -> None:
    """G6: the benefit is closed, and what was booked can be taken back."""
    phasing = await purse.agreed((2027, "-1000.00"))
    entry = await purse.booked(phasing, 2027, "-400.00")
    await purse.world.started()
    gate = await purse.world.proposed()
    await purse.world.decided(gate["id"], "stop")

    more = await purse.book(phasing, 2027)
    back = await purse.reverse(entry["id"])

    assert refused(more) == (409, "benefit-ended")
    assert back.status_code == 201


async def test_a_benefit_can_be_phased_in_a_unit_of_its_own_choice_only_when_it_is_cash(purse: Purse) -> None:
    second = await cash_benefit(purse.world, "50.00")
    body = {"unit_id": purse.unit, "account": "Paper", **FRAME}

    draft = await made(purse.finance, f"/benefits/{second['id']}/budget-phasings", body)

    assert {line["account"] for line in draft["lines"]} == {"Paper"}
