"""A central body and others that share projects with it, over the real kit; and what they come to, anew."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.schemas.joint_portfolio import (
    JointLinePageOut,
    JointPortfolioOut,
    JointProjectPageOut,
)
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import Out
from tests.support.callers import Desk
from tests.support.exchange import ALL_FIELDS, Body, bodies

CURRENT = {"proposed", "approved", "running", "paused"}
_SHAPES: dict[str, type[Out]] = {
    "": JointPortfolioOut,
    "/bodies": JointLinePageOut,
    "/projects": JointProjectPageOut,
}
Json = dict[str, Any]


@dataclass
class Joint:
    """`central` looks at what `others` share with it."""

    desk: Desk
    central: Body
    others: Sequence[Body]

    async def look(self, below: str = "", *, role: Role = Role.PORTFOLIO_OFFICE, **query: Any) -> Json:
        """What is answered, which is as the document says."""
        client = self.desk.caller(role, organisation=self.central.organisation)
        answer = await client.get(f"/joint-portfolio{below}", params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        shaped = _SHAPES[below].model_validate_json(answer.text)
        assert json.loads(shaped.model_dump_json(exclude_none=True)) == found
        return found

    async def total(self, **query: Any) -> Json:
        found: Json = (await self.look(**query))["total"]
        return found

    async def lines(self, **query: Any) -> dict[str, Json]:
        """The lines by organisation, a few at a time."""
        found: dict[str, Json] = {}
        cursor: Json = {}
        while True:
            page = await self.look("/bodies", limit=2, **query, **cursor)
            found |= {line["organisation"]: line for line in page["items"]}
            if "next_cursor" not in page:
                return found
            cursor = {"cursor": page["next_cursor"]}

    async def pull(self) -> None:
        for other in self.others:
            await self.central.pull(other)

    async def overview(self, body: Body, programme: UUID) -> Json:
        """What the body's own overview says of its programme."""
        client = self.desk.caller(Role.PORTFOLIO_OFFICE, organisation=body.organisation)
        answer = await client.get(f"/programmes/{programme}/overview")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


@asynccontextmanager
async def joint(desk: Desk, count: int) -> AsyncIterator[Joint]:
    """A central body, and so many others."""
    async with bodies(desk.installation.databases["portfolio"].url, count + 1) as found:
        yield Joint(desk, found[0], found[1:])


async def add(body: Body, programme: UUID | None = None, **columns: Any) -> UUID:
    """A project with these columns."""
    values: Json = {
        "id": new_id(),
        "organisation_id": body.organisation,
        "portfolio_id": body.portfolio_id,
        "programme_id": programme,
        "name": "Digital post",
        "source": "joint-project",
        "currency": "NOK",
        "price_year": 2026,
        "registration": "central",
        "status": "running",
        **columns,
    }
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await body.execute(
        f"INSERT INTO project ({names}, created_at) VALUES ({places}, now())", *values.values()
    )
    found: UUID = values["id"]
    return found


async def share(body: Body, central: Body, *projects: UUID, without: Iterable[str] = ()) -> None:
    """Share the projects, but for some fields."""
    fields = {"project": [name for name in ALL_FIELDS["project"] if name not in without]}
    for project in projects:
        await body.share(central, "project", project, fields)


def naive(records: Iterable[tuple[Any, Mapping[str, Any]]]) -> Json:
    """What `JointFiguresOut` should say of (whose, body of a project), counted one by one."""
    every = list(records)
    current = [(whose, body) for whose, body in every if body.get("status") in CURRENT]
    starts = [body["start"] for _, body in current if "start" in body]
    ends = [body["end"] for _, body in current if "end" in body]
    missing = []
    for what in ("status", "phase", "cost", "benefit", "start", "end"):
        of = every if what == "status" else current
        without = [whose for whose, body in of if what not in body]
        told = {whose for whose, body in of if what in body}
        if without:
            counts = {"bodies": len(set(without)), "silent_bodies": len(set(without) - told)}
            missing.append({"what": what, "projects": len(without), **counts})
    return {
        "project_count": len(every),
        "undecided": 0,
        "current_count": len(current),
        "statuses": _counted("status", (body for _, body in every)),
        "phases": _counted("phase", (body for _, body in current)),
        "cost": _summed("cost", current),
        "benefit": _summed("benefit", current),
        **({"first_start": min(starts)} if starts else {}),
        **({"last_end": max(ends)} if ends else {}),
        "missing": missing,
    }


def _counted(what: str, every: Iterable[Mapping[str, Any]]) -> list[Json]:
    counts = Counter(body[what] for body in every if what in body)
    return [{what: word, "count": counts[word]} for word in sorted(counts)]


def _summed(what: str, current: Iterable[tuple[Any, Mapping[str, Any]]]) -> list[Json]:
    sums: dict[tuple[str, int], list[tuple[Any, int]]] = {}
    for whose, body in current:
        if what in body:
            money = body[what]
            minor = int(money["amount"].replace(".", ""))
            sums.setdefault((money["currency"], money["price_year"]), []).append((whose, minor))
    return [
        {
            "amount": _amount(sum(minor for _, minor in known)),
            "currency": currency,
            "price_year": year,
            "projects": len(known),
            "bodies": len({whose for whose, _ in known}),
        }
        for (currency, year), known in sorted(sums.items())
    ]


def _amount(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def body_of(project: Mapping[str, Any]) -> Json:
    """What would be shared of a row of the register."""
    found: Json = {name: project[name] for name in ("status", "phase", "source", "category")}
    found["programme"] = None if project["programme_id"] is None else str(project["programme_id"])
    for name in ("start", "end"):
        day: date | None = project[name]
        found[name] = None if day is None else day.isoformat()
    for name in ("cost", "benefit"):
        minor = project[f"{name}_minor"]
        unit = {"currency": project["currency"], "price_year": project["price_year"]}
        found[name] = None if minor is None else {"amount": _amount(minor)} | unit
    return {name: value for name, value in found.items() if value is not None}
