"""Runs: followed, called off, and done exactly once whatever dies on the way (A6, N5)."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from gevinst_portfolio.domain.runs import Ended, RunKind, RunState
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.store import runs
from gevinst_portfolio.worker.jobs import JOBS
from gevinst_portfolio.worker.runs import RunWorker
from gevinst_shared.values.actor import Role
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import (
    all_items,
    database_of,
    ended,
    events_of,
    forget_lease,
    imported,
    make_british_world,
    read_run,
    upload,
    worked,
    worker_process,
)
from tests.portfolio.world import World, obeys
from tests.support.callers import Desk, problem
from tests.support.gmpp import published
from tests.support.waiting import PATIENCE


@pytest.fixture
async def world(portfolio: Desk) -> World:
    """Nothing waits in the queue: a worker takes the oldest run, whichever test left it there."""
    worker = RunWorker(database_of(portfolio), utc_now)
    while await worker.once():
        pass
    return await make_british_world(portfolio)


async def queued(world: World, year: int = 2023) -> str:
    answer = await upload(world, published(year)[0], keep="valid")
    run_id: str = answer.json()["id"]
    return run_id


async def projects_of(world: World) -> list[dict[str, Any]]:
    return await all_items(world.office, "/projects", portfolio=world.portfolio_id)


async def test_a_run_waits_until_a_worker_takes_it(world: World) -> None:
    run = await read_run(world, await queued(world))

    assert (run["state"], run["progress"], run["attempts"]) == ("queued", {"share": 0, "text": "waiting"}, 0)
    assert obeys(RunOut, run)
    assert (await world.office.get("/runs", params={"state": "queued"})).json()["items"] == [run]
    assert (await world.office.get("/runs", params={"kind": "solve"})).json()["items"] == []


async def test_a_waiting_run_that_is_called_off_is_never_begun(world: World) -> None:
    run_id = await queued(world)

    answer = await world.office.post(f"/runs/{run_id}/cancellation")

    assert answer.json()["state"] == "cancelled"
    assert (await worked(world, run_id))["attempts"] == 0
    again = await world.office.post(f"/runs/{run_id}/cancellation")
    assert (again.status_code, problem(again)["type"].rpartition("#")[2]) == (409, "run-ended")
    reader = world.desk.caller(Role.READER)
    assert (await reader.post(f"/runs/{run_id}/cancellation")).status_code == 403


async def called_off(world: World, run_id: str) -> None:
    answer = await world.office.post(f"/runs/{run_id}/cancellation")
    assert (answer.status_code, answer.json()["cancel_requested"]) == (200, True)


@pytest.mark.slow
async def test_an_import_that_is_called_off_while_it_is_read_keeps_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await queued(world)
    worker = RunWorker(database_of(world.desk), utc_now)
    keep = worker._keep

    async def after_the_cancellation(*given: Any) -> Any:
        await called_off(world, run_id)
        return await keep(*given)

    monkeypatch.setattr(worker, "_keep", after_the_cancellation)
    await worker.once()

    run = await read_run(world, run_id)
    assert (run["state"], "import_report" in run) == ("cancelled", False)
    assert await projects_of(world) == []


@pytest.mark.slow
async def test_an_import_that_is_called_off_when_all_is_written_keeps_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await queued(world)
    job = JOBS[RunKind.IMPORT]

    async def keep_and_be_called_off(*given: Any) -> Any:
        ended = await job.keep(*given)
        await called_off(world, run_id)
        return ended

    monkeypatch.setitem(JOBS, RunKind.IMPORT, replace(job, keep=keep_and_be_called_off))
    await RunWorker(database_of(world.desk), utc_now).once()

    run = await read_run(world, run_id)
    assert (run["state"], "import_report" in run) == ("cancelled", False)
    assert await projects_of(world) == []
    assert await events_of(world.desk, "import-finished") == []


async def test_a_run_that_is_about_to_end_cannot_be_called_off_any_more(world: World) -> None:
    run_id = await queued(world)
    database = database_of(world.desk)
    async with database.queue() as connection:
        run = await runs.claim(connection)
    assert run is not None

    async with database.transaction(run.organisation) as connection:
        assert await runs.hold(connection, run) is False
        asked = asyncio.create_task(world.office.post(f"/runs/{run_id}/cancellation"))
        await asyncio.wait({asked}, timeout=0.1)
        await runs.end(connection, run, Ended(RunState.DONE))
    answer = await asked

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "run-ended")
    assert (await read_run(world, run_id))["cancel_requested"] is False


def told(stream: str) -> list[tuple[int, dict[str, Any]]]:
    """The id and the run of each event."""
    found = []
    for block in stream.replace("\r\n", "\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":")
        if lines.get("event") == "run":
            found.append((int(lines["id"]), json.loads(lines["data"])))
    return found


@pytest.mark.slow
async def test_the_stream_of_a_run_ends_with_it_and_goes_on_where_a_reader_left(world: World) -> None:
    run_id = await queued(world)

    following = asyncio.create_task(world.office.get(f"/runs/{run_id}/events"))
    await asyncio.sleep(0.05)
    await worked(world, run_id)
    answer = await following

    assert answer.headers["content-type"].startswith("text/event-stream")
    events = told(answer.text)
    assert events[0][1]["state"] == "queued"
    assert events[-1][1] == await read_run(world, run_id)
    assert [number for number, _ in events] == sorted({number for number, _ in events})
    first, last = events[0][0], events[-1][0]
    later = await world.office.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(first)})
    assert [number for number, _ in told(later.text)] == [last]
    over = await world.office.get(f"/runs/{run_id}/events", headers={"Last-Event-ID": str(last)})
    assert over.status_code == 204


@pytest.mark.slow
async def test_two_workers_at_once_do_each_run_once(world: World) -> None:
    asked = [await queued(world, year) for year in (2014, 2015, 2016, 2017)]

    async def work() -> None:
        worker = RunWorker(database_of(world.desk), utc_now)
        while await worker.once():
            pass

    await asyncio.gather(work(), work())

    done = [await read_run(world, run_id) for run_id in asked]
    assert [(run["state"], run["attempts"]) for run in done] == [("done", 1)] * 4
    keys = [project["source_key"] for project in await projects_of(world)]
    assert len(keys) == len(set(keys))


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7])
async def test_a_worker_killed_in_the_middle_of_an_import_loses_and_doubles_nothing(
    world: World, delay: float
) -> None:
    run_id = await queued(world)
    async with worker_process(world.desk) as process:
        await begun(world, run_id)
        await asyncio.sleep(delay)
        process.kill()
        await process.wait()
    left = await read_run(world, run_id)
    assert left["state"] in {"running", "done"}
    assert len(await projects_of(world)) in ({0} if left["state"] == "running" else {244})

    run = await taken_over(world, run_id)

    assert (run["state"], run["attempts"]) == ("done", 1 if left["state"] == "done" else 2)
    assert len(await projects_of(world)) == 244
    assert len(await events_of(world.desk, "project-proposed")) == 244
    assert len(await events_of(world.desk, "import-finished")) == 1


async def taken_over(world: World, run_id: str) -> dict[str, Any]:
    """The run after another worker has had it. What the dead one had sent may still prolong its lease."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await forget_lease(world.desk, run_id)
            run = await worked(world, run_id)
            if run["state"] != "running":
                return run


async def begun(world: World, run_id: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await read_run(world, run_id))["state"] == "queued":  # noqa: ASYNC110 - another's doing
            await asyncio.sleep(0.01)


@pytest.mark.slow
async def test_a_worker_in_a_process_of_its_own_does_what_waits_and_stops_when_told(world: World) -> None:
    run_id = await queued(world)
    async with worker_process(world.desk) as process:
        run = await ended(world, run_id)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0

    assert (run["state"], run["import_report"]["created_count"]) == ("done", 244)


@pytest.mark.slow
async def test_a_worker_that_lost_its_lease_cannot_write(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await queued(world)
    slow, quick = (RunWorker(database_of(world.desk), utc_now) for _ in range(2))
    keep = slow._keep

    async def after_the_other(*given: Any) -> Any:
        await forget_lease(world.desk, run_id)
        await quick.once()
        return await keep(*given)

    monkeypatch.setattr(slow, "_keep", after_the_other)
    await slow.once()

    run = await read_run(world, run_id)
    assert (run["state"], run["attempts"]) == ("done", 2)
    assert len(await events_of(world.desk, "import-finished")) == 1


async def given_up(world: World, run_id: str) -> dict[str, Any]:
    """The run after three workers were lost over it."""
    for _ in range(3):
        async with database_of(world.desk).queue() as connection:
            assert await runs.claim(connection) is not None
        await forget_lease(world.desk, run_id)
    return await worked(world, run_id)


async def test_a_run_that_ends_its_worker_each_time_fails_with_a_clear_sentence(world: World) -> None:
    run_id = await queued(world)

    run = await given_up(world, run_id)

    assert (run["state"], run["error"]["code"]) == ("failed", "run-abandoned")
    assert "3 times" in run["error"]["detail"]
    assert obeys(RunOut, run)


async def test_a_failed_run_says_why_as_a_problem_does(world: World) -> None:
    run = await imported(world, b"")

    assert run["error"]["code"] == "file-empty"
    assert obeys(RunOut, run)


@pytest.mark.parametrize(
    ("language", "said"), [("nb", "begynt 3 ganger"), ("en", "begun 3 times"), ("fr", "begun 3 times")]
)
async def test_a_failed_run_says_why_in_the_language_of_whoever_asks(
    world: World, language: str, said: str
) -> None:
    run_id = await queued(world)
    await given_up(world, run_id)
    headers = {"Accept-Language": language}

    one = await world.office.get(f"/runs/{run_id}", headers=headers)
    several = await world.office.get("/runs", headers=headers)

    assert said in one.json()["error"]["detail"]
    assert one.json()["error"]["values"] == {"attempts": "3"}
    assert obeys(RunOut, one.json())
    assert several.json()["items"] == [one.json()]
