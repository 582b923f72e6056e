"""Versions of business cases in the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select

from gevinst_benefits.domain.case.business_case import BusinessCase
from gevinst_benefits.domain.case.case_document import model_document, model_from, origin_from
from gevinst_benefits.domain.case.case_model import Origin
from gevinst_benefits.domain.case.case_overview import CaseOverview
from gevinst_benefits.domain.case.case_resolving import Resolved, resolve
from gevinst_benefits.domain.case.case_resolving import business_case as case_of
from gevinst_benefits.domain.case.case_results import CaseResult
from gevinst_benefits.store.case_documents import results_json
from gevinst_benefits.store.case_frames import frame_from, index_json, regime_json
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Version:
    """A version and its id, with the amounts that its formulas come to."""

    id: UUID
    case: BusinessCase
    resolved: Resolved


def _summary(c: Columns) -> dict[str, ColumnElement[Any]]:
    return {
        "id": c.id,
        "organisation": c.organisation_id,
        "project_id": c.project_id,
        "number": c.number,
        "currency": c.currency,
        "base_year": c.base_year,
        "horizon_years": c.horizon_years,
        "price_year": c.price_year,
        "recommended": c.recommended,
        "net_present_value": c.results["net_present_value"].astext,
        "origin": c.origin,
        "note": c.note,
        "created_by": c.created_by,
        "revision": c.revision,
        "created_at": moment(c.created_at),
    }


def summary_document(c: Columns) -> ColumnElement[Any]:
    """`BusinessCaseSummaryOut`, as PostgreSQL writes it."""
    return document(**_summary(c))


def case_document(c: Columns) -> ColumnElement[Any]:
    """`BusinessCaseOut`, as PostgreSQL writes it."""
    return document(
        **_summary(c),
        regime=c.regime,
        price_index=c.price_index,
        assumptions=c.assumptions,
        alternatives=c.alternatives,
        lines=c.lines,
        risk_pool=c.risk_pool,
        financing=c.financing,
        factors=c.factors,
        results=c.results,
    )


LISTING = Listing(
    business_case,
    summary_document,
    filters={"project": business_case.c.project_id},
    sorts={"number": business_case.c.number},
)
_GET = Query(
    select(case_document(business_case.c).label("document"), business_case.c.revision).where(
        business_case.c.id == bindparam("id")
    )
)
_ROW = Query(select(business_case).where(business_case.c.id == bindparam("id")))
_LATEST = Query(
    select(business_case)
    .where(business_case.c.project_id == bindparam("project_id"))
    .order_by(business_case.c.number.desc())
    .limit(1)
)
_ORIGIN = Query(
    select(business_case.c.origin)
    .where(business_case.c.project_id == bindparam("project_id"))
    .order_by(business_case.c.number.desc())
    .limit(1)
)
# Two writers of one project's versions wait for each other; readers and references do not.
_LOCK = Query(
    select(project.c.id).where(project.c.id == bindparam("project_id")).with_for_update(key_share=True)
)
_LAST_NUMBER = Query(
    select(func.max(business_case.c.number)).where(business_case.c.project_id == bindparam("project_id"))
)
_JSON = (
    "regime",
    "price_index",
    "assumptions",
    "lines",
    "alternatives",
    "financing",
    "risk_pool",
    "origin",
    "factors",
)
_ADD = outbox.insert(business_case, case_document)


async def get_document(connection: Connection, case_id: UUID) -> Stored:
    """The version's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=case_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_version(connection: Connection, case_id: UUID) -> Version:
    """The version, or `Unknown`."""
    row = await _ROW.find(connection, id=case_id)
    if row is None:
        raise Unknown
    return version_from(dict(row))


async def find_latest(connection: Connection, project_id: UUID) -> Version | None:
    """The project's version with the highest number."""
    row = await _LATEST.find(connection, project_id=project_id)
    return None if row is None else version_from(dict(row))


async def find_origin(connection: Connection, project_id: UUID) -> Origin | None:
    """The general case that the project's latest version was taken over from (C3)."""
    stored = await _ORIGIN.value(connection, project_id=project_id)
    return None if stored is None else origin_from(json.loads(stored))


async def next_number(connection: Connection, project_id: UUID) -> int:
    """The number that the project's next version gets; held until the transaction ends."""
    await _LOCK.run(connection, project_id=project_id)
    return (await _LAST_NUMBER.value(connection, project_id=project_id) or 0) + 1


async def add_version(
    connection: Connection,
    version: Version,
    results: tuple[CaseResult, CaseOverview],
    written: Mapping[str, Any],
    record: Mapping[str, Any],
) -> Stored:
    """Insert the version with its results, event and audit row; `written` is who, when and the note."""
    case, frame, model = version.case, version.case.frame, version.resolved.model
    nothing: dict[str, Any] = {"risk_pool": None, "origin": None, "factors": []}
    row = await _ADD.find(
        connection,
        id=version.id,
        project_id=case.project_id,
        number=case.number,
        currency=frame.currency,
        base_year=frame.base_year,
        horizon_years=frame.horizon_years,
        price_year=frame.price_year,
        regime=regime_json(frame.regime),
        price_index=index_json(frame.index),
        **(nothing | model_document(model)),
        general_case_id=model.origin.general_case_id if model.origin else None,
        results=results_json(*results),
        **written,
        **record,
    )
    assert row is not None
    return Stored(row["document"], row["revision"])


def version_from(row: Mapping[str, Any]) -> Version:
    """The version of a row."""
    stored = {name: json.loads(row[name]) for name in _JSON if row[name] is not None}
    written = {**stored, "recommended": row["recommended"]}
    resolved = resolve(model_from(written), frame_from(row, {"price_index": None, **stored}))
    return Version(row["id"], case_of(row["project_id"], row["number"], resolved), resolved)
