"""What a scenario may suppose (P3-P5): refused here before it is kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import CarryChoice, NamedTwice, roll_over
from gevinst_portfolio.domain.scenarios import ForcedBothWays
from gevinst_portfolio.store.references import Named, refuse_unknown_names
from gevinst_shared.db.work import Work

Said = Mapping[str, Any]
_BODY = "/body/assumptions"


async def refuse_odd_assumptions(work: Work, portfolio_id: UUID, said: Said) -> None:
    """Refuse assumptions that contradict themselves, or name what is not there; `said` is JSON."""
    forced_in = {*said["forced_in"], *(one["project_id"] for one in said["pinned"])}
    if both := forced_in & set(said["forced_out"]):
        raise ForcedBothWays(count=len(both), pointer=f"{_BODY}/forced_out")
    _refuse_repeated("budgets", [f"{one['year']} ({one['kind']})" for one in said["budgets"]])
    _refuse_repeated("second_goals", said["second_goals"])
    _refuse_repeated("pinned", [one["project_id"] for one in said["pinned"]])
    _refuse_repeated("categories", [one["category"] for one in said["categories"]])
    _refuse_repeated("capacity", [f"{one['resource_id']} {one['quarter']}" for one in said["capacity"]])
    for member in ("all_or_none", "exclusive"):
        for group in said[member]:
            _refuse_repeated(member, group["project_ids"])
    if rolls := said.get("roll_over"):
        cap = None if rolls.get("cap") is None else Decimal(rolls["cap"])
        roll_over(CarryChoice(rolls["carry"]), cap, pointer=f"{_BODY}/roll_over/cap")
    await refuse_unknown_names(work.connection, portfolio_id, list(_named(said)))


def _refuse_repeated(member: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NamedTwice(what=name, pointer=f"{_BODY}/{member}")
        seen.add(name)


def _named(said: Said) -> Iterable[Named]:
    """Every id in the assumptions, and where it stands."""
    for member in ("forced_in", "forced_out"):
        yield Named(f"{_BODY}/{member}", project_ids=tuple(map(UUID, said[member])))
    for member in ("pinned", "capacity"):
        key = "project_id" if member == "pinned" else "resource_id"
        ids = tuple(UUID(one[key]) for one in said[member])
        yield Named(f"{_BODY}/{member}", **{f"{key}s": ids})
    for member in ("all_or_none", "exclusive"):
        ids = tuple(UUID(key) for group in said[member] for key in group["project_ids"])
        yield Named(f"{_BODY}/{member}", project_ids=ids)
