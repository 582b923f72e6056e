"""Recording how many people a unit has, and finding what is counted twice (B12)."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.permissions import STAFF
from gevinst_benefits.domain.plan.double_counting import Finding, Share, double_counts
from gevinst_benefits.domain.plan.staffing import StaffingYear, refuse_year_twice
from gevinst_benefits.events.staffing import StaffingRecorded
from gevinst_benefits.store import claims, staffing
from gevinst_benefits.store.projects import known_units, unit_path
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.refusal import OddCursor, Unknown

Json = dict[str, Any]


async def get_staffing(work: Work, unit_id: UUID) -> Stored:
    """What is known of the unit's staff; at revision 0 nothing has been recorded yet."""
    if not await known_units(work.connection, [unit_id]):
        raise Unknown
    try:
        return await staffing.RECORDS.get(work.connection, unit_id)
    except Unknown:
        nothing = {"unit_id": str(unit_id), "organisation": work.organisation, "years": [], "revision": 0}
        return Stored(json.dumps(nothing), 0)


async def record_staffing(
    work: Work, unit_id: UUID, years: Sequence[StaffingYear], *, expected: int
) -> Stored | None:
    """Say how many people the unit has; None when somebody else has said so meanwhile."""
    path = await unit_path(work.connection, unit_id)
    if not path:
        raise Unknown
    work.require(STAFF, Place(units=frozenset(path)))
    refuse_year_twice(one.year for one in years)
    kept = staffing.years_json(years)
    fact = StaffingRecorded(unit_id=unit_id, years=tuple(kept))
    record = recorded(work, fact, subject=subject_of("units", unit_id))
    values = {"id": unit_id, "years": kept, "changed_by": work.actor.subject, "changed_at": work.now}
    if expected > 0:
        return await staffing.RECORDS.change(work.connection, values, record, expected=expected)
    if await claims.has_staffing(work.connection, unit_id):
        return None
    return await staffing.RECORDS.add(work.connection, values, record)


async def double_counting(
    work: Work, *, unit_id: UUID | None, portfolio_id: UUID | None, limit: int, after: list[str] | None
) -> tuple[list[Json], list[str] | None]:
    """A page of findings in the unit with all below it and in the portfolio's plans, and the next place."""
    if unit_id is not None and not await known_units(work.connection, [unit_id]):
        raise Unknown
    known = await claims.rows_of(work.connection, unit_id=unit_id, portfolio_id=portfolio_id)
    staff = await staffing.of_units(work.connection, {row["owner_unit_id"] for row in known})
    start = 0 if after is None else _place(after)
    findings = await asyncio.to_thread(lambda: double_counts(claims.claims_from(known), staff))
    page = findings[start : start + limit]
    is_last = start + limit >= len(findings)
    return [_members(one) for one in page], None if is_last else [str(start + limit)]


def _place(after: list[str]) -> int:
    if not after[0].isdecimal() or len(after[0]) > 9:
        raise OddCursor
    return int(after[0])


def _members(finding: Finding) -> Json:
    optional = {"budget_line": finding.budget_line}
    optional |= {name: _text(getattr(finding, name)) for name in ("freed", "staff")}
    return {
        "kind": finding.kind.value,
        "unit_id": str(finding.unit_id),
        "year": finding.year,
        "is_across_projects": finding.is_across_projects,
        **{name: value for name, value in optional.items() if value is not None},
        "benefit_count": len(finding.shares),
        "benefits": [_share(share) for share in finding.shares[:100]],
    }


def _share(share: Share) -> Json:
    claim = share.claim
    measure = {} if claim.unit_of_measure is None else {"unit_of_measure": claim.unit_of_measure}
    return {
        "benefit_id": str(claim.benefit_id),
        "project_id": str(claim.project_id),
        "name": claim.name,
        "amount": decimal_text(share.amount),
        **measure,
    }


def _text(value: Any) -> str | None:  # noqa: ANN401 - a decimal or nothing
    return None if value is None else decimal_text(value)
