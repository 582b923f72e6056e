"""Scenarios in the database."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, ColumnElement, Text, and_, bindparam, case, or_, select

from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions
from gevinst_portfolio.domain.scenario_solving import Scenario
from gevinst_portfolio.domain.scenario_worth import ValueChoice, ValuePart, ValueRule
from gevinst_portfolio.store.plan_inputs import money_by_year
from gevinst_portfolio.store.runs import EVERYBODY
from gevinst_portfolio.store.scenario_rules import rules_of
from gevinst_portfolio.tables.scenarios import scenario
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown

_SUMMARY = (
    "status",
    "ended_by",
    "value",
    "bound",
    "gap",
    "work",
    "selected_count",
    "left_out_count",
    "not_considered_count",
)


def scenario_document(c: Columns) -> ColumnElement[Any]:
    """`ScenarioOut` without `inputs_changed`, as PostgreSQL writes it."""
    return document(**_members(c))


def _members(c: Columns) -> dict[str, Any]:
    summary = document(**{name: c.plan[name] for name in _SUMMARY})
    return {
        "id": c.id,
        "organisation": c.organisation_id,
        "portfolio_id": c.portfolio_id,
        "name": c.name,
        "first_quarter": c.first_quarter,
        "quarters": c.quarters,
        "seed": c.seed,
        "work_limit": c.work_limit,
        "assumptions": c.assumptions,
        "author": c.author,
        "plan_summary": case((c.plan.is_not(None), summary)),
        "plan_run_id": c.plan_run_id,
        "solved_at": moment(c.solved_at),
        "published_at": moment(c.published_at),
        "published_by": c.published_by,
        "revision": c.revision,
        "created_at": moment(c.created_at),
    }


def _is_for(reader: ColumnElement[Any]) -> ColumnElement[bool]:
    """P8: private to its author and the office until it is published; a deleted one is nobody's."""
    is_open = or_(scenario.c.published_at.is_not(None), reader == EVERYBODY, scenario.c.author == reader)
    return and_(scenario.c.deleted_at.is_(None), is_open)


_reader_of_list = bindparam("filter_reader", type_=Text)
LISTING = Listing(
    scenario,
    scenario_document,
    filters={
        "reader": case((_is_for(_reader_of_list), _reader_of_list)),
        "portfolio": scenario.c.portfolio_id,
    },
    sorts={"id": scenario.c.id, "name": scenario.c.name},
)
_READER = bindparam("reader", type_=Text)
_MINE = (scenario.c.id == bindparam("id"), _is_for(_READER))
_ROW = Query(select(scenario).where(*_MINE))
_LOCK = Query(select(scenario).where(*_MINE).with_for_update())
_IS_DELETED = Query(select(scenario.c.deleted_at.is_not(None)).where(scenario.c.id == bindparam("id")))
_changed = bindparam("inputs_changed", type_=Boolean)
_GET = Query(
    select(
        document(**_members(scenario.c), inputs_changed=_changed).label("document"), scenario.c.revision
    ).where(*_MINE)
)
SAID = ("name", "first_quarter", "quarters", "seed", "work_limit", "assumptions")
_CHANGE = outbox.update(scenario, scenario_document, columns=SAID)
_DELETE = outbox.update(scenario, scenario_document, columns=("deleted_at",))
_ADD = outbox.insert(
    scenario,
    scenario_document,
    without=("plan", "plan_inputs", "plan_run_id", "solved_at", "published_at", "published_by", "deleted_at"),
)
_ADD_COPY = outbox.insert(scenario, scenario_document, without=("published_at", "published_by", "deleted_at"))
_PUBLISH = outbox.update(scenario, scenario_document, columns=("published_at", "published_by"))
_KEEP_PLAN = outbox.update(
    scenario, scenario_document, columns=("plan", "plan_inputs", "plan_run_id", "solved_at")
)


async def add_scenario(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the scenario with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def add_copy(
    connection: Connection, values: Mapping[str, Any], of: Scenario, record: Mapping[str, Any]
) -> Stored:
    """Insert the scenario with the plan of another that supposes the same, if that has one."""
    plan = {
        "plan": _json(of.plan),
        "plan_inputs": _json(of.plan_inputs),
        "plan_run_id": of.plan_run_id,
        "solved_at": of.solved_at,
    }
    row = await _ADD_COPY.find(connection, **values, **plan, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def get_document(
    connection: Connection, scenario_id: UUID, reader: str, *, inputs_changed: bool | None
) -> Stored:
    """The scenario's JSON; `inputs_changed` is absent for one without a plan."""
    row = await _GET.find(connection, id=scenario_id, reader=reader, inputs_changed=inputs_changed)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_scenario(connection: Connection, scenario_id: UUID, reader: str) -> Scenario:
    """The scenario as `reader` may see it, or `Unknown`."""
    return _scenario(await _ROW.find(connection, id=scenario_id, reader=reader))


async def lock_scenario(connection: Connection, scenario_id: UUID, reader: str) -> Scenario:
    """The scenario, which nobody else changes before this transaction ends; or `Unknown`."""
    return _scenario(await _LOCK.find(connection, id=scenario_id, reader=reader))


async def is_deleted(connection: Connection, scenario_id: UUID) -> bool:
    return bool(await _IS_DELETED.value(connection, id=scenario_id))


async def change_scenario(
    connection: Connection,
    scenario_id: UUID,
    said: Mapping[str, Any],
    record: Mapping[str, Any],
    *,
    expected: int,
) -> Stored | None:
    """Replace what the scenario says; None when it is not at revision `expected` any more."""
    new = {f"new_{name}": said[name] for name in SAID}
    row = await _CHANGE.find(connection, id=scenario_id, expected=expected, **new, **record)
    return None if row is None else Stored(row["document"], row["revision"])


async def delete_scenario(
    connection: Connection, scenario_id: UUID, record: Mapping[str, Any], *, at: datetime, expected: int
) -> bool:
    """Nobody finds the scenario any more; False when it is not at revision `expected` any more."""
    row = await _DELETE.find(connection, id=scenario_id, expected=expected, new_deleted_at=at, **record)
    return row is not None


async def publish(
    connection: Connection,
    scenario_id: UUID,
    *,
    at: datetime,
    by: str,
    expected: int,
    record: Mapping[str, Any],
) -> Stored | None:
    """Show the scenario to the board; None when it is not at revision `expected` any more."""
    row = await _PUBLISH.find(
        connection, id=scenario_id, expected=expected, new_published_at=at, new_published_by=by, **record
    )
    return None if row is None else Stored(row["document"], row["revision"])


async def keep_plan(
    connection: Connection, scenario_id: UUID, values: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Keep the plan of a solve; `values` has plan and plan_inputs (JSON), plan_run_id and solved_at."""
    new = {f"new_{name}": value for name, value in values.items()}
    for name in ("plan", "plan_inputs"):
        new[f"new_{name}"] = RawJson(json.dumps(values[name], ensure_ascii=False))
    await _KEEP_PLAN.find(connection, id=scenario_id, expected=None, **new, **record)


def _json(document: Mapping[str, Any] | None) -> RawJson | None:
    return None if document is None else RawJson(json.dumps(document, ensure_ascii=False))


def _scenario(row: asyncpg.Record | None) -> Scenario:
    if row is None:
        raise Unknown
    said = json.loads(row["assumptions"])
    assumptions = Assumptions(
        money=money_by_year(said["budgets"]),
        forced_in=frozenset(map(UUID, said["forced_in"])),
        forced_out=frozenset(map(UUID, said["forced_out"])),
        value=_value_rule(said),
        delay_rate=Decimal(said["delay_rate"]),
        rules=rules_of(said),
    )
    return Scenario(
        id=row["id"],
        portfolio_id=row["portfolio_id"],
        name=row["name"],
        first=Quarter.read(row["first_quarter"]),
        quarters=row["quarters"],
        seed=row["seed"],
        work_limit=row["work_limit"],
        assumptions=assumptions,
        plan=None if row["plan"] is None else json.loads(row["plan"]),
        plan_inputs=None if row["plan_inputs"] is None else json.loads(row["plan_inputs"]),
        said={**{name: row[name] for name in SAID}, "assumptions": said},
        plan_run_id=row["plan_run_id"],
        solved_at=row["solved_at"],
        is_published=row["published_at"] is not None,
        revision=row["revision"],
    )


def _value_rule(said: Mapping[str, Any]) -> ValueRule:
    rule = ValueRule(ValueChoice(said["value"]), said.get("value_percentile"))
    if said.get("value_mix") is None:
        return rule
    return replace(rule, mix={part: said["value_mix"][part.name.lower()] for part in ValuePart})
