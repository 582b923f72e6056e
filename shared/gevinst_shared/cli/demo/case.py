"""One project of those decided: its benefits, its case, and a gate that says stop."""

from gevinst_shared.cli.api import Document, NotDone
from gevinst_shared.cli.demo.mails import mails_when_sent
from gevinst_shared.cli.demo.stage import Stage, money, table
from gevinst_shared.values.actor import Role

_SERVICES_TO_KILL = ("benefits", "portfolio-worker", "notifications-worker")


async def benefits_are_planned(stage: Stage) -> None:
    """C1, C4, B1, B2: a business case with figures, a benefit with an owner in the line."""
    stage.chapter("6  Benefits and business case of one project")
    chosen = max(stage.known["plan"]["selected"], key=lambda each: float(each["cost"]["amount"]))
    project, manager = chosen["project_id"], stage["manager"]
    stage.known["project"] = project
    stage.say(f"The project is «{chosen['project_name']}».")
    await _staff(stage, project)
    await stage.until("the benefits service to know the project", lambda: manager.find(_progress(project)))
    case = await manager.post(f"benefits/projects/{project}/business-cases", _case(stage, chosen))
    results = case["results"]
    figures = table("The business case, UK Green Book rates", "figure", "value")
    figures.add_row("net present value", f"{float(results['net_present_value']) / 1e6:,.1f} m GBP")
    figures.add_row("benefit/cost ratio", str(results.get("benefit_cost_ratio", "none")))
    figures.add_row("paid back in", str(results.get("payback_year", "never")))
    stage.show(figures)
    benefit = await manager.post(f"benefits/projects/{project}/benefits", _benefit(stage, chosen))
    confirmed = await stage["line"].post(f"benefits/benefits/{benefit['id']}/confirmation")
    stage.check("the owner in the line has confirmed the benefit (B2)", confirmed["state"] == "confirmed")
    stage.known["benefit"] = benefit["id"]
    indicator = {
        "name": "Hours per case",
        "unit_of_measure": "hours",
        "direction": "down",
        "baseline": "42",
        "target": "20",
        "action": "Move cases to the self-service form",
    }
    await manager.post(f"benefits/benefits/{benefit['id']}/indicators", indicator)


async def a_service_is_killed(stage: Stage) -> None:
    """N5: what was said is still there, once, when a process has been killed in the middle."""
    stage.chapter("7  Services and workers are killed with SIGKILL")
    manager, project = stage["manager"], stage.known["project"]
    before = await manager.get(f"benefits/projects/{project}/benefits")
    # What a worker has in hand when it dies waits for its lease to end: minutes that nobody watches.
    await stage.until("the mails so far", lambda: mails_when_sent(stage))
    for name in _SERVICES_TO_KILL:
        died = stage.house.kill(name)
        await stage.house.restarted(name, died)
        stage.say(f"  {name}: process {died} was killed, and another one answers.")
    after = await manager.get(f"benefits/projects/{project}/benefits")
    stage.check("every benefit is still there, once", before["items"] == after["items"])


async def the_gate_says_stop(stage: Stage) -> None:
    """G2, G3, G4, G6: proposed by one, stopped by another, on a frozen basis."""
    stage.chapter("8  The gate: proposed by one, decided by another")
    manager, owner, project = stage["manager"], stage["owner"], stage.known["project"]
    progress = await manager.get(_progress(project))
    gate = progress["gates_ahead"][0]
    proposal = {
        "gate": gate["code"],
        "outcome": "stop",
        "reason": "A cheaper way to meet the need has been found; the case no longer holds.",
        "answers": [{"item": item["code"], "value": "no"} for item in gate["items"]],
    }
    proposed = await manager.post(f"benefits/projects/{project}/gates", proposal)
    stage.say(f"Gate {gate['code']} is proposed on a basis with the hash {proposed['basis_sha256'][:16]}…")
    ruling = {"outcome": "stop", "reason": "Stop now and start something better.", "case_number": "2026/2"}
    path = f"benefits/gates/{proposed['id']}/decision"
    await stage.refused("the manager cannot decide", manager.post(path, ruling), code="not-allowed")
    async with stage.caller("manager", Role.BOARD_MEMBER) as proposer:
        claim = "nor can the proposer with a seat on the board (G3)"
        await stage.refused(claim, proposer.post(path, ruling), code="proposer-decides")
    decision = await owner.post(path, ruling)
    stage.check("the owner decides: stop", decision["project_state"] == "stopped")
    await stage.refused("a gate is decided once", owner.post(path, ruling), code="gate-decided-already")
    ended = [each for each in decision["benefits"] if each["state"] == "closed"]
    stage.check("its benefits are closed with it (G6)", len(ended) == 1)


def _progress(project: str) -> str:
    return f"benefits/projects/{project}/progress"


async def _staff(stage: Stage, project: str) -> None:
    """The project's owner and manager, and its phase model."""
    admin, people = stage["administrator"], stage.known["people"]
    for key, role in (("owner", "project-owner"), ("manager", "project-manager")):
        body = {"person_id": people[key], "role": role, "scope": "project", "scope_id": project}
        await admin.post("portfolio/role-assignments", body)

    async def begin() -> Document | None:
        """The benefits service hears of project and roles by the feed, and refuses until it has."""
        caller = stage["manager"]
        try:
            return await caller.post(_progress(project), {"phase_model": "uk-gates"})
        except NotDone as not_yet:
            if not_yet.status in {403, 404}:
                return None
            raise

    await stage.until("the benefits service to hear of the project", begin)


def _case(stage: Stage, chosen: Document) -> Document:
    """The disclosed whole-life cost in five years, and the disclosed benefits in the ten after."""
    year = int(chosen["start"][:4])
    cost, benefit = float(chosen["cost"]["amount"]), float(chosen["benefit"]["amount"])
    common = {"unit_id": stage.known["unit"], "price_year": 2023}
    return {
        "base_year": year,
        "horizon_years": 15,
        "price_year": 2023,
        "currency": "GBP",
        "regime": "uk-green-book",
        "lines": [
            {
                **common,
                "name": "Whole-life cost",
                "side": "cost",
                "kind": "investment",
                "first_year": year,
                "amounts": {"pattern": "yearly", "amounts": [f"{cost / 5:.2f}"] * 5},
            },
            {
                **common,
                "name": "Disclosed benefits",
                "side": "benefit",
                "kind": "avoided-cost",
                "first_year": year + 5,
                "amounts": {"pattern": "yearly", "amounts": [f"{benefit / 10:.2f}"] * 10},
            },
        ],
    }


def _benefit(stage: Stage, chosen: Document) -> Document:
    yearly = float(chosen["benefit"]["amount"]) / 10
    amount = {"amount": f"{yearly:.2f}", "currency": "GBP", "price_year": 2023}
    stage.say(f"Its owner in the line is asked for {money(amount)} a year.")
    return {
        "name": "Less work per case",
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner": {"role": "benefit-owner", "unit_id": stage.known["unit"]},
        "estimate": {"ledger": "money", "money_per_year": amount},
    }
