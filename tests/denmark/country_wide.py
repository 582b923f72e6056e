"""The whole country: the centre and all municipalities, and one case that is localised nearly everywhere."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.denmark.bodies import SECONDS, SHARED, STATUS_ALONE, THE_CASE, Body, Centre, Local
from tests.denmark.country import CENTRE, municipalities
from tests.denmark.figures import Figures, Own, Shares, agreed, own
from tests.denmark.installation import running_installations
from tests.support.waiting import together, until

FIRST_PRICE = "11.00"


@dataclass
class Country:
    """`apart` have installations of their own; `here` are those in the centre's.

    The first of those here shares only its status, and the second has not localised anything yet.
    """

    centre: Centre
    apart: Sequence[Local]
    here: Sequence[Local]
    shares: dict[str, Shares] = field(default_factory=dict)
    said: dict[str, Own] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    @property
    def locals(self) -> list[Local]:
        return [*self.apart, *self.here]

    @property
    def modest(self) -> Local:
        return self.here[0]

    @property
    def late(self) -> Local:
        return self.here[1]

    async def agreed(self, *changed: Local) -> Figures:
        """The figures, once the centre sees what municipalities say; all are asked, or who has changed."""
        asked = changed or self.locals
        answers = await together(map(own, asked))
        self.said |= {one.organisation: said for one, said in zip(asked, answers, strict=True)}
        return await agreed(self.centre, self.said, self.shares)

    def tell(self, what: str) -> None:
        """Seen with `pytest -s`."""
        print(f"{monotonic() - self.began:6.1f} s  {what}")


@asynccontextmanager
async def opened_country(
    home: Path, *, apart: int, together_with_centre: int | None = None
) -> AsyncIterator[Country]:
    """So many municipalities have installations of their own; all others are in the centre's."""
    every = municipalities()[: None if together_with_centre is None else apart + together_with_centre]
    homes = [home / str(number) for number in range(apart + 1)]
    async with running_installations(homes) as installations:
        first, *others = installations
        places = [*others, *[first] * (len(every) - apart)]
        bodies = [
            Local(place, one.organisation, one.name, municipality=one)
            for place, one in zip(places, every, strict=True)
        ]
        country = Country(Centre(first, *CENTRE), bodies[:apart], bodies[apart:])
        country.tell(f"{len(installations)} installations answer")
        await _acquaint(country)
        await _share_the_case(country)
        yield country


async def _acquaint(country: Country) -> None:
    centre = country.centre
    bodies: list[Body] = [centre, *country.locals]
    await together(body.settle_in() for body in bodies)
    await asyncio.gather(*(until(body.speaks_for_both, seconds=SECONDS, every=1) for body in bodies))
    for body in country.apart:
        await body.register(centre)
        await centre.register(body)
    for act in ("propose", "confirm"):
        await together(getattr(centre, act)(body) for body in country.locals)
        await together(getattr(body, act)(centre) for body in country.locals)
    country.tell(f"{len(bodies)} bodies have confirmed the centre or are it")


async def _share_the_case(country: Country) -> None:
    centre = country.centre
    await centre.begin()
    await centre.publish(postage=FIRST_PRICE)
    await together(centre.share(body, THE_CASE) for body in country.locals)
    country.shares[country.modest.organisation] = Shares.STATUS
    await together(_take_part(country, body) for body in country.locals)
    country.tell("the case is localised and shared back")


async def _take_part(country: Country, body: Local) -> None:
    await body.begin()
    await body.plan()
    if body is not country.late:
        await body.localise(country.centre)
    fields = STATUS_ALONE if body is country.modest else SHARED
    body.grant_id = await body.share(country.centre, fields)
