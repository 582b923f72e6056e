"""What is required of projects and how far they may deviate: thresholds and tolerances (G11, B7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase
from gevinst_benefits.domain.gates.thresholds import (
    Exemption,
    OddThreshold,
    ProjectKind,
    Requirement,
    Threshold,
    UnknownThreshold,
    investment,
    refuse_odd_threshold,
    requirements,
)
from gevinst_benefits.domain.measuring.tolerances import Tolerance, refuse_odd_tolerance
from gevinst_benefits.domain.permissions import ARRANGE
from gevinst_benefits.events.arrangements import ThresholdExempted, ThresholdSet, ToleranceSet
from gevinst_benefits.store import thresholds, tolerances
from gevinst_benefits.store.business_cases import Version
from gevinst_benefits.store.projects import get_project
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money
from gevinst_shared.values.organisation import country, day_ends


@dataclass(frozen=True, slots=True)
class Required:
    """What is required of a project on a day, and the case and its investment that this follows from."""

    on: date
    kind: ProjectKind
    version: Version | None
    cost: Money | None
    requirements: tuple[Requirement, ...]


async def requirements_of(work: Work, project_id: UUID, *, on: date, kind: ProjectKind) -> Required:
    """The day's thresholds, held against the project's case as it stood at the end of that day."""
    await get_project(work.connection, project_id)
    version = await thresholds.case_at(work.connection, project_id, day_ends(work.organisation, on))
    found = await requirements_of_case(work, None if version is None else version.case, on=on, kind=kind)
    return Required(on, kind, version, None if version is None else investment(version.case), found)


async def requirements_of_case(
    work: Work, case: BusinessCase | None, *, on: date, kind: ProjectKind
) -> tuple[Requirement, ...]:
    """What the day's thresholds mean for a case, or for a project that has none yet."""
    return requirements(
        await known_thresholds(work),
        await thresholds.exemptions(work.connection),
        None if case is None else investment(case),
        on=on,
        kind=kind,
    )


async def known_thresholds(work: Work) -> list[Threshold]:
    """Those of the organisation's country, and its own."""
    there = country(work.organisation)
    shipped = [one for one in thresholds.shipped_thresholds() if one.country == there]
    return [*shipped, *await thresholds.own_thresholds(work.connection)]


async def set_threshold(work: Work, threshold: Threshold) -> tuple[UUID, Stored]:
    """Demand something of the organisation's own projects; its id and record."""
    work.require(ARRANGE, Place())
    refuse_odd_threshold(threshold)
    threshold_id = new_id()
    values = {
        **_written(work, threshold_id),
        "code": threshold.code,
        "name": threshold.names["en"],
        "amount_minor": int(threshold.amount.scaleb(2)),
        "below_minor": None if threshold.below is None else int(threshold.below.scaleb(2)),
        "currency": threshold.currency,
        "is_inclusive": threshold.is_inclusive,
        "kind": None if threshold.kind is None else threshold.kind.value,
        "source": threshold.source,
        "valid_from": threshold.valid_from,
        "valid_until": threshold.valid_until,
    }
    fact = ThresholdSet(threshold_id=threshold_id, threshold=threshold.code, valid_from=threshold.valid_from)
    record = recorded(work, fact, subject=subject_of("thresholds", threshold_id))
    return threshold_id, await thresholds.THRESHOLDS.add(work.connection, values, record)


async def exempt(work: Work, exemption: Exemption) -> Stored:
    """Say that the organisation is not bound by a threshold, and why."""
    work.require(ARRANGE, Place())
    if exemption.valid_until is not None and exemption.valid_until <= exemption.valid_from:
        raise OddThreshold
    known = sorted({one.code for one in await known_thresholds(work)})
    if exemption.threshold not in known:
        raise UnknownThreshold(threshold=exemption.threshold, known=", ".join(known) or "–")
    exemption_id = new_id()
    values = {
        **_written(work, exemption_id),
        "threshold": exemption.threshold,
        "reason": exemption.reason,
        "valid_from": exemption.valid_from,
        "valid_until": exemption.valid_until,
    }
    fact = ThresholdExempted(
        exemption_id=exemption_id, threshold=exemption.threshold, valid_from=exemption.valid_from
    )
    subject = subject_of("threshold-exemptions", exemption_id)
    record = recorded(work, fact, subject=subject, reason=exemption.reason)
    return await thresholds.EXEMPTIONS.add(work.connection, values, record)


async def set_tolerance(work: Work, tolerance: Tolerance) -> Stored:
    """Let a measure deviate by the organisation's own tolerance, from a day on."""
    work.require(ARRANGE, Place())
    refuse_odd_tolerance(tolerance)
    tolerance_id = new_id()
    values = {
        **_written(work, tolerance_id),
        "measure": tolerance.measure.value,
        "yellow": tolerances.bound_json(tolerance.yellow),
        "red": tolerances.bound_json(tolerance.red),
        "reason": tolerance.source,
        "valid_from": tolerance.valid_from,
    }
    fact = ToleranceSet(
        tolerance_id=tolerance_id, measure=tolerance.measure.value, valid_from=tolerance.valid_from
    )
    record = recorded(work, fact, subject=subject_of("tolerances", tolerance_id), reason=tolerance.source)
    return await tolerances.RECORDS.add(work.connection, values, record)


def _written(work: Work, record_id: UUID) -> dict[str, Any]:
    return {"id": record_id, "created_by": work.actor.subject, "created_at": work.now}
