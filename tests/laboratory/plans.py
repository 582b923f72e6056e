"""What the people of a body do with its benefits in the storm: goals, benefits, measurements, business cases.

What is asked of the benefits service of a record that portfolio has just acknowledged is asked again until
benefits has heard of it.
"""

from random import Random
from typing import Any

from gevinst_shared.cli.api import Document
from tests.laboratory.bodies import Body
from tests.laboratory.canaries import Key
from tests.laboratory.model import Model, Record

_KRONER = {"currency": "NOK", "price_year": 2026}
FIELDS = {
    "goal": ("name", "kind", "money", "due_year", "state", "unit"),
    "benefit": (
        *("project", "name", "mode", "kind", "state", "ledger", "money_per_year", "owner_role"),
        *("owner_unit", "hangs_on", "begins_on", "duration_months"),
    ),
    "indicator": ("benefit", "name", "unit_of_measure", "direction", "baseline", "target"),
    "measurement": ("indicator", "taken_on", "value", "corrects", "is_corrected"),
    "business_case": (
        *("project", "number", "currency", "base_year", "horizon_years", "price_year"),
        *("net_present_value", "localised_from"),
    ),
    "status": ("project", "benefits", "unconfirmed", "without_indicator", "indicators", "measured"),
}
_MOST_DAYS = 300


async def plan_benefit(body: Body, rng: Random) -> None:
    project = body.any_of(rng, "project")
    if project is None:
        return
    asked = _benefit(body, rng)
    made = await body.ask(f"benefits/projects/{project.id}/benefits", asked)
    keep_benefit(body, made)
    return


async def change_benefit(body: Body, rng: Random) -> None:
    record = body.any_of(rng, "benefit")
    if record is None:
        return await plan_benefit(body, rng)
    asked = _benefit(body, rng)
    made = await body.person.put(f"benefits/benefits/{record.id}", asked, revision=record.revision)
    keep_benefit(body, made)
    return None


async def set_goal(body: Body, rng: Random) -> None:
    """And link it to a benefit that is to meet it, which brings it to whom that is shared with."""
    money = {**_KRONER, "amount": _figure(body, rng, "money")}
    asked = {
        "unit_id": body.unit_id,
        "name": f"Mål {body.canaries.word(body.organisation, 'name').text}",
        "description": body.word("description"),
        "target": {"kind": "savings-frame", "money": money},
        "due_year": rng.randrange(2027, 2035),
    }
    made = await body.ask("benefits/goals", asked)
    assert (made["name"], made["target"]["money"]) == (asked["name"], money)
    record = body.model.add(Record("goal", made["id"], {}, 0, references={"unit": "unit"}))
    _keep_goal(body, record, made)
    benefit = body.any_of(rng, "benefit")
    if benefit is not None:
        linked = await body.ask(f"benefits/goals/{record.id}/means", {"benefit_id": benefit.id})
        record.means.add(benefit.key)
        _keep_goal(body, record, linked)


async def add_indicator(body: Body, rng: Random) -> None:
    benefit = body.any_of(rng, "benefit")
    if benefit is None or len(_under(body.model, "indicator", "benefit", benefit.id)) >= 3:
        return await plan_benefit(body, rng)
    baseline, target = _figure(body, rng, "baseline"), _figure(body, rng, "target")
    asked = {
        "name": f"Minutter {body.canaries.word(body.organisation, 'name').text}",
        "unit_of_measure": "minutes",
        "direction": "down" if baseline > target else "up",
        "baseline": baseline,
        "target": target,
        "action": body.word("action"),
    }
    made = await body.ask(f"benefits/benefits/{benefit.id}/indicators", asked)
    fields = {"benefit": benefit.id} | {name: made[name] for name in FIELDS["indicator"][1:]}
    assert all(fields[name] == asked[name] for name in ("name", "baseline", "target"))
    record = Record(
        *("indicator", made["id"], fields, made["revision"]),
        parents=("benefit",),
        references={"benefit": "benefit"},
    )
    _keep(body, record, asked)
    _count(body.model, benefit.fields["project"])
    return None


async def measure(body: Body, rng: Random) -> None:
    indicator = body.any_of(rng, "indicator")
    if indicator is None:
        return await add_indicator(body, rng)
    taken = len(_under(body.model, "measurement", "indicator", indicator.id))
    month, day = divmod(taken % _MOST_DAYS, 28)
    await _measured(body, rng, indicator.id, {"taken_on": f"2025-{month + 1:02}-{day + 1:02}"})
    return None


async def correct(body: Body, rng: Random) -> None:
    """Another measurement takes the place of one that stands."""
    standing = [one for one in body.model.of_kind("measurement") if not one.fields["is_corrected"]]
    if not standing:
        return await measure(body, rng)
    wrong = rng.choice(standing)
    corrects = {"corrects_id": wrong.id, "reason": body.word("reason")}
    day = {"taken_on": wrong.fields["taken_on"]}
    await _measured(body, rng, wrong.fields["indicator"], {**day, **corrects})
    wrong.fields["is_corrected"] = True
    return None


async def write_case(body: Body, rng: Random) -> None:
    """Of one line in the first year, so that its figure is its value, too."""
    project = body.any_of(rng, "project")
    if project is None:
        return
    amount = _figure(body, rng, "net_present_value")
    line = {
        "name": body.word("line"),
        "side": "cost",
        "kind": "investment",
        "unit_id": body.unit_id,
        "first_year": 2026,
        "price_year": 2026,
        "amounts": {"pattern": "yearly", "amounts": [amount]},
    }
    asked = {"base_year": 2026, "horizon_years": rng.randrange(2, 9), **_KRONER, "lines": [line]}
    made = await body.ask(f"benefits/projects/{project.id}/business-cases", asked)
    assert made["net_present_value"] == f"-{amount}"
    fields = {name: made[name] for name in FIELDS["business_case"][1:-2]}
    fields |= {"project": project.id, "localised_from": "none"}
    fields["net_present_value"] = {**_KRONER, "amount": f"-{amount}"}
    _keep(body, _of_project("business_case", project.id, fields), asked)


def add_status(body: Body, project_id: str) -> None:
    """How a project stands, from its beginning on; it has the project's id."""
    body.model.add(_of_project("status", project_id, {}))
    body.canaries.known(body.organisation, project_id, ("status", project_id))
    _count(body.model, project_id)


def keep_benefit(body: Body, made: Document) -> None:
    """The benefit as its owner's API says it is; what others called it may have come with an agreement."""
    estimate, timing = made["estimate"], made["timing"]
    fields = {name: made[name] for name in ("name", "mode", "kind", "state")} | {
        "project": made["project_id"],
        "ledger": estimate["ledger"],
        "money_per_year": estimate["money_per_year"],
        "owner_role": made["owner"]["role"],
        "owner_unit": made["owner"]["unit_id"],
        "hangs_on": timing["hangs_on"],
        "begins_on": timing["starts_on"],
        "duration_months": timing["duration_months"],
    }
    record = Record(
        *("benefit", made["id"], fields, made["revision"]),
        parents=("project",),
        references={"project": "project", "owner_unit": "unit"},
    )
    told = {name: fields[name] for name in ("name", "money_per_year")}
    _keep(body, record, told)
    _count(body.model, made["project_id"])


def _benefit(body: Body, rng: Random) -> Document:
    day = f"20{rng.randrange(27, 33)}-0{rng.randrange(1, 10)}-01"
    return {
        "name": f"Gevinst {body.canaries.word(body.organisation, 'name').text}",
        "description": body.word("description"),
        "mode": rng.choice(("redeployed", "public-elsewhere")),
        "kind": "avoided-cost",
        "owner": {"role": "unit-leader", "unit_id": body.unit_id},
        "estimate": {
            "ledger": "money",
            "money_per_year": {**_KRONER, "amount": _figure(body, rng, "money_per_year")},
        },
        "timing": {"hangs_on": "none", "starts_on": day, "duration_months": rng.randrange(12, 120)},
        "budget_line": body.word("budget_line"),
    }


async def _measured(body: Body, rng: Random, indicator_id: str, asked: Document) -> None:
    asked |= {"value": _figure(body, rng, "value"), "source": body.word("source")}
    made = await body.ask(f"benefits/indicators/{indicator_id}/measurements", asked)
    assert (made["value"], made["taken_on"]) == (asked["value"], asked["taken_on"])
    fields = {"indicator": indicator_id, "taken_on": made["taken_on"], "value": made["value"]}
    fields |= {"is_corrected": False} | ({"corrects": made["corrects_id"]} if "corrects_id" in made else {})
    record = Record(
        *("measurement", made["id"], fields, made["revision"]),
        parents=("indicator",),
        references={"indicator": "indicator", "corrects": "measurement"},
    )
    _keep(body, record, asked)
    benefit = body.model.records["indicator", indicator_id].fields["benefit"]
    _count(body.model, body.model.records["benefit", benefit].fields["project"])


def _keep_goal(body: Body, record: Record, made: Document) -> None:
    record.fields = {name: made[name] for name in ("name", "due_year", "state")}
    record.fields |= {
        "kind": made["target"]["kind"],
        "money": made["target"]["money"],
        "unit": made["unit_id"],
    }
    record.revision = made["revision"]
    _known(body, record, record.fields)


def _keep(body: Body, record: Record, told: Document) -> None:
    body.model.add(record)
    _known(body, record, told)


def _known(body: Body, record: Record, told: Document) -> None:
    """Its id is the record's, and so are those words and figures that a field has that can be shared."""
    body.canaries.known(body.organisation, record.id, record.key)
    for canary in body.canaries.standing_in(str(told)):
        at = next((name for name, value in record.fields.items() if canary.text in str(value)), None)
        if at is not None:
            canary.stands_in(record.key, at=at, of=body.organisation)


def _of_project(kind: str, project_id: str, fields: dict[str, Any]) -> Record:
    """A record of which a project has one, with the project's own id."""
    fields = {"project": project_id, **fields}
    return Record(kind, project_id, fields, 0, parents=("project",), references={"project": "project"})


def _count(model: Model, project_id: str) -> None:
    """What the status of a project says; nobody confirms here, so every benefit is unconfirmed."""
    benefits = _under(model, "benefit", "project", project_id)
    indicators = {one.id: _under(model, "indicator", "benefit", one.id) for one in benefits}
    every = [indicator for many in indicators.values() for indicator in many]
    measured = [one for one in every if _under(model, "measurement", "indicator", one.id)]
    status: Key = ("status", project_id)
    model.records[status].fields = {
        "project": project_id,
        "benefits": len(benefits),
        "unconfirmed": len(benefits),
        "without_indicator": sum(not many for many in indicators.values()),
        "indicators": len(every),
        "measured": len(measured),
    }


def _under(model: Model, kind: str, field: str, parent_id: str) -> list[Record]:
    return [record for record in model.of_kind(kind) if record.fields[field] == parent_id]


def _figure(body: Body, rng: Random, of: str) -> str:
    """Eleven digits and two decimals, none of which is a nought, so that nobody writes it otherwise."""
    whole = body.canaries.figure(body.organisation, of).text
    return f"{whole}.{rng.randrange(1, 10)}{rng.randrange(1, 10)}"
