"""What a file says of a benefit tree, on the wire."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.benefit_tree.drafts import NodeDraft, TreeDraft
from gevinst_benefits.domain.benefit_tree.rows import MOST_FAULTS, TreeReading
from gevinst_benefits.domain.benefit_tree.tree import MOST_NODES
from gevinst_benefits.schemas.benefit_trees import BenefitTreeIn, edge_members, text
from gevinst_shared.web.shapes import Maybe, Out

NodeKeys = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=MOST_NODES)]


class TreeCellFaultOut(Out):
    """What is wrong in one cell, and what to do."""

    cell: str = Field(max_length=12, examples=["C7"])
    text: str = Field(max_length=500)


class TreeChangesOut(Out):
    """How the file differs from the tree that is there."""

    added: NodeKeys
    changed: NodeKeys
    removed: NodeKeys
    edge_count: int = Field(ge=0, le=4000, description="How many edges come, go or get another share.")


class TreeReadingOut(Out):
    """Faults, or a tree to be put in place with what it would change."""

    tree: Maybe[BenefitTreeIn] = Field(None, description="Absent when a cell cannot be taken.")
    changes: Maybe[TreeChangesOut] = None
    faults: list[TreeCellFaultOut] = Field(max_length=MOST_FAULTS)

    @classmethod
    def of(cls, reading: TreeReading, there: TreeDraft, sentences: Mapping[str, str]) -> "TreeReadingOut":
        faults = [
            TreeCellFaultOut(cell=fault.cell, text=sentences[fault.code].format(value=fault.value))
            for fault in reading.faults
        ]
        if faults:
            return cls(faults=faults)
        return cls.model_validate(
            {"tree": _tree_members(reading.draft), "changes": _changes(there, reading.draft), "faults": []}
        )


def _tree_members(draft: TreeDraft) -> dict[str, object]:
    nodes = [
        {
            "key": node.key,
            "kind": node.kind,
            "name": node.name,
            "description": node.description,
            "is_disbenefit": node.is_disbenefit,
            "receiving_unit_id": text(node.receiving_unit_id),
            "benefit_id": text(node.benefit_id),
            "goal_id": text(node.goal_id),
        }
        for node in draft.nodes
    ]
    return {
        "nodes": [_present(node) for node in nodes],
        "edges": [_present(edge_members(edge)) for edge in draft.edges],
    }


def _present(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _changes(there: TreeDraft, new: TreeDraft) -> TreeChangesOut:
    was: dict[str, NodeDraft] = {node.key: node for node in there.nodes}
    now = {node.key: node for node in new.nodes}
    edges = ({(edge.cause, edge.effect): edge.share for edge in one.edges} for one in (there, new))
    old_edges, new_edges = edges
    differing = [
        ends
        for ends in {**old_edges, **new_edges}
        if (ends in old_edges) != (ends in new_edges) or old_edges[ends] != new_edges[ends]
    ]
    return TreeChangesOut(
        added=[key for key in now if key not in was],
        changed=[key for key in now if key in was and now[key] != was[key]],
        removed=[key for key in was if key not in now],
        edge_count=len(differing),
    )
