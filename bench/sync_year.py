"""A year of a joint portfolio: 98 municipalities, each with a centre that reads both of its feeds.

Written straight into the tables, month by month; everything from the change to the centre's replica is the
product's own. What is counted are the pages as they are sent, without what HTTP writes around them.
"""

import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from uuid import UUID

from tests.benefits.exchange import BenefitBody, Plan, make_measurement, make_plan
from tests.support.exchange import Body
from tests.support.waiting import together

from gevinst_shared.db.engine import Database
from gevinst_shared.sync.pages import Page, page_text
from gevinst_shared.sync.schedule import EVERY

BODIES, PROJECTS, MONTHS = 98, 8, 12
_CONNECTIONS = 4
_COLOURS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Year:
    """What the centre got: `first` in its first reading, `later` in all others; bytes, also with gzip.

    `empty` is an answer without news, of which each feed gives `polls` a year at most.
    """

    bodies: int
    projects: int
    revisions: int
    seconds: float
    first: int
    first_packed: int
    later: int
    later_packed: int
    empty: int
    polls: int

    @property
    def note(self) -> str:
        return (
            f"{self.projects} projects each; first reading {_mb(self.first)}, {_mb(self.first_packed)} "
            f"with gzip; the year after {_mb(self.later)}, {_mb(self.later_packed)}; "
            f"an answer without news {self.empty} bytes, at most {self.polls:,} a year and feed"
        )


@dataclass(slots=True)
class _Read:
    """Pages that arrived, added up."""

    revisions: int = 0
    bytes: int = 0
    packed: int = 0

    def add(self, pages: Sequence[Page]) -> None:
        for page in pages:
            text = page_text(page).encode()
            self.revisions += len(page.revisions)
            self.bytes += len(text)
            self.packed += len(gzip.compress(text))


@dataclass(slots=True)
class _Municipality:
    """One body's two feeds, and what it has to tell about."""

    projects: Body
    benefits: BenefitBody
    ids: list[UUID]
    plans: list[Plan]


async def measure_year(portfolio: str, benefits: str, *, is_quick: bool) -> Year:
    """A year of all of them, in the databases with these addresses."""
    bodies, projects, months = (4, 2, 3) if is_quick else (BODIES, PROJECTS, MONTHS)
    async with _opened(portfolio) as first, _opened(benefits) as second:
        centre = Body(first)
        its_benefits = BenefitBody(second, centre.organisation)
        await centre.settle_in()
        every = await together(_municipality(centre, its_benefits, projects) for _ in range(bodies))
        seconds, read, later = 0.0, _Read(), _Read()
        for month in range(months + 1):
            await together(_live(one, month) for one in every if month)
            begun = perf_counter()
            pages = await together(_pulled(centre, its_benefits, one) for one in every)
            seconds += perf_counter() - begun
            for found in pages:
                (later if month else read).add(found)
        empty = await _pulled(centre, its_benefits, every[0])
        return Year(
            bodies=bodies,
            projects=projects,
            revisions=read.revisions + later.revisions,
            seconds=seconds,
            first=read.bytes,
            first_packed=read.packed,
            later=later.bytes,
            later_packed=later.packed,
            empty=max(len(page_text(page).encode()) for page in empty),
            polls=timedelta(days=365) // EVERY,
        )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, size=_CONNECTIONS)
    try:
        yield database
    finally:
        await database.close()


async def _municipality(centre: Body, its_benefits: BenefitBody, projects: int) -> _Municipality:
    mine = Body(centre.database)
    plans = BenefitBody(its_benefits.database, mine.organisation)
    await mine.settle_in()
    for reader, provider in ((centre, mine), (its_benefits, plans)):
        await reader.meet(provider)
        await provider.meet(reader)
    programme = await mine.add_programme()
    ids = await mine.add_projects(projects, programme=programme)
    await mine.share(centre, "programme", programme)
    made = [await make_plan(plans) for _ in range(projects)]
    for plan in made:
        await plans.share(its_benefits, "project", plan.project)
    return _Municipality(mine, plans, ids, made)


async def _live(one: _Municipality, month: int) -> None:
    """Each month all is measured and a third of the lights change; each quarter costs are estimated anew."""
    day = date(2026 + (5 + month) // 12, (5 + month) % 12 + 1, 15)
    if month % 3 == 0:
        await one.projects.execute("UPDATE project SET cost_minor = cost_minor + 10000")
    for place, plan in enumerate(one.plans):
        await make_measurement(one.benefits, plan.indicator, plan.unit, day)
        if (place + month) % 3 == 0:
            colour = _COLOURS[(place + month) // 3 % 3]
            await one.benefits.execute(
                "UPDATE curve_watch SET colour = $2 WHERE id = $1", plan.indicator, colour
            )


async def _pulled(centre: Body, its_benefits: BenefitBody, one: _Municipality) -> list[Page]:
    return [*await centre.pull(one.projects), *await its_benefits.pull(one.benefits)]


def _mb(count: int) -> str:
    return f"{count / 1e6:.2f} MB"
