"""What the people of a body do in the storm, here with portfolio's records; all of it stands in `ACTS`.

An act asks the body's own API, and then writes into its model what was acknowledged. It chooses by `rng` and
the model alone, so that a seed gives the same acts in the same order.
"""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from gevinst_shared.cli.api import Document
from tests.laboratory import agreeing, plans
from tests.laboratory.bodies import Body
from tests.laboratory.model import Grant, Record

Act = Callable[[Body, Random], Awaitable[None]]
MOST_RENEWALS = 2
_PLANS_SHARED = 0.6
_PROJECT_FIELDS = (
    *("name", "kind", "status", "source", "category", "is_statutory"),
    *("start", "end", "cost", "benefit", "programme"),
)
_UNTIL = "2099-12-31"


async def add_programme(body: Body, rng: Random) -> None:
    name = body.canaries.word(body.organisation, "name")
    asked = {"portfolio_id": body.portfolio_id, "name": f"Program {name.text}"}
    made = await body.person.post("portfolio/programmes", asked)
    record = Record("programme", made["id"], {"name": asked["name"]}, made["revision"])
    body.model.records[record.key] = record
    name.stands_in(record.key)
    body.canaries.known(body.organisation, record.id, record.key)


async def rename_programme(body: Body, rng: Random) -> None:
    record = body.any_of(rng, "programme")
    if record is None:
        return await add_programme(body, rng)
    name = body.canaries.word(body.organisation, "name", record.key)
    asked = {"name": f"Omdøpt {name.text}"}
    path = f"portfolio/programmes/{record.id}"
    made = await body.person.put(path, asked, revision=record.revision)
    record.fields, record.revision = {"name": asked["name"]}, made["revision"]
    assert made["name"] == asked["name"]
    return None


async def add_project(body: Body, rng: Random) -> None:
    asked = _project(body, rng, None)
    made = await body.person.post("portfolio/projects", {**asked, "portfolio_id": body.portfolio_id})
    record = Record(
        "project",
        made["id"],
        _told(asked, made),
        made["revision"],
        parents=("programme",),
        references={"programme": "programme"},
    )
    body.model.records[record.key] = record
    body.canaries.known(body.organisation, record.id, record.key)
    for canary in body.canaries.standing_in(str(asked)):
        if canary.field != "need":
            canary.stands_in(record.key)
    plans.add_status(body, record.id)


async def change_project(body: Body, rng: Random) -> None:
    record = body.any_of(rng, "project")
    if record is None:
        return await add_project(body, rng)
    asked = _project(body, rng, record)
    path = f"portfolio/projects/{record.id}"
    made = await body.person.put(path, asked, revision=record.revision)
    record.fields, record.revision = _told(asked, made), made["revision"]
    return None


async def give(body: Body, rng: Random) -> None:
    record = body.any_of(rng, rng.choice(("project", "programme")))
    if record is None:
        return await add_project(body, rng)
    fields = {"project": sorted(rng.sample(_PROJECT_FIELDS, rng.randrange(2, len(_PROJECT_FIELDS))))}
    if record.kind == "programme" and rng.random() < 0.7:
        fields["programme"] = ["name"]
    for kind, names in plans.FIELDS.items():
        if rng.random() < _PLANS_SHARED:
            fields[kind] = sorted(rng.sample(names, rng.randrange(2, len(names) + 1)))
    await share(body, rng.choice(sorted(body.partners)), record, fields)
    return None


async def share(body: Body, reader: str, record: Record, fields: dict[str, list[str]]) -> None:
    """Give a reader these fields of each kind under the record."""
    asked = {"kind": record.kind, "record_id": record.id, "fields": fields, "until": _UNTIL}
    asked["purpose"] = body.word("purpose")
    path = f"portfolio/sync-partners/{body.partners[reader]}/grants"
    made = await body.person.post(path, asked)
    body.canaries.known(body.organisation, made["id"])
    body.model.grants[made["id"]] = Grant(reader, record.id, fields)
    body.model.changes[reader] += 1


async def end(body: Body, rng: Random) -> None:
    if not body.model.grants:
        return await give(body, rng)
    await end_grant(body, rng.choice(list(body.model.grants)))
    return None


async def end_grant(body: Body, grant_id: str) -> None:
    reader = body.model.grants[grant_id].reader
    await body.person.post(f"portfolio/sync-partners/{body.partners[reader]}/grants/{grant_id}/end")
    del body.model.grants[grant_id]
    body.model.changes[reader] += 1


async def pause_or_resume(body: Body, rng: Random) -> None:
    reader = rng.choice(sorted(body.model.paused) or sorted(body.partners))
    if reader in body.model.paused:
        await body.tell(reader, "resume")
        body.model.paused.discard(reader)
    else:
        await body.tell(reader, "pause")
        body.model.paused.add(reader)


async def renew_key(body: Body, rng: Random) -> None:
    """The storm's operator then tells the others' issuers."""
    if body.model.renewals >= MOST_RENEWALS:
        return await change_project(body, rng)
    await body.person.post("portfolio/sync-identity/renew")
    body.model.renewals += 1
    return None


ACTS: tuple[tuple[int, Act], ...] = (
    (2, add_programme),
    (3, rename_programme),
    (6, add_project),
    (8, change_project),
    (10, give),
    (5, end),
    (2, pause_or_resume),
    (1, renew_key),
    (6, plans.plan_benefit),
    (4, plans.change_benefit),
    (3, plans.set_goal),
    (4, plans.add_indicator),
    (4, plans.measure),
    (3, plans.correct),
    (3, plans.write_case),
    (4, agreeing.offer),
    (8, agreeing.go_on),
    (8, agreeing.answer),
)
# So that there is soon something to share and to agree on.
BEGINNING: tuple[Act, ...] = (add_project, plans.plan_benefit, agreeing.offer, plans.add_indicator, give)


def chosen(rng: Random) -> Act:
    return rng.choices([act for _, act in ACTS], [weight for weight, _ in ACTS])[0]


def _project(body: Body, rng: Random, record: Record | None) -> Document:
    """What is said of a project; `need` never leaves."""
    key = None if record is None else record.key

    def word(of: str) -> str:
        return body.canaries.word(body.organisation, of, key).text

    def figure(of: str) -> str:
        return f"{body.canaries.figure(body.organisation, of, key).text}.{rng.randrange(100):02}"

    asked: Document = {"name": f"Prosjekt «{word('name')}»", "need": body.word("need")}
    asked["is_statutory"] = rng.random() < 0.3
    asked["start"] = f"20{rng.randrange(27, 31)}-0{rng.randrange(1, 10)}-01"
    asked["end"] = f"20{rng.randrange(32, 40)}-0{rng.randrange(1, 10)}-28"
    if rng.random() < 0.8:
        asked |= {"cost": figure("cost"), "benefit": figure("benefit")}
    if rng.random() < 0.5:
        asked["category"] = word("category")
    programme = body.any_of(rng, "programme")
    if programme is not None and rng.random() < 0.6:
        asked["programme_id"] = programme.id
    return asked


def _told(asked: Document, made: Document) -> dict[str, Any]:
    """The fields of the wire, as they were acknowledged: nothing of what was asked is another."""
    for name in ("name", "is_statutory", "start", "end", "category", "programme_id"):
        assert made.get(name) == asked.get(name), (name, asked, made)
    for name in ("cost", "benefit"):
        assert made.get(name, {}).get("amount") == asked.get(name), (name, asked, made)
    found = {name: made[name] for name in (*_PROJECT_FIELDS, "phase", "deadline") if name in made}
    return found | ({"programme": made["programme_id"]} if "programme_id" in made else {})
