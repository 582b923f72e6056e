"""Our projects and those that partners gave, counted and summed for each body by PostgreSQL (X4)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from gevinst_portfolio.domain.joint_portfolio import SUMMED, Figures, Known, Shown
from gevinst_portfolio.domain.projects import CURRENT
from gevinst_portfolio.store.shared_kinds import PROJECT
from gevinst_portfolio.tables.organisations import organisation
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing, Page
from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import WITH_OWN, JointBodies, held_partners, joint_records, value_of
from gevinst_shared.values.joint_body import JointBody


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects; what is None does not matter. `own`: ours, too."""

    own: bool = True
    status: str | None = None
    phase: str | None = None
    source: str | None = None
    category: str | None = None
    programme: UUID | None = None


_NAME = Query(
    select(organisation.c.name).where(organisation.c.organisation_id == bindparam("organisation_id"))
)
_BODIES = JointBodies(sync)
_records = joint_records(sync, PROJECT, with_own=WITH_OWN).subquery("records")
_body = _records.c.body
_FILTERS = ("status", "phase", "source", "category", "programme")


def _is_wanted() -> ColumnElement[bool]:
    """Null when nobody can tell: what is asked for was not shared. Of ours everything is known."""
    asked = []
    for name in _FILTERS:
        wanted = bindparam(name, type_=Uuid if name == "programme" else Text)
        asked.append(or_(wanted.is_(None), value_of(_body, name) == cast(wanted, Text)))
    return case((_records.c.partner_id.is_(None), func.coalesce(and_(*asked), False)), else_=and_(*asked))


def _amounts(what: Shown) -> tuple[ColumnElement[Any], ...]:
    """Whole hundredths, currency and price year; null when it is missing, or not of a current project."""
    minor = cast(value_of(_body, what.value, "amount"), Numeric) * literal_column("100")
    year = cast(value_of(_body, what.value, "price_year"), Integer)
    return (
        minor.label(f"{what}_minor"),
        value_of(_body, what.value, "currency").label(f"{what}_currency"),
        year.label(f"{what}_year"),
    )


_flat = select(
    _records.c.partner_id,
    _is_wanted().label("is_wanted"),
    value_of(_body, "status").label("status"),
    value_of(_body, "phase").label("phase"),
    *_amounts(Shown.COST),
    *_amounts(Shown.BENEFIT),
    cast(value_of(_body, "start"), Date).label("start"),
    cast(value_of(_body, "end"), Date).label("end"),
).subquery("flat")
_c = _flat.c
_is_current = func.coalesce(
    and_(_c.is_wanted, _c.status.in_([literal_column(f"'{one}'") for one in sorted(CURRENT)])), False
)
_UNIT = {what: (_c[f"{what}_currency"], _c[f"{what}_year"]) for what in SUMMED}
_OF = {
    Shown.STATUS: _c.status,
    Shown.PHASE: _c.phase,
    Shown.COST: _c.cost_minor,
    Shown.BENEFIT: _c.benefit_minor,
    Shown.START: _c.start,
    Shown.END: _c.end,
}
_FIGURES = Query(
    select(
        _c.partner_id,
        func.grouping(_c.status, _c.phase, _c.cost_year, _c.benefit_year).label("level"),
        _c.status,
        _c.phase,
        *(column for what in SUMMED for column in _UNIT[what]),
        func.count().filter(_c.is_wanted).label("projects"),
        func.count().filter(_c.is_wanted.is_(None)).label("undecided"),
        func.count().filter(_is_current).label("current"),
        *(
            func.count()
            .filter(_c.is_wanted if what is Shown.STATUS else _is_current, _OF[what].is_(None))
            .label(f"{what}_missing")
            for what in Shown
        ),
        *(func.sum(_OF[what]).filter(_is_current).label(f"{what}_minor") for what in SUMMED),
        func.min(_c.start).filter(_is_current).label("first_start"),
        func.max(_c.end).filter(_is_current).label("last_end"),
    )
    .where(func.coalesce(_c.is_wanted, True))
    .group_by(
        func.grouping_sets(
            tuple_(_c.partner_id),
            tuple_(_c.partner_id, _c.status),
            tuple_(_c.partner_id, _c.phase),
            *(tuple_(_c.partner_id, *_UNIT[what]) for what in SUMMED),
        )
    )
)
_held = held_partners(sync)
_every = joint_records(sync, PROJECT, with_own=true()).subquery("every")
_traced = select(
    _every.c.record_id.label("id"),
    *(_every.c[name] for name in ("partner_id", "owner", "body", "number", "revision_id")),
    *(_every.c[name] for name in ("at", "received_at")),
    func.coalesce(_every.c.partner_id.in_(_held), False).label("is_held"),
).subquery("traced")


def _project_document(c: Any) -> ColumnElement[Any]:  # noqa: ANN401 - columns
    """`JointProjectOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.owner,
        sync_partner_id=c.partner_id,
        is_own=c.partner_id.is_(None),
        is_held=c.is_held,
        **{name: c.body[name] for name in PROJECT.fields},
        number=c.number,
        revision_hash=c.revision_id,
        said_at=moment(c.at),
        received_at=moment(c.received_at),
    )


_PROJECTS = Listing(
    _traced,
    _project_document,
    filters={
        "own": lambda own: or_(cast(own, Boolean), _traced.c.partner_id.is_not(None)),
        "partner": _traced.c.partner_id,
        **{name: value_of(_traced.c.body, name) for name in _FILTERS},
    },
    # With the id no two are the same: a body has a project once.
    sorts={"organisation": _traced.c.owner},
)
Row: TypeAlias = asyncpg.Record
Take = Callable[[Figures, Row], None]


async def list_bodies(connection: Connection, organisation_id: str) -> list[JointBody]:
    """Ourselves, and every partner that takes part."""
    name = await _NAME.value(connection, organisation_id=organisation_id)
    return await _BODIES.list(connection, JointBody(organisation_id, name))


async def figures(connection: Connection, wanted: Wanted) -> dict[UUID | None, Figures]:
    """What each body's projects come to, by partner (None: ours); a body without any is not there."""
    rows = await _FIGURES.rows(connection, **asdict(wanted))
    found = {row["partner_id"]: Figures() for row in rows}
    for row in rows:
        _TAKE[row["level"]](found[row["partner_id"]], row)
    return found


async def page_of_projects(
    connection: Connection, *, limit: int, after: list[str] | None, filters: Mapping[str, Any]
) -> Page:
    """The records behind the figures, those of one body together."""
    return await _PROJECTS.page(connection, sort="organisation", limit=limit, after=after, filters=filters)


def _take_whole(one: Figures, row: Row) -> None:
    one.projects, one.undecided, one.current = row["projects"], row["undecided"], row["current"]
    one.first_start, one.last_end = row["first_start"], row["last_end"]
    for what in Shown:
        one.miss(what, row[f"{what}_missing"])


def _take_status(one: Figures, row: Row) -> None:
    if row["status"] is not None and row["projects"]:
        one.statuses[row["status"]] = row["projects"]


def _take_phase(one: Figures, row: Row) -> None:
    if row["phase"] is not None and row["current"]:
        one.phases[row["phase"]] = row["current"]


def _take_sum(what: Shown) -> Take:
    def take(one: Figures, row: Row) -> None:
        """Missing is not zero: a sum of nothing that is known is no sum."""
        minor, unit = row[f"{what}_minor"], (row[f"{what}_currency"], row[f"{what}_year"])
        if minor is not None:
            one.sums[what][unit] = Known(int(minor), row["current"], 1)

    return take


# What `grouping` says of a row: a bit for each column that it was not grouped by.
_TAKE: Mapping[int, Take] = {
    0b1111: _take_whole,
    0b0111: _take_status,
    0b1011: _take_phase,
    0b1101: _take_sum(Shown.COST),
    0b1110: _take_sum(Shown.BENEFIT),
}
