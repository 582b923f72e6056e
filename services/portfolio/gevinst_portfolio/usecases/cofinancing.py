"""Co-financing: what a project meets, what it applied for, what it was given (M4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.cofinancing import (
    Eligibility,
    PaidBeyondAward,
    ProjectFacts,
    Scheme,
    SchemeShipped,
    SchemeUnknown,
    StepState,
    eligibility,
    refuse_odd_scheme,
    refuse_out_of_turn,
    value_per_krone,
)
from gevinst_portfolio.domain.ledger import TransactionKind, legs_of
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import APPLY_FOR_CO_FINANCING, ARRANGE
from gevinst_portfolio.domain.pools import DatedAhead
from gevinst_portfolio.events.funding import (
    CoFinancingMoved,
    CoFinancingProfileStated,
    CoFinancingSchemeAdded,
)
from gevinst_portfolio.store import cofinancing, portfolios, projects
from gevinst_portfolio.store import cofinancing_schemes as schemes
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.pooling import hold
from gevinst_portfolio.usecases.posting import Posting, post
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


async def list_schemes(work: Work, day: date | None) -> list[Scheme]:
    """The schemes in force on a day; all editions without one."""
    found = await schemes.list_schemes(work.connection)
    return [scheme for scheme in found if day is None or scheme.is_in_force(day)]


async def add_scheme(work: Work, definition: Mapping[str, Any]) -> Scheme:
    """Add a scheme of the organisation's own, or another edition of one."""
    work.require(ARRANGE, Place())
    scheme = Scheme.read(definition, is_own=True)
    refuse_odd_scheme(scheme)
    if schemes.is_shipped(scheme.code):
        raise SchemeShipped(code=scheme.code, pointer="/body/code")
    scheme_id = new_id()
    values = {
        "id": scheme_id,
        "code": scheme.code,
        "edition": scheme.edition,
        "definition": dict(definition),
        "added_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = CoFinancingSchemeAdded(scheme=scheme.code, edition=scheme.edition)
    record = recorded(work, fact, subject=subject_of("co-financing-schemes", scheme_id))
    await schemes.RECORDS.add(work.connection, values, record)
    return scheme


@dataclass(frozen=True, slots=True)
class Profile:
    """What schemes ask about a project; None is unknown, and no papers is an empty set."""

    applicant: str | None
    is_triggering: bool | None
    papers: frozenset[str] | None
    net_present_value: Money | None
    invested: Money | None
    source: str | None


async def state_profile(work: Work, project_id: UUID, said: Profile, *, expected: int) -> Stored | None:
    """Say what schemes ask; `expected` 0 for the first time. None when somebody said otherwise meanwhile."""
    row = await _owned(work, project_id)
    refuse_merged(row["merged_into_id"])
    value_per_krone(said.net_present_value, said.invested)
    known = said.net_present_value or said.invested
    values = {
        "id": project_id,
        "applicant": said.applicant,
        "is_triggering": said.is_triggering,
        "papers": None if said.papers is None else sorted(said.papers),
        "net_present_value_minor": None if said.net_present_value is None else said.net_present_value.minor,
        "invested_minor": None if said.invested is None else said.invested.minor,
        "currency": row["currency"] if known is None else known.currency,
        "price_year": row["price_year"] if known is None else known.price_year,
        "source": said.source,
        "stated_by": work.actor.subject,
        "stated_at": work.now,
    }
    fact = CoFinancingProfileStated(project_id=project_id)
    record = recorded(work, fact, subject=subject_of("projects", project_id))
    is_first = await cofinancing.find_profile(work.connection, project_id) is None
    if is_first != (expected == 0):
        return None
    if is_first:
        return await cofinancing.PROFILES.add(work.connection, values, record)
    return await cofinancing.PROFILES.change(work.connection, values, record, expected=expected)


async def check_eligibility(work: Work, project_id: UUID, day: date) -> list[Eligibility]:
    """What the project meets of each scheme that is in force on the day."""
    row = await projects.get_row(work.connection, project_id)
    said = await cofinancing.find_profile(work.connection, project_id)
    facts = _facts(row, {} if said is None else dict(said))
    return [eligibility(scheme, facts, day) for scheme in await list_schemes(work, day)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project in the ranking of a scheme; without a value it comes last."""

    project_id: UUID
    name: str
    value_per_krone: Decimal | None
    eligibility: Eligibility


async def rank(work: Work, portfolio_id: UUID, scheme: str, edition: str, day: date) -> list[Candidate]:
    """The portfolio's open projects by net present value per invested krone, best first."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    known = await _scheme(work, scheme, edition)
    rows = await cofinancing.list_candidates(work.connection, portfolio_id)
    found = [_candidate(known, row, day) for row in rows]
    return sorted(found, key=_best_first)


async def apply_for_co_financing(
    work: Work, project_id: UUID, *, scheme: str, edition: str, amount: Money, applied_on: date
) -> tuple[UUID, Stored]:
    """Register that the project has applied; the application's id and record."""
    row = await _owned(work, project_id)
    refuse_merged(row["merged_into_id"])
    known = await _scheme(work, scheme, edition)
    _refuse_ahead(work, applied_on, "applied_on")
    application_id = new_id()
    values = {
        "id": application_id,
        "project_id": project_id,
        "scheme": known.code,
        "edition": known.edition,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "price_year": amount.price_year,
        "applied_on": applied_on,
        "applied_by": work.actor.subject,
        "state": StepState.APPLIED,
        "created_at": work.now,
    }
    record = _record(work, row, values, StepState.APPLIED, amount)
    return application_id, await cofinancing.APPLICATIONS.add(work.connection, values, record)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of an application; `years` has amounts in its money, `pool_id` where they went through."""

    state: StepState
    happened_on: date
    years: Sequence[tuple[int, Decimal]]
    note: str | None
    pool_id: UUID | None


async def record_step(work: Work, application_id: UUID, step: Step, *, expected: int) -> Stored | None:
    """Record the next step; None when the application changed meanwhile."""
    row = await cofinancing.lock_application(work.connection, application_id)
    project = await _owned(work, row["project_id"])
    refuse_out_of_turn(StepState(row["state"]), step.state, [year for year, _ in step.years])
    _refuse_ahead(work, step.happened_on, "happened_on")
    if row["revision"] != expected:
        return None
    await _refuse_beyond_award(work, application_id, step)
    total = Money(sum((amount for _, amount in step.years), Decimal(0)), row["currency"], row["price_year"])
    values = {
        "organisation_id": work.organisation,
        "id": new_id(),
        "application_id": application_id,
        "state": step.state,
        "happened_on": step.happened_on,
        "years": [{"year": year, "amount": f"{amount:.2f}"} for year, amount in step.years],
        "note": step.note,
        "transaction_id": await _through_pool(work, step, total),
        "recorded_by": work.actor.subject,
        "created_at": work.now,
    }
    await cofinancing.add_step(work.connection, values)
    record = _record(work, project, dict(row), step.state, total if step.years else None)
    changed = {**dict(row), "state": step.state}
    if await cofinancing.APPLICATIONS.change(work.connection, changed, record, expected=expected) is None:
        return None
    return await cofinancing.APPLICATIONS.get(work.connection, application_id)


@dataclass(frozen=True, slots=True)
class Income:
    """What one step brings a project in one year, in whole units."""

    year: int
    money: Money
    is_paid: bool
    step_id: UUID
    application_id: UUID
    scheme: str


async def list_income(work: Work, project_id: UUID) -> list[Income]:
    """E2: the project's co-financing per year, awarded and paid, each with the step that it comes from."""
    await projects.get_row(work.connection, project_id)
    return [
        Income(
            each["year"],
            Money(Decimal(each["amount"]), row["currency"], row["price_year"]),
            row["state"] == StepState.PAID,
            row["id"],
            row["application_id"],
            row["scheme"],
        )
        for row in await cofinancing.list_income(work.connection, project_id)
        for each in json.loads(row["years"])
    ]


async def _through_pool(work: Work, step: Step, total: Money) -> UUID | None:
    """Co-financing is the project's; it touches a pool only when it is paid through one."""
    if step.pool_id is None or step.state is not StepState.PAID:
        return None
    pool = await hold(work, step.pool_id)
    legs = legs_of(TransactionKind.CO_FINANCING, pool.minor(total, pointer="/body/pool_id"))
    return await post(work, pool, Posting(TransactionKind.CO_FINANCING, legs, step.happened_on))


async def _refuse_beyond_award(work: Work, application_id: UUID, step: Step) -> None:
    if step.state is not StepState.PAID:
        return
    sums = {StepState.AWARDED: Decimal(0), StepState.PAID: Decimal(0)}
    for row in await cofinancing.list_steps(work.connection, application_id):
        if row["state"] in sums:
            sums[StepState(row["state"])] += sum(
                (Decimal(each["amount"]) for each in json.loads(row["years"])), Decimal(0)
            )
    paid = sums[StepState.PAID] + sum((amount for _, amount in step.years), Decimal(0))
    if paid > sums[StepState.AWARDED]:
        raise PaidBeyondAward(awarded=sums[StepState.AWARDED], paid=paid, pointer="/body/years")


def _refuse_ahead(work: Work, day: date, member: str) -> None:
    if day > work.today:
        raise DatedAhead(day=day, pointer=f"/body/{member}")


def _candidate(scheme: Scheme, row: asyncpg.Record, day: date) -> Candidate:
    said = {name.removeprefix("said_"): value for name, value in row.items() if name.startswith("said_")}
    facts = _facts(row, said)
    invested = _money(said["invested_minor"], said)
    net_present_value = _money(said["net_present_value_minor"], said)
    if invested is None and facts.cost is not None and net_present_value is not None:
        is_same = (facts.cost.currency, facts.cost.price_year) == (said["currency"], said["price_year"])
        invested = facts.cost if is_same else None
    value = value_per_krone(net_present_value, invested)
    return Candidate(row["id"], row["name"], value, eligibility(scheme, facts, day))


def _best_first(candidate: Candidate) -> tuple[bool, Decimal, UUID]:
    value = candidate.value_per_krone
    return (value is None, -(value or Decimal(0)), candidate.project_id)


def _facts(row: Mapping[str, Any] | asyncpg.Record, said: Mapping[str, Any]) -> ProjectFacts:
    papers = said.get("papers")
    return ProjectFacts(
        cost=_money(row["cost_minor"], row),
        phase=row["phase"],
        start=row["start"],
        end=row["end"],
        applicant=said.get("applicant"),
        is_triggering=said.get("is_triggering"),
        papers=None if papers is None else frozenset(papers),
    )


def _money(minor: int | None, row: Mapping[str, Any] | asyncpg.Record) -> Money | None:
    return None if minor is None else Money.from_minor(minor, row["currency"], row["price_year"])


async def _scheme(work: Work, code: str, edition: str) -> Scheme:
    for scheme in await schemes.list_schemes(work.connection):
        if (scheme.code, scheme.edition) == (code, edition):
            return scheme
    raise SchemeUnknown(scheme=code, edition=edition)


async def _owned(work: Work, project_id: UUID) -> asyncpg.Record:
    """The project, for somebody who may apply for it."""
    row = await projects.get_row(work.connection, project_id)
    place = await place_of(
        work.connection,
        portfolio_id=row["portfolio_id"],
        project_id=project_id,
        programme_id=row["programme_id"],
        unit_id=row["unit_id"],
    )
    work.require(APPLY_FOR_CO_FINANCING, place)
    return row


def _record(
    work: Work,
    project: asyncpg.Record,
    values: Mapping[str, Any],
    state: StepState,
    amount: Money | None,
) -> dict[str, Any]:
    fact = CoFinancingMoved(
        co_financing_application_id=values["id"],
        project_id=project["id"],
        project_name=project["name"],
        scheme=values["scheme"],
        edition=values["edition"],
        state=state,
        amount=amount,
    )
    return recorded(work, fact, subject=subject_of("co-financing-applications", values["id"]))
