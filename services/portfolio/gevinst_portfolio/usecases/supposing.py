"""What a scenario may suppose (P3-P5): refused here before it is kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import CarryChoice, NamedTwice, roll_over
from gevinst_portfolio.domain.scenarios import ConceptsForcedTogether, ForcedBothWays
from gevinst_portfolio.store import concepts
from gevinst_portfolio.store.references import Named, refuse_unknown_names
from gevinst_shared.db.work import Work

Said = Mapping[str, Any]
_BODY = "/body/assumptions"


async def refuse_odd_assumptions(work: Work, portfolio_id: UUID, said: Said) -> None:
    """Refuse assumptions that contradict themselves, or name what is not there; `said` is JSON."""
    forced = {UUID(one) for member in ("forced_in", "forced_out") for one in said[member]}
    projects = await concepts.projects_of(work.connection, forced) if forced else {}
    _refuse_forced_oddly(said, projects)
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
    await refuse_unknown_names(work.connection, portfolio_id, list(_named(said, projects)))


def _refuse_forced_oddly(said: Said, projects: Mapping[UUID, UUID]) -> None:
    """`projects` has the project of each concept that is named (P9)."""
    forced_in = set(map(UUID, said["forced_in"]))
    forced_out = set(map(UUID, said["forced_out"]))
    picked = [projects[one] for one in forced_in if one in projects]
    if len(picked) > len(set(picked)):
        raise ConceptsForcedTogether(pointer=f"{_BODY}/forced_in")
    forced_in |= {*picked, *(UUID(one["project_id"]) for one in said["pinned"])}
    if both := forced_in & forced_out:
        raise ForcedBothWays(count=len(both), pointer=f"{_BODY}/forced_out")


def _refuse_repeated(member: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NamedTwice(what=name, pointer=f"{_BODY}/{member}")
        seen.add(name)


def _named(said: Said, projects: Mapping[UUID, UUID]) -> Iterable[Named]:
    """Every id in the assumptions, and where it stands; for a concept's the one of its project."""
    for member in ("forced_in", "forced_out"):
        forced = tuple(projects.get(one, one) for one in map(UUID, said[member]))
        yield Named(f"{_BODY}/{member}", project_ids=forced)
    for member in ("pinned", "capacity"):
        key = "project_id" if member == "pinned" else "resource_id"
        ids = tuple(UUID(one[key]) for one in said[member])
        yield Named(f"{_BODY}/{member}", **{f"{key}s": ids})
    for member in ("all_or_none", "exclusive"):
        ids = tuple(UUID(key) for group in said[member] for key in group["project_ids"])
        yield Named(f"{_BODY}/{member}", project_ids=ids)
