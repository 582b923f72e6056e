"""Criteria and scores in tests, also such as were given on earlier days."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from gevinst_portfolio.domain.criteria_models import SaidCriterion
from gevinst_portfolio.usecases import modelling, scoring
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import database_of
from tests.portfolio.world import World, made, put

BENEFIT = {"name": "Benefit", "weight": 3, "scale_min": 1, "scale_max": 5}
RISK = {"name": "Risk", "weight": 1, "scale_min": 1, "scale_max": 5, "better": "lower"}


def model_path(world: World) -> str:
    return f"/portfolios/{world.portfolio_id}/criteria-model"


async def model(world: World, *criteria: dict[str, Any], version: int = 0, **members: Any) -> dict[str, Any]:
    """The portfolio's model after it was set to these criteria, as the version after `version`."""
    body = {"name": "Criteria", "criteria": list(criteria), **members}
    answer = await put(world.office, model_path(world), body, revision=version)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def score(
    client: httpx.AsyncClient, project: dict[str, Any], values: dict[str, Any], **members: Any
) -> httpx.Response:
    """`values` by criterion."""
    given = [{"criterion_id": key, "value": value, **members} for key, value in values.items()]
    return await client.post(f"/projects/{project['id']}/scores", json={"scores": given})


async def central(world: World, name: str, **members: Any) -> dict[str, Any]:
    """A project above the entry threshold: it needs a shared resource."""
    found = (await world.office.get("/resources")).json()["items"]
    resource = found[0] if found else await made(world.office, "/resources", {"name": "R", "kind": "role"})
    return await world.project(name=name, needs=[{"resource_id": resource["id"], "amounts": [1]}], **members)


async def added_at(world: World, at: datetime, **members: Any) -> UUID:
    """A criterion that was added to the model at that moment."""
    said = SaidCriterion(**{"name": "Benefit", "weight": 1, "scale_min": 1, "scale_max": 5, **members})
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        work = Work(connection, _office(world, "kari"), at, new_id())
        _, criterion_id = await modelling.add_criterion(work, UUID(world.portfolio_id), said)
    return criterion_id


async def scored_at(
    world: World, at: datetime, project: dict[str, Any], values: dict[UUID, float], *, by: str = "kari"
) -> None:
    """Scores that somebody gave at that moment."""
    said = [scoring.SaidScore(key, value) for key, value in values.items()]
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        work = Work(connection, _office(world, by), at, new_id())
        await scoring.score_project(work, UUID(project["id"]), said)


def _office(world: World, subject: str) -> Actor:
    return Actor(subject, world.desk.organisation, frozenset({Role.PORTFOLIO_OFFICE}))
