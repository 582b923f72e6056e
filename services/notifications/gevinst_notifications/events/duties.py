"""What is announced of duties, and of the rules by which people are reminded of them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class DutyAcknowledged(Fact):
    """N2: somebody takes care of it; nobody is reminded until `until`, or until its day moves."""

    type: ClassVar[str] = "gevinst.notifications.duty-acknowledged.v1"
    duty_id: UUID
    kind: str
    subject: str
    person_id: UUID
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ReminderRuleSet(Fact):
    """Not `is_own`: the organisation has gone back to the rule that we ship."""

    type: ClassVar[str] = "gevinst.notifications.reminder-rule-set.v1"
    kind: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class WorkingDaysSet(Fact):
    """The organisation's own days of a year, on which it works or does not."""

    type: ClassVar[str] = "gevinst.notifications.working-days-set.v1"
    year: int
    count: int
