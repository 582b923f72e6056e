"""Co-financing on the wire (M4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from gevinst_portfolio.domain.cofinancing import (
    Applicant,
    ConditionState,
    Eligibility,
    Paper,
    Scheme,
    StepState,
)
from gevinst_portfolio.schemas.pool_applications import AmountFromZero
from gevinst_portfolio.usecases.cofinancing import Candidate, Income
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Currency,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
    Year,
)

MOST = 100_000
Edition = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Share = Annotated[str, Field(max_length=6, pattern=r"^(0\.[0-9]{1,4}|1(\.0{1,4})?)$")]
Phases = Annotated[list[Code], Field(max_length=50)]
_MONEY = [{"amount": "4000000.00", "currency": "NOK", "price_year": 2026}]


class PaperIn(In):
    """A paper that an application needs."""

    code: Code = Field(examples=["benefit-plan"])
    name: Name = Field(examples=["Benefit realisation plan"])


class SchemeIn(In):
    """A scheme of one's own, or another edition of one. Limits that are left away are none."""

    code: Code = Field(examples=["county-fund"])
    edition: Edition = Field(examples=["2027"])
    name: Name = Field(examples=["The county's fund"])
    valid_from: Day = Field(examples=["2027-01-01"])
    valid_until: Maybe[Day] = Field(None, description="The first day on which it is not in force any more.")
    currency: Currency = Field(examples=["NOK"])
    share: Share = Field(description="The most of the total cost: 0.5 is half.", examples=["0.5"])
    floor: Maybe[AmountFromZero] = Field(None, description="The least that is given.")
    ceiling: Maybe[AmountFromZero] = Field(None, description="The most that is given.")
    least_cost: Maybe[AmountFromZero] = Field(None, description="The least total cost.")
    most_cost: Maybe[AmountFromZero] = Field(None, description="The most total cost.")
    most_project_years: Maybe[Whole] = Field(None, ge=1, le=50)
    most_funding_years: Maybe[Whole] = Field(None, ge=1, le=50)
    applicants: list[Applicant] = Field(
        default=[], max_length=10, description="Who may apply; none named: anybody."
    )
    window: Phases = Field(default=[], description="The phases in which one applies; none: any.")
    before_window: Phases = Field(default=[], description="Phases that are too early.")
    after_window: Phases = Field(default=[], description="Phases that are too late.")
    must_trigger: bool = Field(default=False, strict=True, description="Only what would not happen without.")
    has_binding_plan: bool = Field(default=False, strict=True)
    papers: list[PaperIn] = Field(default=[], max_length=50)
    sources: list[Name] = Field(default=[], max_length=20)

    def definition(self) -> dict[str, Any]:
        """The form that schemes are kept in."""
        said = self.model_dump(mode="json", exclude_none=True, exclude={"name", "papers"})
        papers = [{"code": paper.code, "names": {"": paper.name}} for paper in self.papers]
        return {**said, "names": {"": self.name}, "papers": papers}


class PaperOut(Out):
    code: Code
    name: Name


class SchemeOut(Out):
    """One edition of a scheme; limits that it does not state are absent."""

    code: Code
    edition: Edition
    name: Name
    valid_from: Day
    valid_until: Maybe[Day] = None
    currency: Currency
    share: Share = Field(examples=["0.5"])
    floor: Maybe[Amount] = None
    ceiling: Maybe[Amount] = None
    least_cost: Maybe[Amount] = None
    most_cost: Maybe[Amount] = None
    most_project_years: Maybe[int] = Field(None, ge=1, le=50)
    most_funding_years: Maybe[int] = Field(None, ge=1, le=50)
    applicants: list[Applicant] = Field(max_length=10)
    window: Phases
    must_trigger: bool
    has_binding_plan: bool
    ranking: Literal["npv-per-krone"] = Field(description="Net present value for each krone invested.")
    papers: list[PaperOut] = Field(max_length=50)
    sources: list[Name] = Field(max_length=20)
    is_own: bool


class SchemeListOut(Out):
    """All editions, by code."""

    items: list[SchemeOut] = Field(max_length=10_000)


class ProfileIn(In):
    """What schemes ask about a project. What is left away is unknown; no papers is an empty list."""

    applicant: Maybe[Applicant] = None
    is_triggering: Maybe[bool] = Field(None, description="Whether the project happens only with the money.")
    papers: Maybe[list[Code]] = Field(None, max_length=100, description="The papers that are there.")
    net_present_value: Maybe[MoneyIn] = None
    invested: Maybe[MoneyIn] = Field(None, description="What the value is held against.")
    source: Maybe[Prose] = Field(None, description="Where the value comes from, such as a business case.")


class ProfileOut(Out):
    """What was said; revision 0 when nobody has said anything."""

    project_id: Id
    applicant: Maybe[Applicant] = None
    is_triggering: Maybe[bool] = None
    papers: Maybe[list[Code]] = Field(None, max_length=100)
    net_present_value: Maybe[MoneyOut] = None
    invested: Maybe[MoneyOut] = None
    source: Maybe[Prose] = None
    stated_by: Maybe[str] = Field(None, max_length=300)
    stated_at: Maybe[Moment] = None
    revision: int = Field(ge=0, le=1_000_000_000)


class ConditionOut(Out):
    """One thing that a scheme asks, in your language."""

    code: Code
    state: ConditionState
    requirement: str = Field(max_length=1000)


class EligibilityOut(Out):
    """What a project meets of a scheme on a day. Missing is not zero: unknown is not met and not failed."""

    scheme: SchemeOut
    state: ConditionState
    conditions: list[ConditionOut] = Field(max_length=20)
    least_amount: Maybe[Amount] = Field(None, description="Absent when the cost is not known.")
    most_amount: Maybe[Amount] = None
    missing_papers: list[PaperOut] = Field(max_length=50)


class EligibilityListOut(Out):
    """Every scheme that is in force on the day."""

    project_id: Id
    day: Day
    items: list[EligibilityOut] = Field(max_length=10_000)


class CandidateOut(Out):
    project_id: Id
    project_name: Name
    place: Maybe[int] = Field(None, ge=1, le=MOST, description="Absent without a value.")
    value_per_krone: Maybe[str] = Field(None, max_length=40, examples=["2.5000"])
    state: ConditionState = Field(description="Whether the scheme is open to it on the day.")


class RankingOut(Out):
    """Projects by net present value for each krone invested, best first; those without a value last."""

    portfolio_id: Id
    day: Day
    scheme: Code
    edition: Edition
    items: list[CandidateOut] = Field(max_length=MOST)


class CoFinancingApplicationIn(In):
    """What the project applied for."""

    scheme: Code = Field(examples=["no-medfinansiering"])
    edition: Edition = Field(examples=["2023"])
    amount: MoneyIn = Field(examples=_MONEY)
    applied_on: Day = Field(examples=["2026-01-15"])


class YearAmount(In):
    """An amount of one year, in the money of the application."""

    year: Year = Field(examples=[2027])
    amount: AmountFromZero = Field(examples=["2000000.00"])


class StepIn(In):
    """What became of the application. An award and a payment have amounts per year, nothing else has."""

    state: StepState = Field(examples=["awarded"])
    happened_on: Day = Field(examples=["2026-02-15"])
    years: list[YearAmount] = Field(default=[], max_length=50)
    note: Maybe[Prose] = None
    pool_id: Maybe[Id] = Field(None, description="The pool that a payment goes through, if any.")


class YearAmountOut(Out):
    year: Year
    amount: Amount


class StepOut(Out):
    id: Id
    state: StepState
    happened_on: Day
    years: list[YearAmountOut] = Field(max_length=50)
    note: Maybe[Prose] = None
    transaction_id: Maybe[Id] = None
    recorded_by: str = Field(max_length=300)
    created_at: Moment


class CoFinancingApplicationOut(Out):
    """An application to a scheme, and all that became of it."""

    id: Id
    organisation: Organisation
    project_id: Id
    scheme: Code
    edition: Edition
    amount: MoneyOut
    applied_on: Day
    applied_by: str = Field(max_length=300)
    state: StepState
    steps: list[StepOut] = Field(max_length=1000)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class CoFinancingApplicationPageOut(Out):
    """Applications, a page at a time."""

    items: list[CoFinancingApplicationOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class IncomeLineOut(Out):
    """What one step brings in one year."""

    year: Year
    amount: MoneyOut
    is_paid: bool
    step_id: Id
    application_id: Id
    scheme: Code


class IncomeYearOut(Out):
    """A year's income in one money: what was awarded for it, and what of it is paid."""

    year: Year
    awarded: MoneyOut
    paid: MoneyOut


class IncomeOut(Out):
    """The project's income from schemes; amounts of two price years are never added."""

    project_id: Id
    years: list[IncomeYearOut] = Field(max_length=10_000)
    lines: list[IncomeLineOut] = Field(max_length=100_000)


def scheme_told(scheme: Scheme, language: str) -> dict[str, Any]:
    """The members of `SchemeOut`."""
    amounts = {
        name: None if getattr(scheme, name) is None else f"{getattr(scheme, name):.2f}"
        for name in ("floor", "ceiling", "least_cost", "most_cost")
    }
    names = ("code", "edition", "valid_from", "valid_until", "currency", "must_trigger", "has_binding_plan")
    more = ("most_project_years", "most_funding_years", "is_own")
    return {
        **{name: getattr(scheme, name) for name in (*names, *more)},
        **amounts,
        "name": _in_language(scheme.names, language),
        "share": str(scheme.share),
        "applicants": list(scheme.applicants),
        "window": list(scheme.window),
        "ranking": "npv-per-krone",
        "papers": _papers(scheme.papers, language),
        "sources": list(scheme.sources),
    }


def eligibility_told(found: Eligibility, language: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The members of `EligibilityOut`; `texts` are the conditions' sentences in the language."""
    return {
        "scheme": scheme_told(found.scheme, language),
        "state": found.state,
        "conditions": [
            {"code": one.code, "state": one.state, "requirement": texts[one.code].format(**one.values)}
            for one in found.conditions
        ],
        "least_amount": None if found.least is None else f"{found.least:.2f}",
        "most_amount": None if found.most is None else f"{found.most:.2f}",
        "missing_papers": _papers(found.missing_papers, language),
    }


def ranking_told(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """`CandidateOut` for each, with its place."""
    return [
        {
            "project_id": one.project_id,
            "project_name": one.name,
            "place": None if one.value_per_krone is None else place,
            "value_per_krone": None if one.value_per_krone is None else str(one.value_per_krone),
            "state": one.eligibility.state,
        }
        for place, one in enumerate(candidates, start=1)
    ]


def income_told(lines: Sequence[Income]) -> dict[str, Any]:
    """`years` and `lines` of `IncomeOut`."""
    kinds = sorted({(one.year, one.money.currency, one.money.price_year) for one in lines})

    def total(kind: tuple[int, str, int], is_counted: Callable[[Income], bool]) -> Money:
        amounts = [
            one.money.amount
            for one in lines
            if is_counted(one) and (one.year, one.money.currency, one.money.price_year) == kind
        ]
        return Money(sum(amounts, start=0 * lines[0].money.amount), kind[1], kind[2])

    return {
        "years": [
            {
                "year": kind[0],
                "awarded": total(kind, lambda one: not one.is_paid),
                "paid": total(kind, lambda one: one.is_paid),
            }
            for kind in kinds
        ],
        "lines": [
            {
                "year": one.year,
                "amount": one.money,
                "is_paid": one.is_paid,
                "step_id": one.step_id,
                "application_id": one.application_id,
                "scheme": one.scheme,
            }
            for one in lines
        ],
    }


def _papers(papers: Sequence[Paper], language: str) -> list[dict[str, str]]:
    return [{"code": paper.code, "name": _in_language(paper.names, language)} for paper in papers]


def _in_language(names: Mapping[str, str], language: str) -> str:
    """A scheme of one's own has one name for all languages."""
    return names.get(language) or next(iter(names.values()))
