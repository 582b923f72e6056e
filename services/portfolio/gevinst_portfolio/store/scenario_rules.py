"""The rules of a scenario, read from what it says (JSON)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import CarryChoice, roll_over
from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_rules import (
    CapacityChange,
    CategoryLimit,
    Group,
    OtherCapacity,
    ScenarioRules,
)

Said = Mapping[str, Any]


def rules_of(said: Said) -> ScenarioRules:
    """From the members of `AssumptionsOut`."""
    rolls = said.get("roll_over")
    return ScenarioRules(
        all_or_none=tuple(map(_group, said["all_or_none"])),
        exclusive=tuple(map(_group, said["exclusive"])),
        categories=tuple(map(_category, said["categories"])),
        most_starts=said.get("most_starts"),
        pins={UUID(one["project_id"]): Quarter.read(one["quarter"]) for one in said["pinned"]},
        capacity=tuple(map(_capacity, said["capacity"])),
        second_goals=tuple(map(Goal, said["second_goals"])),
        given_up=Decimal(said["given_up"]),
        roll_over=None
        if rolls is None
        else roll_over(CarryChoice(rolls["carry"]), _decimal(rolls.get("cap")), pointer=""),
    )


def _group(said: Said) -> Group:
    return tuple(map(UUID, said["project_ids"]))


def _category(said: Said) -> CategoryLimit:
    most = _decimal(said.get("max_spend"))
    return CategoryLimit(
        said["category"],
        _decimal(said.get("min_share")),
        _decimal(said.get("max_share")),
        None if most is None else int(most.scaleb(2)),
    )


def _capacity(said: Said) -> OtherCapacity:
    return OtherCapacity(
        UUID(said["resource_id"]),
        Quarter.read(said["quarter"]),
        CapacityChange(said["change"]),
        Decimal(str(said["amount"])),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
