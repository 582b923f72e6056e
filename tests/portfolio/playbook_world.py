"""Playbooks over the API, for the tests that need one."""

from typing import Any

import httpx

from tests.portfolio.world import World, made, put

COUNT, TRAIN = "0198b6a4-7c1e-7000-8000-00000000a001", "0198b6a4-7c1e-7000-8000-00000000a002"
BEGIN = "0198b6a4-7c1e-7000-8000-00000000d001"
ACTIVITIES = [
    {"key": COUNT, "title": "Count the letters", "week": 0, "duration_weeks": 2, "role": "Benefit owner"},
    {"key": TRAIN, "title": "Train the units", "point": "contract", "week": 4, "after": [COUNT]},
]
DECISIONS = [{"key": BEGIN, "title": "Which units begin", "before_activity": TRAIN, "papers": ["Baseline"]}]
PLAYBOOK: dict[str, Any] = {
    "name": "Digital post",
    "purpose": "Letters become digital.",
    "activities": ACTIVITIES,
    "decisions": DECISIONS,
}


def changed(place: int, **members: Any) -> list[dict[str, Any]]:
    """The activities, one of them with other members; None takes one away."""
    activities = [dict(one) for one in ACTIVITIES]
    activities[place] |= members
    return [{name: value for name, value in one.items() if value is not None} for one in activities]


async def draft(world: World, **members: Any) -> dict[str, Any]:
    """A draft of a new project."""
    project = await world.project()
    return await made(world.office, f"/projects/{project['id']}/playbooks", {**PLAYBOOK, **members})


async def act(client: httpx.AsyncClient, path: str, revision: int = 1, **body: Any) -> httpx.Response:
    return await client.post(path, json=body, headers={"If-Match": f'"{revision}"'})


async def publish(client: httpx.AsyncClient, playbook_id: str, **body: Any) -> dict[str, Any]:
    """Publish what the draft says now."""
    path = f"/playbooks/{playbook_id}"
    revision = (await client.get(path)).json()["revision"]
    answer = await act(client, f"{path}/editions", revision, **body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(world: World, **members: Any) -> dict[str, Any]:
    return await publish(world.office, (await draft(world, **members))["id"])


async def next_edition(client: httpx.AsyncClient, playbook_id: str, **members: Any) -> dict[str, Any]:
    """Change the draft and publish it."""
    path = f"/playbooks/{playbook_id}"
    revision = (await client.get(path)).json()["revision"]
    answer = await put(client, path, {**PLAYBOOK, **members}, revision=revision)
    assert answer.status_code == 200, answer.text
    return await publish(client, playbook_id, note="Better")


async def taken_over(
    client: httpx.AsyncClient, project_id: str, playbook_id: str, **body: Any
) -> dict[str, Any]:
    path = f"/projects/{project_id}/playbook-adoptions"
    return await made(client, path, {"playbook_id": playbook_id, **body})


async def plan(client: httpx.AsyncClient, adoption_id: str) -> dict[str, dict[str, Any]]:
    """The items of an adoption by key."""
    answer = await client.get(f"/playbook-adoptions/{adoption_id}/plan")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {one["key"]: one for one in [*found["activities"], *found["decisions"]]}


async def update(client: httpx.AsyncClient, adoption_id: str) -> dict[str, Any]:
    answer = await client.get(f"/playbook-adoptions/{adoption_id}/update")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def offered(client: httpx.AsyncClient, adoption: dict[str, Any]) -> dict[str, Any]:
    """What is sent to take the update that is shown now."""
    return {"sha256": (await update(client, adoption["id"]))["sha256"]}


def of_activity(item: dict[str, Any], **members: Any) -> dict[str, Any]:
    """What an adopted activity says, as it is sent to change it."""
    names = ("title", "what", "role", "phase", "point", "week", "duration_weeks", "after")
    said = {**{name: item[name] for name in names if name in item}, **members}
    return {name: value for name, value in said.items() if value is not None}


async def adopted(world: World, **body: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A published playbook, and what a project made of it."""
    playbook = await published(world)
    project = await world.project(name="Ours", start="2027-01-04")
    return playbook, await taken_over(world.office, project["id"], playbook["id"], **body)


async def change_activity(world: World, adoption: dict[str, Any], key: str, **members: Any) -> dict[str, Any]:
    """Change an activity here."""
    item = (await plan(world.office, adoption["id"]))[key]
    path = f"/adopted-activities/{item['id']}"
    answer = await put(world.office, path, of_activity(item, **members), revision=item["revision"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def progress(world: World, adoption: dict[str, Any], key: str, **body: Any) -> dict[str, Any]:
    item = (await plan(world.office, adoption["id"]))[key]
    answer = await act(world.office, f"/adopted-activities/{item['id']}/progress", item["revision"], **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
