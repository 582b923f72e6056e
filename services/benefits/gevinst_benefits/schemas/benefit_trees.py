"""Benefit trees on the wire (B3)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, Strict, WithJsonSchema

from gevinst_benefits.domain.benefit_tree.checks import Finding
from gevinst_benefits.domain.benefit_tree.contributions import Contribution
from gevinst_benefits.domain.benefit_tree.drafts import NodeDraft, TreeDraft
from gevinst_benefits.domain.benefit_tree.tree import MOST_EDGES, MOST_NODES, Edge, NodeKind
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefits import BenefitState, RealisationMode
from gevinst_benefits.domain.plan.goals import GoalKind, GoalState
from gevinst_benefits.schemas.quantities import Part
from gevinst_benefits.store.benefit_trees import KeptTree
from gevinst_shared.web.shapes import LINES, Id, In, Maybe, Moment, Name, Organisation, Out

KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
LONGEST_DESCRIPTION = 1000
MOST_FINDINGS = 10_000

# The product of parts along paths; below 0 for what works against it.
Carried = Annotated[
    Decimal,
    PlainSerializer(
        lambda value: decimal_text(Decimal(f"{value:.6f}")), return_type=str, when_used="json-unless-none"
    ),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^-?[0-9]{1,200}(\.[0-9]{1,6})?$",
            "maxLength": 208,
            "examples": ["0.25"],
        }
    ),
]
Key = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern=KEY,
        description="The node's name inside the tree, chosen by whoever draws it.",
        examples=["T1"],
    ),
]
Description = Annotated[str, Field(max_length=LONGEST_DESCRIPTION, pattern=LINES)]
Kind = Annotated[NodeKind, Field(examples=["benefit"])]


class NodeIn(In):
    """A node of the tree. One that points at a benefit or a goal has its name, unless it says another."""

    key: Key
    kind: Kind
    name: Maybe[Name] = Field(None, examples=["The citizen measures at home"])
    description: Maybe[Description] = None
    is_disbenefit: Annotated[bool, Strict()] = Field(
        default=False, description="An effect that somebody finds bad: it counts against what it leads to."
    )
    receiving_unit_id: Maybe[Id] = Field(None, description="Of a change: the unit whose work changes.")
    benefit_id: Maybe[Id] = Field(None, description="Of a benefit: the one of a plan that it is.")
    goal_id: Maybe[Id] = Field(None, description="Of a goal: the one that a unit has committed to (G8).")

    def draft(self) -> NodeDraft:
        return NodeDraft(
            key=self.key,
            kind=self.kind,
            name=self.name,
            description=self.description,
            is_disbenefit=self.is_disbenefit,
            receiving_unit_id=self.receiving_unit_id,
            benefit_id=self.benefit_id,
            goal_id=self.goal_id,
        )


class EdgeIn(In):
    """From a cause to what it leads to."""

    cause: Key
    effect: Key
    share: Maybe[Part] = Field(
        None, description="How much of the effect the cause brings. Absent: not known, which is not zero."
    )


class BenefitTreeIn(In):
    """The whole tree. It may be unfinished: what does not hold is saved and found."""

    nodes: list[NodeIn] = Field(max_length=MOST_NODES)
    edges: list[EdgeIn] = Field(max_length=MOST_EDGES)

    def draft(self) -> TreeDraft:
        return TreeDraft(
            [node.draft() for node in self.nodes],
            [Edge(edge.cause, edge.effect, edge.share) for edge in self.edges],
        )


class BenefitOfNodeOut(Out):
    """The benefit of a plan that a node is."""

    project_id: Id = Field(description="The project in whose plan it stands, and counts (B12).")
    mode: RealisationMode
    state: BenefitState


class CommittedGoalOut(Out):
    """The goal that a node is."""

    kind: GoalKind
    state: GoalState


class NodeOut(Out):
    """A node, with what the plan or the goal knows of it."""

    key: Key
    kind: Kind
    name: Name
    has_own_name: bool = Field(description="False: the name is that of the benefit or the goal.")
    description: Maybe[Description] = None
    is_disbenefit: bool
    receiving_unit_id: Maybe[Id] = None
    benefit_id: Maybe[Id] = None
    goal_id: Maybe[Id] = None
    benefit: Maybe[BenefitOfNodeOut] = None
    goal: Maybe[CommittedGoalOut] = None


class EdgeOut(Out):
    """From a cause to what it leads to."""

    cause: Key
    effect: Key
    share: Maybe[Part] = None


class TreeFindingOut(Out):
    """Something that does not hold, with which nodes, and what to do."""

    finding: Finding = Field(examples=["benefit-without-change"])
    keys: list[str] = Field(max_length=2000, description="The nodes; those of a cycle in its order.")
    text: str = Field(max_length=500_000, examples=["No change leads to “Fewer visits”."])


class BenefitTreeOut(Out):
    """The tree of a project as it is now."""

    project_id: Id
    organisation: Organisation
    nodes: list[NodeOut] = Field(max_length=MOST_NODES)
    edges: list[EdgeOut] = Field(max_length=MOST_EDGES)
    findings: list[TreeFindingOut] = Field(max_length=MOST_FINDINGS)
    revision: int = Field(ge=0, le=1_000_000_000, description="0: nobody has drawn it up yet.")
    changed_by: Maybe[str] = Field(None, max_length=300)
    changed_at: Maybe[Moment] = None

    @classmethod
    def of(cls, kept: KeptTree, organisation: str, findings: Sequence[TreeFindingOut]) -> "BenefitTreeOut":
        return cls.model_validate(
            {
                "project_id": str(kept.project_id),
                "organisation": organisation,
                "nodes": [_node(row) for row in kept.nodes],
                "edges": [edge_members(edge) for edge in kept.edges],
                "findings": findings,
                "revision": kept.revision,
                "changed_by": kept.changed_by,
                "changed_at": None if kept.changed_at is None else kept.changed_at.isoformat(),
            }
        )


def edge_members(edge: Edge) -> dict[str, Any]:
    share = None if edge.share is None else decimal_text(edge.share)
    return {"cause": edge.cause, "effect": edge.effect, "share": share}


def _node(row: Mapping[str, Any]) -> dict[str, Any]:
    members = {name: row[name] for name in ("key", "kind", "description", "is_disbenefit")}
    members |= {name: text(row[name]) for name in ("receiving_unit_id", "benefit_id", "goal_id")}
    members |= {"name": row["shown_name"], "has_own_name": row["name"] is not None}
    if row["benefit_id"] is not None:
        project_id = text(row["benefit_project_id"])
        members["benefit"] = {
            "project_id": project_id,
            "mode": row["benefit_mode"],
            "state": row["benefit_state"],
        }
    if row["goal_id"] is not None:
        members["goal"] = {"kind": row["goal_kind"], "state": row["goal_state"]}
    return members


def text(value: object) -> str | None:
    return None if value is None else str(value)


class ContributionOut(Out):
    """How much of the effect a node carries along all paths to it."""

    key: str = Field(max_length=60)
    share: Maybe[Carried] = Field(None, description="Absent as soon as a share on the way is not known.")
    at_least: Carried
    at_most: Carried
    is_ended: bool = Field(description="A benefit that was closed or moved: nothing counts through it.")

    @classmethod
    def of(cls, found: Contribution) -> "ContributionOut":
        return cls(
            key=found.key,
            share=found.share,
            at_least=found.at_least,
            at_most=found.at_most,
            is_ended=found.is_ended,
        )


class ContributionListOut(Out):
    """What every node that leads to an effect carries of it."""

    effect: Key
    items: list[ContributionOut] = Field(max_length=MOST_NODES)
