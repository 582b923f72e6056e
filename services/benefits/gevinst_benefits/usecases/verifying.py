"""Verifying year by year what benefits have really given (G3)."""

import json
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.verifications import Finding, refuse_odd_finding
from gevinst_benefits.domain.permissions import VERIFY
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.events.verifications import BenefitVerified
from gevinst_benefits.store import benefits, verifications
from gevinst_benefits.store.planned import projects_with_deliveries
from gevinst_benefits.store.projects import holders
from gevinst_benefits.usecases.planning import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def verify_year(work: Work, benefit_id: UUID, finding: Finding) -> Stored:
    """Record what was realised in a year, or correct the entry that says so."""
    # Held, so that two controllers at once leave one entry in force.
    row = await benefits.get_row(work.connection, benefit_id, for_change=True)
    known = benefits.benefit_from(row)
    await require_at(work, VERIFY, known.project_id, known.owner.unit_id)
    refuse_odd_finding(
        known,
        finding,
        by=work.actor.subject,
        holders=await holders(work.connection, known.owner.role, known.owner.unit_id, today=work.today),
        in_force=await verifications.entry_in_force(work.connection, benefit_id, finding.year),
        this_year=work.today.year,
    )
    return await _add(work, known, finding)


async def with_planned(work: Work, items: str) -> str:
    """`WaitingOut`s with what each year was planned to give; three statements for the page."""
    waiting = json.loads(items)
    rows = await benefits.rows_of(work.connection, {UUID(item["benefit_id"]) for item in waiting})
    projects = await projects_with_deliveries(work.connection, [row["project_id"] for row in rows.values()])
    for item in waiting:
        known = benefits.benefit_from(rows[UUID(item["benefit_id"])])
        years = planned_years(known, projects[known.project_id])
        if years:
            item["planned"] = decimal_text(years.get(item["year"], Decimal(0)))
    return json.dumps(waiting, ensure_ascii=False)


async def _add(work: Work, known: Benefit, finding: Finding) -> Stored:
    verification_id = new_id()
    columns = verifications.estimate_columns(finding.realised)
    values = {
        "id": verification_id,
        "benefit_id": known.id,
        "year": finding.year,
        **columns,
        "evidence": finding.evidence,
        "verified_by": work.actor.subject,
        "verified_at": work.now,
        "corrects_id": finding.corrects_id,
        "reason": finding.reason,
    }
    fact = BenefitVerified(
        project_id=known.project_id,
        benefit_id=known.id,
        verification_id=verification_id,
        year=finding.year,
        money=finding.realised.money_per_year,
        amount=finding.realised.amount_per_year,
        unit_of_measure=columns["unit_of_measure"],
        corrects_id=finding.corrects_id,
        name=known.name,
        owner_unit_id=known.owner.unit_id,
    )
    record = recorded(work, fact, subject=subject_of("benefits", known.id), reason=finding.reason)
    return await verifications.add_verification(work.connection, values, record)
