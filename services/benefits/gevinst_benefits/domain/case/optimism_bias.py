"""C6: published uplifts against optimism, for those who have too few finished projects of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_shared.values.refusal import Refusal


class UnknownProjectType(Refusal):
    code = "unknown-project-type"
    title = "Unknown type of project"
    detail = "There are no published uplifts for {project_type}. Known types: {known}."


class ShareOutsideRange(Refusal):
    code = "share-outside-range"
    title = "The share is not between 0 and 1"
    detail = "A share of {share} was given. Give the managed share of the risks as a number from 0 to 1."


class PartsWithoutWeight(Refusal):
    code = "parts-without-weight"
    title = "The parts have no weight together"
    detail = "The weights of a mixed project's parts must be zero or more, and together more than zero."


@dataclass(frozen=True, slots=True)
class UpliftRange:
    """Shares added to an estimate (0.24 is 24 %): `upper` before risks are managed, `lower` after."""

    upper: Decimal
    lower: Decimal


@dataclass(frozen=True, slots=True)
class PublishedUplift:
    """What one type of project went over its estimates, by one study.

    `cost` is of the capital expenditure, but of the operating expenditure where `is_operating_cost`.
    """

    project_type: str
    cost: UpliftRange
    duration: UpliftRange | None
    source: str
    published_on: date
    is_operating_cost: bool = False


def find_uplift(project_type: str) -> PublishedUplift:
    """The uplifts of a type of project, or `UnknownProjectType`."""
    for uplift in UPLIFTS:
        if uplift.project_type == project_type:
            return uplift
    raise UnknownProjectType(project_type=project_type, known=", ".join(u.project_type for u in UPLIFTS))


def mitigated_uplift(upper: Decimal, managed_share: Decimal) -> Decimal:
    """What is left of the upper uplift when a share of its causes is managed.

    The share is from 0 to 1, or `ShareOutsideRange`.

    Source: HM Treasury, supplementary guidance on optimism bias.   Check: 51 % with 92 % managed is 4.08 %.
    """
    if not 0 <= managed_share <= 1:
        raise ShareOutsideRange(share=managed_share)
    with localcontext(prec=DIGITS):
        return (1 - managed_share) * upper


def mixed_uplift(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The uplift of a project of several types, from pairs of a part's capital expenditure and its uplift.

    Weights are amounts or shares; negative ones, or none above zero, raise `PartsWithoutWeight`.

    Source: HM Treasury, supplementary guidance on optimism bias.
    Check: 30 % of it at 51 % and 70 % at 24 % is 32.1 %.
    """
    known = list(parts)
    with localcontext(prec=DIGITS):
        total = sum((weight for weight, _ in known), Decimal(0))
        if total <= 0 or any(weight < 0 for weight, _ in known):
            raise PartsWithoutWeight
        return sum((weight * uplift for weight, uplift in known), Decimal(0)) / total


def uplifted(amount: Decimal, uplift: Decimal) -> Decimal:
    """The amount with the uplift added, not rounded.   Check: 100 with 24 % is 124."""
    with localcontext(prec=DIGITS):
        return amount * (1 + uplift)


_SOURCE = "Mott MacDonald, Review of Large Public Procurement in the UK, for HM Treasury (July 2002)"


def _published(
    project_type: str,
    cost: tuple[str, str],
    duration: tuple[str, str] | None,
    *,
    is_operating_cost: bool = False,
) -> PublishedUplift:
    return PublishedUplift(
        project_type,
        UpliftRange(Decimal(cost[0]), Decimal(cost[1])),
        None if duration is None else UpliftRange(Decimal(duration[0]), Decimal(duration[1])),
        _SOURCE,
        date(2002, 7, 1),
        is_operating_cost,
    )


UPLIFTS = (
    _published("standard-buildings", ("0.24", "0.02"), ("0.04", "0.01")),
    _published("non-standard-buildings", ("0.51", "0.04"), ("0.39", "0.02")),
    _published("standard-civil-engineering", ("0.44", "0.03"), ("0.20", "0.01")),
    _published("non-standard-civil-engineering", ("0.66", "0.06"), ("0.25", "0.03")),
    _published("equipment-and-development", ("2.00", "0.10"), ("0.54", "0.10")),
    # The study has no duration for outsourcing that was agreed on; later reprints that give one differ.
    _published("outsourcing", ("0.41", "0.00"), None, is_operating_cost=True),
)
