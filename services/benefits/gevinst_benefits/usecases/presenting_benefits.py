"""What a benefit report says of one project's benefits, one by one, out of what the JSON routes answer."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.measuring.tolerances import Measure
from gevinst_benefits.papers.benefit_report.documents import PlanDocuments
from gevinst_benefits.store import cashable, indicators, overview_indicators, tolerances
from gevinst_benefits.store.cashable import Which
from gevinst_benefits.store.names import people_names, unit_names
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind
from gevinst_benefits.store.themes import find_theme
from gevinst_benefits.usecases.drawing import SayFindings, draw_realised_in, draw_tree
from gevinst_benefits.usecases.indicating import with_state
from gevinst_benefits.usecases.reading_plans import benefit_plan
from gevinst_benefits.usecases.reconciling import Reconciled, reconcile
from gevinst_shared.charts.specification import View
from gevinst_shared.db.work import Work
from gevinst_shared.papers.illustrations import illustration, view_for_print
from gevinst_shared.papers.model import Block
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.money import MixedMoney

Json = Mapping[str, Any]
# More than a report shows of each.
_MOST_BENEFITS, _MOST_INDICATORS, _MOST_RECONCILED = 200, 500, 100


async def plan_of(work: Work, project_id: UUID) -> tuple[PlanDocuments, list[Reconciled]]:
    """The project's plan and indicators, and its reconciled benefits, which whoever answers them writes."""
    plan, _ = await benefit_plan(work, project_id, sort="attention", limit=_MOST_BENEFITS, after=None)
    page = await indicators.INDICATORS.page(
        work.connection, sort="id", limit=_MOST_INDICATORS, after=None, filters={"project": project_id}
    )
    which = Which(project_id=project_id)
    reconciled, _ = await reconcile(work, which, year=None, after=None, limit=_MOST_RECONCILED)
    unread = await cashable.count(work.connection, which) - _MOST_RECONCILED
    units = {UUID(one["owner"]["unit_id"]) for one in plan["items"]} | _units_of_actions(plan)
    documents = PlanDocuments(
        plan=plan,
        indicators=[with_state(work, members) for members in json.loads(page.items)],
        reconciled=(),
        lights=await _lights(work, project_id),
        units=await unit_names(work.connection, units),
        unread_count=max(0, unread),
    )
    return documents, reconciled


async def names_in(work: Work, overview: Json, plan: Json | None) -> Mapping[str, str]:
    """The people who own conditions and actions, by id."""
    ids = {UUID(one["owner_id"]) for one in overview.get("conditions", {}).get("first", ())}
    for one in _actions(plan):
        if "person_id" in one["owner"]:
            ids.add(UUID(one["owner"]["person_id"]))
    return await people_names(work.connection, ids, ())


async def realised_picture(work: Work, scope: Scope, name: str | None, words: Words) -> Block | None:
    """Planned against realised; None for amounts that cannot be added, which are not drawn together (C1)."""
    view = await _view(work, words)
    try:
        return illustration(await draw_realised_in(work, scope, name, view), view, words)
    except MixedMoney:
        return None


async def tree_picture(work: Work, scope: Scope, words: Words, say: SayFindings) -> Block | None:
    """A project's benefit tree, and of nothing else; `say` tells what does not hold in it."""
    if scope.kind is not ScopeKind.PROJECT or scope.id is None:
        return None
    view = await _view(work, words)
    return illustration(await draw_tree(work, scope.id, view, say), view, words)


async def _view(work: Work, words: Words) -> View:
    return view_for_print(words, await find_theme(work.connection, work.organisation))


def _units_of_actions(plan: Json) -> set[UUID]:
    return {UUID(one["owner"]["unit_id"]) for one in _actions(plan) if "unit_id" in one["owner"]}


def _actions(plan: Json | None) -> list[Json]:
    return [] if plan is None else [action for one in plan["items"] for action in one["actions"]]


async def _lights(work: Work, project_id: UUID) -> Mapping[str, tuple[str, bool]]:
    """B7: each indicator's light as the overviews count it, and whether a person said it."""
    known = await tolerances.in_force(work.connection, work.organisation, work.today)
    rows = await overview_indicators.lights_in(
        work.connection,
        Scope(ScopeKind.PROJECT, project_id),
        today=work.today,
        tolerance=known.get(Measure.BENEFIT),
    )
    return {str(row["id"]): (row["colour"], row["is_overruled"]) for row in rows}
