"""The register of projects over HTTP."""

from tests.portfolio.world import World


async def test_a_proposal_is_registered_with_its_revision_and_address(world: World) -> None:
    answer = await world.office.post("/projects", json=world.proposal(name="Digital post"))

    assert answer.status_code == 201, answer.text
    project = answer.json()
    assert project["name"] == "Digital post"
    assert project["status"] == "proposed"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/portfolio/v1/projects/{project['id']}"
    read = await world.office.get(f"/projects/{project['id']}")
    assert read.json() == project


async def test_a_missing_cost_is_absent_and_not_zero(world: World) -> None:
    """B6: missing is not zero."""
    answer = await world.office.post("/projects", json=world.proposal())

    assert "cost" not in answer.json()
