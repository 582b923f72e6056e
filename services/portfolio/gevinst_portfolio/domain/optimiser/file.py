"""Reading a portfolio problem from a `gevinst-plan/1` document (also under its older name)."""

from dataclasses import dataclass

from gevinst_portfolio.domain.optimiser.document import DocumentPart, Faults, decoded
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Category,
    Precedence,
    Problem,
    Project,
    Resource,
)
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed
from gevinst_portfolio.domain.optimiser.validity import faults_of
from gevinst_shared.values.refusal import Refusal

FORMATS = ("gevinst-plan/1", "ppm-instance/1")
MOST_PERIODS = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as it could be read.

    `problem` is there when there are no `faults`. `ignored` are the places of members that the format does
    not name, with `*` for any place in a list.
    """

    problem: Problem | None
    faults: tuple[Refusal, ...]
    ignored: tuple[str, ...] = ()


def problem_from_text(text: str | bytes) -> Problem:
    """The problem in a JSON text; decimals are read exactly.

    Raises `PlanMalformed` and what `refuse_invalid` raises: the first of the `faults` of `reading_of_text`.
    """
    return _without_faults(reading_of_text(text))


def read_problem(document: object) -> Problem:
    """The problem in a decoded JSON document. Members that the format does not name are ignored.

    Raises `PlanMalformed` and what `refuse_invalid` raises.
    """
    return _without_faults(reading_of(document))


def reading_of_text(text: str | bytes) -> Reading:
    """The problem in a JSON text, or everything that is wrong with it."""
    try:
        return reading_of(decoded(text))
    except PlanMalformed as fault:
        return Reading(None, (fault,))


def reading_of(document: object) -> Reading:
    """The problem in a decoded JSON document, or everything that is wrong with it."""
    faults = Faults()
    part = DocumentPart(document, (), faults)
    if not isinstance(document, dict):
        return Reading(None, faults.found)
    if part.text("schema") not in FORMATS:
        part.refuse("schema", wanted=FORMATS[0])
    problem = _problem(part)
    found: tuple[Refusal, ...] = faults.found or tuple(faults_of(problem))
    return Reading(None if found else problem, found, faults.ignored)


def _without_faults(reading: Reading) -> Problem:
    if reading.problem is None:
        raise reading.faults[0]
    return reading.problem


def _problem(part: DocumentPart) -> Problem:
    periods = part.whole("periods", least=1)
    horizon = part.find_whole("horizon", least=periods)
    if max(periods, horizon or 0) > MOST_PERIODS:
        part.refuse("horizon" if horizon else "periods", wanted=f"{MOST_PERIODS} at most")
        periods = horizon = 1
    return Problem(
        name=part.text("name", ""),
        periods=periods,
        horizon=horizon,
        must_finish=part.flag("finish_in_horizon", otherwise=True),
        resources=tuple(_resource(p) for p in part.parts("resources")),
        budgets=tuple(_budget(p) for p in part.parts("budgets")),
        categories=tuple(_category(p) for p in part.parts("categories")),
        projects=tuple(_project(p) for p in part.parts("projects")),
        precedence=tuple(_precedence(p) for p in part.parts("precedence")),
        exclusive=part.groups("exclusive"),
        all_or_none=part.groups("all_or_none"),
        max_starts=part.whole_per_period("max_starts_per_period", periods),
    )


def _resource(part: DocumentPart) -> Resource:
    return Resource(
        id=part.text("id"),
        name=part.text("name", part.text("id")),
        kind=part.text("kind", "role"),
        capacity=part.profile("capacity"),
    )


def _budget(part: DocumentPart) -> Budget:
    carry = part.text("carry", Carry.NONE)
    if carry not in list(Carry):
        part.refuse("carry", wanted=f"one of {', '.join(Carry)}")
        carry = Carry.NONE
    is_capped = carry == Carry.CAPPED
    return Budget(
        id=part.text("id"),
        name=part.text("name", part.text("id")),
        inflow=part.profile("inflow"),
        initial=part.number("initial"),
        carry=Carry(carry),
        carry_cap=part.number("carry_cap") if is_capped else 0,
        year_length=part.whole("year_length", least=1) if is_capped else 1,
    )


def _category(part: DocumentPart) -> Category:
    return Category(
        id=part.text("id"),
        name=part.text("name", part.text("id")),
        min_share=part.find_number("min_share"),
        max_share=part.find_number("max_share"),
        max_spend=part.find_number("max_spend"),
    )


def _project(part: DocumentPart) -> Project:
    return Project(
        id=part.text("id"),
        name=part.text("name", part.text("id")),
        category=part.find_text("category"),
        concept_of=part.find_text("concept_of"),
        duration=part.whole("duration", least=1),
        earliest=part.whole("earliest", 0),
        latest_start=part.find_whole("latest_start"),
        deadline=part.find_whole("deadline"),
        is_mandatory=part.flag("mandatory", otherwise=False),
        fixed_start=part.find_whole("fixed_start"),
        cost=part.profiles("cost"),
        demand=part.profiles("demand"),
        value_by_start=part.profile("value_by_start"),
    )


def _precedence(part: DocumentPart) -> Precedence:
    return Precedence(before=part.text("before"), after=part.text("after"), lag=part.whole("lag", 0))
