"""Files that people fill in, in tests: downloaded, uploaded, read by a worker, and applied."""

from typing import Any

import httpx

from gevinst_portfolio.schemas.runs import RunOut
from tests.portfolio.background import all_items, worked
from tests.portfolio.scoring_world import model
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NORWEGIAN = {"Accept-Language": "nb"}


async def furnish(world: World) -> dict[str, Any]:
    """Two projects that take of a role, a criterion with a score, and a budget."""
    unit = await world.unit("Helse")
    role = {
        "name": "Utviklere",
        "kind": "role",
        "capacity": [{"year": 2027, "quarter": n, "amount": 2.5} for n in (1, 2, 3, 4)],
    }
    resource = await made(world.office, "/resources", role)
    criterion = {"name": "Nytte", "weight": 3, "scale_min": 1, "scale_max": 5}
    measured = (await model(world, criterion))["criteria"][0]
    projects = {}
    for name in ("Digital post", "Nytt arkiv"):
        projects[name] = await world.project(
            name=name,
            unit_id=unit["id"],
            start="2027-01-01",
            end="2027-12-31",
            cost="1250000.10",
            benefit="4000000.00",
            cost_by_year=[{"year": 2027, "kind": "investment", "amount": "1250000.10"}],
            needs=[{"resource_id": resource["id"], "amounts": [2, 0.5]}],
        )
    path = f"/projects/{projects['Digital post']['id']}/scores"
    scored = {"scores": [{"criterion_id": measured["id"], "value": 4}]}
    assert (await world.office.post(path, json=scored)).status_code == 201
    budget = {"years": [{"year": 2027, "kind": "investment", "amount": "2000000.00"}]}
    assert (
        await put(world.office, f"/portfolios/{world.portfolio_id}/budget", budget, revision=0)
    ).status_code == 200
    return {"projects": projects, "criterion": measured, "resource": resource, "unit": unit}


async def download(world: World, **query: str) -> bytes:
    answer = await world.office.get(
        f"/portfolios/{world.portfolio_id}/workbook", params=query, headers=NORWEGIAN
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    return answer.content


async def upload(world: World, content: bytes, media: str = XLSX, **query: str) -> dict[str, Any]:
    """The run of a reading, after a worker has done it."""
    answer = await world.office.post(
        f"/portfolios/{world.portfolio_id}/uploads",
        content=content,
        params=query,
        headers={"Content-Type": media, **NORWEGIAN},
    )
    assert answer.status_code == 202, answer.text
    run = await worked(world, answer.json()["id"])
    assert obeys(RunOut, run)
    return run


async def applied(world: World, run: dict[str, Any]) -> dict[str, Any]:
    answer = await world.office.post(f"/uploads/{run['id']}/application")
    assert answer.status_code == 202, answer.text
    return await worked(world, answer.json()["id"])


async def cells(world: World, run: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    return await all_items(world.office, f"/uploads/{run['id']}/cells", **query)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].rpartition("#")[2]


def counts(run: dict[str, Any]) -> tuple[int, int]:
    return run["upload_report"]["change_count"], run["upload_report"]["fault_count"]
