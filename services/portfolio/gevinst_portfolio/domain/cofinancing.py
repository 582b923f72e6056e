"""Co-financing schemes as dated data: which there are on a day, and what a project meets of them (M4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class ConditionState(StrEnum):
    """Missing is not zero: what nobody has said is unknown."""

    MET = "met"
    NOT_MET = "not-met"
    UNKNOWN = "unknown"


class Applicant(StrEnum):
    STATE_BODY = "state-body"
    MUNICIPALITY = "municipality"
    OTHER = "other"


class StepState(StrEnum):
    APPLIED = "applied"
    AWARDED = "awarded"
    REFUSED = "refused"
    PAID = "paid"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


class OddScheme(Refusal):
    code = "odd-scheme"
    title = "The scheme does not hold together"
    detail = "{member}: the scheme says {low} and then {high}. Turn them round, or correct one."


class SchemeShipped(Refusal):
    code = "scheme-shipped"
    title = "A shipped scheme has this code"
    detail = "{code} is a scheme that comes with the product. Choose another code for your own."


class SchemeUnknown(Refusal):
    code = "scheme-unknown"
    title = "No such scheme"
    detail = "There is no edition {edition} of the scheme {scheme}. The list of schemes has those there are."


class StepOutOfTurn(Refusal):
    code = "step-out-of-turn"
    title = "Not the next step"
    detail = "The application is {state}. What can follow: {following}."


class PaidBeyondAward(Refusal):
    code = "paid-beyond-award"
    title = "More than was awarded"
    detail = "{awarded} was awarded, and with this {paid} would be paid."


class YearsMissing(Refusal):
    code = "years-missing"
    title = "Say the years"
    detail = "An award and a payment have an amount per year, each year once; nothing else has amounts."


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an application needs; `names` by language."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One edition of a scheme; in force from a day until, not including, another. None: not stated.

    `share` is the most of the total cost, 0.5 is half; amounts in whole units of `currency`. The window is
    told by phases: those in which one applies, those before, those after. No `applicants`: anybody.
    """

    code: str
    edition: str
    names: Mapping[str, str]
    valid_from: date
    valid_until: date | None
    currency: str
    share: Decimal
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    least_cost: Decimal | None = None
    most_cost: Decimal | None = None
    most_project_years: int | None = None
    most_funding_years: int | None = None
    applicants: tuple[str, ...] = ()
    window: tuple[str, ...] = ()
    before_window: tuple[str, ...] = ()
    after_window: tuple[str, ...] = ()
    must_trigger: bool = False
    has_binding_plan: bool = False
    papers: tuple[Paper, ...] = ()
    sources: tuple[str, ...] = ()
    is_own: bool = False

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    @classmethod
    def read(cls, document: Mapping[str, Any], *, is_own: bool = False) -> "Scheme":
        """From a shipped file or a stored definition."""
        until = document.get("valid_until")
        return cls(
            code=document["code"],
            edition=document["edition"],
            names=document["names"],
            valid_from=date.fromisoformat(document["valid_from"]),
            valid_until=None if until is None else date.fromisoformat(until),
            currency=document["currency"],
            share=Decimal(document["share"]),
            most_project_years=document.get("most_project_years"),
            most_funding_years=document.get("most_funding_years"),
            must_trigger=document.get("must_trigger", False),
            has_binding_plan=document.get("has_binding_plan", False),
            papers=tuple(Paper(each["code"], each["names"]) for each in document.get("papers", ())),
            is_own=is_own,
            floor=_decimal(document.get("floor")),
            ceiling=_decimal(document.get("ceiling")),
            least_cost=_decimal(document.get("least_cost")),
            most_cost=_decimal(document.get("most_cost")),
            applicants=tuple(document.get("applicants", ())),
            window=tuple(document.get("window", ())),
            before_window=tuple(document.get("before_window", ())),
            after_window=tuple(document.get("after_window", ())),
            sources=tuple(document.get("sources", ())),
        )


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known of a project; None is unknown. `papers` None: nobody has said which there are."""

    cost: Money | None
    phase: str | None
    start: date | None
    end: date | None
    applicant: str | None = None
    is_triggering: bool | None = None
    papers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the scheme asks, with what its sentence names."""

    code: str
    state: ConditionState
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`most` and `least` bound what the project could get, in whole units; None: it cannot be said."""

    scheme: Scheme
    state: ConditionState
    conditions: tuple[Condition, ...]
    least: Decimal | None
    most: Decimal | None
    missing_papers: tuple[Paper, ...]


def eligibility(scheme: Scheme, facts: ProjectFacts, day: date) -> Eligibility:
    """What the project meets of the scheme on a day: met when all is, not met when one thing is not.

    Check: of 40 M total cost at a share of 0.5 and a ceiling of 15 M, 15 M is the most.
    """
    conditions = tuple(_conditions(scheme, facts, day))
    states = {condition.state for condition in conditions}
    if ConditionState.NOT_MET in states:
        state = ConditionState.NOT_MET
    else:
        state = ConditionState.UNKNOWN if ConditionState.UNKNOWN in states else ConditionState.MET
    there = facts.papers or frozenset()
    missing = tuple(paper for paper in scheme.papers if paper.code not in there)
    most = _most(scheme, facts)
    least = None if most is None else min(scheme.floor or Decimal(0), most)
    return Eligibility(scheme, state, conditions, least, most, missing)


def value_per_krone(net_present_value: Money | None, invested: Money | None) -> Decimal | None:
    """Net present value for each krone invested, to four decimals; None when one of them is unknown.

    Both at one currency and price year, or `MixedMoney`.   Check: 30 for 12 invested is 2.5.
    """
    if net_present_value is None or invested is None or invested.amount <= 0:
        return None
    net_present_value - invested
    return (net_present_value.amount / invested.amount).quantize(Decimal("0.0001")) + 0


FOLLOWING: Mapping[StepState, tuple[StepState, ...]] = {
    StepState.APPLIED: (StepState.AWARDED, StepState.REFUSED, StepState.WITHDRAWN),
    StepState.AWARDED: (StepState.PAID, StepState.REPORTED, StepState.WITHDRAWN),
    StepState.PAID: (StepState.PAID, StepState.REPORTED),
    StepState.REPORTED: (StepState.PAID, StepState.REPORTED),
    StepState.REFUSED: (),
    StepState.WITHDRAWN: (),
}
HAS_YEARS = frozenset({StepState.AWARDED, StepState.PAID})


def refuse_out_of_turn(state: StepState, following: StepState, years: Sequence[int]) -> None:
    """Refuse a step that cannot follow, and one whose amounts do not fit it."""
    if following not in FOLLOWING[state]:
        told = ", ".join(FOLLOWING[state]) or "–"
        raise StepOutOfTurn(state=state.value, following=told, pointer="/body/state")
    if (following in HAS_YEARS) != bool(years) or len(set(years)) != len(years):
        raise YearsMissing(pointer="/body/years")


def refuse_odd_scheme(scheme: Scheme) -> None:
    """Refuse limits that leave nothing between them."""
    for member, low, high in (
        ("valid_until", scheme.valid_from, scheme.valid_until),
        ("most_cost", scheme.least_cost, scheme.most_cost),
        ("ceiling", scheme.floor, scheme.ceiling),
    ):
        if low is not None and high is not None and low >= high:  # type: ignore[operator]
            raise OddScheme(member=member, low=low, high=high, pointer=f"/body/{member}")


def _conditions(scheme: Scheme, facts: ProjectFacts, day: date) -> Sequence[Condition]:
    until = "…" if scheme.valid_until is None else scheme.valid_until.isoformat()
    asked = [
        Condition(
            "in-force",
            _state(scheme.is_in_force(day)),
            {"from": scheme.valid_from.isoformat(), "until": until},
        )
    ]
    if scheme.applicants:
        known = None if facts.applicant is None else facts.applicant in scheme.applicants
        asked.append(Condition("applicant", _state(known), {"applicants": ", ".join(scheme.applicants)}))
    if scheme.window:
        asked.append(Condition("window", _window(scheme, facts.phase), {"phases": ", ".join(scheme.window)}))
    if scheme.least_cost is not None or scheme.most_cost is not None:
        asked.append(Condition("cost", _cost(scheme, facts.cost), _limits(scheme)))
    if scheme.most_project_years is not None:
        years = str(scheme.most_project_years)
        asked.append(Condition("duration", _duration(scheme, facts), {"years": years}))
    if scheme.must_trigger:
        asked.append(Condition("triggering", _state(facts.is_triggering), {}))
    if scheme.papers:
        there = facts.papers
        known = None if there is None else all(paper.code in there for paper in scheme.papers)
        asked.append(Condition("papers", _state(known), {"count": str(len(scheme.papers))}))
    return asked


def _state(is_met: bool | None) -> ConditionState:  # noqa: FBT001 - the answer itself
    if is_met is None:
        return ConditionState.UNKNOWN
    return ConditionState.MET if is_met else ConditionState.NOT_MET


def _window(scheme: Scheme, phase: str | None) -> ConditionState:
    """A phase of a model that the scheme does not know says nothing."""
    if phase in scheme.window:
        return ConditionState.MET
    is_known = phase in scheme.before_window or phase in scheme.after_window
    return ConditionState.NOT_MET if is_known else ConditionState.UNKNOWN


def _cost(scheme: Scheme, cost: Money | None) -> ConditionState:
    if cost is None or cost.currency != scheme.currency:
        return ConditionState.UNKNOWN
    is_enough = scheme.least_cost is None or cost.amount >= scheme.least_cost
    return _state(is_enough and (scheme.most_cost is None or cost.amount <= scheme.most_cost))


def _duration(scheme: Scheme, facts: ProjectFacts) -> ConditionState:
    if facts.start is None or facts.end is None or scheme.most_project_years is None:
        return ConditionState.UNKNOWN
    months = (facts.end.year - facts.start.year) * 12 + facts.end.month - facts.start.month
    has_begun_another = facts.end.day >= facts.start.day
    return _state(months + has_begun_another <= scheme.most_project_years * 12)


def _limits(scheme: Scheme) -> Mapping[str, str]:
    def told(amount: Decimal | None) -> str:
        return "…" if amount is None else f"{amount:.0f}"

    return {"least": told(scheme.least_cost), "most": told(scheme.most_cost), "currency": scheme.currency}


def _most(scheme: Scheme, facts: ProjectFacts) -> Decimal | None:
    """The share of the cost, never above the ceiling, rounded down to whole hundredths."""
    if facts.cost is None or facts.cost.currency != scheme.currency:
        return None
    share = (facts.cost.amount * scheme.share).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return share if scheme.ceiling is None else min(share, scheme.ceiling)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
