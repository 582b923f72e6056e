"""The rules of an organisation, and its calendar, in the database (N2, N3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.ladder import Workplace
from gevinst_notifications.domain.duties.rules import DEFAULTS, Count, DutyRule, Rung, Step
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_notifications.tables.rules import calendar_day, calendar_year, duty_rule
from gevinst_shared.db.documents import document, documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.organisation import country

_RULES = Query(select(duty_rule))
_RULE = Query(select(duty_rule).where(duty_rule.c.kind == bindparam("kind")))
_HELD = Query(select(duty_rule).where(duty_rule.c.kind == bindparam("kind")).with_for_update())
_new = insert(duty_rule).values(
    {column.name: bindparam(column.name) for column in duty_rule.columns if column.name != "revision"}
)
_KEEP_RULE = Query(
    _new.on_conflict_do_update(
        index_elements=["organisation_id", "kind"],
        set_={name: _new.excluded[name] for name in ("steps", "within", "set_by", "set_at")}
        | {"revision": duty_rule.c.revision + 1},
        where=duty_rule.c.revision == bindparam("expected", type_=Integer),
    ).returning(duty_rule.c.revision)
)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule with who set it, and its revision: 0 where nobody ever has."""

    rule: DutyRule
    is_own: bool = False
    revision: int = 0
    set_by: str | None = None


_DAYS = Query(select(calendar_day.c.day, calendar_day.c.is_open))


_YEAR = Query(select(calendar_year.c.revision).where(calendar_year.c.year == bindparam("year")))
_KEEP_YEAR = Query(
    insert(calendar_year)
    .values(organisation_id=bindparam("organisation_id"), year=bindparam("year"))
    .on_conflict_do_update(
        index_elements=["organisation_id", "year"],
        set_={"revision": calendar_year.c.revision + 1},
        where=calendar_year.c.revision == bindparam("expected", type_=Integer),
    )
    .returning(calendar_year.c.revision)
)


def day_document(c: Columns) -> ColumnElement[Any]:
    """`CalendarDayOut`, as PostgreSQL writes it."""
    return document(day=c.day, is_open=c.is_open, name=c.name)


_LIST_DAYS = Query(
    select(documents(day_document(calendar_day.c), calendar_day.c.day)).where(
        calendar_day.c.day >= bindparam("since", type_=Date),
        calendar_day.c.day < bindparam("until", type_=Date),
    )
)
_DROP_DAYS = Query(
    delete(calendar_day).where(
        calendar_day.c.day >= bindparam("since", type_=Date),
        calendar_day.c.day < bindparam("until", type_=Date),
    )
)
_ADD_DAY = Query(
    insert(calendar_day).values({column.name: bindparam(column.name) for column in calendar_day.columns})
)


async def all_rules(connection: Connection) -> Mapping[DutyKind, DutyRule]:
    """The rule of every kind: the organisation's own, else ours."""
    own = {DutyKind(row["kind"]): rule_from(dict(row)) for row in await _RULES.rows(connection)}
    return {**DEFAULTS, **own}


async def get_rule(connection: Connection, kind: DutyKind, *, for_change: bool = False) -> KeptRule:
    """The rule of a kind; `for_change` holds one that was set."""
    row = await (_HELD if for_change else _RULE).find(connection, kind=str(kind))
    return KeptRule(DEFAULTS[kind]) if row is None else _kept(dict(row))


async def list_rules(connection: Connection) -> list[KeptRule]:
    """The rule of every kind."""
    own = {row["kind"]: _kept(dict(row)) for row in await _RULES.rows(connection)}
    return [own.get(str(kind), KeptRule(DEFAULTS[kind])) for kind in DutyKind]


async def keep_rule(
    connection: Connection, organisation: str, rule: DutyRule, *, is_own: bool, by: str, expected: int
) -> bool:
    """Set the rule; False when it is not at revision `expected` any more. Not `is_own`: back to ours."""
    steps = RawJson(json.dumps([step_json(step) for step in rule.steps]))
    revision = await _KEEP_RULE.value(
        connection,
        organisation_id=organisation,
        kind=rule.kind,
        steps=steps if is_own else None,
        within=rule.within if is_own else None,
        set_by=by,
        set_at=rule.set_at,
        expected=expected,
    )
    return bool(revision == expected + 1)


async def workplace(connection: Connection, organisation: str) -> Workplace:
    """The organisation's working days: its country's, and its own."""
    rows = await _DAYS.rows(connection)
    closed = frozenset(row["day"] for row in rows if not row["is_open"])
    opened = frozenset(row["day"] for row in rows if row["is_open"])
    return Workplace(organisation, WorkCalendar(country(organisation), closed, opened))


async def list_days(connection: Connection, year: int) -> str:
    """The organisation's own days of a year, as a JSON array."""
    found: str = await _LIST_DAYS.value(connection, since=date(year, 1, 1), until=date(year + 1, 1, 1))
    return found


async def days_revision(connection: Connection, year: int) -> int:
    """How often the organisation has set its own days of the year."""
    return await _YEAR.value(connection, year=year) or 0


async def count_setting(connection: Connection, organisation: str, year: int, *, expected: int) -> bool:
    """Whether the days of the year are at revision `expected`; then they are at the next one."""
    revision = await _KEEP_YEAR.value(connection, organisation_id=organisation, year=year, expected=expected)
    return bool(revision == expected + 1)


async def replace_days(
    connection: Connection, organisation: str, year: int, days: Sequence[Mapping[str, Any]]
) -> None:
    """The organisation's own days of the year are these, and no others."""
    await _DROP_DAYS.run(connection, since=date(year, 1, 1), until=date(year + 1, 1, 1))
    if days:
        await _ADD_DAY.run_many(connection, [{"organisation_id": organisation, **day} for day in days])


def step_json(step: Step) -> dict[str, Any]:
    """A step as it is kept and answered; absent rather than null."""
    members = {
        "to": str(step.to),
        "days": step.days,
        "count": None if step.days is None else str(step.count),
        "every": step.every,
        "times": step.times if step.every is not None else None,
    }
    return {name: value for name, value in members.items() if value is not None}


def rule_from(row: Mapping[str, Any]) -> DutyRule:
    ours = DEFAULTS[DutyKind(row["kind"])]
    if row["steps"] is None:
        return replace(ours, set_at=row["set_at"])
    steps = tuple(
        Step(
            Rung(one["to"]),
            one.get("days"),
            Count(one.get("count", Count.WORKING)),
            one.get("every"),
            one.get("times", 1),
        )
        for one in json.loads(row["steps"])
    )
    return DutyRule(ours.kind, steps, row["within"], row["set_at"])


def _kept(row: Mapping[str, Any]) -> KeptRule:
    return KeptRule(rule_from(row), row["steps"] is not None, row["revision"], row["set_by"])
