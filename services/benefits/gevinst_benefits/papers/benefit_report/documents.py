"""What a benefit report is made of: the answers of the JSON routes, and the names that they do not hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gevinst_shared.papers.model import Block

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanDocuments:
    """What is known of one project's benefits, each by itself.

    `plan` is a `BenefitPlanOut`, `indicators` are `IndicatorOut`, `reconciled` are `ReconciledOut`. `lights`
    are colours by indicator, with whether a person said it; `units` are names by id. `unread_count`
    are benefits that may be reconciled beside those in `reconciled`.
    """

    plan: Json
    indicators: Sequence[Json]
    reconciled: Sequence[Json]
    lights: Mapping[str, tuple[str, bool]]
    units: Mapping[str, str]
    unread_count: int = 0


@dataclass(frozen=True, slots=True)
class ReportOf:
    """What a report is of: `overview` is a `WorkOverviewOut` or, of a unit, a `UnitOverviewOut`.

    `kind` is project, programme, portfolio or unit; `name` is None where this service does not know it.
    `sums` are `MeasureSumOut`, ledger by ledger. `plan` is there for a project. `people` are names by id.
    `realised` is planned against realised as a picture, None where amounts cannot be added (C1); `tree` is a
    project's benefit tree.
    """

    kind: str
    name: str | None
    organisation: str
    path: str
    overview: Json
    sums: Sequence[Json]
    plan: PlanDocuments | None
    people: Mapping[str, str]
    today: date
    made_at: datetime
    first_year: int
    last_year: int
    realised: Block | None = None
    tree: Block | None = None
