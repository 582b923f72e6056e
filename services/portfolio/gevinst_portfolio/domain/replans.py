"""Planning again in the middle of a year: from when, and with what money (G6)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.releases import spent_in
from gevinst_shared.values.refusal import Refusal

YearAndKind = tuple[int, CostKind]


class ReplanHandled(Refusal):
    code = "replan-handled"
    title = "The offer was handled"
    detail = "The offer to plan again is {state} already. Make a new scenario if you want another plan."


class NothingDecidedYet(Refusal):
    code = "nothing-decided-yet"
    title = "There is no decided scenario to start from"
    detail = "The board has not decided from a scenario yet. Make one by hand, and dismiss this offer."


def shifted(first: Quarter, quarters: int, today: date) -> tuple[Quarter, int]:
    """The new scenario's first quarter and how many it has.

    It begins with the quarter after today's, or with the old one when that is later, and ends where the old
    one ended; one that is over keeps its length.
    Check: 8 quarters from 2027-Q1, on 2027-04-10, become 6 from 2027-Q3.
    """
    begins = max(first, Quarter.of(today).plus(1))
    left = first.index + quarters - begins.index
    return begins, left if left > 0 else quarters


def left_of(
    supply: Mapping[YearAndKind, int],
    own: Mapping[YearAndKind, int],
    stopped: Iterable[tuple[ProjectFigures, date, bool]],
    year: int,
) -> dict[YearAndKind, int]:
    """The scenario's own budgets, less what stopped work has spent of the first year's money.

    Money is in whole hundredths by (year, kind): `supply` is the portfolio's budget, `own` what the scenario
    supposed in its place. `stopped` are projects that take nothing any more, the day they were stopped, and
    whether that was after the scenario was made: earlier stops were known to whoever supposed its budgets.
    Never below zero. Earlier years are left out: their money is gone.
    """
    left = {key: minor for key, minor in own.items() if key[0] >= year}
    for project, stopped_on, is_news in stopped:
        for kind, spent in spent_in(project, year, Quarter.of(stopped_on)).items():
            key = year, kind
            is_known = key in own and not is_news
            known = left.get(key, supply.get(key))
            if known is not None and not is_known:
                left[key] = max(0, known - spent)
    return left


def carried(assumptions: Mapping[str, Any], active: Collection[str], first: Quarter) -> dict[str, Any]:
    """What the new scenario supposes of projects: the old one's assumptions without those that have ended.

    `assumptions` is JSON as scenarios keep it, and `active` the ids of projects, and of concepts of
    them, that can still be planned. A start that was pinned before `first` has come or gone; a group of
    which one project is left is none.
    """
    kept = {**assumptions, "forced_in": [one for one in assumptions["forced_in"] if one in active]}
    kept["pinned"] = [
        one
        for one in assumptions.get("pinned", [])
        if one["project_id"] in active and Quarter.read(one["quarter"]) >= first
    ]
    for name in ("all_or_none", "exclusive"):
        groups = [
            {**group, "project_ids": [one for one in group["project_ids"] if one in active]}
            for group in assumptions.get(name, [])
        ]
        kept[name] = [group for group in groups if len(group["project_ids"]) > 1]
    return kept
