"""The organisation's tree of units, on which budgets and benefits fall."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from gevinst_shared.values.refusal import Refusal

MAX_DEPTH = 20


class UnitBelowItself(Refusal):
    code = "unit-below-itself"
    title = "A unit cannot stand below itself"
    detail = "The unit that you chose stands below the one that you move. Choose a unit outside its subtree."


class TreeTooDeep(Refusal):
    code = "tree-too-deep"
    title = "Too many levels"
    detail = "A unit can have at most {limit} units above it. Choose one that is nearer to the top."


def path_below(parent: Sequence[UUID], unit_id: UUID) -> tuple[UUID, ...]:
    """The path from the root to the unit, itself last, when it stands below `parent` (empty: at the top)."""
    if unit_id in parent:
        raise UnitBelowItself(pointer="/body/parent_id")
    path = (*parent, unit_id)
    refuse_too_deep([path])
    return path


def refuse_too_deep(paths: Iterable[Sequence[UUID]]) -> None:
    if any(len(path) > MAX_DEPTH + 1 for path in paths):
        raise TreeTooDeep(limit=MAX_DEPTH, pointer="/body/parent_id")
