"""`gevinst example municipality`: a made-up municipality with 60 projects into a running installation."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from gevinst_shared.cli.api import Caller, Document
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.municipality.bodies import Municipality, first_day
from gevinst_shared.values.actor import Role

ORGANISATION = "0192:999999999"
_FILE = Path("examples") / "municipality" / "municipality.json"
_AT_A_TIME = 6
_OWN_IDEA = "own-idea"
TokenOf = Callable[[Role, str], str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made: ids, and how many projects."""

    portfolio_id: str
    scenario_id: str
    ids: dict[str, str]


def read_municipality() -> Document:
    """The file, in the checkout or beside where we run; `CannotStart` when it was not installed."""
    roots = (Path(__file__).resolve().parents[4], Path.cwd())
    found = next((root / _FILE for root in roots if (root / _FILE).is_file()), None)
    if found is None:
        raise CannotStart(f"{_FILE} is not here: run the command in a checkout of Gevinst.")
    said: Document = json.loads(found.read_text(encoding="utf-8"))
    return said


async def load_municipality(base_url: str, token_of: TokenOf, console: Console, *, today: date) -> Loaded:
    """Register the whole municipality; `CannotStart` when it is there already.

    `token_of(role, subject)` gives a token of its organisation.
    """
    municipality = Municipality.starting_after(read_municipality(), today)
    async with AsyncExitStack() as stack:
        callers = {
            one["key"]: await stack.enter_async_context(
                Caller(base_url, token_of(Role(one["role"]), one["subject"]))
            )
            for one in municipality.said["people"]
        }
        administrator = await stack.enter_async_context(
            Caller(base_url, token_of(Role.ADMINISTRATOR, "astrid-administrator"))
        )
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            return await _Loading(municipality, administrator, callers, progress, today).load()


@dataclass(frozen=True, slots=True)
class _Loading:
    municipality: Municipality
    administrator: Caller
    callers: dict[str, Caller]
    progress: Progress
    today: date

    @property
    def office(self) -> Caller:
        return self.callers["kontor"]

    @property
    def ids(self) -> dict[str, str]:
        return self.municipality.ids

    async def load(self) -> Loaded:
        said = self.municipality.said
        if await self.administrator.find("portfolio/organisation") is not None:
            name = said["organisation"]["name"]
            raise CannotStart(f"{name} is loaded already, as organisation {ORGANISATION}.")
        organisation = {key: said["organisation"][key] for key in ("name", "currency", "language")}
        await self.administrator.put("portfolio/organisation", organisation)
        self.ids["portfolio"] = (await self.office.post("portfolio/portfolios", said["portfolio"]))["id"]
        await self._each("Units", said["units"], self._unit)
        await self._each("People", said["people"], self._person)
        await self._each("People and change load", said["resources"], self._resource)
        place = f"portfolio/portfolios/{self.ids['portfolio']}"
        await self.office.put(f"{place}/budget", self.municipality.budget(), revision=0)
        model = self.municipality.criteria_model()
        await self.office.put(f"{place}/criteria-model", model, revision=0)
        await self._each("Ideas and proposals", said["projects"], self._propose)
        await self._each("What projects cost and need", said["projects"], self._describe)
        await self._each("Scores", said["projects"], self._score)
        scenario = await self.office.post(f"{place}/scenarios", self.municipality.scenario())
        return Loaded(self.ids["portfolio"], scenario["id"], self.ids)

    async def _each(
        self, title: str, items: Iterable[Document], take: Callable[[Document], Awaitable[None]]
    ) -> None:
        """Take the step for each, a few at a time, under a bar."""
        turns, todo = asyncio.Semaphore(_AT_A_TIME), list(items)
        task = self.progress.add_task(title, total=len(todo))

        async def one(item: Document) -> None:
            async with turns:
                await take(item)
            self.progress.advance(task)

        await asyncio.gather(*map(one, todo))

    async def _unit(self, one: Document) -> None:
        self.ids[one["key"]] = (await self.administrator.post("portfolio/units", {"name": one["name"]}))["id"]

    async def _person(self, one: Document) -> None:
        email = f"{one['subject']}@fjordvik.example"
        body = {"subject": one["subject"], "name": one["name"], "email": email, "language": "nb"}
        person = (await self.administrator.post("portfolio/people", body))["id"]
        self.ids[one["key"]] = person
        role = {"person_id": person, "role": one["role"], "scope": "organisation"}
        if "unit" in one:
            role |= {"scope": "unit", "scope_id": self.ids[one["unit"]]}
        await self.administrator.post("portfolio/role-assignments", role)

    async def _resource(self, one: Document) -> None:
        body = self.municipality.resource(one)
        self.ids[one["key"]] = (await self.administrator.post("portfolio/resources", body))["id"]

    async def _propose(self, one: Document) -> None:
        """P1: what is somebody's idea begins as one, and the rest as a proposal."""
        told = {"name": one["name"], "need": one["need"], "source": one["source"]}
        told |= {"portfolio_id": self.ids["portfolio"], "unit_id": self.ids[one["unit"]]}
        if one["source"] != _OWN_IDEA or "running_since" in one:
            self.ids[one["key"]] = (await self.office.post("portfolio/projects", told))["id"]
            return
        idea = await self.callers[f"leder-{one['unit']}"].post("portfolio/ideas", told)
        proposed = await self.office.post(
            f"portfolio/ideas/{idea['id']}/proposal",
            {"portfolio_id": self.ids["portfolio"]},
            revision=idea["revision"],
        )
        self.ids[one["key"]] = proposed["id"]

    async def _describe(self, one: Document) -> None:
        path = f"portfolio/projects/{self.ids[one['key']]}"
        known = await self.office.get(path)
        known = await self.office.put(path, self.municipality.project(one), revision=known["revision"])
        if "waves" in one:
            rollout = self.municipality.waves(one)
            await self.office.put(f"{path}/waves", rollout, revision=known["revision"])
        if "central_because" in one:
            known = await self.office.get(path)
            overruled = {"registration": "central", "reason": one["central_because"]}
            await self.office.put(f"{path}/registration", overruled, revision=known["revision"])
        for concept in one.get("concepts", ()):
            await self.office.post(f"{path}/concepts", self.municipality.concept(concept, one))
        if "running_since" in one:
            await self._approve(one)

    async def _approve(self, one: Document) -> None:
        """It runs because the board once said so: since then, or for as long as is not ahead of today."""
        quarter = first_day(f"{self.today.year}-Q{(self.today.month + 2) // 3}")
        since = min(self.municipality.begins(one), quarter)
        decision = {
            "project_id": self.ids[one["key"]],
            "kind": "approve",
            "start": since.isoformat(),
            "case_number": "2026/101",
            "deciders": ["Kommunedirektørens ledergruppe"],
            "reasons": "Vedtatt før porteføljestyret ble opprettet.",
        }
        await self.callers["styre"].post(f"portfolio/portfolios/{self.ids['portfolio']}/decisions", decision)

    async def _score(self, one: Document) -> None:
        path = f"portfolio/projects/{self.ids[one['key']]}/scores"
        model = await self.office.get(f"portfolio/portfolios/{self.ids['portfolio']}/criteria-model")
        for place, scorer in enumerate(self.municipality.said["scorers"]):
            await self.callers[scorer].post(path, self.municipality.scores(one, place, model))
