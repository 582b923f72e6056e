"""A project's benefit plan, whole: what is promised, by whom, when, and what somebody should look at."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefit_plan import (
    Planned,
    Total,
    attention,
    earliness,
    ease,
    flags,
    totals,
)
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store import benefit_plans, owners
from gevinst_benefits.usecases.acting import with_overdue
from gevinst_benefits.usecases.curves import curve_members, dated_project
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import OddCursor

Json = dict[str, Any]
ORDERS: Mapping[str, Callable[[Planned], Any]] = {
    "attention": attention,
    "start": earliness,
    "effort": ease,
}


async def benefit_plan(
    work: Work, project_id: UUID, *, sort: str, limit: int, after: list[str] | None
) -> tuple[Json, list[str] | None]:
    """A page of the plan with the sums of all of it, and the next place."""
    project = await dated_project(work, project_id)
    vacancies = await owners.open_vacancies(work.connection)
    vacant = frozenset((one["role"], one["unit_id"]) for one in vacancies)
    planned = await benefit_plans.planned_of(work.connection, project, vacant=vacant, today=work.today)
    planned.sort(key=lambda one: (ORDERS[sort](one), one.benefit.id))
    start = 0 if after is None else _place(after)
    page = planned[start : start + limit]
    parts = await benefit_plans.parts_of(work.connection, [one.benefit.id for one in page])
    items = [_item(work, one, project, parts[one.benefit.id]) for one in page]
    is_last = start + limit >= len(planned)
    counts = await benefit_plans.counts_of(work.connection, project_id)
    return {**_summary(project, planned), **counts, "items": items}, None if is_last else [str(start + limit)]


def _item(work: Work, one: Planned, project: Project, parts: Json) -> Json:
    curve = curve_members(one.benefit, project, one.share, one.verified)
    return {
        **parts["benefit"],
        "planned_years": {"benefit_id": str(one.benefit.id), **curve},
        "flags": [flag.value for flag in flags(one)],
        "actions": [with_overdue(work, members) for members in parts["actions"]],
        "prerequisites": parts["prerequisites"],
        "risks": parts["risks"],
        **({"agreement": parts["agreement"]} if "agreement" in parts else {}),
    }


def _summary(project: Project, planned: list[Planned]) -> Json:
    counted = Counter(flag.value for one in planned for flag in flags(one))
    return {
        "project_id": str(project.id),
        "project_name": project.name,
        "benefit_count": len(planned),
        "flag_counts": [{"flag": flag, "count": count} for flag, count in sorted(counted.items())],
        "totals": [_total(one) for one in totals(planned)],
    }


def _total(one: Total) -> Json:
    name, price_year = one.unit
    unit = {"unit_of_measure": name} if price_year is None else {"currency": name, "price_year": price_year}
    moving = {} if one.in_transit is None else {"in_transit": decimal_text(one.in_transit)}
    return {
        "ledger": one.ledger,
        **unit,
        "year": one.year,
        "confirmed": decimal_text(one.confirmed),
        "unconfirmed": decimal_text(one.unconfirmed),
        **moving,
    }


def _place(after: list[str]) -> int:
    if not after[0].isdecimal() or len(after[0]) > 9:
        raise OddCursor
    return int(after[0])
