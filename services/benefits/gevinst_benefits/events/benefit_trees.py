"""Facts of benefit trees (B3)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class BenefitTreeChanged(Fact):
    """The tree as a whole; `finding_count` is how much of it does not hold."""

    type: ClassVar[str] = "gevinst.benefits.benefit-tree-changed.v1"
    project_id: UUID
    node_count: int
    edge_count: int
    finding_count: int
