"""Drawing up benefit trees: whole, from either end, with whatever does not hold yet (B3)."""

from uuid import UUID

from gevinst_benefits.domain.benefit_tree.checks import tree_findings
from gevinst_benefits.domain.benefit_tree.drafts import (
    BenefitNotKnown,
    GoalNotKnown,
    TreeDraft,
    refuse_odd_tree,
)
from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.benefit_trees import BenefitTreeChanged
from gevinst_benefits.store import benefit_trees as store
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.benefit_trees import KeptTree
from gevinst_benefits.store.projects import get_project, known_units
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Unknown


async def tree_of(work: Work, project_id: UUID) -> KeptTree:
    """The project's tree; empty, at revision 0, until somebody draws one up."""
    found = await store.trees_of(work.connection, [project_id], today=work.today)
    if not found:
        raise Unknown
    return found[0]


async def draw_up(work: Work, project_id: UUID, draft: TreeDraft, *, expected: int) -> KeptTree | None:
    """Put this tree in the place of the project's; None when that is not at revision `expected` any more."""
    project = await get_project(work.connection, project_id)
    work.require(PLAN, project.place())
    refuse_odd_tree(draft)
    await _refuse_unknown(work, draft)
    change = {
        "organisation_id": work.organisation,
        "id": project_id,
        "changed_by": work.actor.subject,
        "changed_at": work.now,
    }
    if not await store.hold(work.connection, change, expected=expected):
        return None
    before = await tree_of(work, project_id)
    await store.replace_content(work.connection, work.organisation, project_id, draft)
    after = await tree_of(work, project_id)
    await _record(work, before if expected else None, after)
    return after


async def _refuse_unknown(work: Work, draft: TreeDraft) -> None:
    units = {node.receiving_unit_id for node in draft.nodes if node.receiving_unit_id is not None}
    refuse_unknown_units(sorted(units), await known_units(work.connection, units))
    wanted = [node.benefit_id for node in draft.nodes if node.benefit_id is not None]
    benefits = await store.known_benefits(work.connection, wanted)
    goals = await store.known_goals(
        work.connection, [node.goal_id for node in draft.nodes if node.goal_id is not None]
    )
    for place, node in enumerate(draft.nodes):
        if node.benefit_id is not None and node.benefit_id not in benefits:
            raise BenefitNotKnown(benefit=node.benefit_id, pointer=f"/body/nodes/{place}/benefit_id")
        if node.goal_id is not None and node.goal_id not in goals:
            raise GoalNotKnown(goal=node.goal_id, pointer=f"/body/nodes/{place}/goal_id")


async def _record(work: Work, before: KeptTree | None, after: KeptTree) -> None:
    fact = BenefitTreeChanged(
        project_id=after.project_id,
        node_count=len(after.nodes),
        edge_count=len(after.edges),
        finding_count=len(tree_findings(after.tree)),
    )
    record = recorded(work, fact, subject=subject_of("benefit-trees", after.project_id))
    was, now = (None if kept is None else RawJson(store.content_json(kept)) for kept in (before, after))
    await announce(work.connection, [record | {"before": was, "after": now}])
