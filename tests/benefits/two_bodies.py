"""Two organisations of one installation that are partners, and letters on agreements between them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.store.agreement_kinds import AGREEMENT_KINDS
from gevinst_benefits.usecases.following_agreements import hold_agreements
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import POSTAGE, approved
from tests.benefits.world import World, connection_of, made, make_world
from tests.support.callers import Desk
from tests.support.letters import Letter, take_letters


@dataclass(frozen=True, slots=True)
class Side:
    """A body, and what the other one is called in its records."""

    world: World
    partner_id: UUID

    async def tell(self, other: "Side", *, may_recall: bool = False) -> None:
        """Everything of ours that is shared with the other body arrives there."""
        letters = []
        async with connection_of(self.world.desk) as connection:
            rows = await connection.fetch(
                "SELECT kind, record_id FROM sync_grant WHERE partner_id = $1 ORDER BY id", self.partner_id
            )
            for kind in AGREEMENT_KINDS:
                ids = [row["record_id"] for row in rows if row["kind"] == kind.name]
                letters += [
                    (kind.name, row["id"], row["body"])
                    for row in await kind.records.rows(connection, ids=ids)
                ]
        await other.receive(letters, may_recall=may_recall)

    async def receive(self, letters: list[Letter], *, may_recall: bool = False) -> None:
        async with connection_of(self.world.desk) as connection:
            of = (self.world.desk.organisation, self.partner_id)
            await take_letters(connection, *of, letters, may_recall=may_recall)

    async def restored(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        """The rows of a backup again, and what a restore then calls for."""
        async with connection_of(self.world.desk) as connection:
            for table, rows in tables.items():
                for row in rows:
                    await connection.execute(
                        f"UPDATE {table} SET half = $2, state = $3, is_open = $4 WHERE id = $1",
                        *(row["id"], row["half"], row["state"], row["is_open"]),
                    )
            now = datetime.now(UTC)
            await hold_agreements(connection, organisation=self.world.desk.organisation, now=now)

    async def backup(self, *tables: str) -> dict[str, list[dict[str, Any]]]:
        async with connection_of(self.world.desk) as connection:
            return {
                table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")]
                for table in tables
            }

    async def total(self) -> dict[str, Any]:
        """The sums of the plan's only year."""
        path = f"/projects/{self.world.project_id}/benefit-plan"
        totals = (await self.world.office.get(path)).json()["totals"]
        return {} if not totals else totals[0]

    async def counts(self) -> tuple[str, str | None]:
        """What the plan counts of the benefit and what it shows in transit."""
        found = await self.total()
        return found.get("unconfirmed", "0"), found.get("in_transit")

    def acceptance(self, **members: Any) -> dict[str, Any]:
        owner = {"role": "unit-leader", "unit_id": str(self.world.unit)}
        return {"step": "accept", "project_id": self.world.project_id, "owner": owner} | members


async def add_partner(world: World, owner: str, state: str = "confirmed") -> UUID:
    partner_id = new_id()
    async with connection_of(world.desk) as connection:
        await connection.execute(
            "INSERT INTO sync_partner (organisation_id, id, owner, name, state, created_at) "
            "VALUES ($1, $2, $3, 'The other body', $4, now())",
            *(world.desk.organisation, partner_id, owner, state),
        )
    return partner_id


async def two_sides(benefits: Desk) -> tuple[Side, Side]:
    """A giver and a receiver, whose projects run through 2027."""
    first = await make_world(benefits)
    receiver = await receiving_side(first)
    giver = Side(first, await add_partner(first, receiver.world.desk.organisation))
    await approved(first, "2027-01-01", "2027-12-31")
    return giver, receiver


async def receiving_side(giver: World) -> Side:
    """Another organisation, with the giver as its partner."""
    desk = giver.desk
    world = await make_world(Desk(desk.app, desk.service, desk.installation))
    await approved(world, "2027-01-01", "2027-12-31")
    return Side(world, await add_partner(world, desk.organisation))


async def offered(giver: Side) -> dict[str, Any]:
    """A benefit of 1000 kroner in 2027, offered."""
    benefit = await giver.world.planned(**{**POSTAGE, "mode": "public-elsewhere"})
    path = f"/benefits/{benefit['id']}/agreement-offers"
    return await made(giver.world.office, path, {"partner_id": str(giver.partner_id)})


async def agreement_records(world: World) -> dict[str, dict[str, Any]]:
    """The ids and bodies of an offer that was made and of one that was received."""
    side = Side(world, await add_partner(world, "0192:991825827"))
    dated = {"timing": {"hangs_on": "none", "starts_on": "2027-01-01"}}
    benefit = await world.planned(**dated)
    offer_to = {"partner_id": str(side.partner_id)}
    offer = await made(world.office, f"/benefits/{benefit['id']}/agreement-offers", offer_to)
    reply_id = new_id()
    async with connection_of(world.desk) as connection:
        kind = AGREEMENT_KINDS[0]
        [row] = await kind.records.rows(connection, ids=[UUID(offer["id"])])
    await side.receive([(kind.name, reply_id, row["body"])])
    return {
        "ids": {
            "offer_id": offer["id"],
            "reply_id": str(reply_id),
            "sync_partner_id": str(side.partner_id),
        },
        "bodies": {
            "/benefits/{benefit_id}/agreement-offers": offer_to,
            "/agreement-offers/{offer_id}/steps": {"step": "withdraw"},
            "/agreement-replies/{reply_id}/steps": side.acceptance(),
            "/sync-partners/{sync_partner_id}/preview": {
                "kind": "project",
                "record_id": world.project_id,
                "fields": {"benefit": ["name"]},
                "purpose": "Joint planning",
                "until": "2099-12-31",
            },
        },
    }


def letter(half: str, figures: str) -> str:
    return json.dumps({"half": half, "figures": figures})
