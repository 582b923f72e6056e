"""Reading a portfolio problem from a `gevinst-plan/1` document (also under its older name)."""

import json
from decimal import Decimal

from gevinst_portfolio.domain.optimiser.document import DocumentPart
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
from gevinst_portfolio.domain.optimiser.validity import refuse_invalid

FORMATS = ("gevinst-plan/1", "ppm-instance/1")


def problem_from_text(text: str) -> Problem:
    """The problem in a JSON text; decimals are read exactly.

    Raises `PlanMalformed` and what `refuse_invalid` raises.
    """
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise PlanMalformed(member="The file", found="not JSON", wanted="a JSON object") from error
    return read_problem(document)


def read_problem(document: object) -> Problem:
    """The problem in a decoded JSON document. Members that the format does not name are ignored.

    Raises `PlanMalformed` and what `refuse_invalid` raises.
    """
    part = DocumentPart(document, "")
    if part.text("schema") not in FORMATS:
        raise PlanMalformed(pointer="/schema", member="schema", found=part.text("schema"), wanted=FORMATS[0])
    periods = part.whole("periods", least=1)
    problem = Problem(
        name=part.text("name", ""),
        periods=periods,
        horizon=part.find_whole("horizon", least=periods),
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
    refuse_invalid(problem)
    return problem


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
        part.refuse("carry", f"one of {', '.join(Carry)}")
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
