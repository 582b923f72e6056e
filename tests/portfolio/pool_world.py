"""Pools over the API: who runs them, who applies, who awards, and the gates that let money out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx

from gevinst_portfolio.tables.shared import feed_cursor
from gevinst_portfolio.worker.gates import apply_event
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.world import World, made, put
from tests.support.callers import Desk, problem
from tests.support.days import today

PHASES = ("planlegge", "gjennomfore")


def nok(amount: str) -> dict[str, Any]:
    return {"amount": amount, "currency": "NOK", "price_year": 2026}


def day(offset: int) -> str:
    return (today() + timedelta(days=offset)).isoformat()


@dataclass(frozen=True, slots=True)
class PoolWorld:
    """A pool with an open round, and one caller per role."""

    world: World
    finance: httpx.AsyncClient
    board: httpx.AsyncClient
    owner: httpx.AsyncClient
    controller: httpx.AsyncClient
    pool: dict[str, Any]
    round: dict[str, Any]

    @property
    def desk(self) -> Desk:
        return self.world.desk

    async def pay_in(self, amount: str) -> dict[str, Any]:
        body = {"kind": "capital-in", "amount": nok(amount), "occurred_on": today().isoformat()}
        return await made(self.finance, f"/pools/{self.pool['id']}/capital", body)

    def asked(self, project_id: str, **members: Any) -> dict[str, Any]:
        """A loan of a million, drawn in two phases and repaid in two instalments."""
        said = {
            "project_id": project_id,
            "kind": "loan",
            "amount": nok("1000000.00"),
            "purpose": "Digital post instead of paper.",
            "drawdowns": [
                {"phase": "planlegge", "planned_on": day(-30), "amount": "400000.00"},
                {"phase": "gjennomfore", "planned_on": day(30), "amount": "600000.00"},
            ],
            "repayments": [
                {"due_on": day(-10), "amount": "500000.00"},
                {"due_on": day(355), "amount": "500000.00"},
            ],
        }
        return {**said, **members}

    async def applied(self, project_id: str, **members: Any) -> dict[str, Any]:
        path = f"/pool-rounds/{self.round['id']}/applications"
        return await made(self.owner, path, self.asked(project_id, **members))

    async def assessed(self, application_id: str) -> None:
        body = {"assessment": "Pays back.", "recommendation": "award"}
        answer = await self.finance.post(
            f"/pool-applications/{application_id}/assessment", json=body, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 200, answer.text

    async def try_award(self, application_id: str, **members: Any) -> httpx.Response:
        body = {"kind": "loan", "amount": nok("1000000.00"), "reason": "Pays back soonest.", **members}
        return await self.board.post(
            f"/pool-applications/{application_id}/award", json=body, headers={"If-Match": '"2"'}
        )

    async def awarded(self, project_id: str, **members: Any) -> dict[str, Any]:
        """A loan that the board has given; `members` are those of the application."""
        application = await self.applied(project_id, **members)
        await self.assessed(application["id"])
        chosen = {name: application[name] for name in ("kind", "amount")}
        answer = await self.try_award(application["id"], **chosen)
        assert answer.status_code == 201, answer.text
        award: dict[str, Any] = answer.json()
        return award

    async def move(self, award: dict[str, Any], what: str, amount: str, **members: Any) -> httpx.Response:
        """Finance books a movement of an award today."""
        body = {"amount": nok(amount), "occurred_on": today().isoformat(), **members}
        return await self.finance.post(f"/pool-awards/{award['id']}/{what}", json=body)

    async def moved(self, award: dict[str, Any], what: str, amount: str, **members: Any) -> dict[str, Any]:
        answer = await self.move(award, what, amount, **members)
        assert answer.status_code == 201, answer.text
        transaction: dict[str, Any] = answer.json()
        return transaction

    async def verified(self, award: dict[str, Any], amount: str, **members: Any) -> httpx.Response:
        """A controller verifies a benefit today."""
        body = {
            "name": "Postage",
            "amount": nok(amount),
            "benefit_owner": "ola",
            "verified_on": today().isoformat(),
            **members,
        }
        return await self.controller.post(f"/pool-awards/{award['id']}/verified-benefits", json=body)

    async def gate(
        self,
        project_id: str,
        phase: str,
        *,
        outcome: str = "go",
        state: str = "running",
        decided_on: str | None = None,
    ) -> None:
        """A gate of the benefits service says so, and the worker reads it."""
        data = {
            "project_id": project_id,
            "gate": "bp",
            "gate_name": "BP",
            "outcome": outcome,
            "phase": phase,
            "project_state": state,
            "decided_on": decided_on or today().isoformat(),
            "decided_by": "director",
            "reason": "So decided.",
        }
        await self.heard("gate-decided", data)

    async def begun(self, project_id: str, phase: str) -> None:
        """The benefits service has put the project on a phase model, and the worker reads it."""
        data = {"project_id": project_id, "phase_model": "prosjektveiviseren", "phase": phase}
        await self.heard("progress-started", data)

    async def heard(self, what: str, data: dict[str, Any]) -> None:
        """The worker reads an event of the benefits service."""
        type_ = f"gevinst.benefits.{what}.v1"
        event = Event(new_id(), self.desk.organisation, type_, "projects/x", utc_now(), data)
        await _consumed(self.desk, [event])

    async def read(self, path: str, **parameters: Any) -> dict[str, Any]:
        answer = await self.finance.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    async def balances(self) -> dict[str, str]:
        """Every account that has something, by kind; they add up to zero."""
        found = await self.read(f"/pools/{self.pool['id']}/trial-balance")
        assert found["difference"]["amount"] == "0.00"
        told = {one["kind"]: one["balance"]["amount"] for one in found["balances"]}
        return {kind: amount for kind, amount in told.items() if amount != "0.00"}


async def make_pool_world(world: World) -> PoolWorld:
    finance = world.desk.caller(Role.FINANCE, subject="finance")
    pool = await made(finance, "/pools", {"name": "Pool", "currency": "NOK", "price_year": 2026})
    body = {
        "name": "Round",
        "opens_on": date(2026, 1, 1).isoformat(),
        "closes_on": "2199-01-01",
        "criteria": "Pays back.",
    }
    return PoolWorld(
        world,
        finance,
        world.desk.caller(Role.BOARD_MEMBER, subject="board"),
        world.desk.caller(Role.PROJECT_OWNER, subject="owner"),
        world.desk.caller(Role.BENEFIT_CONTROLLER, subject="per"),
        pool,
        await made(finance, f"/pools/{pool['id']}/rounds", body),
    )


async def replan(
    pools: PoolWorld, award: dict[str, Any], instalments: Sequence[tuple[int, str]], *, revision: int = 1
) -> httpx.Response:
    plan = [{"due_on": day(offset), "amount": amount} for offset, amount in instalments]
    body = {"repayments": plan, "reason": "The delivery slipped."}
    return await put(pools.finance, f"/pool-awards/{award['id']}/repayment-plan", body, revision=revision)


async def _consumed(desk: Desk, events: Sequence[Event]) -> None:
    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        return ([], cursor) if cursor else (events, "end")

    async def apply(connection: Connection, event: Event) -> None:
        await apply_event(connection, event, now=utc_now)

    await Consumer(database_of(desk), feed_cursor, Following(str(new_id()), fetch, apply)).once()


async def lent(pools: PoolWorld, **members: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A pool of two million of which one is awarded to a project that a gate has let begin."""
    await pools.pay_in("2000000.00")
    project = await pools.world.project()
    award = await pools.awarded(project["id"], **members)
    await pools.gate(project["id"], "planlegge")
    return project, award


def refusal(answer: httpx.Response) -> str:
    return str(problem(answer)["type"]).rpartition("#")[2]
