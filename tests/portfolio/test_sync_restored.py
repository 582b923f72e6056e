"""X2: what the operator says after a restore from backup."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE

from typer.testing import CliRunner

from gevinst_shared.cli.main import app
from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import held_partners
from gevinst_shared.sync.statements import signed_payload
from tests.portfolio.two_installations import House, Side, acquainted


def environment(house: House) -> dict[str, str]:
    """What the operator's shell has."""
    return {
        **house.installation.environment("benefits"),
        **house.installation.environment("portfolio"),
        "GEVINST_PUBLIC_URL": house.address,
        "GEVINST_SYNC_KEY": f"a-sync-key-of-the-installation-at-{house.address}",
    }


async def restored(house: House) -> list[dict[str, object]]:
    """The service's command, as a process of its own; the lines that it prints."""
    command = (sys.executable, "-m", "gevinst_portfolio", "restored")
    variables = os.environ | environment(house)
    process = await asyncio.create_subprocess_exec(*command, env=variables, stdout=PIPE, stderr=PIPE)
    said, wrong = await process.communicate()
    assert process.returncode == 0, wrong.decode()
    return [json.loads(line) for line in said.decode().splitlines()]


async def epochs(giver: Side, *readers: Side) -> list[str]:
    return [(await giver.rows("SELECT epoch FROM sync_outlet", reader))[0]["epoch"] for reader in readers]


async def serial(side: Side) -> int:
    async with side.work() as connection:
        found: int = signed_payload(await connection.fetchval("SELECT statement FROM sync_identity"))[
            "serial"
        ]
        return found


async def test_all_feeds_begin_anew_and_partners_are_held_until_both_have_read(
    houses: tuple[House, House], pair: tuple[Side, Side]
) -> None:
    giver, reader = pair
    third = Side(houses[0])
    await third.settle_in()
    await acquainted(third, reader)
    for side in (giver, third):
        await side.share(reader, await side.project("Shared"))
    await reader.read()
    await reader.read()
    before = [*await epochs(giver, reader), *await epochs(third, reader)]
    stated = await serial(giver)

    told = await restored(giver.house)
    again = await restored(giver.house)
    after = [*await epochs(giver, reader), *await epochs(third, reader)]

    of_giver = {"organisation": giver.organisation, "owner": reader.organisation}
    mine = [line for line in told if of_giver.items() <= line.items()]
    assert [(line["is_unread"], line["has_not_read"]) for line in mine] == [(True, True)]
    assert any(line["organisation"] == third.organisation for line in told)
    assert again == told
    assert not set(before) & set(after)
    assert await serial(giver) > stated

    for _ in range(3):
        await reader.read()
        await giver.read()

    assert await reader.has(giver) == ["Shared"]
    async with giver.work() as connection:
        held = await Query(held_partners(giver.house.here.part.tables)).rows(connection)
    assert held == []


async def test_the_command_names_who_is_held_and_until_what(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Shared"))
    await reader.read()
    variables = {"COLUMNS": "300"} | environment(giver.house)

    done = await asyncio.to_thread(lambda: CliRunner().invoke(app, ["sync", "restored"], env=variables))

    assert done.exit_code == 0, done.output
    (row,) = [line for line in done.stdout.splitlines() if giver.organisation in line]
    assert f"{reader.organisation} has read {giver.organisation} in full" in row
