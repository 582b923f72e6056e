"""Money and people do not suffice: a scenario chooses and times, and the board decides."""

from gevinst_shared.cli.api import Document
from gevinst_shared.cli.demo.stage import CAST, Stage, money, progress_bar, table
from gevinst_shared.web.clock import utc_now

FIRST_YEAR, YEARS = utc_now().year + 1, 8
_SHARE_OF_WISHES = 0.35
_SPECIALISTS_PER_QUARTER = 40.0


async def money_and_people_do_not_suffice(stage: Stage) -> None:
    """P3, P4: a budget and a shared role that cannot carry everything; the solver chooses and times."""
    stage.chapter("4  Choose and time what money and people suffice for")
    office, portfolio = stage["office"], stage.known["portfolio"]
    wishes = [project for project in stage.known["projects"].values() if _is_complete(project)]
    wanted = sum(float(project["cost"]["amount"]) for project in wishes)
    yearly = wanted * _SHARE_OF_WISHES / YEARS
    years = [
        {"year": FIRST_YEAR + number, "kind": "investment", "amount": f"{yearly:.2f}"}
        for number in range(YEARS)
    ]
    await office.put(f"portfolio/portfolios/{portfolio}/budget", {"years": years}, revision=0)
    await _share_specialists(stage, wishes)
    stage.known["scenario"] = await solved_scenario(stage, "What we can afford")
    plan = await office.get(f"portfolio/scenarios/{stage.known['scenario']}/plan")
    stage.known["plan"] = plan
    stage.say(
        f"{len(wishes)} projects with cost, benefits and both days want {wanted / 1e9:,.0f} bn GBP; "
        f"the budget has {_SHARE_OF_WISHES:.0%} of that over {YEARS} years."
    )
    show_plan(stage, plan)
    left_out = [each for each in plan["left_out"] if each["obstacles"]]
    why = table("Left out, and what stands in the way (first five)", "project", "limit", "lacks")
    for each in left_out[:5]:
        obstacle = each["obstacles"][0]
        lacking = obstacle.get("lacking_money")
        lacks = str(obstacle.get("lacking", "")) if lacking is None else money(lacking)
        why.add_row(each["project_name"], ", ".join([obstacle["rule"], *obstacle["names"]]), lacks)
    stage.show(why)
    stage.check("the budget cannot carry all: some are chosen, some are left out", plan["left_out"])
    stage.check("no year spends more than it has", all(_is_within(year) for year in plan["money"]))
    stage.check("no quarter takes more specialists than there are", all(map(_fits, plan["load"])))
    stage.check(f"the plan is proved to within {plan['gap']:.2%} of the best possible", plan["gap"] < 0.05)


async def the_board_decides(stage: Stage) -> None:
    """P8: the board decides, not the optimiser, and not the office that prepared the scenario."""
    stage.chapter("5  The board decides")
    office, board, scenario = stage["office"], stage["board"], stage.known["scenario"]
    await stage.refused(
        "the board does not see a scenario before it is published",
        board.get(f"portfolio/scenarios/{scenario}"),
        code="unknown",
    )
    now = await office.get(f"portfolio/scenarios/{scenario}")
    await office.post(f"portfolio/scenarios/{scenario}/publication", revision=now["revision"])
    decision = {
        "reasons": "The most benefit for the money and people there are.",
        "deciders": [CAST["board"].name],
        "case_number": "2026/1",
    }
    path = f"portfolio/scenarios/{scenario}/decisions"
    await stage.refused("the office cannot decide", office.post(path, decision), code="not-allowed")
    await board.post(path, decision)
    chosen = stage.known["plan"]["selected"]
    approved = [project async for project in office.every("portfolio/projects", status="approved")]
    running = [project async for project in office.every("portfolio/projects", status="running")]
    stage.check(
        f"{len(chosen)} projects are approved or running, the others still proposed",
        {project["id"] for project in approved + running} == {each["project_id"] for each in chosen},
    )
    await stage.refused("nothing is decided twice", board.post(path, decision), code="scenario-decided")


async def solved_scenario(stage: Stage, name: str) -> str:
    """Make a scenario, solve it in a worker with a live line, and return its id."""
    office = stage["office"]
    scenario = await office.post(
        f"portfolio/portfolios/{stage.known['portfolio']}/scenarios",
        {"name": name, "first_quarter": f"{FIRST_YEAR}-Q1", "quarters": YEARS * 4, "work_limit": 40_000},
    )
    run = await office.post(f"portfolio/scenarios/{scenario['id']}/runs")
    with progress_bar(stage.console) as progress:
        task = progress.add_task(f"Solving «{name}»", total=1.0)

        def watch(now: Document) -> None:
            gap = now["progress"].get("gap")
            told = "" if gap is None else f", gap {gap:.2%}"
            progress.update(task, completed=now["progress"]["share"], description=f"Solving «{name}»{told}")

        run = await office.follow(run, watch)
    stage.check(f"«{name}» is solved by a worker process", run["state"] == "done")
    found: str = scenario["id"]
    return found


def show_plan(stage: Stage, plan: Document) -> None:
    spent = table("Money per year", "year", "available", "spent", "left")
    for year in plan["money"]:
        if "available" in year:
            spent.add_row(
                str(year["year"]), money(year["available"]), money(year["spent"]), money(year["left"])
            )
    stage.show(spent)
    stage.say(
        f"{plan['selected_count']} chosen, {plan['left_out_count']} left out, "
        f"{plan['not_considered_count']} not considered (cost, benefit or days withheld, or below the "
        f"threshold). Benefit {money(plan['total_benefit'])} for {money(plan['total_cost'])}."
    )


async def _share_specialists(stage: Stage, wishes: list[Document]) -> None:
    """Every project needs commercial specialists in its first year: more the more it costs."""
    office = stage["office"]
    quarters = [(FIRST_YEAR + number // 4, number % 4 + 1) for number in range(YEARS * 4)]
    capacity = [
        {"year": year, "quarter": quarter, "amount": _SPECIALISTS_PER_QUARTER} for year, quarter in quarters
    ]
    body = {"name": "Commercial specialists", "kind": "role", "capacity": capacity}
    resource = await office.post("portfolio/resources", body)
    stage.known["resource"] = resource["id"]
    changes = [_need(stage, project, resource["id"]) for project in wishes]
    await stage.together(f"Saying what {len(wishes)} projects need", changes)
    stage.check(f"{len(wishes)} projects need commercial specialists", len(wishes) > 50)


async def _need(stage: Stage, project: Document, resource_id: str) -> None:
    people = 2.0 if float(project["cost"]["amount"]) < 1e9 else 4.0
    changed = {member: project[member] for member in _CHANGEABLE if member in project}
    changed["cost"] = project["cost"]["amount"]
    changed["benefit"] = project["benefit"]["amount"]
    changed["needs"] = [{"resource_id": resource_id, "amounts": [people] * 4}]
    await stage["office"].put(f"portfolio/projects/{project['id']}", changed, revision=project["revision"])


_CHANGEABLE = (
    "programme_id",
    "name",
    "need",
    "zero_alternative",
    "category",
    "is_statutory",
    "owner_id",
    "manager_id",
    "unit_id",
    "receiving_unit_ids",
    "start",
    "end",
    "cost_by_year",
    "depends_on",
    "excludes",
)


def _is_complete(project: Document) -> bool:
    return all(member in project for member in ("cost", "benefit", "start", "end"))


def _is_within(year: Document) -> bool:
    return "left" not in year or float(year["left"]["amount"]) >= 0


def _fits(load: Document) -> bool:
    return all(quarter["used"] <= quarter["capacity"] + 1e-9 for quarter in load["quarters"])
