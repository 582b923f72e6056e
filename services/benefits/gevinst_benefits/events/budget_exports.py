"""Facts of the files for the economy system."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ExportMappingAdded(Fact):
    type: ClassVar[str] = "gevinst.benefits.export-mapping-added.v1"
    mapping_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class BudgetExported(Fact):
    type: ClassVar[str] = "gevinst.benefits.budget-exported.v1"
    export_id: UUID
    number: int
    entry_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BudgetExportAnswered(Fact):
    """`state` is received, rejected, or sent when it was sent again."""

    type: ClassVar[str] = "gevinst.benefits.budget-export-answered.v1"
    export_id: UUID
    number: int
    state: str
    reference: str | None = None
