"""Writing versions of a business case and comparing them (C1, C2, C4, G4)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.business_case import BusinessCase, CaseFrame, PriceIndex
from gevinst_benefits.domain.case.case_difference import CaseDifference, difference
from gevinst_benefits.domain.case.case_document import model_from
from gevinst_benefits.domain.case.case_model import CaseModel
from gevinst_benefits.domain.case.case_overview import CaseOverview, overview
from gevinst_benefits.domain.case.case_resolving import Resolved, business_case, resolve
from gevinst_benefits.domain.case.case_results import CaseResult, evaluate
from gevinst_benefits.domain.case.case_sensitivity import Tornado, tornado
from gevinst_benefits.domain.case.case_weights import model_of
from gevinst_benefits.domain.case.discounting import DiscountRegime, find_regime, regime_on
from gevinst_benefits.domain.case.salary_costs import missing_salary_names
from gevinst_benefits.domain.permissions import WRITE_CASE
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.domain.simulation.case_simulation import (
    NothingToDraw,
    SimulatedCase,
    net_present_value_percentiles,
    simulate_case,
    varies,
)
from gevinst_benefits.domain.simulation.simulation import seed_of
from gevinst_benefits.events.business_cases import CaseEvaluated
from gevinst_benefits.store import business_cases, salary_costs
from gevinst_benefits.store.business_cases import Version
from gevinst_benefits.store.projects import get_project, known_units
from gevinst_benefits.usecases.indexing import index_for_case
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import country

# Whole numbers that JSON carries everywhere without loss.
LARGEST_SEED = 2**53 - 1
DEFAULT_DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What a writer says of a version; its number follows. `document` is the model's, filled in."""

    base_year: int
    horizon_years: int
    price_year: int
    currency: str
    document: Mapping[str, Any]
    regime_id: str | None = None
    tax_financing_rate: Decimal | None = None
    index: PriceIndex | None = None
    kept_index: str | None = None
    note: str | None = None


async def evaluate_case(work: Work, project_id: UUID, draft: CaseDraft) -> tuple[UUID, Stored]:
    """Write the project's next version and its results; its id and record."""
    await require_writer(work, project_id)
    frame = CaseFrame(
        base_year=draft.base_year,
        horizon_years=draft.horizon_years,
        price_year=draft.price_year,
        currency=draft.currency,
        regime=_regime(work, draft),
        index=await index_for_case(work, draft.index, draft.kept_index),
    )
    # Reading the longest formulas takes a third of a second: others are answered meanwhile.
    model = await asyncio.to_thread(model_from, draft.document)
    # C3: a case that was taken over keeps its link until another general case is taken over.
    model = replace(model, origin=await business_cases.find_origin(work.connection, project_id))
    return await add_version(work, project_id, frame, model, note=draft.note)


async def add_version(
    work: Work, project_id: UUID, frame: CaseFrame, model: CaseModel, *, note: str | None
) -> tuple[UUID, Stored]:
    """Compute the model and write it as the project's next version."""
    await _refuse_unknown_units(work, model)
    model = await _with_salary(work, model, frame)
    number = await business_cases.next_number(work.connection, project_id)
    version, results = await asyncio.to_thread(_computed, new_id(), project_id, number, frame, model)
    result = results[0]
    percentiles = await asyncio.to_thread(_percentiles, version)
    fact = CaseEvaluated(
        project_id=project_id,
        business_case_id=version.id,
        number=number,
        currency=frame.currency,
        price_year=frame.price_year,
        regime=frame.regime.id,
        net_present_value=result.net_present_value,
        present_cost=result.present_cost,
        present_benefit=result.present_benefit,
        percentiles=percentiles,
    )
    record = recorded(work, fact, subject=subject_of("business-cases", version.id))
    written = {"note": note, "created_by": work.actor.subject, "created_at": work.now}
    return version.id, await business_cases.add_version(work.connection, version, results, written, record)


async def require_writer(work: Work, project_id: UUID) -> None:
    """Refuse who may not write the project's case, and a project that is not known."""
    project = await get_project(work.connection, project_id)
    work.require(WRITE_CASE, project.place())


async def compare(work: Work, case_id: UUID, *, earlier_id: UUID) -> CaseDifference:
    """What changed from the earlier version to this one."""
    after = await business_cases.get_version(work.connection, case_id)
    before = await business_cases.get_version(work.connection, earlier_id)
    return await asyncio.to_thread(difference, before.case, after.case)


async def simulate(
    work: Work, case_id: UUID, *, seed: int | None, draws: int
) -> tuple[BusinessCase, SimulatedCase]:
    """The version drawn so many times; without a seed, with the version's own (C5)."""
    case = (await business_cases.get_version(work.connection, case_id)).case
    chosen = _own_seed(case_id) if seed is None else seed
    return case, await asyncio.to_thread(simulate_case, model_of(case), case.frame, seed=chosen, draws=draws)


async def drawn(work: Work, case_id: UUID) -> tuple[BusinessCase, SimulatedCase] | None:
    """What the version's own simulation shows; None when nothing in it varies, or no draw can be computed."""
    case = (await business_cases.get_version(work.connection, case_id)).case
    if not varies(model_of(case)):
        return None
    try:
        return await simulate(work, case_id, seed=None, draws=DEFAULT_DRAWS)
    except NothingToDraw:
        return None


async def drawn_with_percentiles(
    work: Work, case_id: UUID
) -> tuple[BusinessCase, SimulatedCase | None, Mapping[int, Decimal]]:
    """What `simulate` says with the version's own seed, and the value at each whole percent of the same
    draws; None and nothing where nothing varies, or no draw can be computed."""
    version = await business_cases.get_version(work.connection, case_id)
    percentiles = await asyncio.to_thread(_percentiles, version)
    found = None if not percentiles else await drawn(work, case_id)
    return version.case, None if found is None else found[1], percentiles


async def sensitivity(work: Work, case_id: UUID) -> tuple[BusinessCase, Tornado]:
    """Which assumptions of the version matter most (C5)."""
    case = (await business_cases.get_version(work.connection, case_id)).case
    return case, await asyncio.to_thread(tornado, model_of(case), case.frame)


def _computed(
    case_id: UUID, project_id: UUID, number: int, frame: CaseFrame, model: CaseModel
) -> tuple[Version, tuple[CaseResult, CaseOverview]]:
    resolved: Resolved = resolve(model, frame)
    case = business_case(project_id, number, resolved)
    return Version(case_id, case, resolved), (evaluate(case), overview(resolved, case))


def _percentiles(version: Version) -> Mapping[int, Decimal]:
    """What a simulation with the version's own seed and as many draws as by default shows."""
    case = version.case
    return net_present_value_percentiles(
        model_of(case), case.frame, seed=_own_seed(version.id), draws=DEFAULT_DRAWS
    )


def _own_seed(case_id: UUID) -> int:
    return seed_of(case_id) % LARGEST_SEED


async def _refuse_unknown_units(work: Work, model: CaseModel) -> None:
    units = {line.unit_id for line in model.lines}
    if model.risk_pool is not None:
        units.add(model.risk_pool.unit_id)
    refuse_unknown_units(units, await known_units(work.connection, units))


async def _with_salary(work: Work, model: CaseModel, frame: CaseFrame) -> CaseModel:
    """Take the organisation's salary cost over as assumptions, so that the version keeps what it used."""
    names = missing_salary_names(model)
    if not names:
        return model
    found = await salary_costs.find_in_force(work.connection, frame.currency, on=work.today)
    taken = () if found is None else found.assumptions(names)
    return replace(model, assumptions=(*model.assumptions, *taken))


def _regime(work: Work, draft: CaseDraft) -> DiscountRegime:
    if draft.regime_id is not None:
        regime = find_regime(draft.regime_id)
    else:
        regime = regime_on(country(work.organisation), work.today)
    if draft.tax_financing_rate is None:
        return regime
    return replace(regime, tax_financing_rate=draft.tax_financing_rate)
