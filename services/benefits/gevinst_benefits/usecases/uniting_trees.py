"""Bringing the benefit trees of several projects together: to one goal, of a programme, of a portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.unions import ProjectTree, UnitedTrees, towards, united
from gevinst_benefits.store import benefit_trees as store
from gevinst_benefits.store import goals
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Together:
    """United trees, and what they are the trees of; `projects` by id in the order of their numbers."""

    whole: UnitedTrees
    projects: dict[UUID, str]
    name: str


async def trees_towards(work: Work, goal_id: UUID) -> tuple[Together, str]:
    """All paths of all projects to one goal, and the goal's key in them (G8, B12)."""
    goal = await goals.RECORDS.row(work.connection, goal_id)
    together = await _together(work, await store.projects_towards(work.connection, goal_id), goal["name"])
    key = next((node.key for node in together.whole.tree.nodes if node.goal_id == goal_id), None)
    if key is None:
        return together, ""
    return Together(towards(together.whole, key), together.projects, together.name), key


async def trees_of_programme(work: Work, programme_id: UUID) -> Together:
    """The trees of all projects of a programme; `Unknown` when it has none that are known here."""
    return await _of(work, await store.projects_of_programme(work.connection, programme_id))


async def trees_of_portfolio(work: Work, portfolio_id: UUID) -> Together:
    """The trees of all projects of a portfolio; `Unknown` when it has none that are known here."""
    return await _of(work, await store.projects_of_portfolio(work.connection, portfolio_id))


async def _of(work: Work, project_ids: Sequence[UUID]) -> Together:
    if not project_ids:
        raise Unknown
    return await _together(work, project_ids, "")


async def _together(work: Work, project_ids: Sequence[UUID], name: str) -> Together:
    kept = await store.trees_of(work.connection, project_ids, today=work.today)
    drawn_up = [one for one in kept if one.nodes]
    whole = united([ProjectTree(one.project_id, one.project_name, one.tree) for one in drawn_up])
    projects = {one.project_id: one.project_name for one in drawn_up}
    return Together(whole, projects, name or ", ".join(projects.values())[:200])
