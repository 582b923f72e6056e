"""Benefit trees in the database: a tree is read whole and written whole."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, any_, bindparam, delete, exists, func, insert, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_benefits.domain.benefit_tree.drafts import NodeDraft, TreeDraft
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind, PlannedBenefit
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefits import BenefitState, RealisationMode
from gevinst_benefits.domain.plan.goals import GoalState
from gevinst_benefits.tables.benefit_trees import benefit_tree, tree_edge, tree_node
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.goals import goal
from gevinst_benefits.tables.projects import project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import ScopeKind

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class KeptTree:
    """A project's tree as it is: `nodes` by column, with what the plan and the goals know of them. A project
    that has none yet has an empty one at revision 0."""

    project_id: UUID
    project_name: str
    nodes: Rows
    edges: tuple[Edge, ...]
    revision: int = 0
    changed_by: str | None = None
    changed_at: datetime | None = None

    @property
    def tree(self) -> BenefitTree:
        return BenefitTree(tuple(map(_node_from, self.nodes)), self.edges)


_today = bindparam("today", type_=Date)
_has_owner = exists(
    select(1)
    .select_from(role_assignment)
    .join(
        unit,
        and_(
            unit.c.organisation_id == role_assignment.c.organisation_id,
            role_assignment.c.scope_id == any_(unit.c.path),
        ),
    )
    .where(
        unit.c.organisation_id == benefit.c.organisation_id,
        unit.c.id == benefit.c.owner_unit_id,
        role_assignment.c.role == benefit.c.owner_role,
        role_assignment.c.scope == ScopeKind.UNIT.value,
        or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
        or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
    )
    .correlate(benefit)
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_HEADS = Query(
    select(
        project.c.id,
        project.c.name,
        benefit_tree.c.revision,
        benefit_tree.c.changed_by,
        benefit_tree.c.changed_at,
    )
    .outerjoin(
        benefit_tree,
        and_(benefit_tree.c.organisation_id == project.c.organisation_id, benefit_tree.c.id == project.c.id),
    )
    .where(project.c.id == any_(_ids))
    .order_by(project.c.id)
)
_NODES = Query(
    select(
        tree_node,
        func.coalesce(tree_node.c.name, benefit.c.name, goal.c.name).label("shown_name"),
        benefit.c.project_id.label("benefit_project_id"),
        benefit.c.mode.label("benefit_mode"),
        benefit.c.state.label("benefit_state"),
        _has_owner.label("has_owner"),
        goal.c.kind.label("goal_kind"),
        goal.c.state.label("goal_state"),
    )
    .outerjoin(
        benefit,
        and_(
            benefit.c.organisation_id == tree_node.c.organisation_id, benefit.c.id == tree_node.c.benefit_id
        ),
    )
    .outerjoin(
        goal, and_(goal.c.organisation_id == tree_node.c.organisation_id, goal.c.id == tree_node.c.goal_id)
    )
    .where(tree_node.c.project_id == any_(_ids))
    .order_by(tree_node.c.project_id, tree_node.c.number)
)
_EDGES = Query(
    select(tree_edge)
    .where(tree_edge.c.project_id == any_(_ids))
    .order_by(tree_edge.c.project_id, tree_edge.c.number)
)
_REVISION = Query(
    select(benefit_tree.c.revision).where(benefit_tree.c.id == bindparam("id")).with_for_update()
)
_BEGIN = Query(
    upsert(benefit_tree)
    .values({name: bindparam(name) for name in ("organisation_id", "id", "changed_by", "changed_at")})
    .on_conflict_do_nothing()
)
_CHANGE = Query(
    benefit_tree.update()
    .where(benefit_tree.c.id == bindparam("id"))
    .values(
        changed_by=bindparam("changed_by"),
        changed_at=bindparam("changed_at"),
        revision=benefit_tree.c.revision + 1,
    )
)
_CLEAR_EDGES = Query(delete(tree_edge).where(tree_edge.c.project_id == bindparam("id")))
_CLEAR_NODES = Query(delete(tree_node).where(tree_node.c.project_id == bindparam("id")))
_ADD_NODE = Query(insert(tree_node).values({column.name: bindparam(column.name) for column in tree_node.c}))
_ADD_EDGE = Query(insert(tree_edge).values({column.name: bindparam(column.name) for column in tree_edge.c}))
_KNOWN_BENEFITS = Query(select(benefit.c.id).where(benefit.c.id == any_(_ids)))
_KNOWN_GOALS = Query(select(goal.c.id).where(goal.c.id == any_(_ids)))
_WITH_GOAL = Query(
    select(tree_node.c.project_id).where(tree_node.c.goal_id == bindparam("goal_id")).distinct()
)
_OF_PROGRAMME = Query(select(project.c.id).where(project.c.programme_id == bindparam("id")))
_OF_PORTFOLIO = Query(select(project.c.id).where(project.c.portfolio_id == bindparam("id")))
_UNITS = Query(select(unit.c.id, unit.c.name))


async def trees_of(connection: Connection, project_ids: Sequence[UUID], *, today: date) -> list[KeptTree]:
    """The tree of each project that is known, by project; three statements however many there are."""
    heads = await _HEADS.rows(connection, ids=list(project_ids))
    nodes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await _NODES.rows(connection, ids=list(project_ids), today=today):
        nodes[row["project_id"]].append(dict(row))
    edges: dict[UUID, list[Edge]] = defaultdict(list)
    for row in await _EDGES.rows(connection, ids=list(project_ids)):
        edges[row["project_id"]].append(Edge(row["cause"], row["effect"], row["share"]))
    return [
        KeptTree(
            project_id=head["id"],
            project_name=head["name"],
            nodes=nodes[head["id"]],
            edges=tuple(edges[head["id"]]),
            revision=head["revision"] or 0,
            changed_by=head["changed_by"],
            changed_at=head["changed_at"],
        )
        for head in heads
    ]


async def hold(connection: Connection, values: Mapping[str, Any], *, expected: int) -> bool:
    """Make the tree one revision newer and hold it; whether it was at revision `expected`."""
    if expected == 0:
        return await _BEGIN.run(connection, **values) == 1
    if await _REVISION.value(connection, id=values["id"]) != expected:
        return False
    await _CHANGE.run(connection, **values)
    return True


async def replace_content(
    connection: Connection, organisation: str, project_id: UUID, draft: TreeDraft
) -> None:
    """Put these nodes and edges in the place of those that are there."""
    await _CLEAR_EDGES.run(connection, id=project_id)
    await _CLEAR_NODES.run(connection, id=project_id)
    own = {"organisation_id": organisation, "project_id": project_id}
    nodes = [
        own
        | {
            "key": node.key,
            "number": number,
            "kind": node.kind.value,
            "name": node.name,
            "description": node.description,
            "is_disbenefit": node.is_disbenefit,
            "receiving_unit_id": node.receiving_unit_id,
            "benefit_id": node.benefit_id,
            "goal_id": node.goal_id,
        }
        for number, node in enumerate(draft.nodes)
    ]
    edges = [
        own | {"number": number, "cause": edge.cause, "effect": edge.effect, "share": edge.share}
        for number, edge in enumerate(draft.edges)
    ]
    await _ADD_NODE.run_many(connection, nodes)
    await _ADD_EDGE.run_many(connection, edges)


async def known_benefits(connection: Connection, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of `ids` that are benefits of the organisation's plans."""
    return frozenset(row["id"] for row in await _KNOWN_BENEFITS.rows(connection, ids=list(ids)))


async def known_goals(connection: Connection, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of `ids` that are goals of the organisation."""
    return frozenset(row["id"] for row in await _KNOWN_GOALS.rows(connection, ids=list(ids)))


async def projects_towards(connection: Connection, goal_id: UUID) -> list[UUID]:
    """The projects whose trees have the goal."""
    return [row["project_id"] for row in await _WITH_GOAL.rows(connection, goal_id=goal_id)]


async def projects_of_programme(connection: Connection, programme_id: UUID) -> list[UUID]:
    return [row["id"] for row in await _OF_PROGRAMME.rows(connection, id=programme_id)]


async def projects_of_portfolio(connection: Connection, portfolio_id: UUID) -> list[UUID]:
    return [row["id"] for row in await _OF_PORTFOLIO.rows(connection, id=portfolio_id)]


async def unit_names(connection: Connection) -> dict[UUID, str]:
    """Every unit of the organisation with its name."""
    return {row["id"]: row["name"] for row in await _UNITS.rows(connection)}


def draft_of(kept: KeptTree) -> TreeDraft:
    """The tree as it would be written to have it so again."""
    nodes = [
        NodeDraft(**{name: row[name] for name in _KEPT - {"kind"}}, kind=NodeKind(row["kind"]))
        for row in kept.nodes
    ]
    return TreeDraft(nodes, kept.edges)


def content_json(kept: KeptTree) -> str:
    """What the audit trail keeps of a tree (E1): absent rather than null."""
    return json.dumps(
        {
            "nodes": [
                {name: value for name, value in node.items() if value is not None and name in _KEPT}
                for node in kept.nodes
            ],
            "edges": [
                {"cause": edge.cause, "effect": edge.effect}
                | ({} if edge.share is None else {"share": decimal_text(edge.share)})
                for edge in kept.edges
            ],
        },
        default=str,
        ensure_ascii=False,
    )


_KEPT = frozenset(column.name for column in tree_node.c) - {"organisation_id", "project_id", "number"}


def _node_from(row: Mapping[str, Any]) -> Node:
    planned = None
    if row["benefit_id"] is not None:
        planned = PlannedBenefit(
            id=row["benefit_id"],
            project_id=row["benefit_project_id"],
            mode=RealisationMode(row["benefit_mode"]),
            has_owner=row["has_owner"],
            state=BenefitState(row["benefit_state"]),
        )
    return Node(
        key=row["key"],
        kind=NodeKind(row["kind"]),
        name=row["shown_name"],
        is_disbenefit=row["is_disbenefit"],
        benefit=planned,
        goal_id=row["goal_id"],
        goal_state=None if row["goal_state"] is None else GoalState(row["goal_state"]),
    )
