"""X2: `gevinst sync compare` over real HTTP, between installations and inside of one."""

import asyncio
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from gevinst_shared.cli.main import app
from gevinst_shared.db.engine import Database
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.two_installations import House, Side, acquainted


async def compare(one: Side, other: Side, *, wait: float = 0) -> Result:
    """The command with auditors' tokens of both bodies."""
    tokens = [side.house.token(side.organisation, Role.AUDITOR) for side in (one, other)]
    environment = dict(zip(("GEVINST_TOKEN", "GEVINST_OTHER_TOKEN"), tokens, strict=True))
    named = [f"{side.organisation}@{side.house.address}" for side in (one, other)]
    told = ["sync", "compare", *named, "--wait", str(wait)]
    environment |= {"COLUMNS": "200"}
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, told, env=environment))


async def rest(*sides: Side) -> None:
    """Until each has come back with what it had read."""
    for _ in range(2):
        for side in sides:
            await side.read()


def lines(result: Result) -> list[list[str]]:
    """The cells of the table's rows."""
    rows = [line.split("│")[1:-1] for line in result.stdout.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.fixture
async def shared(pair: tuple[Side, Side]) -> tuple[Side, Side]:
    """The first gives 130 projects to the second, which has read them."""
    giver, reader = pair
    async with giver.work() as connection:
        await connection.execute(
            "INSERT INTO project (organisation_id, id, portfolio_id, name, need, source, cost_minor, "
            "currency, price_year, registration, status, created_at) SELECT $1, one, $3, 'Road ' || one, "
            "'Need', 'own', 12500, 'NOK', 2026, 'central', 'proposed', now() FROM unnest($2::uuid[]) AS one",
            giver.organisation,
            ids := [new_id() for _ in range(130)],
            giver.portfolio_id,
        )
    for project in ids[:129]:
        await giver.share(reader, project)
    await rest(giver, reader)
    return giver, reader


async def test_bodies_that_agree_are_said_to_agree(shared: tuple[Side, Side]) -> None:
    giver, reader = shared

    done = await compare(giver, reader)

    assert done.exit_code == 0, done.output
    assert [row[4:] for row in lines(done)] == [
        ["project", "129", "129", "agree"],
        ["nothing", "0", "0", "agree"],
    ]


async def test_what_differs_is_named_and_nothing_else(shared: tuple[Side, Side]) -> None:
    giver, reader = shared
    async with reader.work() as connection:
        gone = await connection.fetchval(
            "DELETE FROM sync_replica WHERE record_id = (SELECT record_id FROM sync_replica LIMIT 1) "
            "RETURNING record_id"
        )
        other = await connection.fetchval(
            'UPDATE sync_replica SET body = body || \'{"name": "Lies"}\' WHERE record_id = '
            "(SELECT record_id FROM sync_replica ORDER BY record_id DESC LIMIT 1) RETURNING record_id"
        )

    done = await compare(reader, giver)

    assert done.exit_code == 1, done.output
    assert ["project", "129", "128", "2 differ"] in [row[4:] for row in lines(done)]
    named = sorted(line for line in done.stdout.splitlines() if "→" in line)
    whose = f"{giver.organisation} → {reader.organisation}: project"
    assert named == sorted([f"{whose} {gone} is not there", f"{whose} {other} is another state"])
    assert "Lies" not in done.output


async def test_who_has_not_read_everything_is_behind(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project = await giver.project("First")
    await giver.share(reader, project)
    await rest(giver, reader)
    await giver.rename(project, "Second")
    await giver.send_hints()

    behind = await compare(giver, reader)
    await rest(reader)
    done = await compare(giver, reader)

    assert behind.exit_code == 1
    assert "not compared: behind by 1" in behind.stdout
    assert done.exit_code == 0, done.output


async def test_bodies_are_compared_while_they_change(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project = await giver.project("Restless")
    await giver.share(reader, project)
    await rest(giver, reader)
    await giver.rename(project, "Changed")
    await giver.send_hints()
    waiting = asyncio.create_task(compare(giver, reader, wait=50))
    for number in range(3):
        await giver.rename(project, f"Changed {number}")
        await reader.read()

    done = await waiting

    assert done.exit_code == 0, done.output


async def test_bodies_of_one_installation_are_compared(houses: tuple[House, House]) -> None:
    one, other = (Side(houses[0]) for _ in range(2))
    for side in (one, other):
        await side.settle_in()
    await acquainted(one, other)
    await one.share(other, await one.project("Next door"))
    await rest(one, other)

    done = await compare(one, other)

    assert done.exit_code == 0, done.output
    assert ["project", "1", "1", "agree"] in [row[4:] for row in lines(done)]


async def test_a_service_that_knows_the_partner_on_one_side_only_is_not_passed_over(
    pair: tuple[Side, Side],
) -> None:
    """Neither heard in benefits of the other, until one does."""
    giver, reader = pair
    heard = await Database.open(giver.house.installation.databases["benefits"].url, size=1)
    async with heard.transaction(giver.organisation) as connection:
        await connection.execute(
            "INSERT INTO sync_partner (organisation_id, id, owner, name, state, created_at) "
            "VALUES ($1, $2, $3, 'Reader', 'confirmed', now())",
            giver.organisation,
            giver.partners[reader.organisation],
            reader.organisation,
        )
    await heard.close()

    done = await compare(giver, reader)

    assert done.exit_code == 1
    assert f"benefits: not compared. {reader.organisation} has nothing" in " ".join(done.output.split())


async def test_who_may_not_see_the_exchange_gets_no_digest(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    answers: list[int] = []
    path = f"/sync-partners/{giver.partners[reader.organisation]}/digest"

    async def ask(client: httpx.AsyncClient, **query: Any) -> None:
        async with client:
            answers.append((await client.get(path, params={"side": "given", **query})).status_code)

    await ask(giver.house.caller(giver.organisation, Role.FINANCE))
    await ask(giver.house.caller(reader.organisation, Role.SYNC_PARTNER))
    await ask(giver.house.caller(reader.organisation, Role.AUDITOR))
    await ask(giver.administrator, prefix="xyz")
    await ask(giver.administrator, prefix="0f")

    assert answers == [403, 403, 404, 400, 200]
