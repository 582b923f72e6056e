"""A world in which a confirmed budget reduction can be phased, agreed and booked."""

from dataclasses import dataclass
from typing import Any

import httpx

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.world import OWNER, World, made

LEADER = "lena"  # leads the unit below
FRAME = {"currency": "NOK", "price_year": 2026}


@dataclass(frozen=True, slots=True)
class Purse:
    """`benefit` gives 1000.00 in each of the years 2026 to 2035."""

    world: World
    finance: httpx.AsyncClient
    leader: httpx.AsyncClient
    controller: httpx.AsyncClient
    benefit: dict[str, Any]
    leader_id: str

    @property
    def unit(self) -> str:
        return str(self.world.unit)

    async def phased(self, *lines: tuple[int, str], account: str = "Postage", **members: Any) -> Any:
        """A draft of these years and amounts."""
        written = [{"account": account, "year": year, "amount": amount} for year, amount in lines]
        body = {"unit_id": self.unit, "account": account, "lines": written, **FRAME} | members
        return await made(self.finance, f"/benefits/{self.benefit['id']}/budget-phasings", body)

    async def agreed(self, *lines: tuple[int, str], **members: Any) -> str:
        """The id of a phasing that the unit's leader has agreed to."""
        draft = await self.phased(*lines, **members)
        answer = await self.leader.post(f"/budget-phasings/{draft['id']}/agreement")
        assert answer.status_code == 200, answer.text
        return str(draft["id"])

    async def book(
        self, phasing_id: str, year: int, amount: str | None = None, account: str = "Postage", **members: Any
    ) -> httpx.Response:
        line = {"account": account, "year": year} | ({} if amount is None else {"amount": amount})
        return await self.finance.post(
            f"/budget-phasings/{phasing_id}/bookings", json={"lines": [line]} | members
        )

    async def booked(self, phasing_id: str, year: int, amount: str | None = None, **members: Any) -> Any:
        """The one entry that was booked."""
        answer = await self.book(phasing_id, year, amount, **members)
        assert answer.status_code == 201, answer.text
        return answer.json()["items"][0]

    async def reverse(self, entry_id: str, amount: str | None = None) -> httpx.Response:
        body = {"reason": "It did not come"} | ({} if amount is None else {"amount": amount})
        return await self.finance.post(f"/budget-entries/{entry_id}/reversals", json=body)

    async def verified(self, year: int, amount: str, **members: Any) -> Any:
        """What the controller found in a year."""
        money = {"amount": amount, **FRAME}
        body = {
            "year": year,
            "realised": {"ledger": "money", "money_per_year": money},
            "evidence": "The accounts",
        }
        return await made(self.controller, f"/benefits/{self.benefit['id']}/verifications", body | members)


async def cash_benefit(world: World, amount: str = "1000.00", **members: Any) -> dict[str, Any]:
    """A budget reduction of so much in each of the years 2026 to 2035, confirmed by its owner."""
    money = {"amount": amount, **FRAME}
    planned = await world.planned(
        name="Less postage",
        mode="budget-reduction",
        kind="avoided-cost",
        estimate={"ledger": "money", "money_per_year": money},
        **{"timing": {"hangs_on": "none", "starts_on": "2026-01-01"}} | members,
    )
    answer = await world.desk.caller(subject=OWNER).post(f"/benefits/{planned['id']}/confirmation")
    assert answer.status_code == 200, answer.text
    confirmed: dict[str, Any] = answer.json()
    return confirmed


async def make_purse(world: World) -> Purse:
    leader_id = new_id()
    await world.tell("person-changed", person_id=leader_id, subject=LEADER, name="Lena", language="nb")
    await world.assign(LEADER, Role.UNIT_LEADER, "unit", world.unit)
    return Purse(
        world,
        finance=world.desk.caller(Role.FINANCE, subject="finn"),
        leader=world.desk.caller(subject=LEADER),
        controller=world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cato"),
        benefit=await cash_benefit(world),
        leader_id=str(leader_id),
    )
