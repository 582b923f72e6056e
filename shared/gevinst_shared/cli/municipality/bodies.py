"""The made-up municipality's file as bodies of requests.

The file's first quarter is moved to the first of next year, and every other year with it. Records have short
names (keys) there; `ids` has what they are called in the running installation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gevinst_shared.cli.api import Document


@dataclass(frozen=True, slots=True)
class Municipality:
    """The file, and how far its years are moved. `ids[key]` is the id of what was registered."""

    said: Document
    years_later: int
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def starting_after(cls, said: Document, today: date) -> "Municipality":
        first, _, _ = said["first_quarter"].partition("-")
        return cls(said, today.year + 1 - int(first))

    @property
    def first_quarter(self) -> str:
        return self.quarter(self.said["first_quarter"])

    def quarter(self, text: str) -> str:
        """Check: one year later 2027-Q1 is 2028-Q1."""
        year, _, number = text.partition("-")
        return f"{int(year) + self.years_later}-{number}"

    def begins(self, project: Document) -> date:
        """When it began; what has not begun would like to begin at once, all of it together (P3)."""
        return first_day(self.quarter(str(project.get("running_since", self.said["first_quarter"]))))

    def resource(self, one: Document) -> Document:
        """The same amount in each quarter of the plan, and of the quarters after it that work may reach."""
        year = int(self.first_quarter[:4])
        body = {"name": one["name"], "kind": one["kind"], "measure": one["measure"]}
        if "unit" in one:
            body["unit_id"] = self.ids[one["unit"]]
        amount = one["per_quarter"]
        quarters = range(self.said["quarters"])
        capacity = [{"year": year + n // 4, "quarter": n % 4 + 1, "amount": amount} for n in quarters]
        return {**body, "capacity": capacity}

    def budget(self) -> Document:
        said = self.said["budget"]
        years = [{**one, "year": one["year"] + self.years_later} for one in said["years"]]
        return {"years": years, "roll_over": said["roll_over"], "reason": "Vedtatt økonomiplan"}

    def criteria_model(self) -> Document:
        criteria = [{name: one[name] for name in one if name != "key"} for one in self.said["criteria"]]
        return {"name": "Kriterier for prioritering", "criteria": criteria, "reason": "Første utgave"}

    def project(self, one: Document) -> Document:
        """All that is known of the project, as `ProjectChangeIn`."""
        start = self.begins(one)
        body = {
            "name": one["name"],
            "need": one["need"],
            "source": one["source"],
            "category": one["category"],
            "is_statutory": one.get("is_statutory", False),
            "unit_id": self.ids[one["unit"]],
            "owner_id": self.ids[f"leder-{one['unit']}"],
            "receiving_unit_ids": [self.ids[key] for key in one["receiving_units"]],
            "start": start.isoformat(),
            "end": last_day(start, one["quarters"]).isoformat(),
            **self._figures(one, start),
            "depends_on": [self.ids[after["project"]] for after in one.get("after", ())],
            "dependency_lags": [self._lag(after) for after in one.get("after", ())],
            "excludes": [self.ids[key] for key in one.get("excludes", ())],
        }
        if "deadline" in one:
            body["deadline"] = last_day(first_day(self.quarter(one["deadline"])), 1).isoformat()
        if "programme" in one:
            body["programme_id"] = self.ids[one["programme"]]
        if "closing" in one:
            body["closing"] = one["closing"]
        return body

    def concept(self, one: Document, project: Document) -> Document:
        told = {name: one[name] for name in ("name", "quarters", "feasibility", "is_recommended")}
        return {**told, **self._figures(one, self.begins(project))}

    def waves(self, project: Document) -> Document:
        return {
            "waves": [
                {
                    "name": one["name"],
                    "unit_ids": [self.ids[key] for key in one["units"]],
                    "quarters_after": one["quarters_after"],
                    "quarters": one["quarters"],
                    "needs": self._needs(one),
                }
                for one in project["waves"]
            ]
        }

    def scores(self, project: Document, place: int, model: Document) -> Document:
        """What the scorer at `place` in the file's list says of the project."""
        ids = dict(zip((one["key"] for one in self.said["criteria"]), model["criteria"], strict=True))
        said = {ids[key]["id"]: values[place] for key, values in project["scores"].items()}
        return {"scores": [{"criterion_id": key, "value": value} for key, value in said.items()]}

    def scenario(self) -> Document:
        """What the municipality can afford, with a share for experiments (P5)."""
        said = self.said["scenario"]
        supposed = {"most_starts": said["most_starts"], "categories": [said["floor"]]}
        return {
            "name": said["name"],
            "first_quarter": self.first_quarter,
            "quarters": said["quarters"],
            "assumptions": supposed,
        }

    def _figures(self, one: Document, start: date) -> Document:
        money: Document = {name: one[name] for name in ("cost", "benefit") if name in one}
        return {**money, "cost_by_year": cost_by_year(one, start), "needs": self._needs(one)}

    def _needs(self, one: Document) -> list[Document]:
        return [
            {"resource_id": self.ids[need["resource"]], "amounts": need["amounts"]} for need in one["needs"]
        ]

    def _lag(self, after: Document) -> Document:
        return {"project_id": self.ids[after["project"]], "lag_quarters": after["lag_quarters"]}


def cost_by_year(one: Mapping[str, Sequence[str]], start: date) -> list[Document]:
    """The investment of the quarters of each year; what operation costs falls in the year of the end."""
    spent: Counter[int] = Counter()
    year = start.year
    for number, amount in enumerate(one["investment_by_quarter"], start=(start.month - 1) // 3):
        year = start.year + number // 4
        spent[year] += int(Decimal(amount).scaleb(2))
    costs = [("investment", key, cents) for key, cents in spent.items()]
    costs.append(("operation", year, int(Decimal(str(one["operation"])).scaleb(2))))
    return [
        {"year": key, "kind": kind, "amount": f"{Decimal(cents).scaleb(-2):.2f}"}
        for kind, key, cents in costs
        if cents
    ]


def first_day(quarter: str) -> date:
    """Check: 2027-Q2 begins on 2027-04-01."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)


def last_day(start: date, quarters: int) -> date:
    """The last day of so many quarters from the one of `start`. Check: 4 from 2027-01-01 end in 2027."""
    after = (start.month - 1) // 3 + quarters
    return date(start.year + after // 4, 3 * (after % 4) + 1, 1) - timedelta(days=1)
