"""Who acts, for which organisation, and with which roles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID


class Role(StrEnum):
    """DOMAIN.md §1: what a person or a system can be in an organisation."""

    ADMINISTRATOR = "administrator"
    PORTFOLIO_OFFICE = "portfolio-office"
    BOARD_MEMBER = "board-member"
    PROJECT_OWNER = "project-owner"
    PROJECT_MANAGER = "project-manager"
    BENEFIT_OWNER = "benefit-owner"
    BENEFIT_CONTROLLER = "benefit-controller"
    UNIT_LEADER = "unit-leader"
    FINANCE = "finance"
    READER = "reader"
    AUDITOR = "auditor"
    INTEGRATION = "integration"
    # Another body that reads what is shared with it (X1), and may do nothing else.
    SYNC_PARTNER = "sync-partner"


EVERYONE = frozenset(Role) - {Role.SYNC_PARTNER}
"""Every role that somebody of the organisation can have."""


class ScopeKind(StrEnum):
    ORGANISATION = "organisation"
    UNIT = "unit"  # with its subtree
    PORTFOLIO = "portfolio"
    PROGRAMME = "programme"
    PROJECT = "project"


_ROLES = frozenset(role.value for role in EVERYONE)
_SCOPES = frozenset(scope.value for scope in ScopeKind)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held somewhere, from a day until (not including) another."""

    role: Role
    scope: ScopeKind = ScopeKind.ORGANISATION
    scope_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid_on(self, day: date) -> bool:
        has_begun = self.valid_from is None or self.valid_from <= day
        return has_begun and (self.valid_until is None or day < self.valid_until)


def grants_from(rows: Iterable[Any]) -> tuple[Grant, ...]:
    """The grants of stored assignments, rows by column name; a role or scope unknown here gives nothing."""
    return tuple(
        Grant(
            Role(row["role"]), ScopeKind(row["scope"]), row["scope_id"], row["valid_from"], row["valid_until"]
        )
        for row in rows
        if row["role"] in _ROLES and row["scope"] in _SCOPES
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: every unit above it and every portfolio, programme and project it is part of."""

    units: frozenset[UUID] = frozenset()
    portfolios: frozenset[UUID] = frozenset()
    programmes: frozenset[UUID] = frozenset()
    projects: frozenset[UUID] = frozenset()

    def is_within(self, grant: Grant) -> bool:
        if grant.scope is ScopeKind.ORGANISATION:
            return True
        ids = {
            ScopeKind.UNIT: self.units,
            ScopeKind.PORTFOLIO: self.portfolios,
            ScopeKind.PROGRAMME: self.programmes,
            ScopeKind.PROJECT: self.projects,
        }[grant.scope]
        return grant.scope_id in ids


@dataclass(frozen=True, slots=True)
class Permission:
    """What an operation needs: a name for the documents, and the roles that have it."""

    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Actor:
    """The verified caller. `roles` hold in the whole organisation (from the token); `grants` are narrower.

    `organisation` is empty only for one of our own services, which reads feeds of every organisation.
    """

    subject: str
    organisation: str
    roles: frozenset[Role] = frozenset()
    grants: tuple[Grant, ...] = field(default=())
    is_service: bool = False

    @property
    def is_partner(self) -> bool:
        """Whether another body calls: it is nobody of any organisation here."""
        return Role.SYNC_PARTNER in self.roles

    def holds(self, roles: Iterable[Role], *, place: Place, today: date) -> bool:
        """Whether one of `roles` is held at `place`."""
        wanted = frozenset(roles)
        if wanted & self.roles:
            return True
        return any(g.role in wanted and g.is_valid_on(today) and place.is_within(g) for g in self.grants)

    def holds_anywhere(self, roles: Iterable[Role], *, today: date) -> bool:
        """Whether one of `roles` is held at any place: enough to read the organisation's register."""
        wanted = frozenset(roles)
        return bool(wanted & self.roles) or any(
            g.role in wanted and g.is_valid_on(today) for g in self.grants
        )
