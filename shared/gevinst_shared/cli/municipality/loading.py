"""`gevinst example municipality`: a made-up municipality with 60 projects into a running installation."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.gallery import MUNICIPALITY
from gevinst_shared.cli.municipality.bodies import Municipality, first_day
from gevinst_shared.values.actor import Role

ORGANISATION = MUNICIPALITY
_FILES = Path("examples") / "municipality"
_AT_A_TIME = 6
_OWN_IDEA = "own-idea"
TokenOf = Callable[[Role, str], str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made: ids, and how many projects."""

    portfolio_id: str
    scenario_id: str
    ids: dict[str, str]


def read_example(name: str) -> Document:
    """A file of the example, in the checkout or beside where we run; `CannotStart` when not installed."""
    roots = (Path(__file__).resolve().parents[4], Path.cwd())
    found = next((root / _FILES / name for root in roots if (root / _FILES / name).is_file()), None)
    if found is None:
        raise CannotStart(f"{_FILES / name} is not here: run the command in a checkout of Gevinst.")
    said: Document = json.loads(found.read_text(encoding="utf-8"))
    return said


async def load_municipality(base_url: str, token_of: TokenOf, console: Console, *, today: date) -> Loaded:
    """Register the whole municipality, or what is missing of it; a second time, only find it again.

    `token_of(role, subject)` gives a token of its organisation.
    """
    async with open_municipality(base_url, token_of, console, today=today) as loading:
        return await loading.load()


@asynccontextmanager
async def open_municipality(
    base_url: str, token_of: TokenOf, console: Console, *, today: date
) -> AsyncIterator["Loading"]:
    """The municipality's people at their desks, with a bar on the console while they work."""
    municipality = Municipality.starting_after(read_example("municipality.json"), today)
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
        progress = stack.enter_context(Progress(*columns, console=console, transient=True))
        yield Loading(municipality, administrator, callers, progress, today)


@dataclass(frozen=True, slots=True)
class Loading:
    """Who calls, and how far it is; what is there already is left as it is."""

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
        if await self.administrator.find("portfolio/organisation") is None:
            organisation = {key: said["organisation"][key] for key in ("name", "currency", "language")}
            await self.administrator.put("portfolio/organisation", organisation)
        await self._recognise()
        if "scenario" not in self.ids:
            await self._register()
        return Loaded(self.ids["portfolio"], self.ids["scenario"], self.ids)

    async def project(self, one: Document) -> None:
        """Register one project in the form of the file, with all that is known of it."""
        await self._propose(one)
        await self._describe(one)
        await self._score(one)

    async def person(self, one: Document, scope: Document) -> None:
        """Register somebody of the file, in the role that they hold there."""
        if one["key"] not in self.ids:
            email = f"{one['subject']}@fjordvik.example"
            body = {"subject": one["subject"], "name": one["name"], "email": email, "language": "nb"}
            self.ids[one["key"]] = (await self.administrator.post("portfolio/people", body))["id"]
        role = {"person_id": self.ids[one["key"]], "role": one["role"], **scope}
        held = self.administrator.every("portfolio/role-assignments", person=self.ids[one["key"]])
        if not [True async for found in held if found["role"] == one["role"]]:
            await self.administrator.post("portfolio/role-assignments", role)

    async def each(
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

    async def recognise(self, path: str, known_by: str, said: Iterable[Document]) -> None:
        """Find again what was registered before, so that it is not registered twice."""
        keys = {one[known_by]: one["key"] for one in said}
        async for found in self.administrator.every(path):
            if found[known_by] in keys:
                self.ids[keys[found[known_by]]] = found["id"]

    async def _recognise(self) -> None:
        said = self.municipality.said
        await self.recognise("portfolio/units", "name", said["units"])
        await self.recognise("portfolio/people", "subject", said["people"])
        await self.recognise("portfolio/resources", "name", said["resources"])
        await self.recognise("portfolio/projects", "name", said["projects"])
        await self.recognise("portfolio/portfolios", "name", [{**said["portfolio"], "key": "portfolio"}])
        async for found in self.office.every("portfolio/scenarios"):
            if found["name"] == said["scenario"]["name"]:
                self.ids["scenario"] = found["id"]

    async def _register(self) -> None:
        """In the order in which one refers to the other; the scenario says that all is there."""
        said = self.municipality.said
        if "portfolio" not in self.ids:
            self.ids["portfolio"] = (await self.office.post("portfolio/portfolios", said["portfolio"]))["id"]
        await self.each("Units", said["units"], self._unit)
        await self.each("People", said["people"], self._person)
        await self.each("People and change load", said["resources"], self._resource)
        place = f"portfolio/portfolios/{self.ids['portfolio']}"
        await self._first(f"{place}/budget", self.municipality.budget())
        await self._first(f"{place}/criteria-model", self.municipality.criteria_model())
        await self.each("Ideas and proposals", said["projects"], self._propose)
        await self.each("What projects cost and need", said["projects"], self._describe)
        await self.each("Scores", said["projects"], self._score)
        scenario = await self.office.post(f"{place}/scenarios", self.municipality.scenario())
        self.ids["scenario"] = scenario["id"]

    async def _first(self, path: str, body: Document) -> None:
        """Say it for the first time, or leave what has been said."""
        try:
            await self.office.put(path, body, revision=0)
        except NotDone as refused:
            if refused.status != HTTPStatus.PRECONDITION_FAILED:
                raise

    async def _unit(self, one: Document) -> None:
        if one["key"] in self.ids:
            return
        self.ids[one["key"]] = (await self.administrator.post("portfolio/units", {"name": one["name"]}))["id"]

    async def _person(self, one: Document) -> None:
        is_in_unit = "unit" in one
        scope = {"scope": "unit", "scope_id": self.ids[one["unit"]]} if is_in_unit else {}
        await self.person(one, scope or {"scope": "organisation"})

    async def _resource(self, one: Document) -> None:
        if one["key"] in self.ids:
            return
        body = self.municipality.resource(one)
        self.ids[one["key"]] = (await self.administrator.post("portfolio/resources", body))["id"]

    async def _propose(self, one: Document) -> None:
        """P1: what is somebody's idea begins as one, and the rest as a proposal."""
        if one["key"] in self.ids:
            return
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
        if "concepts" in one:
            await self._concepts(path, one)
        if "running_since" in one and known["status"] == "proposed":
            await self._approve(one)

    async def _concepts(self, path: str, project: Document) -> None:
        there = {one["name"] async for one in self.office.every(f"{path}/concepts")}
        for one in project["concepts"]:
            if one["name"] not in there:
                await self.office.post(f"{path}/concepts", self.municipality.concept(one, project))

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
