"""What the gallery shows, published for the gateway's own pages: found again, or published."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from gevinst_shared.cli.api import Caller, Document
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.gallery import Exhibit, Exhibits
from gevinst_shared.cli.municipality.loading import Loading, TokenOf
from gevinst_shared.embeds.page import NARROW, WIDE
from gevinst_shared.embeds.tickets import LONGEST_SECONDS
from gevinst_shared.values.actor import Role
from gevinst_shared.web.languages import LANGUAGES

_AT_A_TIME = 2  # pictures are drawn by two processes
_MOST_EMBEDS = 100
_PUBLISHING = ("portfolio", "benefits")
# of the pages with the example data, which nothing draws: as they were measured
_PAGE_HEIGHTS = {
    "project-portfolio": {WIDE: 300, NARROW: 590},
    "unit": {WIDE: 560, NARROW: 1280},
    "duties": {WIDE: 740, NARROW: 1200},
}
_USUAL_PAGE_HEIGHTS = {WIDE: 620, NARROW: 1080}
_LINE_BELOW, _LEAST = 56, 280
_ROOM_FOR_LIST = 200  # a tree shrinks to the width that there is, so its list stands open below
# Not for every reader of the organisation, so by ticket: in which role, and who.
TICKETED = {
    "roadmap": (Role.PORTFOLIO_OFFICE, "kari-kontor"),
    "efficient-frontier": (Role.PORTFOLIO_OFFICE, "kari-kontor"),
    "duties": (Role.UNIT_LEADER, "leder-innbygger"),
}
_PICTURES = ("gate-strip", "planned-against-realised")  # shown as pictures, so their text is needed


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart or status page: what the words call it, whose it is, and its path there."""

    name: str
    service: str
    path: str

    @property
    def is_chart(self) -> bool:
        return not self.path.endswith("/status-page")


def shown(ids: Mapping[str, str]) -> tuple[Shown, ...]:
    """All ten charts and the eight status pages, of the records with these ids."""
    case, frontier = f"/business-cases/{ids['case']}/charts", f"/analyses/{ids['frontier']}/charts"
    portfolio, project = f"/portfolios/{ids['portfolio']}", f"/projects/{ids['timebestilling']}"
    return (
        Shown("planned-against-realised", "benefits", f"{portfolio}/charts/planned-against-realised"),
        Shown("benefit-tree", "benefits", f"{project}/charts/benefit-tree"),
        Shown("gate-strip", "benefits", f"{project}/charts/gate-strip"),
        Shown("cash-flow", "benefits", f"{case}/cash-flow"),
        Shown("tornado", "benefits", f"{case}/tornado"),
        Shown("npv-distribution", "benefits", f"{case}/npv-distribution"),
        Shown("bubbles", "portfolio", f"{portfolio}/charts/bubbles?criterion={ids['criterion']}"),
        Shown("load-map", "portfolio", f"{portfolio}/charts/load-map"),
        Shown("roadmap", "portfolio", f"/scenarios/{ids['chosen']}/charts/roadmap"),
        Shown("efficient-frontier", "portfolio", f"{frontier}/efficient-frontier"),
        Shown("project-portfolio", "portfolio", f"{project}/status-page"),
        Shown("portfolio-sums", "portfolio", f"{portfolio}/status-page"),
        Shown("programme-sums", "portfolio", f"/programmes/{ids['selvbetjening']}/status-page"),
        Shown("project", "benefits", f"{project}/status-page"),
        Shown("programme", "benefits", f"/programmes/{ids['selvbetjening']}/status-page"),
        Shown("portfolio", "benefits", f"{portfolio}/status-page"),
        Shown("unit", "benefits", f"/units/{ids['innbygger']}/status-page"),
        Shown("duties", "notifications", "/duties/status-page"),
    )


def own_origins(public_url: str) -> list[str]:
    """Where the gateway's pages are; on one machine people write either name of it."""
    place = urlsplit(public_url)
    origins = [f"{place.scheme}://{place.netloc}"]
    if place.hostname == "127.0.0.1":
        origins.append(origins[0].replace("127.0.0.1", "localhost"))
    return origins


@dataclass(frozen=True, slots=True)
class Gallery:
    """`before` is what the pages showed when they were written last."""

    loading: Loading
    public_url: str
    before: Exhibits

    async def exhibits(self, several: tuple[Shown, ...]) -> Exhibits:
        """Every one of them in every language, published where it is not."""
        there = {service: await self._published(service) for service in _PUBLISHING}
        found: dict[str, list[Exhibit]] = {language: [] for language in LANGUAGES}
        turns = asyncio.Semaphore(_AT_A_TIME)
        task = self.loading.progress.add_task("What the gallery shows", total=len(several))

        async def publish(one: Shown) -> dict[str, Exhibit]:
            async with turns:
                made = await self._in_every_language(one, there.get(one.service, {}))
            self.loading.progress.advance(task)
            return made

        for made in await asyncio.gather(*map(publish, several)):
            for language, exhibit in made.items():
                found[language].append(exhibit)
        return found

    async def _published(self, service: str) -> dict[str, Document]:
        """By resource, what is published for our own pages already."""
        found, origins = {}, own_origins(self.public_url)
        async for embed in self.loading.office.every(f"{service}/embeds", limit=_MOST_EMBEDS):
            if embed["origins"] == origins:
                found[embed["resource"]] = embed
        return found

    async def _in_every_language(self, one: Shown, there: Mapping[str, Document]) -> dict[str, Exhibit]:
        known = {exhibit.resource: exhibit for some in self.before.values() for exhibit in some}
        found: dict[str, Exhibit] = {}
        heights: dict[int, int] = {}
        for language in LANGUAGES:
            resource = f"{one.path}{'&' if '?' in one.path else '?'}language={language}"
            embed = there.get(resource, {})
            if resource in known and (one.name in TICKETED or known[resource].page == embed.get("page")):
                found[language] = known[resource]
                continue
            # drawn in one language: the others differ by a line at most
            heights = heights or await self._heights(one)
            made = Exhibit(one.name, one.service, resource, heights[WIDE], heights[NARROW])
            found[language] = made if one.name in TICKETED else await self._shown(one, made, embed)
        return found

    async def _shown(self, one: Shown, made: Exhibit, embed: Document) -> Exhibit:
        if not embed:
            body = {"resource": made.resource, "origins": own_origins(self.public_url)}
            embed = await self.loading.office.post(f"{one.service}/embeds", body)
        pictures = {"svg": embed["svg"], "png": embed["png"]} if one.is_chart else {}
        if one.name in _PICTURES:
            pictures["spoken"] = await self._spoken(embed["svg"])
        return framed(made, embed, **pictures)

    async def _heights(self, one: Shown) -> dict[int, int]:
        """What a frame needs: the picture and the line that opens the table."""
        if not one.is_chart:
            return _PAGE_HEIGHTS.get(one.name, _USUAL_PAGE_HEIGHTS)
        return {width: await self._height(one, width) for width in (WIDE, NARROW)}

    async def _height(self, one: Shown, width: int) -> int:
        path, asked = f"{one.service}{one.path}", {"Accept": "image/svg+xml"}
        svg = await self.loading.office.send("GET", path, headers=asked, params={"width": width})
        size = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg.text)
        if size is None:
            raise CannotStart(f"{path} has no size.")
        height = round(float(size[2]) * min(1.0, width / float(size[1]))) + _LINE_BELOW
        return max(_LEAST, height + (_ROOM_FOR_LIST if one.name == "benefit-tree" else 0))

    async def _spoken(self, address: str) -> str:
        """The message in numbers, as it stands in the picture."""
        path = urlsplit(address).path.removeprefix("/").replace("/v1/", "/", 1)
        svg = (await self.loading.office.send("GET", path)).text
        told = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
        return "" if told is None else unescape(told[1])


async def with_tickets(
    exhibits: Exhibits, base_url: str, token_of: TokenOf, origins: Sequence[str]
) -> Exhibits:
    """The same, with new tickets for what is not published; they hold for an hour."""
    return {
        language: [
            await _with_ticket(one, base_url, token_of, origins) if one.name in TICKETED else one
            for one in some
        ]
        for language, some in exhibits.items()
    }


async def _with_ticket(one: Exhibit, base_url: str, token_of: TokenOf, origins: Sequence[str]) -> Exhibit:
    async with Caller(base_url, token_of(*TICKETED[one.name])) as caller:
        body = {"resource": one.resource, "origins": list(origins), "seconds": LONGEST_SECONDS}
        ticket = await caller.post(f"{one.service}/embed-tickets", body)
    pictures = {name: ticket[name] for name in ("svg", "png") if name in ticket}
    return framed(one, ticket, has_ticket=True, **pictures)


def framed(one: Exhibit, answer: Document, **others: Any) -> Exhibit:
    """With the addresses of a published embed or a ticket, and a frame of the right height."""
    frame = re.sub(r'height="\d+"', f'height="{one.wide}"', answer["frame"])
    return replace(one, title=answer["title"], page=answer["page"], frame=frame, **others)


async def know_case_and_criterion(loading: Loading) -> None:
    """Whose ids the charts need besides: the newest case, and the criterion that feasibility is scored by."""
    office, ids = loading.office, loading.ids
    cases = await office.get(f"benefits/projects/{ids['timebestilling']}/business-cases", limit=_MOST_EMBEDS)
    ids["case"] = max(cases["items"], key=lambda one: one["number"])["id"]
    model = await office.get(f"portfolio/portfolios/{ids['portfolio']}/criteria-model")
    said = loading.municipality.said["criteria"]
    name = next(one["name"] for one in said if one["key"] == "gjennomforbar")
    ids["criterion"] = next(one["id"] for one in model["criteria"] if one["name"] == name)
