"""Ideas from everybody and every source, on their way to proposals (P1), over HTTP."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.ideas import IdeaOut, IdeaPageOut, ReadinessOut
from gevinst_portfolio.schemas.merges import DuplicatesOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import events_of
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

IDEA = {"name": "One form", "need": "Parents fill in five forms."}


async def act(
    client: httpx.AsyncClient, idea: dict[str, Any], verb: str, body: dict[str, Any], *, revision: int = 1
) -> httpx.Response:
    path = f"/ideas/{idea['id']}/{verb}"
    return await client.post(path, json=body, headers={"If-Match": f'"{revision}"'})


async def answered(world: World, idea: dict[str, Any], answer: str, *, revision: int = 1) -> httpx.Response:
    return await act(
        world.office, idea, "answer", {"answer": answer, "reason": "Not now."}, revision=revision
    )


async def proposed(world: World, idea: dict[str, Any], *, revision: int = 1) -> httpx.Response:
    return await act(world.office, idea, "proposal", {"portfolio_id": world.portfolio_id}, revision=revision)


@pytest.mark.parametrize("role", sorted(EVERYONE - {Role.INTEGRATION}))
async def test_p1_every_person_may_have_an_idea(world: World, role: Role) -> None:
    anybody = world.desk.caller(role, subject="anybody")

    answer = await anybody.post("/ideas", json=IDEA)

    assert answer.status_code == 201, answer.text
    idea = answer.json()
    assert obeys(IdeaOut, idea)
    assert (idea["submitted_by"], idea["state"], idea["source"]) == ("anybody", "open", "own-idea")


async def test_p1_a_system_has_no_ideas(world: World) -> None:
    answer = await world.desk.caller(Role.INTEGRATION, subject="robot").post("/ideas", json=IDEA)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "source",
    ["national-plan", "joint-project", "own-idea", "legal-duty", "existing-activity", "audit-finding"],
)
async def test_p1_the_source_is_recorded_and_goes_with_the_proposal(world: World, source: str) -> None:
    idea = await made(world.office, "/ideas", {**IDEA, "source": source, "reference": "Measure 12"})

    answer = await proposed(world, idea)

    assert answer.status_code == 201, answer.text
    assert obeys(ProjectOut, answer.json())
    assert answer.json()["source"] == source
    listed = (await world.office.get("/ideas", params={"source": source})).json()
    assert obeys(IdeaPageOut, listed)
    assert [one["state"] for one in listed["items"]] == ["proposed"]


async def test_p1_an_idea_becomes_a_proposal_with_its_supporters(world: World) -> None:
    submitter = world.desk.caller(Role.READER, subject="submitter")
    idea = await made(submitter, "/ideas", IDEA)
    for subject in ("ola", "ola", "submitter"):
        answer = await world.desk.caller(Role.READER, subject=subject).post(f"/ideas/{idea['id']}/support")
        assert answer.status_code == 200, answer.text

    made_of_it = await proposed(world, idea, revision=2)

    project = made_of_it.json()
    assert made_of_it.headers["location"] == f"/portfolio/v1/projects/{project['id']}"
    assert (project["name"], project["need"], project["status"]) == (*IDEA.values(), "proposed")
    assert project["supporters"] == ["submitter", "ola"]
    kept = (await world.office.get(f"/ideas/{idea['id']}")).json()
    assert obeys(IdeaOut, kept)
    assert (kept["state"], kept["project_id"]) == ("proposed", project["id"])
    assert await events_of(world.desk, "idea-answered") == [
        {
            "idea_id": idea["id"],
            "name": "One form",
            "submitter": "submitter",
            "outcome": "proposed",
            "decided_by": "kari",
            "project_id": project["id"],
            "portfolio_id": world.portfolio_id,
        }
    ]


async def test_p1_ideas_are_no_projects(world: World) -> None:
    """No list of projects, no scenario and no load has them; no other service hears of a project."""
    await made(world.office, "/ideas", IDEA)

    assert (await world.office.get("/projects")).json()["items"] == []
    assert await events_of(world.desk, "project-proposed") == []


@pytest.mark.parametrize("answer", ["parked", "rejected"])
async def test_p1_the_submitter_is_told_why_an_idea_is_not_taken_up(world: World, answer: str) -> None:
    idea = await made(world.desk.caller(Role.READER, subject="submitter"), "/ideas", IDEA)

    found = await answered(world, idea, answer)
    reopened = await answered(world, idea, "open", revision=2)

    assert (found.json()["state"], found.json()["answer"]) == (answer, "Not now.")
    assert reopened.json()["state"] == "open"
    told = await events_of(world.desk, "idea-answered")
    assert [(one["submitter"], one["outcome"], one["answer"]) for one in told] == [
        ("submitter", answer, "Not now."),
        ("submitter", "open", "Not now."),
    ]


async def test_an_answered_idea_waits_and_a_proposed_one_lives_on_as_a_project(world: World) -> None:
    parked, taken = await made(world.office, "/ideas", IDEA), await made(world.office, "/ideas", IDEA)
    await answered(world, parked, "parked")
    await proposed(world, taken)

    waits = await proposed(world, parked, revision=2)
    changed = await put(world.office, f"/ideas/{parked['id']}", IDEA, revision=2)
    gone = await answered(world, taken, "rejected", revision=2)
    supported = await world.office.post(f"/ideas/{taken['id']}/support")

    assert problem(waits)["type"].endswith("#idea-is-answered")
    assert problem(changed)["type"].endswith("#idea-is-answered")
    assert problem(gone)["type"].endswith("#idea-is-proposed")
    assert problem(supported)["type"].endswith("#idea-is-proposed")


async def test_an_idea_is_changed_by_its_submitter_or_the_office(world: World) -> None:
    submitter = world.desk.caller(Role.READER, subject="submitter")
    other = world.desk.caller(Role.READER, subject="other")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    idea = await made(submitter, "/ideas", IDEA)
    path = f"/ideas/{idea['id']}"

    own = await put(submitter, path, {**IDEA, "name": "Better"})
    by_office = await put(world.office, path, IDEA, revision=2)
    forbidden = await put(other, path, IDEA, revision=3)
    no_answer = await act(submitter, idea, "answer", {"answer": "rejected", "reason": "x"}, revision=3)
    no_proposal = await act(submitter, idea, "proposal", {"portfolio_id": world.portfolio_id}, revision=3)
    elsewhere = await put(stranger, path, IDEA, revision=3)
    stale = await put(submitter, path, IDEA, revision=1)
    stale_proposal = await proposed(world, idea, revision=1)
    blind = await submitter.put(path, json=IDEA)

    assert (own.json()["name"], by_office.status_code) == ("Better", 200)
    answers = (forbidden, no_answer, no_proposal, elsewhere, stale, stale_proposal, blind)
    assert [answer.status_code for answer in answers] == [403, 403, 403, 404, 412, 412, 428]
    assert (await world.office.get("/projects")).json()["items"] == []


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"need": ""}, 400),
        ({"name": "  "}, 400),
        ({"source": "Own idea"}, 400),
        ({"submitted_by": "somebody"}, 400),
        ({"portfolio_id": str(new_id())}, 404),
        ({"unit_id": str(new_id())}, 404),
    ],
)
async def test_odd_ideas_are_refused(world: World, members: dict[str, Any], status: int) -> None:
    answer = await world.office.post("/ideas", json={**IDEA, **members})

    assert answer.status_code == status, answer.text


async def test_p1_an_idea_shows_what_is_likely_the_same(world: World) -> None:
    project = await world.project(name="One form for parents", need=IDEA["need"])
    idea = await made(world.office, "/ideas", IDEA)

    found = (await world.office.get(f"/ideas/{idea['id']}/duplicates")).json()

    assert obeys(DuplicatesOut, found)
    assert [one["id"] for one in found["items"]] == [project["id"]]


async def test_p1_what_a_proposal_lacks_before_it_can_be_prioritised_is_listed(world: World) -> None:
    idea = await made(world.office, "/ideas", IDEA)
    project = (await proposed(world, idea)).json()
    path = f"/projects/{project['id']}"

    bare = (await world.office.get(f"{path}/readiness")).json()
    figures = {"start": "2027-01-01", "end": "2027-12-31", "cost": "1.00", "benefit": "0.00"}
    await put(world.office, path, {"name": "One form", **figures})
    ready = (await world.office.get(f"{path}/readiness")).json()

    assert obeys(ReadinessOut, bare)
    assert not bare["is_ready"]
    assert [one["member"] for one in bare["lacking"] if one["is_needed"]] == ["cost", "end", "benefit"]
    assert {"zero_alternative", "owner_id", "scores"} <= {one["member"] for one in bare["lacking"]}
    # B6: a benefit of zero is known.
    assert ready["is_ready"]


async def test_p1_a_score_on_every_criterion_is_a_worth(world: World) -> None:
    project = await world.project(cost="1.00", start="2027-01-01", end="2027-12-31")
    criteria = [
        await made(
            world.office,
            f"/portfolios/{world.portfolio_id}/criteria",
            {"name": name, "weight": 1, "scale_min": 0, "scale_max": 5},
        )
        for name in ("Value", "Urgency")
    ]
    ready = []
    for criterion in criteria:
        scores = [{"criterion_id": criterion["id"], "value": 3}]
        await made(world.office, f"/projects/{project['id']}/scores", {"scores": scores})
        ready.append((await world.office.get(f"/projects/{project['id']}/readiness")).json()["is_ready"])

    assert ready == [False, True]
