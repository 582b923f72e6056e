"""Runs whose scenario is deleted while a worker has them (A6, P8)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from gevinst_portfolio.domain.runs import RunKind
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.worker.jobs import JOBS
from tests.portfolio.background import events_of, worked
from tests.portfolio.planned import open_world, propose, read, scenario, solved
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk

pytestmark = pytest.mark.slow

Step = Callable[..., Awaitable[Any]]


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def asked(world: World, kind: RunKind) -> tuple[str, str]:
    """A scenario, and the run that solves or analyses it."""
    await propose(world, "A")
    found = await (scenario(world) if kind is RunKind.SOLVE else solved(world))
    path = f"/scenarios/{found['id']}"
    body = None if kind is RunKind.SOLVE else {"kind": "baselines", "options": {}}
    answer = await world.office.post(f"{path}/{'runs' if body is None else 'analyses'}", json=body)
    assert answer.status_code == 202, answer.text
    return path, answer.json()["id"]


@pytest.mark.parametrize("step", ["prepare", "keep"])
@pytest.mark.parametrize("kind", [RunKind.SOLVE, RunKind.ANALYSE])
async def test_a_run_is_called_off_with_its_scenario_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: RunKind, step: str
) -> None:
    path, run_id = await asked(world, kind)
    revision = (await read(world.office, path))["revision"]
    done_by: Step = getattr(JOBS[kind], step)

    async def after_the_deletion(*given: Any) -> Any:
        gone = await world.office.delete(path, headers={"If-Match": f'"{revision}"'})
        assert gone.status_code == 204, gone.text
        return await done_by(*given)

    changed: dict[str, Any] = {step: after_the_deletion}
    monkeypatch.setitem(JOBS, kind, replace(JOBS[kind], **changed))

    run = await worked(world, run_id)

    assert obeys(RunOut, run)
    assert (run["state"], run["error"]["code"]) == ("cancelled", "scenario-deleted")
    assert not {"plan_summary", "analysis_id"} & set(run)
    assert await events_of(world.desk, "scenario-analysed") == []


async def test_a_run_that_somebody_calls_off_gives_no_other_reason(world: World) -> None:
    _, run_id = await asked(world, RunKind.SOLVE)
    await world.office.post(f"/runs/{run_id}/cancellation")

    run = await worked(world, run_id)

    assert (run["state"], "error" in run) == ("cancelled", False)
