"""The trees of several projects as one, on the wire (B12, G8)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import Field

from gevinst_benefits.domain.benefit_tree.contributions import Contribution
from gevinst_benefits.domain.benefit_tree.unions import Carried, UnitedTrees
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.domain.plan.goals import GoalState
from gevinst_benefits.schemas.benefit_trees import Carried as CarriedShare
from gevinst_benefits.schemas.benefit_trees import (
    ContributionOut,
    Key,
    Kind,
    TreeFindingOut,
    edge_members,
    text,
)
from gevinst_benefits.schemas.quantities import Part
from gevinst_benefits.schemas.tree_layouts import NodeKey
from gevinst_shared.web.shapes import Id, Maybe, Name, Out


class AppearanceOut(Out):
    """Where a node stands: in which project's tree, under which key."""

    project_id: Id
    key: Key


class UnitedNodeOut(Out):
    """A node of one tree, or a benefit or goal that several trees share."""

    key: NodeKey
    kind: Kind
    name: Name
    is_disbenefit: bool
    benefit_id: Maybe[Id] = None
    benefit_state: Maybe[BenefitState] = None
    goal_id: Maybe[Id] = None
    goal_state: Maybe[GoalState] = None
    counted_in: Id = Field(description="The one project for which it counts, whichever trees it is in (B12).")
    appearances: list[AppearanceOut] = Field(max_length=2000)


class UnitedEdgeOut(Out):
    """From a cause to what it leads to; once, in however many trees it stands."""

    cause: NodeKey
    effect: NodeKey
    share: Maybe[Part] = None


class ProjectOut(Out):
    """A project whose tree is part of the whole."""

    project_id: Id
    name: Name


class UnitedTreesOut(Out):
    """The trees of several projects as one. Keys are `1.T1`: the number of the project, and its own key."""

    projects: list[ProjectOut] = Field(max_length=2000)
    nodes: list[UnitedNodeOut] = Field(max_length=2000)
    edges: list[UnitedEdgeOut] = Field(max_length=8000)
    findings: list[TreeFindingOut] = Field(max_length=40_000)


class CarriedOut(Out):
    """How much of the goal a project's nodes bring that lead to it directly."""

    project_id: Id
    share: Maybe[CarriedShare] = Field(None, description="Absent as soon as one of them is not known.")
    at_least: CarriedShare
    at_most: CarriedShare


class GoalTreeOut(UnitedTreesOut):
    """All paths to one goal, of every project that leads to it."""

    goal_id: Id
    goal: Maybe[NodeKey] = Field(None, description="The goal's key in this tree; absent when no tree has it.")
    carried: list[CarriedOut] = Field(max_length=2000)
    contributions: list[ContributionOut] = Field(
        max_length=2000,
        description="Of every node that leads to the goal; none when circles or too large shares forbid it.",
    )


def united_members(
    whole: UnitedTrees, projects: Mapping[UUID, str], findings: Sequence[TreeFindingOut]
) -> dict[str, object]:
    """The members of `UnitedTreesOut`."""
    return {
        "projects": [{"project_id": str(one), "name": name} for one, name in projects.items()],
        "nodes": [
            {
                "key": node.key,
                "kind": node.kind,
                "name": node.name,
                "is_disbenefit": node.is_disbenefit,
                "benefit_id": None if node.benefit is None else str(node.benefit.id),
                "benefit_state": None if node.benefit is None else node.benefit.state,
                "goal_id": text(node.goal_id),
                "goal_state": node.goal_state,
                "counted_in": str(whole.counted_in(node.key)),
                "appearances": [
                    {"project_id": str(one.project_id), "key": one.key} for one in whole.appearances[node.key]
                ],
            }
            for node in whole.tree.nodes
        ],
        "edges": [edge_members(edge) for edge in whole.tree.edges],
        "findings": findings,
    }


def goal_members(
    goal_id: UUID, key: str, carried: Sequence[Carried], contributions: Sequence[Contribution]
) -> dict[str, object]:
    """What `GoalTreeOut` has beside those."""
    return {
        "goal_id": str(goal_id),
        "goal": key or None,
        "carried": [
            CarriedOut.model_validate(
                {
                    "project_id": str(one.project_id),
                    "share": one.share,
                    "at_least": one.at_least,
                    "at_most": one.at_most,
                }
            )
            for one in carried
        ],
        "contributions": [ContributionOut.of(one) for one in contributions],
    }
