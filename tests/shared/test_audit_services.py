"""E1: the trail of each service is read, sealed and told outside alike."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path
from typing import Any

import pytest

from gevinst_shared.auth.development_issuer import key_file
from gevinst_shared.cli.auditing import check_file
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.support.callers import Desk
from tests.support.trails import SUBJECT, all_seals, change, fact_of, seal, taken_home
from tests.support.waiting import until


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


@pytest.mark.slow
async def test_the_worker_of_the_service_seals(desk: Desk, tmp_path: Path) -> None:
    """Also while the services that it follows cannot be reached."""
    auditor = desk.caller(Role.AUDITOR)
    await change(desk.app.state.house.database, desk.organisation, "a", service=desk.service)
    nowhere = "http://127.0.0.1:9"
    client_key = key_file(desk.installation.keys, f"gevinst-{desk.service}")
    environment = {
        **os.environ,
        **desk.installation.environment(desk.service),
        "GEVINST_PORTFOLIO_URL": nowhere,
        "GEVINST_BENEFITS_URL": nowhere,
        "GEVINST_TOKEN_URL": nowhere,
        f"GEVINST_{desk.service.upper()}_CLIENT_KEY_FILE": str(client_key),
        "PYTHONPATH": ":".join(sys.path),
    }
    command = (sys.executable, "-m", f"gevinst_{desk.service}", "work")
    worker = await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL, stderr=DEVNULL)

    async def is_sealed() -> bool:
        return bool(await all_seals(auditor))

    try:
        await until(is_sealed)
    finally:
        worker.terminate()
        ended = await worker.wait()
    assert ended == 0
    assert check_file(await taken_home(desk, tmp_path / "trail"), {}).unsealed_count == 0
