"""Correcting an estimate by what came of earlier ones of its class (C6)."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.measuring.forecasting import RatioPrior
from gevinst_benefits.domain.measuring.reference_classes import (
    Case,
    ReferenceClass,
    case_of,
    reference_class,
    size_of,
)
from gevinst_benefits.domain.plan.planned_years import promised_for
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store import benefits, reference_classes
from gevinst_benefits.store.planned import projects_with_deliveries
from gevinst_benefits.store.timing import timing_of_json
from gevinst_shared.db.work import Work


async def class_of(work: Work, *, kind: str, sizes: Sequence[str]) -> list[ReferenceClass]:
    """What came of the organisation's benefits of a kind, for each of the sizes."""
    cases = await _cases(work)
    return [reference_class(cases, kind=kind, size=size, widest=RatioPrior()) for size in sizes]


async def class_of_benefit(work: Work, benefit_id: UUID) -> tuple[str, str, ReferenceClass]:
    """The benefit's kind, size and class; its own result is left out of it."""
    known = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id))
    size = size_of(known.estimate)
    cases = await _cases(work, except_id=benefit_id)
    return known.kind, size, reference_class(cases, kind=known.kind, size=size, widest=RatioPrior())


async def _cases(work: Work, *, except_id: UUID | None = None) -> list[Case]:
    rows = await reference_classes.list_finished(work.connection, except_id=except_id)
    projects = await projects_with_deliveries(work.connection, [row["project_id"] for row in rows])
    found = [_case(row, projects[row["project_id"]]) for row in rows]
    return [one for one in found if one is not None]


def _case(row: Mapping[str, Any], project: Project) -> Case | None:
    per_year = row["amount"] if row["money_minor"] is None else Decimal(row["money_minor"])
    promised = promised_for(per_year, timing_of_json(json.loads(row["timing"])), project, row["years"])
    size = size_of(reference_classes.promised_from(row))
    return case_of(row["kind"], size, promised=promised, verified=row["verified"])
