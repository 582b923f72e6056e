"""The story begins: an organisation, real projects, and scores from what is known of them."""

import asyncio

from gevinst_shared.cli.api import Document
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.demo.stage import CAST, Stage, table
from gevinst_shared.cli.example_data import PRICE_YEAR, example_file
from gevinst_shared.cli.importing import import_file, read_file, show_report


async def people_and_rules(stage: Stage) -> None:
    """An organisation with a portfolio, units, and people who speak five languages."""
    stage.chapter("1  An organisation, its portfolio and its people")
    admin, office = stage["administrator"], stage["office"]
    organisation = {"name": "Directorate of Examples", "currency": "GBP", "language": "en"}
    await admin.put("portfolio/organisation", organisation)
    whole = await admin.post("portfolio/units", {"name": "Directorate"})
    line = await admin.post("portfolio/units", {"name": "Casework", "parent_id": whole["id"]})
    portfolio = await office.post(
        "portfolio/portfolios",
        {
            "name": "Major projects",
            "currency": "GBP",
            "price_year": PRICE_YEAR,
            "threshold_cost": "500000000.00",
            "threshold_shared_resources": True,
        },
    )
    people = {}
    for key, person in CAST.items():
        body = {
            "subject": person.subject,
            "name": person.name,
            "email": f"{person.subject}@example.org",
            "language": person.language,
        }
        people[key] = (await admin.post("portfolio/people", body))["id"]
    stage.known |= {"portfolio": portfolio["id"], "unit": line["id"], "people": people}
    for key, role, scope, place in (
        ("office", "portfolio-office", "organisation", None),
        ("board", "board-member", "organisation", None),
        ("line", "benefit-owner", "unit", line["id"]),
    ):
        await _assign(stage, people[key], role, scope, place)
    stage.say(f"{len(people)} people, 2 units, 1 portfolio in GBP at {PRICE_YEAR} prices.")


async def projects_are_imported(stage: Stage) -> None:
    """P1: the register is filled from a published file; what was withheld stays missing."""
    stage.chapter("2  The projects that the United Kingdom published for 2023")
    office, portfolio = stage["office"], stage.known["portfolio"]
    file = example_file()
    if file is None:
        raise CannotStart("examples/gmpp/gmpp_2023.csv is not here: play the demo in a checkout.")
    content = await asyncio.to_thread(read_file, file)

    async def once() -> Document:
        return await import_file(
            office,
            file.name,
            content,
            portfolio_id=portfolio,
            console=stage.console,
            year=PRICE_YEAR,
            keep="valid",
        )

    report = await once()
    show_report(report, stage.console)
    again = await once()
    projects = [project async for project in office.every("portfolio/projects", portfolio=portfolio)]
    stage.known["projects"] = {project["id"]: project for project in projects}
    stage.check("244 projects are there", len(projects) == report["created_count"] == 244)
    unchanged = again["created_count"] + again["updated_count"] == 0
    stage.check("importing the same file again changes nothing", unchanged)
    withheld = [project for project in projects if "cost" not in project]
    stage.check(f"{len(withheld)} projects have no disclosed cost: missing, not zero", withheld)


async def projects_are_scored(stage: Stage) -> None:
    """P6: scores from data that is there; where it is not, there is no score."""
    stage.chapter("3  Scores, only where the data is there")
    office, portfolio = stage["office"], stage.known["portfolio"]
    criterion = await office.post(
        f"portfolio/portfolios/{portfolio}/criteria",
        {"name": "Benefit per pound", "weight": 1, "scale_min": 0, "scale_max": 10},
    )
    scored = [project for project in stage.known["projects"].values() if _has_a_ratio(project)]
    scores = [_score(stage, project, criterion["id"]) for project in scored]
    await stage.together(f"Scoring {len(scored)} projects", scores)
    ranking = await office.get(f"portfolio/portfolios/{portfolio}/scores", limit=5)
    best = table("The first five of the ranking", "project", "points")
    for place in ranking["items"]:
        best.add_row(place["name"], f"{place['total']['points']:.1f}")
    stage.show(best)
    stage.check(f"{len(scored)} projects are scored, {244 - len(scored)} are not", 0 < len(scored) < 244)


def _has_a_ratio(project: Document) -> bool:
    return "cost" in project and "benefit" in project and float(project["cost"]["amount"]) > 0


async def _score(stage: Stage, project: Document, criterion_id: str) -> None:
    ratio = float(project["benefit"]["amount"]) / float(project["cost"]["amount"])
    score = {
        "criterion_id": criterion_id,
        "value": round(min(10.0, max(0.0, ratio)), 2),
        "reason": f"Disclosed benefits are {ratio:.2f} times the whole-life cost.",
    }
    await stage["office"].post(f"portfolio/projects/{project['id']}/scores", {"scores": [score]})


async def _assign(stage: Stage, person: str, role: str, scope: str, place: str | None) -> None:
    body = {"person_id": person, "role": role, "scope": scope} | (
        {} if place is None else {"scope_id": place}
    )
    await stage["administrator"].post("portfolio/role-assignments", body)
