"""Roles that people hold somewhere, for a time (P10)."""

from datetime import date
from uuid import UUID

from gevinst_shared.values.actor import Role, ScopeKind
from gevinst_shared.values.refusal import Refusal

# Roles of a project that somebody must always hold, and the member of the project that may name the holder.
PROJECT_ROLES = {Role.PROJECT_OWNER: "owner_id", Role.PROJECT_MANAGER: "manager_id"}


class EndsBeforeItBegins(Refusal):
    code = "ends-before-it-begins"
    title = "Ends before it begins"
    detail = "The role would end on {valid_until}, before it begins on {valid_from}. Change one of the days."


class ScopeWithoutPlace(Refusal):
    code = "scope-without-place"
    title = "Say where the role holds"
    detail = "A role in a {scope} needs `scope_id`; a role in the whole organisation has none."


class AlreadyEnded(Refusal):
    code = "already-ended"
    title = "The role has ended"
    detail = "The role ended on {valid_until}. Assign it anew instead of changing what has been."


def refuse_odd_assignment(
    scope: ScopeKind, scope_id: UUID | None, *, valid_from: date | None, valid_until: date | None
) -> None:
    """Refuse a role without a place, or one that is over before it begins."""
    if (scope is ScopeKind.ORGANISATION) != (scope_id is None):
        raise ScopeWithoutPlace(scope=scope, pointer="/body/scope_id")
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise EndsBeforeItBegins(valid_from=valid_from, valid_until=valid_until, pointer="/body/valid_until")


def refuse_odd_end(*, valid_from: date | None, ended: date | None, valid_until: date, today: date) -> None:
    """Refuse to end a role before it begins, or to move an end that has passed."""
    if ended is not None and ended <= today:
        raise AlreadyEnded(valid_until=ended)
    if valid_from is not None and valid_until < valid_from:
        raise EndsBeforeItBegins(valid_from=valid_from, valid_until=valid_until, pointer="/body/valid_until")
