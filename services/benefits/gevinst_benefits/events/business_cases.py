"""Facts of business cases (C1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class CaseEvaluated(Fact):
    """Money in `currency` at `price_year` prices.

    `percentiles` is the net present value by whole percent, 1 to 99; empty when nothing in the case varies.
    """

    type: ClassVar[str] = "gevinst.benefits.case-evaluated.v1"
    project_id: UUID
    business_case_id: UUID
    number: int
    currency: str
    price_year: int
    regime: str
    net_present_value: Decimal
    present_cost: Decimal
    present_benefit: Decimal
    percentiles: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class GeneralCasePublished(Fact):
    """C3: a case that others may take over is in the register. `publisher` is an organisation."""

    type: ClassVar[str] = "gevinst.benefits.general-case-published.v1"
    general_case_id: UUID
    publisher: str
    edition: int
    name: str


@dataclass(frozen=True, slots=True)
class GeneralCaseChanged(Fact):
    """C3: a general case has a new edition; `project_ids` are those here that took it over."""

    type: ClassVar[str] = "gevinst.benefits.general-case-changed.v1"
    general_case_id: UUID
    publisher: str
    edition: int
    name: str
    project_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class GeneralCaseWithdrawn(Fact):
    """C3: a general case is not to be taken over any more; `project_ids` are those here that did.

    `reason` is what its owner wrote; `code` is a word, where it came by the exchange.
    """

    type: ClassVar[str] = "gevinst.benefits.general-case-withdrawn.v1"
    general_case_id: UUID
    publisher: str
    edition: int
    name: str
    reason: str | None
    project_ids: tuple[UUID, ...]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class GeneralCaseSharedAgain(Fact):
    """C3: a general case that its publisher had ceased to share may be taken over again, as it was."""

    type: ClassVar[str] = "gevinst.benefits.general-case-shared-again.v1"
    general_case_id: UUID
    publisher: str
    edition: int
    name: str
    project_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PriceIndexSet(Fact):
    """C1: what cases that name the index are brought together by from a day on; `index` is its code."""

    type: ClassVar[str] = "gevinst.benefits.price-index-set.v1"
    price_index_id: UUID
    index: str
    name: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class SalaryCostSet(Fact):
    """What an FTE costs a year from `valid_from` on, in `currency` at `price_year` prices."""

    type: ClassVar[str] = "gevinst.benefits.salary-cost-set.v1"
    salary_cost_id: UUID
    valid_from: date
    cost_per_year: Decimal
    currency: str
    price_year: int
    hours_per_year: Decimal
