"""What a gate paper tells, before it is put in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gevinst_shared.papers.model import Block


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """G7: what must be done, by whom, before which day."""

    text: str
    owner: str
    deadline: date


@dataclass(frozen=True, slots=True)
class RulingFacts:
    """What is recommended or decided, one of the six outcomes; `step_back_to` is the name of a phase."""

    outcome: str
    reason: str
    conditions: tuple[ConditionFacts, ...]
    step_back_to: str | None


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    ruling: RulingFacts
    decided_by: str
    decided_on: date
    case_number: str | None


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """G7: a condition of an earlier gate, as it stood when the gate was proposed."""

    condition: ConditionFacts
    state: str


@dataclass(frozen=True, slots=True)
class DrawnFacts:
    """C5: the net present value over so many draws; `above_zero` is a probability, 0 to 1."""

    draws: int
    p10: Decimal
    p50: Decimal
    p90: Decimal
    above_zero: Decimal


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A version of the case as computed: an amount for each of `years`, in one currency and price year.

    Without an internal rate of return `no_rate` says why; `drawn` is missing when nothing in the case varies.
    `factors` are what assumptions hang on together, by name, with how many do.
    """

    number: int
    currency: str
    price_year: int
    regime: str
    index: str | None
    years: tuple[int, ...]
    costs: tuple[Decimal, ...]
    benefits: tuple[Decimal, ...]
    net: tuple[Decimal, ...]
    accumulated: tuple[Decimal, ...]
    present_cost: Decimal
    present_benefit: Decimal
    net_present_value: Decimal
    present_tax_financing: Decimal
    after_tax_financing: Decimal
    benefit_cost_ratio: Decimal | None
    payback_year: int | None
    discounted_payback_year: int | None = None
    internal_rate_of_return: Decimal | None = None
    no_rate: str | None = None
    drawn: DrawnFacts | None = None
    factors: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BenefitFacts:
    """A benefit in the plan. C7: its ledger tells whether `amount` is money, time or quality, per year.

    `unit_of_measure` is a currency in the money ledger; `amount` is missing when there is no estimate.
    """

    name: str
    owner: str
    mode: str
    state: str
    ledger: str
    amount: Decimal | None
    unit_of_measure: str
    price_year: int | None
    indicator_count: int


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """G5: an item of the checklist; the answer is missing when nobody gave one."""

    text: str
    is_mandatory: bool
    answer: str | None
    reason: str

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.answer == "no"


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """G11: what is required from `amount` on, or above it, and up to `below`; and what that means here."""

    name: str
    amount: Decimal
    below: Decimal | None
    is_inclusive: bool
    currency: str
    source: str
    valid_from: date
    verdict: str
    exemption: str | None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What one line of the case did: `change` is added, removed or changed."""

    name: str
    change: str
    before: Decimal
    after: Decimal
    effect: Decimal


@dataclass(frozen=True, slots=True)
class CaseChange:
    """From the case of the gate before to this one's, in the later one's currency and prices."""

    net_present_value: tuple[Decimal, Decimal]
    present_cost: tuple[Decimal, Decimal]
    present_benefit: tuple[Decimal, Decimal]
    frame_effect: Decimal
    effect: Decimal
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True, slots=True)
class BeforeFacts:
    """G4: the gate decided before, and what the papers were then.

    `change` is missing when one of the two had no case; `not_comparable` says why two that there are cannot
    be compared. `benefits` is by id.
    """

    gate: str
    outcome: str
    decided_on: date
    case: CaseFacts | None
    change: CaseChange | None
    not_comparable: str | None
    benefits: Mapping[str, BenefitFacts]


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Everything that the paper of a gate says. `benefits` is by id; `basis_sha256` seals what was frozen.

    `investment` is what `requirements` are held against, in the case's currency; `cash_flow` is the case's
    picture.
    """

    gate_id: str
    organisation: str
    project: str
    gate_code: str
    gate: str
    phase: str
    round: int
    proposer: str
    proposed_at: datetime
    proposed_on: date
    decide_by: date | None
    recommended: RulingFacts
    decision: DecisionFacts | None
    before: BeforeFacts | None
    case: CaseFacts | None
    benefits: Mapping[str, BenefitFacts]
    checklist: tuple[ItemFacts, ...]
    standing: tuple[StandingFacts, ...]
    basis_sha256: str
    requirements: tuple[RequirementFacts, ...] = ()
    investment: Decimal | None = None
    cash_flow: Block | None = None
