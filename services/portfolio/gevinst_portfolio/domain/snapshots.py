"""The portfolio as it was, and what changed between two days (P8)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from gevinst_shared.values.refusal import Refusal

ENDED = frozenset({"stopped", "closed", "rejected", "merged"})
_DAYS = ("start", "end")
_MONEY = ("cost", "benefit", "cost_by_year")


class ChangeKind(StrEnum):
    """What is different of a project. `entered` and `left`: it came into the register, or its work ended."""

    ENTERED = "entered"
    LEFT = "left"
    STATUS = "status"
    MOVED = "moved"
    MONEY = "money"
    REGISTRATION = "registration"


class DayToCome(Refusal):
    code = "day-to-come"
    title = "The day is still to come"
    detail = "Nobody knows yet what {day} will bring. Ask for a day up to {today}."


class DaysTurned(Refusal):
    code = "days-turned"
    title = "The days are in the wrong order"
    detail = "The earlier day comes first: {earlier} is after {later}."


def refuse_days(*days: date, today: date) -> None:
    """Refuse days to come, and days that are not in their order."""
    for day in days:
        if day > today:
            raise DayToCome(day=day, today=today)
    for earlier, later in pairwise(days):
        if earlier > later:
            raise DaysTurned(earlier=earlier, later=later)


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[ChangeKind, ...]:
    """What is different of a project between two days; each side is None when it was not there then.

    Sides have `status`, `registration`, `start`, `end`, `cost`, `benefit` and `cost_by_year`, where known.
    """
    if before is None or after is None:
        return (ChangeKind.ENTERED,) if before is None else (ChangeKind.LEFT,)
    found = []
    if before["status"] != after["status"]:
        has_left = after["status"] in ENDED and before["status"] not in ENDED
        found.append(ChangeKind.LEFT if has_left else ChangeKind.STATUS)
    if any(before.get(name) != after.get(name) for name in _DAYS):
        found.append(ChangeKind.MOVED)
    if any(before.get(name) != after.get(name) for name in _MONEY):
        found.append(ChangeKind.MONEY)
    if before["registration"] != after["registration"]:
        found.append(ChangeKind.REGISTRATION)
    return tuple(found)
