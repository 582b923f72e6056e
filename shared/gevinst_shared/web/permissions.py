"""The permission that each operation declares, and the matrix role × operation made from them."""

import inspect
from collections.abc import Iterable
from typing import Any

from fastapi.routing import APIRoute

from gevinst_shared.values.actor import Permission, Role


class UndeclaredPermission(Exception):  # noqa: N818 - a fault of the build
    """An operation without a permission beside its route."""


def permission_of(route: APIRoute) -> Permission | None:
    """What the operation needs, from the transaction dependency in its signature."""
    for dependency in route.dependant.dependencies:
        permission = getattr(dependency.call, "permission", None)
        if isinstance(permission, Permission):
            return permission
    declared: Any = getattr(inspect.unwrap(route.endpoint), "permission", None)
    return declared if isinstance(declared, Permission) else None


def is_public(route: APIRoute) -> bool:
    """Whether the operation needs no token: it says so itself, beside its route."""
    return "Status" in route.tags or (route.openapi_extra or {}).get("security") == []


def refuse_undeclared(routes: Iterable[object]) -> None:
    """Raise when an operation declares no permission: such an application does not start."""
    for route in routes:
        if isinstance(route, APIRoute) and not is_public(route) and permission_of(route) is None:
            raise UndeclaredPermission(f"{route.name} at {route.path_format} declares no permission")


def matrix(routes: Iterable[object]) -> str:
    """A Markdown table: an operation a line, a column per role."""
    lines = [
        f"| Operation | Permission | {' | '.join(Role)} |",
        f"|---|---|{'---|' * len(Role)}",
    ]
    for route in routes:
        if not isinstance(route, APIRoute):
            continue
        permission = permission_of(route)
        if permission is None:
            continue
        marks = " | ".join("●" if role in permission.roles else "" for role in Role)
        lines.append(f"| `{min(route.methods or {''})} {route.path_format}` | {permission.name} | {marks} |")
    return "\n".join(lines)
