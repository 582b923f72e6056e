"""Correcting an estimate by what came of earlier ones of its class (C6)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.forecasting import RatioPrior
from gevinst_benefits.domain.reference_classes import (
    Case,
    ReferenceClass,
    case_of,
    reference_class,
    size_of,
)
from gevinst_benefits.store import benefits, reference_classes
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
    found = [_case(row) for row in rows]
    return [one for one in found if one is not None]


def _case(row: Mapping[str, Any]) -> Case | None:
    promised = row["amount"] if row["money_minor"] is None else Decimal(row["money_minor"])
    size = size_of(reference_classes.promised_from(row))
    return case_of(row["kind"], size, promised=promised, verified=row["verified"])
