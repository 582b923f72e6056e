"""How much of a saving a unit keeps, over HTTP (M3)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.kept_shares import KeptShareOut
from tests.benefits.purse import FRAME, Purse
from tests.benefits.test_budget_adjustments_routes import refused
from tests.benefits.world import made


async def test_a_unit_keeps_a_share_that_its_leader_agreed_to(purse: Purse) -> None:
    """M3: versions, the earlier ones stay."""
    path = f"/benefits/{purse.benefit['id']}/kept-shares"
    body = {
        "unit_id": purse.unit,
        "from_year": 2027,
        "share": "0.25",
        "purpose": "Home visits on weekends",
        "agreed_by_id": purse.leader_id,
        "agreed_on": "2026-11-01",
    }

    first = await made(purse.finance, path, body)
    silent = await purse.finance.post(path, json=body)
    amount = {"amount": "100.00", **FRAME}
    changed = {key: value for key, value in body.items() if key != "share"}
    second = await made(purse.finance, path, changed | {"amount_per_year": amount, "reason": "Fixed now"})

    assert refused(silent) == (409, "share-changed-without-reason")
    assert (first["number"], second["number"]) == (1, 2)
    assert second["amount_per_year"] == amount
    listed = (await purse.finance.get(path)).json()["items"]
    assert listed == [second, first]
    for written in listed:
        assert KeptShareOut.model_validate(written).model_dump(mode="json", exclude_none=True) == written


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"share": "1.5"}, (400, "odd-share")),
        ({"amount_per_year": {"amount": "1.00", **FRAME}}, (400, "odd-share")),
        ({"agreed_on": "2199-01-01"}, (400, "agreed-in-future")),
        ({"agreed_by_id": "0198b6a4-7c1e-7000-8000-000000000009"}, (409, "person-not-known")),
        ({"agreed_by_id": "OWNER"}, (409, "share-agreed-by-another")),
        ({"purpose": "  "}, (400, "malformed")),
        ({"share": 0.5}, (400, "malformed")),
    ],
)
async def test_odd_shares_are_refused(
    purse: Purse, members: dict[str, Any], expected: tuple[int, str]
) -> None:
    """M3: agreed by a leader of the unit."""
    body = {
        "unit_id": purse.unit,
        "from_year": 2027,
        "share": "0.25",
        "purpose": "Home visits",
        "agreed_by_id": purse.leader_id,
        "agreed_on": "2026-11-01",
    } | members
    if body["agreed_by_id"] == "OWNER":
        body["agreed_by_id"] = str(purse.world.owner_id)

    answer = await purse.finance.post(f"/benefits/{purse.benefit['id']}/kept-shares", json=body)

    assert refused(answer) == expected
