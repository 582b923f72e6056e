"""Facts of installations (B15)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class InstallationsRecorded(Fact):
    """`changed` rows were written; `not_carrying` installations of the benefit do not carry their cost."""

    type: ClassVar[str] = "gevinst.benefits.installations-recorded.v1"
    project_id: UUID
    benefit_id: UUID
    name: str
    changed: int
    count: int
    not_carrying: int
