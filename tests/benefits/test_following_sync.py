"""The copies of portfolio's partners and grants (X1): the same after every repetition, and never looser."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from gevinst_benefits.usecases.following import apply
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.ids import new_id
from tests.benefits.world import World, connection_of
from tests.support.organisations import new_organisation

PARTNER = UUID("019a0000-0000-7000-8000-000000000001")


def partner(state: str = "confirmed", **members: Any) -> dict[str, Any]:
    return {
        "partner_id": PARTNER,
        "owner": "0192:958935420",
        "name": "Oslo",
        "state": state,
        "address": "https://oslo.example",
        "serial": 3,
        "keys": {"k": {"jwk": {"kty": "OKP"}}},
        "feeds": {"benefits": "https://oslo.example/benefits"},
        "token": {"endpoint": "https://oslo.example/token"},
        "grants_number": 0,
    } | members


def grant(grant_id: UUID, number: int = 1, **members: Any) -> dict[str, Any]:
    return {
        "grant_id": grant_id,
        "partner_id": PARTNER,
        "kind": "project",
        "record_id": uuid4(),
        "fields": {"benefit": ["name"]},
        "purpose": "Planning",
        "until": "2099-12-31",
        "grants_number": number,
    } | members


async def tell(world: World, told: str, **data: Any) -> None:
    """Apply one event; its data may have a member of any name."""
    async with connection_of(world.desk) as connection:
        await apply(connection, sync_event(world, told, data))


def sync_event(world: World, told: str, data: dict[str, Any]) -> Event:
    found = {name: str(one) if isinstance(one, UUID) else one for name, one in data.items()}
    when = datetime(2026, 11, 2, tzinfo=UTC)
    return Event(new_id(), world.desk.organisation, f"gevinst.portfolio.{told}.v1", "a/b", when, found)


async def rows(world: World, table: str) -> list[dict[str, Any]]:
    async with connection_of(world.desk) as connection:
        return [dict(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]


async def follow(world: World, told: list[Event]) -> list[Any]:
    async with connection_of(world.desk) as connection:
        for one in told:
            await apply(connection, one)
    return [await rows(world, table) for table in ("sync_partner", "sync_grant", "confidentiality")]


async def test_partners_and_grants_are_kept_and_replay_changes_nothing(world: World) -> None:
    first, second = new_id(), new_id()
    made = [
        ("sync-partner-changed", partner("met")),
        ("sync-partner-changed", partner()),
        ("sync-grant-given", grant(first)),
        ("sync-grant-given", grant(second, 2)),
        ("sync-grant-ended", {"grant_id": first, "partner_id": PARTNER, "grants_number": 3}),
        ("confidentiality-set", {"project_id": world.project_id, "is_confidential": True}),
    ]
    told = [sync_event(world, kind, data) for kind, data in made]

    once = await follow(world, told)
    again = await follow(world, told)

    (known,), grants, (word,) = once
    assert once == again
    assert (known["state"], known["serial"], known["grants_number"]) == ("confirmed", 3, 3)
    assert {row["id"]: row["ended_at"] is not None for row in grants} == {first: True, second: False}
    assert word["is_confidential"]


async def test_an_old_event_shares_nothing_anew(world: World) -> None:
    one = new_id()
    await tell(world, "sync-partner-changed", **partner(grants_number=4))
    await tell(world, "sync-grant-given", **grant(one, 5))
    await tell(world, "sync-grant-ended", grant_id=one, partner_id=PARTNER, grants_number=6)
    await tell(world, "sync-partner-changed", **partner("stopped", grants_number=6))

    await tell(world, "sync-grant-given", **grant(one, 5))
    await tell(world, "sync-partner-changed", **partner(grants_number=4))

    [known] = await rows(world, "sync_partner")
    [ended] = await rows(world, "sync_grant")
    assert (known["state"], known["grants_number"]) == ("stopped", 6)
    assert ended["ended_at"] is not None


async def test_a_new_grant_marks_what_is_under_it(world: World) -> None:
    await tell(world, "sync-partner-changed", **partner())
    async with connection_of(world.desk) as connection:
        await connection.execute("DELETE FROM sync_mark")

    await tell(world, "sync-grant-given", **grant(new_id(), record_id=world.project_id))

    [mark] = await rows(world, "sync_mark")
    assert (mark["kind"], str(mark["record_id"])) == ("everything-under", world.project_id)


async def test_who_is_stopped_is_forgotten(world: World) -> None:
    await tell(world, "sync-partner-changed", **partner())
    async with connection_of(world.desk) as connection:
        await connection.execute(
            "INSERT INTO sync_replica (organisation_id, partner_id, kind, record_id, reading, number, body, "
            "bytes, revision_id, at, received_at) VALUES "
            "($1, $2, 'goal', $3, gen_random_uuid(), 1, '{}', 2, 'r', now(), now())",
            world.desk.organisation,
            PARTNER,
            new_id(),
        )

    await tell(world, "sync-partner-changed", **partner("stopped"))

    assert await rows(world, "sync_replica") == []


async def test_who_was_stopped_can_be_proposed_anew_as_another_partner(world: World) -> None:
    await tell(world, "sync-partner-changed", **partner("stopped"))

    await tell(world, "sync-partner-changed", **partner("proposed", partner_id=new_id()))

    assert [row["state"] for row in await rows(world, "sync_partner")] == ["stopped", "proposed"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("sync-partner-changed", partner("friendly")),
        ("sync-partner-changed", partner(owner="somebody")),
        ("sync-partner-changed", partner(keys="none")),
        ("sync-partner-changed", {}),
        ("sync-grant-given", grant(new_id(), partner_id=uuid4())),
        ("sync-grant-given", grant(new_id(), fields=["benefit"])),
        ("sync-grant-given", grant(new_id(), until="tomorrow")),
        ("sync-grant-ended", {"grant_id": str(uuid4())}),
        ("confidentiality-set", {"project_id": str(uuid4())}),
    ],
)
async def test_an_event_that_is_not_understood_is_passed_over(
    world: World, kind: str, data: dict[str, Any]
) -> None:
    before = await follow(world, [])

    await tell(world, kind, **data)

    assert await follow(world, []) == before


async def test_we_are_no_partner_of_ourselves(world: World) -> None:
    await tell(world, "sync-partner-changed", **partner(owner=world.desk.organisation))
    await tell(world, "sync-partner-changed", **partner(partner_id=new_id(), owner=new_organisation()))

    assert len(await rows(world, "sync_partner")) == 1
