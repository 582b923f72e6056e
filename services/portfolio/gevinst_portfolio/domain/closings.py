"""Closing existing activities that give less value is a move like a project (P11)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class ProjectKind(StrEnum):
    """What kind of move it is."""

    PROJECT = "project"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class FreedPerQuarter:
    """What the activity takes of a shared resource each quarter, and will take no more."""

    resource_id: UUID
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing the activity leaves: `yearly_saving` for `saving_years`, and shared resources.

    The saving is the value of the move; what it frees is told and becomes capacity when it is there.
    """

    yearly_saving: Decimal
    saving_years: int
    frees: tuple[FreedPerQuarter, ...] = ()

    @property
    def saving(self) -> Decimal:
        """What is saved in all. Check: 100 000 a year for 5 years is 500 000."""
        return self.yearly_saving * self.saving_years


class SavingIsBenefit(Refusal):
    code = "saving-is-benefit"
    title = "The saving is the benefit"
    detail = "The benefit of closing an activity follows from what it saves a year. Leave `benefit` away."


def benefit_of(closing: Closing | None, benefit: Decimal | None) -> Decimal | None:
    """What the project is worth in money: a closing what it saves, others what is said."""
    if closing is None:
        return benefit
    if benefit is not None:
        raise SavingIsBenefit(pointer="/body/benefit")
    return closing.saving
