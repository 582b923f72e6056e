"""One project of the made-up municipality, followed from its case to what came of it.

`examples/municipality/story.json` is written as if this year was the one before the municipality's first
quarter, and every year and day in it is moved with the municipality's. A member that ends in `_id` has the
name of a record inside the files. Each step looks first at what is there.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.municipality.loading import Loading, read_example

Found = TypeVar("Found")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_WAIT_SECONDS = 180.0
_CURRENCY = "NOK"
_OURS = frozenset({"key", "measurements", "means", "done_on"})  # members of the file that are not sent


@dataclass(frozen=True, slots=True)
class Story:
    """Who tells it, and the file with this run's years in it."""

    loading: Loading
    controller: Caller
    said: Document

    @classmethod
    async def of(cls, loading: Loading, controller: Caller) -> "Story":
        """With the years that the municipality was loaded with, which may have been another year's."""
        scenario = await loading.office.get(f"portfolio/scenarios/{loading.ids['scenario']}")
        said = loading.municipality.said["first_quarter"]
        years = int(scenario["first_quarter"][:4]) - int(said[:4])
        return cls(loading, controller, moved(read_example("story.json"), years))

    @property
    def ids(self) -> dict[str, str]:
        return self.loading.ids

    @property
    def project(self) -> str:
        """Where the benefits service has the project."""
        return f"benefits/projects/{self.ids[self.said['project']['key']]}"

    async def tell(self) -> None:
        """All of it, or what is missing of it."""
        await self._people_and_project()
        await self._commit()
        await self.loading.each("What one project promises", self.said["benefits"], self._plan)
        await self.loading.each("Its goals", self.said["goals"], self._link)
        await self.loading.each("Its tree, case and gates", [{}], self._decide)
        await self.loading.each("What came of it", self.said["benefits"], self._follow)

    async def _people_and_project(self) -> None:
        loading, project = self.loading, self.said["project"]
        await loading.recognise("portfolio/projects", "name", [project])
        await loading.recognise("portfolio/people", "subject", self.said["people"])
        await loading.recognise("portfolio/programmes", "name", [self.said["programme"]])
        if "cost" not in await self._registered(project):
            await self._programme()
            await loading.project(project)
        for one in self.said["people"]:
            place = {"scope": "project", "scope_id": self.ids[one["project"]]} if "project" in one else {}
            await loading.person(one, place or {"scope": "organisation"})

    async def _programme(self) -> None:
        one = self.said["programme"]
        if one["key"] not in self.ids:
            body = {"name": one["name"], "portfolio_id": self.ids["portfolio"]}
            self.ids[one["key"]] = (await self.loading.office.post("portfolio/programmes", body))["id"]

    async def _registered(self, project: Document) -> Document:
        if project["key"] not in self.ids:
            return {}
        return await self.loading.office.get(f"portfolio/projects/{self.ids[project['key']]}")

    async def _commit(self) -> None:
        """The project on its phase model, and what its units have committed to (G8)."""
        await _until("the benefits service to hear of the project", self._started)
        await self.loading.recognise("benefits/goals", "name", self.said["goals"])
        for one in self.said["goals"]:
            if one["key"] not in self.ids:
                self.ids[one["key"]] = (await self._office_post("benefits/goals", one))["id"]

    async def _started(self) -> Document | None:
        office, path = self.loading.office, f"{self.project}/progress"
        found = await office.find(path)
        if found is not None:
            return found
        try:
            return await office.post(path, {"phase_model": self.said["model"]})
        except NotDone as refused:
            if refused.status != 404:  # not heard of yet
                raise
            return None

    async def _plan(self, one: Document) -> None:
        """B2, B5: a benefit with its owner's word, its indicators and actions."""
        path = f"{self.project}/benefits"
        benefit = await self._named(path, one["benefit"]["name"])
        if benefit is None:
            benefit = await self._office_post(path, one["benefit"])
        self.ids[one["key"]] = benefit["id"]
        if benefit["state"] == "proposed" and one.get("is_confirmed", True):
            await self._leader(one).post(f"benefits/benefits/{benefit['id']}/confirmation")
        for indicator in one["indicators"]:
            await self._measure(f"benefits/benefits/{benefit['id']}/indicators", indicator)
        there = {action["name"]: action async for action in self.loading.office.every("benefits/actions")}
        for said in one["actions"]:
            action = there.get(said["name"]) or await self._office_post(
                f"benefits/benefits/{benefit['id']}/actions", said
            )
            await self._done(one, said, action)

    async def _done(self, one: Document, said: Document, action: Document) -> None:
        """B8: what its owner has done by now."""
        is_over = "done_on" in said and date.fromisoformat(said["done_on"]) <= self.loading.today
        if is_over and action["state"] != "done":
            step = {"state": "done", "on": said["done_on"]}
            path = f"benefits/actions/{action['id']}/steps"
            await self._leader(one).post(path, step, revision=action["revision"])

    async def _link(self, goal: Document) -> None:
        """G8: the benefits by which it is to be met."""
        path = f"benefits/goals/{self.ids[goal['key']]}"
        there = {one["benefit_id"] for one in (await self.loading.office.get(path))["means"]}
        for key in goal["means"]:
            if self.ids[key] not in there:
                await self.loading.office.post(f"{path}/means", {"benefit_id": self.ids[key]})

    async def _measure(self, path: str, said: Document) -> None:
        """B6: what is on record already is left as it is."""
        indicator = await self._named(path, said["name"])
        if indicator is None:
            indicator = await self._office_post(path, said)
        today = self.loading.today
        taken = [one for one in said["measurements"] if date.fromisoformat(one["taken_on"]) <= today]
        batch = f"benefits/indicators/{indicator['id']}/measurements/batch"
        await self.controller.post(batch, {"measurements": taken})

    async def _decide(self, _: Document) -> None:
        """B3, C2, G2: the tree, the case, and three gates behind; the next one waits."""
        office = self.loading.office
        tree = await office.get(f"{self.project}/benefit-tree")
        if not tree["nodes"]:
            body = self._known(self.said["tree"])
            await office.put(f"{self.project}/benefit-tree", body, revision=tree.get("revision", 0))
        if not (await office.get(f"{self.project}/business-cases"))["items"]:
            await self._office_post(f"{self.project}/business-cases", self.said["case"])
        for gate in self.said["gates"]:
            proposed = await self._proposed(gate)
            if not proposed["is_decided"]:
                decider = self.loading.callers[self.said["decider"]]
                ruling = {name: gate[name] for name in gate if name != "gate"}
                await decider.post(f"benefits/gates/{proposed['id']}/decision", self._known(ruling))
        await self._proposed(self.said["next_gate"])

    async def _proposed(self, gate: Document) -> Document:
        office, path = self.loading.office, f"{self.project}/gates"
        async for found in office.every(path):
            if found["gate"] == gate["gate"]:
                return found
        ahead = (await office.get(f"{self.project}/progress"))["gates_ahead"]
        items = next(one["items"] for one in ahead if one["code"] == gate["gate"])
        answers = [{"item": item["code"], "value": "yes"} for item in items]
        asked = {name: gate[name] for name in gate if name != "case_number"}
        return await self._office_post(path, asked | {"answers": answers})

    async def _follow(self, one: Document) -> None:
        """M1, G3: in the unit's budget as the unit agreed to it, and what the controller found."""
        path = f"benefits/benefits/{self.ids[one['key']]}"
        if "account" in one:
            await self._booked(path, one)
        there = {found["year"] async for found in self.loading.office.every(f"{path}/verifications")}
        for found in one.get("verified", ()):
            if found["year"] not in there:
                body = {"year": found["year"], "evidence": "Regnskapet for året", "realised": _money(found)}
                await self.controller.post(f"{path}/verifications", body)

    async def _booked(self, path: str, one: Document) -> None:
        finance = self.loading.callers["okonomisjef"]
        price_year = one["benefit"]["estimate"]["money_per_year"]["price_year"]
        frame = {"currency": _CURRENCY, "price_year": price_year, "account": one["account"]}
        phasing = next(iter((await finance.get(f"{path}/budget-phasings"))["items"]), None)
        if phasing is None:
            draft = frame | {"unit_id": self.ids[_unit_of(one)]}
            phasing = await finance.post(f"{path}/budget-phasings", draft)
        at = f"benefits/budget-phasings/{phasing['id']}"
        if phasing["state"] == "draft":
            await self._leader(one).post(f"{at}/agreement")
        entries = finance.every("benefits/budget-entries", benefit=self.ids[one["key"]])
        there = {entry["year"] async for entry in entries}
        lines = [{"account": one["account"], **year} for year in one["booked"] if year["year"] not in there]
        if lines:
            await finance.post(f"{at}/bookings", {"lines": lines})

    def _leader(self, one: Document) -> Caller:
        return self.loading.callers[f"leder-{_unit_of(one)}"]

    async def _named(self, path: str, name: str) -> Document | None:
        async for found in self.loading.office.every(path):
            if found["name"] == name:
                return found
        return None

    async def _office_post(self, path: str, said: Document) -> Document:
        body = {name: said[name] for name in said if name not in _OURS}
        return await self.loading.office.post(path, self._known(body))

    def _known(self, said: Document) -> Document:
        """With what the records are called in this installation."""
        return {
            name: self.ids[value] if name.endswith("_id") else _within(value, self._known)
            for name, value in said.items()
        }


def moved(said: Document, years: int) -> Document:
    """The same, with every day and every member that names a year so many years later.

    Check: {"due_year": 2027, "day": "2027-01-31"} two years later is 2029 and 2029-01-31.
    """
    return {name: _later(name, value, years) for name, value in said.items()}


def _later(name: str, value: object, years: int) -> object:
    if isinstance(value, int) and name.endswith("year"):
        return value + years
    if isinstance(value, str) and _DAY.fullmatch(value):
        return f"{int(value[:4]) + years}{value[4:]}"
    return _within(value, lambda said: moved(said, years))


def _within(value: object, change: Callable[[Document], Document]) -> object:
    """The same value with every document in it changed."""
    if isinstance(value, list):
        return [_within(one, change) for one in value]
    return change(value) if isinstance(value, dict) else value


def _unit_of(one: Document) -> str:
    unit: str = one["benefit"]["owner"]["unit_id"]
    return unit


def _money(found: Document) -> Document:
    money = {"amount": found["amount"], "currency": _CURRENCY, "price_year": found["price_year"]}
    return {"ledger": "money", "money_per_year": money}


async def _until(what: str, look: Callable[[], Awaitable[Found | None]]) -> Found:
    """What `look` finds, as soon as the services have told each other."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + _LONGEST_WAIT_SECONDS
    while (found := await look()) is None:
        if clock() > deadline:
            raise CannotStart(f"Waited {_LONGEST_WAIT_SECONDS:.0f} s for {what}.")
        await asyncio.sleep(0.2)
    return found
