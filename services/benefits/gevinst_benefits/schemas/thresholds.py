"""Thresholds and what they require, on the wire (G11)."""

from pydantic import Field

from gevinst_benefits.domain.gates.thresholds import Exemption, ProjectKind, Requirement, Threshold, Verdict
from gevinst_benefits.schemas.quantities import Figure
from gevinst_benefits.usecases.requiring import Required
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Currency,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    Name,
    Organisation,
    Out,
    Year,
)


class ThresholdIn(In):
    """A demand of your own on projects whose investment is above a limit."""

    code: Code = Field(examples=["our-council"])
    name: Name = Field(examples=["The council decides"])
    amount: Amount = Field(examples=["20000000.00"])
    below: Maybe[Amount] = Field(None, description="And not above this.", examples=["100000000.00"])
    currency: Currency
    is_inclusive: bool = Field(default=True, description="Whether the limit itself counts as above it.")
    kind: Maybe[ProjectKind] = Field(None, description="Only of this kind of project.")
    source: Name = Field(examples=["The council's decision 12/2026"])
    valid_from: Day
    valid_until: Maybe[Day] = Field(None, description="The first day on which it no longer holds.")

    def value(self) -> Threshold:
        return Threshold(
            code=self.code,
            names={"en": self.name},
            amount=self.amount,
            currency=self.currency,
            source=self.source,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            below=self.below,
            is_inclusive=self.is_inclusive,
            kind=self.kind,
        )


class OwnThresholdOut(Out):
    """A threshold of your own, as it was entered."""

    id: Id
    organisation: Organisation
    code: Code
    name: Name
    amount: Amount
    below: Maybe[Amount] = None
    currency: Currency
    is_inclusive: bool
    kind: Maybe[ProjectKind] = None
    source: Name
    valid_from: Day
    valid_until: Maybe[Day] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ExemptionIn(In):
    """A threshold that your organisation is not bound by."""

    threshold: Code = Field(examples=["no-quality-assurance"])
    reason: Name = Field(examples=["We are a municipality; the rule binds state bodies."])
    valid_from: Day
    valid_until: Maybe[Day] = None

    def value(self) -> Exemption:
        return Exemption(self.threshold, self.reason, self.valid_from, self.valid_until)


class ExemptionOut(Out):
    """A threshold that your organisation has said it is not bound by."""

    id: Id
    organisation: Organisation
    threshold: Code
    reason: Name
    valid_from: Day
    valid_until: Maybe[Day] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ThresholdOut(Out):
    """A threshold, with the days on which it holds."""

    code: Code = Field(examples=["dk-risk-review"])
    name: str = Field(max_length=500, description="What is required, in your language.")
    country: Maybe[str] = Field(
        None, pattern="^[A-Z]{2}$", max_length=2, description="Absent: your own.", examples=["NO"]
    )
    amount: Amount
    below: Maybe[Amount] = None
    currency: Currency
    is_inclusive: bool
    kind: Maybe[ProjectKind] = None
    source: str = Field(max_length=500)
    valid_from: Day
    valid_until: Maybe[Day] = None

    @classmethod
    def of(cls, threshold: Threshold, language: str) -> "ThresholdOut":
        return cls.model_construct(
            code=threshold.code,
            name=threshold.names.get(language, threshold.names["en"]),
            country=threshold.country,
            amount=threshold.amount,
            below=threshold.below,
            currency=threshold.currency,
            is_inclusive=threshold.is_inclusive,
            kind=threshold.kind,
            source=threshold.source,
            valid_from=threshold.valid_from,
            valid_until=threshold.valid_until,
        )


class ThresholdListOut(Out):
    """The thresholds of your country and your own, also those that no longer hold."""

    items: list[ThresholdOut] = Field(max_length=10_000)


class RequirementOut(Out):
    """A threshold of the day, and what it means for the project."""

    threshold: ThresholdOut
    verdict: Verdict
    exemption: Maybe[Name] = Field(None, description="Why your organisation is not bound by it.")

    @classmethod
    def of(cls, found: Requirement, language: str) -> "RequirementOut":
        return cls.model_construct(
            threshold=ThresholdOut.of(found.threshold, language),
            verdict=found.verdict,
            exemption=found.exemption,
        )


class InvestmentOut(Out):
    """The sum of the case's investments over its years, in its own prices, not discounted."""

    amount: Figure
    currency: Currency
    price_year: Year


class RequirementsOut(Out):
    """What is required of the project on a day, and the business case that this follows from."""

    project_id: Id
    on: Day
    kind: ProjectKind
    business_case_id: Maybe[Id] = None
    investment: Maybe[InvestmentOut] = None
    items: list[RequirementOut] = Field(max_length=10_000)

    @classmethod
    def of(cls, project_id: Id, found: Required, language: str) -> "RequirementsOut":
        cost = found.cost
        return cls.model_construct(
            project_id=project_id,
            on=found.on,
            kind=found.kind,
            business_case_id=None if found.version is None else found.version.id,
            investment=None
            if cost is None
            else InvestmentOut.model_construct(
                amount=cost.amount, currency=cost.currency, price_year=cost.price_year
            ),
            items=[RequirementOut.of(one, language) for one in found.requirements],
        )
