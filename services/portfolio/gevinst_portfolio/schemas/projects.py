"""Projects on the wire."""

from decimal import Decimal

from pydantic import Field

from gevinst_portfolio.domain.closings import Closing, FreedPerQuarter, ProjectKind
from gevinst_portfolio.domain.projects import ProjectStatus, Registration
from gevinst_portfolio.schemas.profiles import CostOfYear, NeedOfResource, PlannedDay, WaveOut
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
)


class FreedIn(In):
    """What an activity takes of a shared resource each quarter, and will take no more."""

    resource_id: Id
    amount: float = Field(ge=0, le=1_000_000, examples=[2])


class ClosingIn(In):
    """P11: what closing an existing activity saves and frees. What closing it costs is the project's cost."""

    yearly_saving: Amount = Field(
        description="In the portfolio's currency and price year; its benefit is this for all the years.",
        examples=["400000.00"],
    )
    saving_years: Whole = Field(
        ge=1, le=40, description="For how many years the saving is counted.", examples=[5]
    )
    frees: list[FreedIn] = Field(default=[], max_length=100, description="Told, and not planned with.")

    def value(self) -> Closing:
        frees = tuple(FreedPerQuarter(one.resource_id, Decimal(str(one.amount))) for one in self.frees)
        return Closing(self.yearly_saving, self.saving_years, frees)


class LagAfter(In):
    """How long a project that this one depends on must have been over."""

    project_id: Id
    lag_quarters: Whole = Field(ge=0, le=80, examples=[2])


class ProjectChangeIn(In):
    """All that a proposer says of a project; what is left away is taken away."""

    programme_id: Maybe[Id] = None
    name: Name = Field(examples=["Digital post to every citizen"])
    need: Maybe[Prose] = Field(None, description="What is to be solved, not how.")
    zero_alternative: Maybe[Prose] = Field(None, description="What happens if nothing is done.")
    source: Code = Field(
        "own-idea",
        description="Where the work comes from: own-idea, legal-duty, national-plan, joint-project, …",
    )
    category: Maybe[Name] = Field(None, examples=["Digitisation"])
    is_statutory: bool = Field(default=False, strict=True, description="P5: forced in by law.")
    owner_id: Maybe[Id] = Field(None, description="The person who owns the project.")
    manager_id: Maybe[Id] = None
    unit_id: Maybe[Id] = Field(None, description="The unit that the project belongs to.")
    receiving_unit_ids: list[Id] = Field(
        default=[], max_length=200, description="The units whose work the project changes."
    )
    start: Maybe[PlannedDay] = None
    end: Maybe[PlannedDay] = None
    cost: Maybe[Amount] = Field(
        None, description="Whole cost, in the portfolio's currency and price year.", examples=["1250000.00"]
    )
    benefit: Maybe[Amount] = Field(None, description="Whole benefit, likewise.", examples=["4000000.00"])
    cost_low: Maybe[Amount] = Field(None, description="At least; at most `cost`.", examples=["1000000.00"])
    cost_high: Maybe[Amount] = Field(None, description="At most; `cost` or more.", examples=["2000000.00"])
    benefit_low: Maybe[Amount] = Field(
        None, description="At least; at most `benefit`.", examples=["2000000.00"]
    )
    benefit_high: Maybe[Amount] = Field(
        None, description="At most; `benefit` or more.", examples=["5000000.00"]
    )
    cost_by_year: list[CostOfYear] = Field(default=[], max_length=100)
    needs: list[NeedOfResource] = Field(default=[], max_length=100)
    depends_on: list[Id] = Field(
        default=[], max_length=100, description="Projects that must be finished before this one starts."
    )
    excludes: list[Id] = Field(default=[], max_length=100, description="Projects that cannot run beside it.")
    dependency_lags: list[LagAfter] = Field(
        default=[],
        max_length=100,
        description="For those of `depends_on` that must have been over for some quarters first.",
    )
    earliest_start: Maybe[PlannedDay] = Field(
        None, description="A plan starts it no earlier; without it, a proposal no earlier than its `start`."
    )
    latest_start: Maybe[PlannedDay] = Field(None, description="A plan that chooses it starts it by this day.")
    deadline: Maybe[PlannedDay] = Field(None, description="P5: it must be over by this day.")
    closing: Maybe[ClosingIn] = Field(
        None, description="P11: given when an existing activity is to be closed."
    )


class OriginOut(Out):
    """A project that was merged into this one."""

    project_id: Id
    name: Name
    source: Code = Field(examples=["own-idea"])
    source_key: Maybe[str] = Field(None, max_length=300)


class ProjectIn(ProjectChangeIn):
    """A project as its proposer describes it."""

    portfolio_id: Id


class ProjectOut(Out):
    """A project as it is registered."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    programme_id: Maybe[Id] = None
    name: Name
    need: Maybe[Prose] = None
    zero_alternative: Maybe[Prose] = None
    source: Code = Field(examples=["own-idea"])
    source_key: Maybe[str] = Field(None, max_length=300)
    category: Maybe[Name] = None
    is_statutory: bool
    owner_id: Maybe[Id] = None
    manager_id: Maybe[Id] = None
    unit_id: Maybe[Id] = None
    receiving_unit_ids: list[Id] = Field(max_length=200)
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    cost_low: Maybe[MoneyOut] = None
    cost_high: Maybe[MoneyOut] = None
    benefit_low: Maybe[MoneyOut] = None
    benefit_high: Maybe[MoneyOut] = None
    cost_by_year: list[CostOfYear] = Field(max_length=100)
    needs: list[NeedOfResource] = Field(max_length=100)
    depends_on: list[Id] = Field(max_length=100)
    excludes: list[Id] = Field(max_length=100)
    dependency_lags: list[LagAfter] = Field(max_length=100)
    earliest_start: Maybe[Day] = None
    latest_start: Maybe[Day] = None
    deadline: Maybe[Day] = None
    kind: ProjectKind
    closing: Maybe[ClosingIn] = None
    waves: list[WaveOut] = Field(max_length=100, description="P12: the waves of its roll-out.")
    registration: Registration
    registration_overruled: Maybe[Registration] = Field(
        None, description="P2: what somebody has set it to, whatever the threshold says."
    )
    registration_reason: Maybe[Prose] = None
    status: ProjectStatus
    phase: Maybe[Code] = None
    merged_into_id: Maybe[Id] = Field(None, description="What it has become part of.")
    origins: list[OriginOut] = Field(max_length=1000, description="P1: what was merged into it.")
    supporters: list[str] = Field(max_length=1000, description="Those who have said that they want it.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ProjectPageOut(Out):
    """Projects, a page at a time."""

    items: list[ProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
