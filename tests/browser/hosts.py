"""Pages of others, in which embeds stand, and a browser to look at them with."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser, BrowserContext, Frame, Page, Route, ViewportSize

from tests.support.callers import Desk
from tests.support.tree import ROOT

# Where to keep what was seen, for those who want to look themselves.
PICTURES = os.environ.get("GEVINST_TEST_PICTURES")
COMPONENT = ROOT / "shared" / "gevinst_shared" / "cli" / "gateway" / "docs" / "embed.js"
INTRANET, FOREIGN = "https://intranet.example", "https://foreign.example"
OURS = "https://gevinst.test"


@dataclass(slots=True)
class Visit:
    """One reader at the intranet; `answers` are ours by path, `sent` what the browser sent us along, `asked`
    every address that anything on the page asked for."""

    page: Page
    context: BrowserContext
    said: list[str] = field(default_factory=list)
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    sent: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def frame(self, address: str, *, on: str = INTRANET, markup: str | None = None) -> Frame | None:
        """The frame after it was loaded on a page of the origin; None where the browser keeps it empty."""
        self.said.clear()
        inner = markup or f'<iframe title="Chart" src="{escape(address)}" width="100%" height="900"></iframe>'
        await self.page.goto(f"{on}/?{httpx.QueryParams(inner=inner)}", wait_until="networkidle")
        frames = [one for one in self.page.frames if one is not self.page.main_frame]
        return next((one for one in frames if one.url.startswith(OURS)), None)

    async def picture(self, name: str) -> None:
        if PICTURES:
            await self.page.wait_for_timeout(300)  # frames of other origins are painted by themselves
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


Tickets = Callable[[], Awaitable[dict[str, str]]]


@asynccontextmanager
async def visit(
    browser: Browser,
    desks: dict[str, Desk],
    *,
    width: int = 800,
    is_dark: bool = False,
    tickets: Tickets | None = None,
) -> AsyncIterator[Visit]:
    """A browser for which the intranet, a foreign page and our services are on the net, and nothing else."""
    context = await browser.new_context(
        color_scheme="dark" if is_dark else "light", viewport=ViewportSize(width=width, height=950)
    )
    found = Visit(await context.new_page(), context)
    clients = {service: desk.with_headers() for service, desk in desks.items()}

    async def answered(route: Route) -> None:
        address = urlsplit(route.request.url)
        found.asked.append(route.request.url)
        if address.path == "/embed.js":
            open_to_all = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
            await route.fulfill(headers=open_to_all, body=COMPONENT.read_bytes())
            return
        if address.path == "/ticket":
            await route.fulfill(json=await tickets() if tickets else {}, status=200 if tickets else 503)
            return
        if f"{address.scheme}://{address.netloc}" != OURS:
            inner = httpx.QueryParams(address.query).get("inner", "")
            await route.fulfill(content_type="text/html", body=_host(inner))
            return
        headers = await route.request.all_headers()
        found.sent.append(headers)
        sent = {name: value for name, value in headers.items() if not name.startswith(":")}
        answer = await clients[address.path.split("/")[1]].get(route.request.url, headers=sent)
        found.answers[address.path] = answer
        await route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    await context.route("**/*", answered)
    found.page.on("console", lambda message: found.said.append(f"{message.type}: {message.text}"))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    yield found
    await context.close()


async def ticket(caller: httpx.AsyncClient, resource: str, *origins: str) -> dict[str, str]:
    body = {"resource": resource, "origins": list(origins or [INTRANET])}
    answer = await caller.post("/embed-tickets", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def shown(visited: Visit, address: str, **where: str) -> Frame:
    frame = await visited.frame(address, **where)
    assert frame is not None
    assert await frame.locator("main").count() == 1, await frame.content()
    return frame


async def chart_faults(frame: Frame) -> list[str]:
    """Our own check, for axe-core passes charts without a title: what a picture must have."""
    found: list[str] = await frame.evaluate(
        """() => {
            const faults = []
            const seen = [...document.querySelectorAll('svg')].filter(one => one.getClientRects().length)
            if (seen.length !== 1) faults.push(seen.length + ' pictures are seen')
            for (const svg of document.querySelectorAll('svg')) {
                const named = (svg.getAttribute('aria-labelledby') || '').split(' ').map(
                    id => document.getElementById(id))
                if (svg.getAttribute('role') !== 'img') faults.push('no role')
                const isNamed = named.length === 2 && named.every(one => one && svg.contains(one))
                if (!isNamed) faults.push('no name')
                else if (!named[0].textContent.trim()) faults.push('no title')
                else if (!/[0-9]/.test(named[1].textContent)) faults.push('no numbers in the description')
            }
            const told = document.querySelector('table caption, details ul')
            if (!told) faults.push('no table with a caption, and no list')
            if (document.querySelector('th:not([scope])')) faults.push('a header of nothing')
            if (document.scripts.length) faults.push('a script')
            return faults
        }"""
    )
    return found


def _host(inner: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><title>Intranet</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<style>body,h1{margin:0}iframe{border:0;display:block}</style></head>"
        f"<body><main><h1>Intranet</h1>{inner}</main></body></html>"
    )
