"""E1: the trail of each service is read, sealed and told outside alike."""

from pathlib import Path
from typing import Any

import pytest

from gevinst_shared.cli.auditing import check_file
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.support.callers import Desk
from tests.support.trails import SUBJECT, all_seals, change, fact_of, seal, taken_home


@pytest.fixture(params=SERVICES)
def desk(request: pytest.FixtureRequest) -> Desk:
    found: Desk = request.getfixturevalue(request.param)
    return found


async def test_a_change_is_read_sealed_and_told(desk: Desk, tmp_path: Path) -> None:
    administrator = desk.caller(Role.ADMINISTRATOR)
    await change(desk.app.state.house.database, desk.organisation, "a", "b", service=desk.service)

    await seal(desk)

    rows: list[dict[str, Any]] = (await administrator.get("/audit")).json()["items"]
    (link,) = await all_seals(administrator)
    (head,) = [
        one["data"]["hash"]
        for one in (await administrator.get("/events", params={"limit": 100})).json()["items"]
        if one["type"] == fact_of(desk.service).type
    ]
    assert {one["after"]["name"] for one in rows} == {"a", "b"}
    assert {(one["subject"], one["seal"]) for one in rows} == {(SUBJECT, 1)}
    assert check_file(await taken_home(desk, tmp_path / "trail"), {1: head}).head == link["hash"] == head
