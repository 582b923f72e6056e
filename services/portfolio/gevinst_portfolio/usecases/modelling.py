"""Setting what a portfolio's projects are scored on: each change is a new version of the model (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from gevinst_portfolio.domain.criteria_models import (
    EMPTY,
    CriteriaModel,
    Middle,
    ModelExists,
    SaidCriterion,
    next_criteria,
)
from gevinst_portfolio.domain.criteria_templates import CriteriaTemplate
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.scoring import Criterion
from gevinst_portfolio.events.criteria import CriteriaModelChanged
from gevinst_portfolio.store import announcements, criteria, portfolios
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_ends


@dataclass(frozen=True, slots=True)
class SaidModel:
    """A whole model as somebody wants it, and why."""

    name: str
    middle: Middle
    criteria: Sequence[SaidCriterion]
    reason: str | None = None


def end_of(work: Work, day: date | None) -> datetime | None:
    """The moment from which the day is over at the organisation's place; None for no day: now."""
    return None if day is None else day_ends(work.organisation, day)


async def read_model(
    work: Work, portfolio_id: UUID, *, version: int | None = None, day: date | None = None
) -> CriteriaModel:
    """That version, or the one in force at the end of a day, or now."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    if version is not None:
        return await criteria.get_version(work.connection, portfolio_id, version)
    return await criteria.get_model(work.connection, portfolio_id, end_of(work, day))


async def change_model(
    work: Work, portfolio_id: UUID, said: SaidModel, *, expected: int
) -> CriteriaModel | None:
    """Put a new version of the whole model in force; None when somebody else did meanwhile."""
    model = await hold_model(work, portfolio_id)
    if model.version != expected:
        return None
    found = next_criteria(model, said.criteria, [new_id() for _ in said.criteria])
    changed = replace(EMPTY, name=said.name, middle=said.middle, criteria=found, reason=said.reason)
    return await put_in_force(work, portfolio_id, model, changed)


async def add_criterion(work: Work, portfolio_id: UUID, said: SaidCriterion) -> tuple[CriteriaModel, UUID]:
    """Put a version with one more criterion in force; the version and the criterion's id."""
    model = await hold_model(work, portfolio_id)
    criterion_id = new_id()
    found = next_criteria(model, [*map(_as_said, model.criteria), said], [criterion_id])
    longer = replace(model, criteria=found, comparison_id=None, reason=None)
    return await put_in_force(work, portfolio_id, model, longer), criterion_id


async def begin_model(work: Work, portfolio_id: UUID, template: CriteriaTemplate) -> CriteriaModel:
    """Put a model that comes with the product in force, where the portfolio has none."""
    model = await hold_model(work, portfolio_id)
    if model.version:
        raise ModelExists(version=model.version)
    found = next_criteria(model, template.criteria, [new_id() for _ in template.criteria])
    return await put_in_force(work, portfolio_id, model, replace(EMPTY, name=template.name, criteria=found))


async def hold_model(work: Work, portfolio_id: UUID) -> CriteriaModel:
    """The model now, which nobody else changes or scores by before this work ends."""
    await portfolios.hold(work.connection, portfolio_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    return await criteria.get_model(work.connection, portfolio_id)


async def put_in_force(
    work: Work, portfolio_id: UUID, before: CriteriaModel, model: CriteriaModel
) -> CriteriaModel:
    """Write the version after `before`, with its event and audit row."""
    made = replace(model, version=before.version + 1, made_by=work.actor.subject, made_at=work.now)
    keys = {"organisation_id": work.organisation, "id": new_id(), "portfolio_id": portfolio_id}
    await criteria.add_version(work.connection, keys, made)
    fact = CriteriaModelChanged(
        portfolio_id=portfolio_id,
        version=made.version,
        name=made.name,
        criteria_count=len(made.criteria),
        comparison_id=made.comparison_id,
    )
    subject = subject_of("portfolios", portfolio_id)
    record = recorded(work, fact, subject=subject, reason=made.reason)
    was, now = (
        {"name": one.name, "criteria": [criteria.criterion_members(each) for each in one.criteria]}
        for one in (before, made)
    )
    told = {"before": was if before.version else None, "after": now}
    await announcements.announce(work.connection, [record | told])
    return made


def _as_said(one: Criterion) -> SaidCriterion:
    return SaidCriterion(
        name=one.name,
        weight=one.weight,
        scale_min=one.scale_min,
        scale_max=one.scale_max,
        better=one.better,
        levels=one.levels,
        description=one.description,
        id=one.id,
    )
