"""Stored role assignments become grants, whoever wrote them."""

from typing import Any
from uuid import UUID

from gevinst_shared.values.actor import Grant, Role, ScopeKind, grants_from

UNIT = UUID(int=1)


def assignment(role: str, scope: str = "unit") -> dict[str, Any]:
    return {"role": role, "scope": scope, "scope_id": UNIT, "valid_from": None, "valid_until": None}


def test_a_role_or_scope_of_a_newer_version_gives_nothing_and_breaks_nothing() -> None:
    found = grants_from([assignment("unit-leader"), assignment("chief"), assignment("reader", "galaxy")])

    assert found == (Grant(Role.UNIT_LEADER, ScopeKind.UNIT, UNIT),)
