"""A leap year with 300 projects in three countries, hour by hour (N1, N2, N3, N5)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from gevinst_notifications.usecases.reminding import remind_due
from gevinst_notifications.worker import apply_event
from gevinst_shared.db.engine import Database
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.ids import new_id
from tests.notifications.naive_reminders import Step, Term, expected

COUNTRIES = {"NO": "0192:974760673", "DK": "0184:64942212", "SE": "0007:2120000142"}
PROJECTS = 300
BEGINS, ENDS = datetime(2027, 12, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
# What the rules say that we ship, in other words.
LINE = (
    Step("owner", -14, False),
    Step("owner", -3, False),
    Step("owner", 0, False),
    *(Step("owner", days, True) for days in (1, 6, 11, 16)),
    Step("controller", 7, True),
    Step("owners-leader", 21, True),
)
CONDITION = (
    Step("owner", -14, False),
    Step("owner", -3, False),
    Step("owner", -1, True),
    Step("owners-leader", -1, True),
)
REPORT = (
    Step("owner", -3, False),
    Step("owner", 0, False),
    *(Step("owner", days, True) for days in (1, 3, 5)),
    Step("owners-leader", 5, True),
    Step("office", 5, True),
)


@dataclass
class Body:
    """One organisation of the year, and what is to happen in it."""

    country: str
    people: dict[str, UUID] = field(default_factory=lambda: defaultdict(new_id))
    unit: UUID = field(default_factory=new_id)
    above: UUID = field(default_factory=new_id)
    facts: list[Event] = field(default_factory=list)
    # By moment and person how many reminders there should be.
    wanted: Counter[tuple[datetime, UUID]] = field(default_factory=Counter)

    def fact(self, kind: str, time: datetime, **data: Any) -> None:
        told = {name: str(one) if isinstance(one, UUID | date) else one for name, one in data.items()}
        event = Event(new_id(), COUNTRIES[self.country], f"gevinst.{kind}.v1", f"x/{new_id()}", time, told)
        self.facts.append(event)

    def want(
        self, terms: list[Term], steps: tuple[Step, ...], who: dict[str, UUID], *, at_once: bool
    ) -> None:
        for term in terms:
            for moment, rung in expected(term, steps, self.country, at_once=at_once):
                if moment < ENDS:
                    self.wanted[moment, who[rung]] += 1


def _body(country: str, rng: Random, projects: int) -> Body:
    body = Body(country)
    for who in ("controller", "lea", "office"):
        body.fact("portfolio.person-changed", BEGINS, person_id=body.people[who], subject=who, name=who)
    body.fact("portfolio.unit-changed", BEGINS, unit_id=body.above, name="Above", path=[str(body.above)])
    path = [str(body.above), str(body.unit)]
    body.fact("portfolio.unit-changed", BEGINS, unit_id=body.unit, name="Below", path=path)
    _role(body, "controller", "benefit-controller", "organisation")
    _role(body, "office", "portfolio-office", "organisation")
    _role(body, "lea", "unit-leader", "unit", scope_id=body.above)
    for number in range(projects):
        _project(body, rng, number)
    body.facts.sort(key=lambda one: one.time)
    return body


def _role(body: Body, who: str, role: str, scope: str, **more: Any) -> None:
    body.fact(
        "portfolio.role-assigned",
        BEGINS,
        assignment_id=new_id(),
        person_id=body.people[who],
        subject=who,
        role=role,
        scope=scope,
        **more,
    )


def _project(body: Body, rng: Random, number: int) -> None:
    owner, manager, doer = f"owner{number}", f"manager{number}", f"doer{number}"
    project = new_id()
    for who in (owner, manager, doer):
        body.fact("portfolio.person-changed", BEGINS, person_id=body.people[who], subject=who, name=who)
    body.fact(
        "portfolio.project-proposed",
        BEGINS,
        project_id=project,
        portfolio_id=new_id(),
        name=f"Project {number}",
        status="running",
        unit_id=body.unit,
        owner_id=body.people[owner],
        manager_id=body.people[manager],
    )
    _action(body, rng, project, doer)
    _condition(body, rng, project, doer)
    _report(body, rng, project, manager, owner)


def _life(rng: Random) -> Iterator[tuple[datetime, date | None]]:
    """A deadline, perhaps another one after it, and perhaps its end; many of them late, some never met."""
    at = BEGINS + timedelta(days=rng.randrange(330), hours=rng.randrange(24), minutes=15)
    for _ in range(rng.choice((1, 1, 2, 3))):
        due_on = at.date() + timedelta(days=rng.choice((2, 5, 14, 20, 35, 60, 90)))
        yield at, due_on
        at += timedelta(days=rng.randrange(1, 100), hours=rng.randrange(24))
    if rng.random() < 0.7:
        yield at, None


def _terms(life: list[tuple[datetime, date | None]]) -> list[Term]:
    ends = [at for at, _ in life[1:]] + [datetime(2030, 1, 1, tzinfo=UTC)]
    found: list[Term] = []
    for (at, due_on), end in zip(life, ends, strict=True):
        if due_on is None:
            continue
        if found and found[-1].due_on == due_on and found[-1].ends_at == at:
            found[-1] = Term(due_on, found[-1].set_at, end)
        else:
            found.append(Term(due_on, at, end))
    return found


def _action(body: Body, rng: Random, project: UUID, doer: str) -> None:
    action, life = new_id(), list(_life(rng))
    shared = {"project_id": project, "benefit_id": new_id(), "action_id": action, "name": "Teach"}
    for at, due_on in life:
        kind = "benefits.action-done" if due_on is None else "benefits.action-changed"
        when = {} if due_on is None else {"due_on": due_on}
        body.fact(kind, at, **shared, **when, owner_person_id=body.people[doer])
    who = {"owner": doer, "controller": "controller", "owners-leader": "lea"}
    body.want(_terms(life), LINE, {rung: body.people[one] for rung, one in who.items()}, at_once=False)


def _condition(body: Body, rng: Random, project: UUID, doer: str) -> None:
    condition, life = new_id(), list(_life(rng))
    shared = {"project_id": project, "condition_id": condition, "text": "Sign", "owner_id": body.people[doer]}
    for at, due_on in life:
        kind = "benefits.condition-met" if due_on is None else "benefits.condition-set"
        body.fact(kind, at, **shared, **({} if due_on is None else {"deadline": due_on}))
    who = {"owner": body.people[doer], "owners-leader": body.people["lea"]}
    body.want(_terms(life), CONDITION, who, at_once=True)


def _report(body: Body, rng: Random, project: UUID, manager: str, owner: str) -> None:
    """The report for a month, given in time, late, or never."""
    month = rng.randrange(1, 12)
    owed = datetime(2028, month, 1, 3, 15, tzinfo=UTC)
    due_on = date(2028, month, rng.randrange(4, 16))
    life: list[tuple[datetime, date | None]] = [(owed, due_on)]
    if rng.random() < 0.8:
        life.append((owed + timedelta(days=rng.randrange(1, 40)), None))
    for at, due in life:
        kind = "benefits.monthly-report-submitted" if due is None else "benefits.monthly-report-owed"
        when = {} if due is None else {"due_on": due}
        body.fact(kind, at, project_id=project, month=f"2028-{month:02}", **when)
    who = {"owner": manager, "owners-leader": owner, "office": "office"}
    body.want(_terms(life), REPORT, {rung: body.people[one] for rung, one in who.items()}, at_once=False)


async def _reminders(database: Database, organisation: str) -> Counter[tuple[datetime, UUID]]:
    async with database.transaction(organisation, read_only=True) as connection:
        rows = await connection.fetch(
            "SELECT n.occurred_at, i.person_id"
            " FROM inbox_item i JOIN notice n USING (organisation_id, event_id)"
            " WHERE n.type LIKE 'gevinst.notifications.duty-%'"
        )
    return Counter((row["occurred_at"], row["person_id"]) for row in rows)


@pytest.mark.slow
async def test_every_reminder_of_a_leap_year_is_where_simple_counting_says_and_once(
    database: Database,
) -> None:
    """N2, N3: leap day, both changes of the clocks, and Easter in Norway, Denmark and Sweden."""
    rng = Random(20280229)
    bodies = [_body(country, rng, PROJECTS // len(COUNTRIES)) for country in COUNTRIES]
    facts = sorted((one for body in bodies for one in body.facts), key=lambda one: one.time)
    coming, now = iter([*facts, None]), BEGINS
    fact = next(coming)
    while now < ENDS:
        while fact is not None and fact.time <= now:
            async with database.transaction(fact.organisation) as connection:
                await apply_event(connection, fact)
            fact = next(coming)
        while await remind_due(database, now):
            pass
        now += HOUR

    for body in bodies:
        found = await _reminders(database, COUNTRIES[body.country])
        assert sum(body.wanted.values()) > 1000
        assert found - body.wanted == Counter(), "told, and should not have been"
        assert body.wanted - found == Counter(), "not told, and should have been"
