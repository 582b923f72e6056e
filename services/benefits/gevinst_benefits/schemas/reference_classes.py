"""What came of earlier estimates, on the wire (C6)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.case.optimism_bias import PublishedUplift, UpliftRange
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.reference_classes import ReferenceClass
from gevinst_benefits.schemas.benefits import Kind
from gevinst_benefits.schemas.quantities import Share
from gevinst_shared.web.shapes import Code, Day, Maybe, Out

# A computed ratio in ten-thousandths, as text like every other figure.
Ratio = Annotated[str, Field(max_length=44, pattern=r"^-?[0-9]{1,38}\.[0-9]{4}$", examples=["0.7800"])]


class LevelOut(Out):
    """A class that the correction stands on."""

    name: Code = Field(description="kind-and-size, kind, organisation or prior: the widest, documented one.")
    case_count: int = Field(ge=0, le=10_000_000, description="Cases in no narrower class.")
    weight: Ratio = Field(description="Of 1; a class with ten cases stands by itself.")


class ReferenceClassOut(Out):
    """What the next estimate of a kind and size is to be multiplied by, and how sure that is."""

    kind: Kind
    size: Code = Field(
        description=(
            "small, medium or large by what is promised per year (money below 1 and 10 million; hours below "
            "1,750 and 17,500; fte below 1 and 10), or any, where sizes cannot be compared."
        ),
        examples=["medium"],
    )
    factor: Ratio = Field(description="The median of verified over promised.")
    low: Ratio = Field(description="One case in ten came to less.")
    high: Ratio = Field(description="One case in ten came to more.")
    mean: Ratio = Field(description="For the sum of many estimates.")
    case_count: int = Field(ge=0, le=10_000_000, description="Finished benefits of the organisation.")
    levels: list[LevelOut] = Field(max_length=10)

    @classmethod
    def of(cls, kind: str, size: str, found: ReferenceClass) -> "ReferenceClassOut":
        return cls(
            kind=kind,
            size=size,
            factor=f"{found.factor:.4f}",
            low=f"{found.low:.4f}",
            high=f"{found.high:.4f}",
            mean=f"{found.mean:.4f}",
            case_count=found.case_count,
            levels=[
                LevelOut(name=level.name, case_count=level.case_count, weight=f"{level.weight:.4f}")
                for level in found.levels
            ],
        )


class ReferenceClassListOut(Out):
    """The classes of a kind, one for each size."""

    items: list[ReferenceClassOut] = Field(max_length=10)


class UpliftRangeOut(Out):
    """Shares added to an estimate: 0.24 is 24 %."""

    upper: Share = Field(examples=["2"], description="Before any cause is managed.")
    lower: Share = Field(examples=["0.1"], description="When its causes are managed as well as they can be.")


class OptimismBiasOut(Out):
    """What one type of project went over its estimates, by a published study (C6)."""

    project_type: Code = Field(examples=["equipment-and-development"])
    cost: UpliftRangeOut
    is_operating_cost: bool = Field(description="Of operating rather than capital expenditure.")
    duration: Maybe[UpliftRangeOut] = Field(None, description="Absent: the study agreed on none.")
    source: str = Field(max_length=300)
    published_on: Day

    @classmethod
    def of(cls, found: PublishedUplift) -> "OptimismBiasOut":
        members = {
            "project_type": found.project_type,
            "cost": _range(found.cost),
            "is_operating_cost": found.is_operating_cost,
            "source": found.source,
            "published_on": found.published_on.isoformat(),
        }
        return cls.model_validate(members | ({"duration": _range(found.duration)} if found.duration else {}))


class OptimismBiasListOut(Out):
    """Every known type of project."""

    items: list[OptimismBiasOut] = Field(max_length=100)


def _range(found: UpliftRange) -> dict[str, str]:
    return {"upper": decimal_text(found.upper), "lower": decimal_text(found.lower)}
