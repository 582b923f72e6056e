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


@dataclass(frozen=True, slots=True)
class InstallationsNotCarrying(Fact):
    """Some were found not to carry their cost that were not known to; `not_carrying` of `count` do not now.

    `owner_unit_id` is the unit that the benefit falls in.
    """

    type: ClassVar[str] = "gevinst.benefits.installations-not-carrying.v1"
    project_id: UUID
    benefit_id: UUID
    name: str
    owner_unit_id: UUID
    count: int
    not_carrying: int
    actor: str
