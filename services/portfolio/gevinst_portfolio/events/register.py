"""What the portfolio service announces of organisations, portfolios, units, people and roles."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Fact):
    type: ClassVar[str] = "gevinst.portfolio.organisation-registered.v1"
    name: str
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class ThemeChosen(Fact):
    """How charts look from now on; `logo` is a PNG in Base64."""

    type: ClassVar[str] = "gevinst.portfolio.theme-chosen.v1"
    light: tuple[str, ...]
    dark: tuple[str, ...]
    font: str | None
    logo: str | None


@dataclass(frozen=True, slots=True)
class PortfolioArranged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.portfolio-arranged.v1"
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class PortfolioChanged(Fact):
    """`reregistered` counts the projects that a new threshold made central or light (P2)."""

    type: ClassVar[str] = "gevinst.portfolio.portfolio-changed.v1"
    portfolio_id: UUID
    name: str
    reregistered: int = 0


@dataclass(frozen=True, slots=True)
class ProgrammeChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.programme-changed.v1"
    programme_id: UUID
    portfolio_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class UnitChanged(Fact):
    """A unit was made, renamed or moved; `path` leads from the root to the unit itself."""

    type: ClassVar[str] = "gevinst.portfolio.unit-changed.v1"
    unit_id: UUID
    name: str
    path: tuple[UUID, ...]
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PersonChanged(Fact):
    type: ClassVar[str] = "gevinst.portfolio.person-changed.v1"
    person_id: UUID
    subject: str
    name: str
    language: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Fact):
    """The role holds from `valid_from` until (not including) `valid_until`."""

    type: ClassVar[str] = "gevinst.portfolio.role-assigned.v1"
    assignment_id: UUID
    person_id: UUID
    subject: str
    role: str
    scope: str
    scope_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(RoleAssigned):
    type: ClassVar[str] = "gevinst.portfolio.role-ended.v1"
    valid_until: date


@dataclass(frozen=True, slots=True)
class RoleVacant(Fact):
    """P10: nobody holds the role in the project from `vacant_since` on."""

    type: ClassVar[str] = "gevinst.portfolio.role-vacant.v1"
    role: str
    place_name: str
    vacant_since: date
    project_id: UUID
    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class GroupChanged(Fact):
    """P10: a group of people that can hold a role, with all its members."""

    type: ClassVar[str] = "gevinst.portfolio.group-changed.v1"
    group_id: UUID
    name: str
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BoardSeatChanged(Fact):
    """P10: who has a named role in a project's board; without a person or group nobody has."""

    type: ClassVar[str] = "gevinst.portfolio.board-seat-changed.v1"
    seat_id: UUID
    project_id: UUID
    portfolio_id: UUID
    role: str
    since: date
    person_id: UUID | None = None
    group_id: UUID | None = None
    ended_on: date | None = None
