"""Concepts of a project: added, assessed, compared, chosen (P9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.concepts import (
    Assessment,
    Concept,
    ConceptState,
    ZeroAlternativeIsReference,
    ZeroAlternativeStays,
    end_with,
    refuse_assessed_twice,
    refuse_choice,
    refuse_settled,
)
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.projects import CostOfYear, Need, ProjectStatus
from gevinst_portfolio.events.intake import ConceptChanged
from gevinst_portfolio.events.projects import ProjectChanged
from gevinst_portfolio.store import announcements, concepts, portfolios, project_acts
from gevinst_portfolio.store.profiles import costs_json, needs_json
from gevinst_portfolio.store.references import refuse_unknown_references
from gevinst_portfolio.usecases.changing import require_change
from gevinst_portfolio.usecases.thresholds import announce_crossing, registration_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

ZERO_ALTERNATIVE = "Zero alternative"
_REFERENCE = ("description", "cost", "benefit", "cost_by_year", "needs", "quarters")


@dataclass(frozen=True, slots=True)
class ConceptSaid:
    """What is said of a concept; money is in the project's currency and price year."""

    name: str
    feasibility: Sequence[Assessment] = ()
    description: str | None = None
    cost: Decimal | None = None
    benefit: Decimal | None = None
    cost_by_year: Sequence[CostOfYear] = ()
    needs: Sequence[Need] = ()
    quarters: int | None = None
    is_recommended: bool = False


async def add_concept(work: Work, project_id: UUID, said: ConceptSaid) -> tuple[UUID, Stored]:
    """Add a concept to the project, and with the first one the zero alternative; its id and record."""
    row = await project_acts.lock_project(work.connection, project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    await _refuse_odd(work, row, said)
    if not await concepts.list_of_project(work.connection, project_id):
        # P9: from the first concept on, doing nothing is one of them.
        zero = ConceptSaid(ZERO_ALTERNATIVE, cost=Decimal(0), benefit=Decimal(0))
        await _add(work, row, zero, is_zero_alternative=True)
    return await _add(work, row, said)


async def change_concept(work: Work, concept_id: UUID, said: ConceptSaid, *, expected: int) -> Stored | None:
    """Replace all that is said of the concept; None when it changed meanwhile."""
    found = await concepts.get_concept(work.connection, concept_id)
    row = await project_acts.lock_project(work.connection, found.project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    refuse_settled(found)
    await _refuse_odd(work, row, said)
    values = _columns(row, said)
    if found.is_zero_alternative:
        _refuse_figures(said)
        values |= {"cost_minor": 0, "benefit_minor": 0}
    record = concept_record(work, row, concept_id, said.name, ConceptState.CONSIDERED)
    return await concepts.RECORDS.change(
        work.connection, {"id": concept_id, **values}, record, expected=expected
    )


async def withdraw_concept(work: Work, concept_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Give the concept up; it stays to be seen. None when it changed meanwhile."""
    found = await concepts.get_concept(work.connection, concept_id)
    row = await project_acts.lock_project(work.connection, found.project_id)
    await require_change(work, row)
    if found.is_zero_alternative:
        raise ZeroAlternativeStays
    refuse_settled(found)
    state = ConceptState.WITHDRAWN
    record = concept_record(work, row, found.id, found.name, state, reason=reason)
    return await concepts.set_state(work.connection, found, state, record, expected=expected)


async def choose_concept(work: Work, concept_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Let the project take over the concept's figures; what it had before stays in its history.

    The waves of its roll-out were planned for what it was, and go. One that was chosen before is
    considered again. None when the concept changed meanwhile.
    """
    found = await concepts.get_concept(work.connection, concept_id)
    row = await project_acts.lock_project(work.connection, found.project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    refuse_choice(found, ProjectStatus(row["status"]))
    await _consider_again(work, row, reason)
    state = ConceptState.CHOSEN
    record = concept_record(work, row, found.id, found.name, state, reason=reason)
    stored = await concepts.set_state(work.connection, found, state, record, expected=expected)
    if stored is not None:
        await _take_over(work, row, found, reason)
    return stored


async def settle_concept(work: Work, concept_id: UUID, *, reason: str) -> None:
    """P9: the board decided from a plan that picked this concept: the project takes it over, if it has not.

    Raises what `refuse_choice` raises when it cannot be chosen any more.
    """
    found = await concepts.get_concept(work.connection, concept_id)
    if found.state is ConceptState.CHOSEN:
        return
    row = await project_acts.lock_project(work.connection, found.project_id)
    refuse_choice(found, ProjectStatus(row["status"]))
    await _consider_again(work, row, reason)
    state = ConceptState.CHOSEN
    record = concept_record(work, row, found.id, found.name, state, reason=reason)
    await concepts.set_state(work.connection, found, state, record, expected=None)
    await _take_over(work, row, found, reason)


async def _take_over(work: Work, row: asyncpg.Record, chosen: Concept, reason: str) -> None:
    portfolio = await portfolios.get_portfolio(work.connection, row["portfolio_id"])
    figures = {
        **dict(row),
        "end": end_with(chosen, start=row["start"], end=row["end"]),
        "cost_minor": chosen.cost_minor,
        "benefit_minor": chosen.benefit_minor,
        "cost_by_year": costs_json(chosen.cost_by_year),
        "needs": needs_json(chosen.needs),
        "waves": [],
    }
    figures["registration"] = registration_of(portfolio, figures, chosen.needs)
    fact = ProjectChanged.of(figures, project_id=row["id"])
    record = recorded(work, fact, subject=subject_of("projects", row["id"]), reason=reason)
    await project_acts.FIGURES.change(work.connection, figures, record, expected=row["revision"])
    await announce_crossing(work, dict(row), figures, reason=reason)


async def _consider_again(work: Work, row: asyncpg.Record, reason: str) -> None:
    before = await concepts.consider_again(work.connection, row["id"])
    state = ConceptState.CONSIDERED
    records = [concept_record(work, row, one["id"], one["name"], state, reason=reason) for one in before]
    told = {"before": {"state": ConceptState.CHOSEN}, "after": {"state": state}}
    await announcements.announce(work.connection, [one | told for one in records])


async def _add(
    work: Work, row: asyncpg.Record, said: ConceptSaid, *, is_zero_alternative: bool = False
) -> tuple[UUID, Stored]:
    concept_id = new_id()
    state = ConceptState.CONSIDERED
    values = {
        "id": concept_id,
        "project_id": row["id"],
        "currency": row["currency"],
        "price_year": row["price_year"],
        "is_zero_alternative": is_zero_alternative,
        "state": state,
        "created_at": work.now,
        **_columns(row, said),
    }
    record = concept_record(work, row, concept_id, said.name, state)
    return concept_id, await concepts.RECORDS.add(work.connection, values, record)


async def _refuse_odd(work: Work, row: asyncpg.Record, said: ConceptSaid) -> None:
    refuse_assessed_twice(said.feasibility)
    references: dict[str, list[UUID]] = {
        "receiving_unit_ids": [],
        "depends_on": [],
        "excludes": [],
        "programme_id": [],
        "resource_ids": [need.resource_id for need in said.needs],
    }
    if said.needs:
        await refuse_unknown_references(work.connection, row["portfolio_id"], references)


def _refuse_figures(said: ConceptSaid) -> None:
    """The reference has no figures of its own."""
    for member in _REFERENCE:
        if getattr(said, member):
            raise ZeroAlternativeIsReference(member=member, pointer=f"/body/{member}")


def _columns(row: asyncpg.Record, said: ConceptSaid) -> dict[str, Any]:
    kind = row["currency"], row["price_year"]
    return {
        "name": said.name,
        "description": said.description,
        "feasibility": [
            {"dimension": one.dimension, "level": one.level, "reason": one.reason} for one in said.feasibility
        ],
        "cost_minor": None if said.cost is None else Money(said.cost, *kind).minor,
        "benefit_minor": None if said.benefit is None else Money(said.benefit, *kind).minor,
        "cost_by_year": costs_json(said.cost_by_year),
        "needs": needs_json(said.needs),
        "quarters": said.quarters,
        "is_recommended": said.is_recommended,
    }


def concept_record(
    work: Work,
    row: asyncpg.Record,
    concept_id: UUID,
    name: str,
    state: ConceptState,
    *,
    reason: str | None = None,
) -> dict[str, Any]:
    """What is announced and kept of a change to the concept of the project `row`."""
    fact = ConceptChanged(
        concept_id=concept_id,
        project_id=row["id"],
        portfolio_id=row["portfolio_id"],
        name=name,
        state=state,
    )
    return recorded(work, fact, subject=subject_of("concepts", concept_id), reason=reason)
