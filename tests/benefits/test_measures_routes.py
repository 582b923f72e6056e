"""Measures that reports propose, over HTTP (B13, G3)."""

import asyncio

import httpx

from gevinst_benefits.schemas.monthly_reports import (
    MeasureOut,
)
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.reporting_world import Reporting
from tests.benefits.world import made
from tests.support.callers import problem


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


async def test_a_measure_is_decided_by_another_once_and_followed_up(reporting: Reporting) -> None:
    """B13, G3."""
    world = reporting.world
    draft = await reporting.drafted()
    proposed = await made(reporting.manager, f"/monthly-reports/{draft['id']}/measures", {"text": "Two more"})
    path = f"/measures/{proposed['id']}"
    decision = {
        "outcome": "decided",
        "reason": "It pays",
        "owner_id": str(world.owner_id),
        "deadline": "2026-12-01",
    }
    await world.assign("maria", Role.PROJECT_OWNER, "project", world.project_id)

    own = await reporting.manager.post(f"{path}/decision", json=decision)
    open_ended = await reporting.owner.post(f"{path}/decision", json={"outcome": "decided", "reason": "Yes"})
    nobody = await reporting.owner.post(f"{path}/decision", json=decision | {"owner_id": str(new_id())})
    early = await reporting.manager.put(
        f"{path}/follow-up",
        json={"state": "done", "owner_id": str(world.owner_id), "deadline": "2026-12-01"},
        headers={"If-Match": '"1"'},
    )
    answers = await asyncio.gather(
        *(reporting.owner.post(f"{path}/decision", json=decision) for _ in range(5))
    )
    done = await reporting.manager.put(
        f"{path}/follow-up",
        json={"state": "done", "owner_id": str(world.owner_id), "deadline": "2026-12-01", "note": "Hired"},
        headers={"If-Match": '"2"'},
    )

    assert refused(own) == (403, "proposer-decides-measure")
    assert refused(open_ended) == (400, "follow-up-missing")
    assert refused(nobody) == (409, "person-not-known")
    assert refused(early) == (409, "measure-not-decided")
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    shown = done.json()
    assert (shown["state"], shown["decided_by"], shown["note"]) == ("done", "petra", "Hired")
    for written in (proposed, shown):
        assert MeasureOut.model_validate(written).model_dump(mode="json", exclude_none=True) == written


async def test_a_declined_measure_stays_to_be_read_and_open_ones_come_first(reporting: Reporting) -> None:
    draft = await reporting.drafted()
    path = f"/monthly-reports/{draft['id']}/measures"
    first, second = [await made(reporting.manager, path, {"text": text}) for text in ("One", "Two")]

    declined = await reporting.owner.post(
        f"/measures/{first['id']}/decision", json={"outcome": "declined", "reason": "No room"}
    )

    listed = (await reporting.manager.get(f"/projects/{reporting.world.project_id}/measures")).json()["items"]
    assert declined.json()["state"] == "declined"
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
