"""Runs on the wire."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.runs import RunKind, RunState
from gevinst_portfolio.schemas.imports import ImportReportOut
from gevinst_portfolio.schemas.uploads import UploadReportOut
from gevinst_shared.web.shapes import Id, Maybe, Moment, Organisation, Out

Share = Annotated[float, Field(ge=0, le=1)]
PlanValue = Annotated[float, Field(ge=-1e18, le=1e18)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class ProgressOut(Out):
    """How far a run is."""

    share: Share = Field(description="0 at the beginning, 1 at the end.", examples=[0.4])
    text: str = Field(max_length=200, examples=["searching"])
    value: Maybe[PlanValue] = Field(None, description="Of the best plan so far.")
    bound: Maybe[PlanValue] = Field(None, description="No plan is worth more.")
    gap: Maybe[float] = Field(None, ge=0, le=1e9, description="(bound - value) / bound.")


class PlanSummaryOut(Out):
    """What solving a scenario came to; the plan itself is at the scenario."""

    status: Status
    ended_by: Ending
    value: Maybe[PlanValue] = None
    bound: Maybe[PlanValue] = None
    gap: Maybe[float] = Field(None, ge=0, le=1e9)
    work: int = Field(ge=0, le=10**12, description="In simplex iterations.")
    selected_count: Count
    left_out_count: Count
    not_considered_count: Count


class RunErrorOut(Out):
    """Why a run failed, or was called off without anybody asking for that."""

    code: str = Field(max_length=60, examples=["file-empty"])
    title: str = Field(max_length=200, description="In the language that you asked for.")
    detail: str = Field(max_length=2000, description="In the language that you asked for.")
    values: dict[str, Annotated[str, Field(max_length=2000)]] = Field(
        max_length=20,
        description="What the detail names, for sentences of your own.",
        examples=[{"year": "2028"}],
    )


class RunOut(Out):
    """Work that a worker does; follow it until it has ended."""

    id: Id
    organisation: Organisation
    kind: RunKind
    portfolio_id: Id
    scenario_id: Maybe[Id] = None
    state: RunState
    progress: ProgressOut
    import_report: Maybe[ImportReportOut] = None
    plan_summary: Maybe[PlanSummaryOut] = None
    upload_report: Maybe[UploadReportOut] = None
    analysis_id: Maybe[Id] = Field(None, description="The analysis that the run has made.")
    error: Maybe[RunErrorOut] = None
    cancel_requested: bool
    attempts: int = Field(ge=0, le=100, description="How often a worker began it.")
    requested_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    started_at: Maybe[Moment] = None
    ended_at: Maybe[Moment] = None


class RunPageOut(Out):
    """Runs, a page at a time."""

    items: list[RunOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
