"""What the joint portfolio's figures are made of: each project's records, and general cases (E2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.joint_cases import CaseKey, Localised
from gevinst_benefits.store.joint_portfolio import both, is_localised_from
from gevinst_benefits.store.shared_kinds import BUSINESS_CASE
from gevinst_benefits.store.shared_status import STATUS
from gevinst_benefits.tables.general_cases import general_case
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing, Page
from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import WITH_OWN, held_partners, value_of

_ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_found = both(with_own=WITH_OWN).c


def _word(text: ColumnElement[Any], place: int) -> ColumnElement[str]:
    return func.split_part(cast(text, Text), " ", place, type_=Text)


def _as_id(text: ColumnElement[str]) -> ColumnElement[Any]:
    """Null for a word, and for what is hidden."""
    return case((text.regexp_match(_ID), cast(text, Uuid)))


# Who published it, and under which id; a case of its owner's own is a record of the same body.
_of_others = _as_id(value_of(_found.its_case, "localised_from"))
_published_as = func.coalesce(_of_others, _as_id(value_of(_found.its_case, "general_case")), type_=Uuid)
_publisher = case(
    (_of_others.is_not(None), value_of(_found.its_case, "localised_publisher")), else_=_found.owner
)
_edition = cast(value_of(_found.its_case, "localised_edition"), Integer)
_value = cast(value_of(_found.its_case, "net_present_value", "amount"), Numeric)
_currency = value_of(_found.its_case, "net_present_value", "currency")
_price_year = cast(value_of(_found.its_case, "net_present_value", "price_year"), Integer)
_key = (_found.owner, _published_as, _publisher, _edition, _currency, _price_year)
_LOCALISED = Query(
    select(*_key, func.sum(_value), func.count()).where(_published_as.is_not(None)).group_by(*_key)
)
_REGISTERED = Query(
    select(
        general_case.c.id.label("general_case_id"),
        general_case.c.published_as,
        general_case.c.publisher,
        general_case.c.name,
        general_case.c.edition,
    ).where(general_case.c.published_as == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
_every = both(with_own=true())
_traced = select(_every, func.coalesce(_every.c.partner_id.in_(held_partners(sync)), False).label("is_held"))
_table = _traced.subquery("traced")
# The series of a case are long, and stand summed in the figures.
_OF_CASE = tuple(name for name in BUSINESS_CASE.fields if name not in {"project", "results"})
_OF_STATUS = tuple(name for name in STATUS.fields if name != "project")


def _record(c: Any, body: str, word: str, names: Sequence[str]) -> ColumnElement[Any]:  # noqa: ANN401 - columns
    """One of a project's records with the revision that said so; null, and so absent, when it is not here."""
    told = document(
        **{name: c[body][name] for name in names},
        number_in_feed=c[f"{word}_number"],
        revision_hash=c[f"{word}_revision_id"],
        said_at=moment(c[f"{word}_at"]),
        received_at=moment(c[f"{word}_received_at"]),
    )
    return case((c[body].is_not(None), told))


def _project_document(c: Any) -> ColumnElement[Any]:  # noqa: ANN401 - columns
    """`JointProjectOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.owner,
        sync_partner_id=c.partner_id,
        is_own=c.partner_id.is_(None),
        is_held=c.is_held,
        status=_record(c, "status", "status", _OF_STATUS),
        business_case=_record(c, "its_case", "case", _OF_CASE),
    )


_PROJECTS = Listing(
    _table,
    _project_document,
    filters={
        "own": lambda own: or_(cast(own, Boolean), _table.c.partner_id.is_not(None)),
        "partner": _table.c.partner_id,
        # The id, and its publisher behind a space.
        "case": lambda wanted: is_localised_from(
            _table.c, _word(wanted, 1), func.nullif(_word(wanted, 2), "")
        ),
    },
    # With the id no two are the same: a body has a project once.
    sorts={"organisation": _table.c.owner},
)


async def page_of_projects(
    connection: Connection, *, limit: int, after: list[str] | None, filters: Mapping[str, Any]
) -> Page:
    """The records behind the figures, those of one body together."""
    return await _PROJECTS.page(connection, sort="organisation", limit=limit, after=after, filters=filters)


async def list_localised(connection: Connection, *, own: bool) -> list[Localised]:
    """What each body has localised from which edition of which general case; with `own` ours, too."""
    found = []
    for (
        owner,
        published_as,
        publisher,
        edition,
        currency,
        price_year,
        value,
        projects,
    ) in await _LOCALISED.rows(connection, own=own):
        unit = None if currency is None or price_year is None else (currency, price_year)
        found.append(Localised(owner, CaseKey(published_as, publisher), edition, unit, value, projects))
    return found


async def registered(connection: Connection, keys: Sequence[CaseKey]) -> dict[CaseKey, Mapping[str, Any]]:
    """`general_case_id`, `name` and newest `edition` of the general cases that are in our register."""
    rows = await _REGISTERED.rows(connection, ids=[key.published_as for key in keys])
    return {CaseKey(row["published_as"], row["publisher"]): dict(row) for row in rows}
