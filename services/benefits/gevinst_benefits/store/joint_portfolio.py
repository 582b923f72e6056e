"""Our projects' status and cases and those that partners gave, summed for each body by PostgreSQL (X4).

A project of a body is what its status and its business case say, which have the project's id.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array

from gevinst_benefits.domain.joint_portfolio import COUNTS, SUMS, WORDS, Figures, Key, Known, Shown
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.store.shared_kinds import BUSINESS_CASE
from gevinst_benefits.store.shared_status import STATUS
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import WITH_OWN, JointBodies, joint_records, value_of
from gevinst_shared.values.joint_body import JointBody

Row: TypeAlias = asyncpg.Record
_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects. `own`: ours, too; `case`: those localised from this general case, None for all.

    The id is its publisher's for it; `publisher` says whose, None for anybody's.
    """

    own: bool = True
    case: UUID | None = None
    publisher: str | None = None

    @property
    def case_and_publisher(self) -> str | None:
        """The id, and its publisher behind a space, where one is named."""
        return None if self.case is None else f"{self.case} {self.publisher or ''}".strip()


_BODIES = JointBodies(sync)


def both(*, with_own: ColumnElement[bool]) -> FromClause:
    """Every project of a body: `partner_id` (null: ours), `owner`, `id`, and the bodies of its records."""
    status = joint_records(sync, STATUS, with_own=with_own).subquery("joint_status")
    its_case = joint_records(sync, BUSINESS_CASE, with_own=with_own).subquery("joint_case")
    same = and_(status.c.owner == its_case.c.owner, status.c.record_id == its_case.c.record_id)
    either = {
        name: func.coalesce(status.c[name], its_case.c[name], type_=status.c[name].type)
        for name in ("partner_id", "owner", "record_id")
    }
    revisions = [
        one.c[name].label(f"{word}_{name}")
        for word, one in (("status", status), ("case", its_case))
        for name in ("number", "revision_id", "at", "received_at")
    ]
    return (
        select(
            either["partner_id"].label("partner_id"),
            either["owner"].label("owner"),
            either["record_id"].label("id"),
            status.c.body.label("status"),
            its_case.c.body.label("its_case"),
            *revisions,
        )
        .select_from(status.outerjoin(its_case, same, full=True))
        .subquery("both")
    )


def is_localised_from(
    found: Any,  # noqa: ANN401 - columns
    wanted: ColumnElement[str],
    publisher: ColumnElement[str],
) -> ColumnElement[bool]:
    """Null when nobody can tell, because it was not shared. Of ours everything is known."""
    said, own = value_of(found.its_case, "localised_from"), value_of(found.its_case, "general_case")
    said_publisher = value_of(found.its_case, "localised_publisher")
    is_of_own = and_(own == wanted, or_(publisher.is_(None), found.owner == publisher))
    is_of_own = func.coalesce(is_of_own, false())
    told = or_(and_(said == wanted, or_(publisher.is_(None), said_publisher == publisher)), is_of_own)
    # What is not of the case that its owner published may still be localised from it.
    theirs = case((said.is_(None), func.nullif(is_of_own, false())), else_=told)
    return case((found.partner_id.is_(None), func.coalesce(theirs, False)), else_=theirs)


_both = both(with_own=WITH_OWN).c
_case, _publisher = bindparam("case", type_=Uuid), bindparam("publisher", type_=Text)
_SERIES = ("years", *SUMS[Shown.PLANNED])
_cte = select(
    _both.id,
    _both.partner_id,
    _both.status,
    # Of a case only what is asked for, taken out once: it is long.
    *(value_of(_both.its_case, name).label(name) for name in ("currency", "price_year")),
    _both.its_case["net_present_value"].label("worth"),
    *(_both.its_case[("results", name)].label(name) for name in _SERIES),
    case((_case.is_(None), True), else_=is_localised_from(_both, cast(_case, Text), _publisher)).label(
        "is_wanted"
    ),
).cte("p")
_p = _cte.c
_PLANNED = tuple(_p[name].is_not(None) for name in ("currency", "price_year", *_SERIES))
_IS_MISSING: Mapping[Shown, ColumnElement[bool]] = {
    **{what: value_of(_p.status, what.value).is_(None) for what in Shown},
    # Without an indicator there is no light, and that is known where the number of indicators is.
    Shown.LIGHT: and_(
        value_of(_p.status, "light").is_(None),
        func.coalesce(value_of(_p.status, "indicators") != "0", True),
    ),
    Shown.NET_PRESENT_VALUE: _p.worth.is_(None),
    Shown.PLANNED: ~and_(*_PLANNED),
}
_FIGURES = ("first", "second", "third")


def _figures(each: Iterable[ColumnElement[Any]]) -> ColumnElement[Any]:
    found: ColumnElement[Any] = array(list(each), type_=ARRAY(Numeric))
    return found


def _whole() -> Select[Any]:
    """A row for each body: how many projects, how many nobody can tell, the counts, and what is missing."""
    counted = [
        *(func.count().filter(_p.is_wanted), func.count().filter(_p.is_wanted.is_(None))),
        *(
            func.coalesce(func.sum(cast(value_of(_p.status, what.value), Numeric)).filter(_p.is_wanted), 0)
            for what in COUNTS
        ),
        *(func.count().filter(_p.is_wanted, _IS_MISSING[what]) for what in Shown),
    ]
    figures = _figures(cast(one, Numeric) for one in counted)
    nothing = (cast(null(), Text).label(name) for name in ("word", "ledger", "unit"))
    years = (cast(null(), Integer).label(name) for name in ("price_year", "year"))
    told = literal_column(f"'{_WHOLE}'", Text).label("what")
    return (
        select(
            _p.partner_id, told, *nothing, *years, figures.label("figures"), func.count().label("projects")
        )
        .where(func.coalesce(_p.is_wanted, True))
        .group_by(_p.partner_id)
    )


def _facts(
    what: Shown,
    source: Any = None,  # noqa: ANN401 - what a project is taken apart into
    *conditions: ColumnElement[bool],
    word: ColumnElement[str] | None = None,
    key: tuple[ColumnElement[Any], ...] = (),
    figures: tuple[ColumnElement[Any], ...] = (),
) -> Select[Any]:
    """What each project says: a `word`, or `figures` under a `key`, the members of `Key` in their order."""
    texts, years = key[:2] or (null(), null()), (*key[2:], null(), null())[:2]
    given = (*figures, null(), null(), null())[: len(_FIGURES)]
    said = select(
        _p.partner_id,
        _p.id,
        literal_column(f"'{what}'", Text).label("what"),
        cast(null() if word is None else word, Text).label("word"),
        *(cast(one, Text).label(name) for name, one in zip(("ledger", "unit"), texts, strict=True)),
        *(cast(one, Integer).label(name) for name, one in zip(("price_year", "year"), years, strict=True)),
        *(cast(one, Numeric).label(name) for name, one in zip(_FIGURES, given, strict=True)),
    )
    if source is not None:
        said = said.select_from(_cte.join(source, true()))
    return said.where(_p.is_wanted, *conditions)


def _of_list(what: Shown, *years: str, figures: tuple[str, ...]) -> Select[Any]:
    """The entries of one of a status's lists."""
    name = what.value
    entry = (
        func.jsonb_array_elements(_p.status[name], type_=JSONB)
        .table_valued(column("value", JSONB), name=f"entry_{name}")
        .lateral()
    )
    one = entry.c.value
    unit = func.coalesce(value_of(one, "currency"), value_of(one, "unit_of_measure"))
    key = (value_of(one, "ledger"), unit, *(value_of(one, year) for year in ("price_year", *years)))
    return _facts(what, entry, key=key, figures=tuple(value_of(one, each) for each in figures))


def _of_cases() -> list[Select[Any]]:
    """What business cases come to, and what they plan by year."""
    money = literal_column(f"'{Ledger.MONEY}'", Text)
    worth = _facts(
        Shown.NET_PRESENT_VALUE,
        None,
        _p.worth.is_not(None),
        key=(money, *(value_of(_p.worth, name) for name in ("currency", "price_year"))),
        figures=(value_of(_p.worth, "amount"),),
    )
    years = (
        func.jsonb_array_elements_text(_p.years)
        .table_valued(column("value", Text), with_ordinality="place", name="planned_year")
        .render_derived()
    )
    place = cast(years.c.place - 1, Integer)
    planned = _facts(
        Shown.PLANNED,
        years,
        *_PLANNED,
        key=(
            *(money, _p.currency, _p.price_year),
            years.c.value,
        ),
        figures=tuple(_p[name][place].astext for name in SUMS[Shown.PLANNED]),
    )
    return [worth, planned]


def _told() -> Select[Any]:
    """A row for each body and everything that may be added there; a project says each once."""
    words = [
        _facts(what, None, said.is_not(None), word=said)
        for what, said in ((what, value_of(_p.status, what.value)) for what in WORDS)
    ]
    lists = [
        _of_list(Shown.POTENTIAL, figures=SUMS[Shown.POTENTIAL]),
        _of_list(Shown.REALISED, "year", figures=SUMS[Shown.REALISED]),
    ]
    facts = union_all(*words, *lists, *_of_cases()).subquery("facts").c
    key = (facts.partner_id, facts.what, facts.word, facts.ledger, facts.unit, facts.price_year, facts.year)
    figures = _figures(func.sum(facts[name]) for name in _FIGURES).label("figures")
    return select(*key, figures, func.count().label("projects")).group_by(*key)


_ALL = Query(union_all(_whole(), _told()))


async def list_bodies(connection: Connection, organisation_id: str) -> list[JointBody]:
    """Ourselves, and every partner that takes part."""
    return await _BODIES.list(connection, JointBody(organisation_id))


async def figures(connection: Connection, wanted: Wanted) -> dict[UUID | None, Figures]:
    """What each body's projects come to, by partner (None: ours); a body without any is not there."""
    rows = await _ALL.rows(connection, **asdict(wanted))
    found = {row["partner_id"]: Figures() for row in rows}
    for row in rows:
        one = found[row["partner_id"]]
        if row["what"] == _WHOLE:
            _take_whole(one, row["figures"])
        elif row["word"] is not None:
            one.words[Shown(row["what"])][row["word"]] = row["projects"]
        else:
            _take_sum(one, Shown(row["what"]), row)
    return found


def _take_whole(one: Figures, counted: list[Decimal]) -> None:
    projects, undecided, *rest = (int(each) for each in counted)
    one.projects, one.undecided = projects, undecided
    for what, count in zip(COUNTS, rest, strict=False):
        one.counts[what] = count
    for what, count in zip(Shown, rest[len(COUNTS) :], strict=True):
        one.miss(what, count)


def _take_sum(one: Figures, what: Shown, row: Row) -> None:
    """Missing is not zero: a figure that nobody has told is not there."""
    key = Key(row["ledger"], row["unit"], row["price_year"], row["year"])
    named = zip(SUMS[what], row["figures"], strict=False)
    told = {name: figure for name, figure in named if figure is not None}
    one.sums[what][key] = Known(told, row["projects"], 1)
