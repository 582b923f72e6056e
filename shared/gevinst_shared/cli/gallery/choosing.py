"""A plan of the made-up municipality that can be shown: solved, with its frontier, and published."""

from gevinst_shared.cli.api import Document
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.municipality.loading import Loading

_NAME = "Handlingsplanen"
_POINTS = 12  # amounts of money that the frontier tries


async def choose(loading: Loading) -> None:
    """Make, solve and publish what is missing; `chosen` is the scenario and `frontier` the analysis of it."""
    scenario = await _scenario(loading)
    path = f"portfolio/scenarios/{scenario['id']}"
    if await loading.office.find(f"{path}/plan") is None:
        await _worked(loading, "Choosing and timing projects", f"{path}/runs")
    loading.ids["chosen"] = scenario["id"]
    loading.ids["frontier"] = await _frontier(loading, path)
    now = await loading.office.get(path)
    if "published_at" not in now:
        await loading.office.post(f"{path}/publication", revision=now["revision"])


async def _scenario(loading: Loading) -> Document:
    async for found in loading.office.every("portfolio/scenarios"):
        if found["name"] == _NAME:
            return found
    place = f"portfolio/portfolios/{loading.ids['portfolio']}"
    body = loading.municipality.scenario() | {"name": _NAME}
    return await loading.office.post(f"{place}/scenarios", body)


async def _frontier(loading: Loading, path: str) -> str:
    async for found in loading.office.every(f"{path}/analyses"):
        if found["kind"] == "frontier":
            known: str = found["id"]
            return known
    asked = {"kind": "frontier", "options": {"points": _POINTS}}
    made: str = (await _worked(loading, "What more money would bring", f"{path}/analyses", asked))[
        "analysis_id"
    ]
    return made


async def _worked(loading: Loading, title: str, path: str, body: Document | None = None) -> Document:
    """The run when a worker has done it, under a bar."""
    run = await loading.office.post(path, body)
    task = loading.progress.add_task(title, total=1.0)
    ended = await loading.office.follow(
        run, lambda now: loading.progress.update(task, completed=now["progress"]["share"])
    )
    loading.progress.update(task, completed=1.0)
    if ended["state"] != "done":
        raise CannotStart(f"{title}: the run {ended['id']} is {ended['state']}.")
    return ended
