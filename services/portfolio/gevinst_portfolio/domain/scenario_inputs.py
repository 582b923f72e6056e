"""What a plan was made from, kept with it, so that it can say later what has changed since."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gevinst_portfolio.domain.project_profiles import ProjectFigures, need_profiles
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Supply
from gevinst_portfolio.domain.scenario_candidates import why_not_asked
from gevinst_portfolio.domain.scenario_options import (
    NO_CONCEPTS,
    Concepts,
    Option,
    options_asked,
    with_projects_forced_in,
    worth_of_options,
)
from gevinst_portfolio.domain.scenario_rules import CapacityChange

Document = dict[str, Any]


class InputChange(StrEnum):
    """What can change under a plan."""

    ASSUMPTIONS = "assumptions"
    BUDGET = "budget"
    ROLL_OVER = "roll-over"
    CAPACITY = "capacity"
    PROJECT_ENTERED = "project-entered"
    PROJECT_LEFT = "project-left"
    PROJECT_CHANGED = "project-changed"


class Figure(StrEnum):
    """What of a project can change."""

    STATUS = "status"
    DATES = "dates"
    COST = "cost"
    VALUE = "value"
    NEEDS = "needs"
    DEPENDENCIES = "dependencies"
    CATEGORY = "category"
    CONCEPTS = "concepts"


def planning_inputs(
    projects: Sequence[ProjectFigures],
    supply: Supply,
    assumptions: Assumptions,
    *,
    quarters: Sequence[Quarter],
    said: Mapping[str, Any],
    concepts: Concepts = NO_CONCEPTS,
) -> Document:
    """Everything that the scenario's question depends on, as JSON; names of projects are there to be told.

    What the scenario supposes in place of the portfolio's figures is no input from the portfolio. `said`
    is what the scenario says of itself; its name does not count.
    """
    assumptions = with_projects_forced_in(assumptions, concepts)
    asked = [project for project in projects if why_not_asked(project, assumptions) is None]
    options = {project.id: options_asked(project, concepts, assumptions) for project in asked}
    every = [option for found in options.values() for option in found]
    worth = worth_of_options(every, assumptions.value)
    return {
        "assumptions": question_digest(said),
        "projects": {
            str(one.id): {"name": one.name, "figures": _figures(one, options[one.id], worth)} for one in asked
        },
        "budget": _budget(supply, assumptions, quarters),
        "roll_over": None
        if assumptions.rules.roll_over is not None
        else [supply.roll_over.carry.value, supply.roll_over.cap_minor],
        "capacity": _capacity(supply, assumptions, [one.figures for one in every], quarters),
    }


def question_digest(said: Mapping[str, Any]) -> str:
    """The same for scenarios that suppose the same, whatever they are called."""
    question = {name: value for name, value in said.items() if name != "name"}
    return _digest(json.dumps(question, sort_keys=True))


def changed_inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Document]:
    """What is different in `now`: each change says its `change`, and what it is about.

    When the scenario supposes something else, that is all there is to say: the rest is not comparable.
    """
    if before["assumptions"] != now["assumptions"]:
        return [{"change": InputChange.ASSUMPTIONS.value}]
    found = list(_changed_budget(before["budget"], now["budget"]))
    if before["roll_over"] != now["roll_over"]:
        found.append({"change": InputChange.ROLL_OVER.value})
    found += _changed_capacity(before["capacity"], now["capacity"])
    found += _changed_projects(before["projects"], now["projects"])
    return found


def _changed_budget(before: Mapping[str, int], now: Mapping[str, int]) -> Iterable[Document]:
    for key in sorted(before.keys() | now.keys()):
        if before.get(key) != now.get(key):
            year, kind = key.split(" ")
            told = {"change": InputChange.BUDGET.value, "year": int(year), "kind": kind}
            yield told | _sides("minor", before.get(key), now.get(key))


def _changed_capacity(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Document]:
    for key in sorted(before.keys() & now.keys()):
        was, is_ = before[key]["quarters"], now[key]["quarters"]
        for quarter in sorted(was.keys() | is_.keys()):
            if was.get(quarter) != is_.get(quarter):
                told = {
                    "change": InputChange.CAPACITY.value,
                    "resource_id": key,
                    "resource_name": now[key]["name"],
                    "quarter": quarter,
                }
                yield told | _sides("amount", was.get(quarter), is_.get(quarter))


def _changed_projects(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[Document]:
    for key in sorted(before.keys() | now.keys()):
        was, is_ = before.get(key), now.get(key)
        named = {"project_id": key, "project_name": (is_ or was or {})["name"]}
        if was is None or is_ is None:
            change = InputChange.PROJECT_ENTERED if was is None else InputChange.PROJECT_LEFT
            yield {"change": change.value, **named}
        elif was["figures"] != is_["figures"]:
            told = [name for name in Figure if was["figures"].get(name) != is_["figures"].get(name)]
            yield {
                "change": InputChange.PROJECT_CHANGED.value,
                **named,
                "figures": [one.value for one in told],
            }


def _sides(what: str, before: float | None, now: float | None) -> Document:
    sides = {f"{what}_before": before, f"{what}_now": now}
    return {name: value for name, value in sides.items() if value is not None}


def _figures(project: ProjectFigures, options: Sequence[Option], worth: Mapping[str, int]) -> dict[str, str]:
    picks = [one for one in options if one.concept is not None]
    told: dict[Figure, object] = {
        Figure.STATUS: (project.status.value, project.registration.value, project.is_statutory),
        Figure.DATES: (project.start, project.end, project.window),
        Figure.COST: (project.cost_minor, project.cost_by_year, project.waves),
        Figure.VALUE: [worth.get(one.key) for one in options],
        Figure.CONCEPTS: [(one.key, replace(one.figures, name="")) for one in picks],
        Figure.NEEDS: sorted(need_profiles(project).items()),
        Figure.DEPENDENCIES: (project.depends_on, project.excludes, project.lags),
        Figure.CATEGORY: project.category,
    }
    return {name.value: _digest(repr(value)) for name, value in told.items()}


def _budget(supply: Supply, assumptions: Assumptions, quarters: Sequence[Quarter]) -> dict[str, int]:
    years = {quarter.year for quarter in quarters}
    keys = [(year, kind) for year in sorted(years) for kind in CostKind]
    return {
        f"{year} {kind.value}": supply.money[year, kind]
        for year, kind in keys
        if (year, kind) in supply.money and (year, kind) not in assumptions.money
    }


def _capacity(
    supply: Supply,
    assumptions: Assumptions,
    asked: Sequence[ProjectFigures],
    quarters: Sequence[Quarter],
) -> Document:
    """What there is to take, of what the projects take: by resource and quarter."""
    needed = {key for figures in asked for key in need_profiles(figures)}
    replaced = {
        (one.resource_id, one.quarter)
        for one in assumptions.rules.capacity
        if one.change is CapacityChange.REPLACE
    }
    found: Document = {}
    for resource in supply.resources:
        if resource.id not in needed:
            continue
        gone = supply.taken.get(resource.id, {})
        there = {
            str(quarter): float(resource.capacity[quarter] - gone.get(quarter, Decimal(0)))
            for quarter in quarters
            if quarter in resource.capacity and (resource.id, quarter) not in replaced
        }
        found[str(resource.id)] = {"name": resource.name, "quarters": there}
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
