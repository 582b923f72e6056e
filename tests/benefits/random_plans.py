"""Random plans of several projects, written row by row: everything that an overview is made of."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_shared.values.ids import new_id
from tests.benefits.world import World, connection_of
from tests.support.days import today

NOW = datetime.now(UTC)
Row = dict[str, Any]
_TABLES = [
    [Decimal("0.25"), Decimal("0.7"), Decimal(1)],
    [Decimal(0), Decimal("0.333333")],
    [Decimal("0.8")],
    [Decimal(1), Decimal(0)],
]


class RandomPlans:
    """Rows by table; `portfolio_id` and `programme_id` have some of the projects, `units` are a tree."""

    def __init__(self, seed: int, portfolio_id: UUID | None = None) -> None:
        self.rng = random.Random(seed)
        self.rows: dict[str, list[Row]] = {}
        self.portfolio_id, self.programme_id = portfolio_id or new_id(), new_id()
        top = self._unit([])
        below = [self._unit(top) for _ in range(2)]
        self.paths = [top, *below, *(self._unit(path) for path in below)]
        self.units = [path[-1] for path in self.paths]
        self.projects = [self._project() for _ in range(5)]
        for _ in range(60):
            self._benefit(self.rng.choice(self.projects))

    async def write(self, world: World) -> None:
        async with connection_of(world.desk) as connection:
            for table, rows in self.rows.items():
                for row in rows:
                    values = {"organisation_id": world.desk.organisation, **row}
                    names = ", ".join(f'"{name}"' for name in values)
                    places = ", ".join(f"${number + 1}" for number in range(len(values)))
                    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"
                    await connection.execute(statement, *values.values())

    def _add(self, table: str, **row: Any) -> Row:
        self.rows.setdefault(table, []).append(row)
        return row

    def _unit(self, above: list[UUID]) -> list[UUID]:
        unit_id = new_id()
        self._add("unit", id=unit_id, name="Home care", path=[*above, unit_id])
        return [*above, unit_id]

    def _day(self, spread: int = 1500) -> date:
        return today() + timedelta(self.rng.randrange(-spread, spread))

    def _project(self) -> Row:
        start = self._day()
        project = self._add(
            "project",
            id=new_id(),
            name="Digital post",
            portfolio_id=self.rng.choice([self.portfolio_id, self.portfolio_id, new_id()]),
            programme_id=self.rng.choice([self.programme_id, None]),
            status=self.rng.choice(["running", "running", "approved", "stopped"]),
            start=start,
            end=self.rng.choice([None, start + timedelta(self.rng.randrange(30, 900))]),
        )
        delivery = {"project_id": project["id"], "name": "Pilot", "created_by": "kari", "created_at": NOW}
        self._add("delivery", id=new_id(), due_on=self._day(), **delivery)
        return project

    def _benefit(self, project: Row) -> None:
        rng = self.rng
        is_money, is_confirmed = rng.random() < 0.6, rng.random() < 0.6
        hangs_on = rng.choice(["none", "start", "end", "milestone"])
        delivery = next(one for one in self.rows["delivery"] if one["project_id"] == project["id"])
        ramp = rng.choice(["immediate", "linear", "s-curve", "table"])
        starts_on = self._day() if hangs_on == "none" else None
        benefit = self._add(
            "benefit",
            id=new_id(),
            project_id=project["id"],
            name="Less postage",
            mode=rng.choice(["budget-reduction", "redeployed", "society"]),
            kind=rng.choice(["avoided-cost", "quality"]),
            owner_role=rng.choice(["benefit-owner", "unit-leader"]),
            owner_unit_id=rng.choice(self.units),
            ledger="money" if is_money else rng.choice(["time", "quality"]),
            money_minor=rng.randrange(-(10**7), 10**9) if is_money else None,
            currency=rng.choice(["NOK", "DKK"]) if is_money else None,
            price_year=rng.choice([2025, 2026]) if is_money else None,
            amount=None if is_money else Decimal(rng.randrange(10**9)) / 10**6,
            unit_of_measure=None if is_money else rng.choice(["hours", "cases"]),
            state=rng.choice(["confirmed", "realised", "closed"]) if is_confirmed else "proposed",
            confirmed_by="olav" if is_confirmed else None,
            confirmed_at=NOW if is_confirmed else None,
            hangs_on=hangs_on,
            offset_months=0 if hangs_on == "none" else rng.randrange(-12, 24),
            starts_on=starts_on,
            delivery_id=delivery["id"] if hangs_on == "milestone" else None,
            ramp=ramp,
            ramp_months=rng.randrange(1, 30) if ramp in {"linear", "s-curve"} else 0,
            ramp_shares=rng.choice(_TABLES) if ramp == "table" else [],
            duration_months=rng.randrange(1, 150),
            ends_on=None if starts_on is None or rng.random() < 0.5 else starts_on + timedelta(500),
            erosion_per_year=rng.choice([Decimal(0), Decimal(0), Decimal("0.05")]),
            created_by="kari",
            created_at=NOW,
        )
        self._around(benefit)

    def _around(self, benefit: Row) -> None:
        rng, of = self.rng, {"benefit_id": benefit["id"], "created_at": NOW}
        steps: list[list[Decimal | None]] = [[], [], [None], [None, Decimal("0.333333")]]
        for share in rng.choice(steps):
            state = "proposed" if share is None else "shared"
            body = {
                "body": "0192:991825827",
                "body_name": "Digdir",
                "happened_on": today(),
                "recorded_by": "x",
            }
            counts = {"counted": share or Decimal(0), "in_transit": Decimal(int(share is None))}
            self._add("agreement_entry", id=new_id(), state=state, share_kept=share, **counts, **body, **of)
        for year in rng.sample([2024, 2025], rng.randrange(3)):
            first = self._verified(benefit, year)
            if rng.random() < 0.4:
                self._verified(benefit, year, corrects_id=first["id"], reason="Counted twice")
        for _ in range(rng.randrange(3)):
            self._indicator(benefit)
        for _ in range(rng.randrange(3)):
            self._add(
                "action",
                id=new_id(),
                kind=rng.choice(["training", "communication"]),
                name="Train them",
                owner_role="unit-leader",
                owner_unit_id=rng.choice(self.units),
                hangs_on="start",
                offset_months=rng.randrange(-24, 24),
                **{"state": "planned"} if rng.random() < 0.6 else {"state": "dropped", "reason": "No"},
                created_by="kari",
                **of,
            )

    def _verified(self, benefit: Row, year: int, **more: Any) -> Row:
        is_money = benefit["money_minor"] is not None
        return self._add(
            "verification",
            id=new_id(),
            benefit_id=benefit["id"],
            year=year,
            money_minor=self.rng.randrange(10**8) if is_money else None,
            currency=benefit["currency"],
            price_year=benefit["price_year"],
            amount=None if is_money else Decimal(self.rng.randrange(10**9)) / 10**6,
            unit_of_measure=benefit["unit_of_measure"],
            evidence="The accounts",
            verified_by="vera",
            verified_at=NOW,
            **more,
        )

    def _indicator(self, benefit: Row) -> None:
        rng = self.rng
        baseline = rng.choice([None, Decimal(42), Decimal(42), Decimal(42), Decimal(20)])
        starts_on, curve = self._day(400), rng.choice([None, "linear", "s-curve", "points"])
        target_on = starts_on + timedelta(rng.randrange(100, 900))
        middle = starts_on + timedelta(50)
        days_done = ((starts_on, "0"), (middle, "0.6"), (target_on, "1"))
        points = json.dumps([{"day": str(day), "share": share} for day, share in days_done])
        way = {"starts_on": starts_on, "target_on": target_on, "curve": curve} if curve else {}
        indicator = self._add(
            "indicator",
            id=new_id(),
            benefit_id=benefit["id"],
            name="Minutes",
            unit_of_measure="minutes",
            direction="down",
            baseline=baseline,
            target=Decimal(20),
            action="Act",
            time_rule="last",
            unit_rule=rng.choice(["sum", "mean", "last", "weighted-mean"]),
            measured_in=rng.choice([[], [], self.units[:2]]),
            due_days=sorted(self._day(300) for _ in range(rng.randrange(4))),
            points=points if curve == "points" else None,
            created_by="kari",
            created_at=NOW,
            **way,
        )
        days = rng.sample(range(1, 400), rng.randrange(6))
        for number in days:
            self._measured(indicator, today() - timedelta(number))
        colours: list[list[str | None]] = [[], [], ["green"], ["red", None], [None, "yellow"]]
        for colour in rng.choice(colours):
            until = today() + timedelta(rng.randrange(-5, 20))
            said = {"reason": "I know", "overruled_by": "vera", "created_at": NOW}
            self._add(
                "light_override",
                id=new_id(),
                indicator_id=indicator["id"],
                colour=colour,
                until=until,
                **said,
            )

    def _measured(self, indicator: Row, day: date) -> None:
        rng = self.rng
        for unit_id in indicator["measured_in"] or [None]:
            if rng.random() < 0.2:
                continue
            row = {
                "indicator_id": indicator["id"],
                "taken_on": day,
                "unit_id": unit_id,
                "weight": rng.choice([None, Decimal(1), Decimal(3)]),
                "measured_by": "olav",
                "created_at": NOW,
            }
            value = rng.choice([Decimal(42), Decimal(rng.randrange(15, 45))])
            first = self._add("measurement", id=new_id(), value=value, **row)
            if rng.random() < 0.2:
                again = {"corrects_id": first["id"], "reason": "Misread"}
                self._add("measurement", id=new_id(), value=value - 5, **again, **row)
