"""The portfolio as it was, on the wire (P8)."""

from pydantic import Field

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.projects import ProjectStatus, Registration
from gevinst_portfolio.domain.snapshots import ChangeKind
from gevinst_portfolio.schemas.portfolios import PortfolioOut
from gevinst_portfolio.schemas.profiles import CostOfYear
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.resources import ResourceOut
from gevinst_shared.web.shapes import Day, Id, Maybe, Moment, MoneyOut, Name, Out, Prose

MOST = 1_000_000_000


class StatusCountOut(Out):
    """How many projects had a status, and their whole cost as far as it was known."""

    status: ProjectStatus
    count: int = Field(ge=1, le=MOST)
    unknown_cost_count: int = Field(
        ge=0, le=MOST, description="Those whose cost nobody knew: not in the sum."
    )
    cost: Maybe[MoneyOut] = None


class BudgetThenOut(Out):
    """The budget that was in force."""

    version: int = Field(ge=1, le=MOST)
    years: list[CostOfYear] = Field(max_length=200)
    reason: Maybe[Prose] = None
    set_by: str = Field(max_length=200)
    set_at: Moment


class SnapshotOut(Out):
    """The portfolio at the end of a day of the organisation, before `ends_at`."""

    day: Day
    ends_at: Moment = Field(
        description="Midnight at the organisation's place: what happened from here on is not in."
    )
    time_zone: str = Field(max_length=60, examples=["Europe/Oslo"])
    portfolio: PortfolioOut
    statuses: list[StatusCountOut] = Field(max_length=20)
    budget: Maybe[BudgetThenOut] = Field(None, description="Absent when none was set yet.")
    resources: list[ResourceOut] = Field(
        max_length=1000, description="The organisation's shared people and capacity for change."
    )
    last_decision_id: Maybe[Id] = Field(None, description="The portfolio's last decision by then.")


class DecisionThenOut(Out):
    """The last decision about the project by then."""

    id: Id
    kind: DecisionKind
    effect: Effect
    case_number: Name
    decided_on: Day
    until: Maybe[Day] = None
    condition: Maybe[Name] = None


class SnapshotProjectOut(Out):
    """A project as it was, and since when it was so."""

    project: ProjectOut
    since: Moment
    decision: Maybe[DecisionThenOut] = None


class SnapshotProjectPageOut(Out):
    """The projects of a day, a page at a time."""

    items: list[SnapshotProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ProjectThenOut(Out):
    """What is compared of a project."""

    name: Name
    status: ProjectStatus
    registration: Registration
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    cost_by_year: list[CostOfYear] = Field(max_length=100)


class PortfolioChangeOut(Out):
    """What is different of one project. Without `before` it was not there, without `after` it is no more."""

    project_id: Id
    kinds: list[ChangeKind] = Field(max_length=10, description="Empty when only its name is another.")
    before: Maybe[ProjectThenOut] = None
    after: Maybe[ProjectThenOut] = None


class PortfolioChangePageOut(Out):
    """Changes between two days, a page at a time."""

    items: list[PortfolioChangeOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
