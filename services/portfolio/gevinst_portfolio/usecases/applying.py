"""Applying what somebody changed in a file: each record through the use case that it has anyway.

Each record is tried in a savepoint of its own, so that all that cannot be taken is told at once, by cell.
"""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.capacity import ResourceKind
from gevinst_portfolio.domain.projects import CostKind, CostOfYear, Need
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.uploads import ScoreTakenOut, UploadOutdated
from gevinst_portfolio.domain.workbooks.mapping import MAPPED
from gevinst_portfolio.domain.workbooks.project_sheet import COST
from gevinst_portfolio.domain.workbooks.review import Changed, Fault
from gevinst_portfolio.domain.workbooks.values import Typed
from gevinst_portfolio.store import budgets, resources, workbooks
from gevinst_portfolio.store.profiles import needs_from
from gevinst_portfolio.store.said import said_so_far
from gevinst_portfolio.usecases.budgeting import Frame, set_budget
from gevinst_portfolio.usecases.changing import change_project
from gevinst_portfolio.usecases.proposing import Proposal, propose
from gevinst_portfolio.usecases.resourcing import Offer, change_resource
from gevinst_portfolio.usecases.scoring import SaidScore, score_project
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Refusal

Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Upload:
    """Where the changes go. `source` is that of a mapped file's new projects."""

    portfolio_id: UUID
    source: str | None = None


async def apply_changes(work: Work, upload: Upload, changes: Sequence[Changed]) -> list[Fault]:
    """Apply all changes; every record that was refused is a fault at the first of its cells.

    With any fault the caller takes everything back.
    """
    faults = []
    for first, act in await _acts(work, upload, changes):
        try:
            async with savepoint(work.connection, "one_record"):
                await act()
        except Refusal as refusal:
            told = "" if first.after is None else str(first.after)[:200]
            faults.append(Fault(first.sheet, first.cell, told, refusal))
    return faults


async def _acts(work: Work, upload: Upload, changes: Sequence[Changed]) -> list[tuple[Changed, Act]]:
    """One act per record, in the order of the file."""
    rows = await workbooks.list_rows(work.connection, upload.portfolio_id)
    projects = _Projects(work, upload, {str(row["id"]): row for row in rows}, await _units(work))
    parts: dict[str, list[Changed]] = defaultdict(list)
    for one in changes:
        parts[one.part].append(one)
    acts = projects.acts(parts)
    for group in _by_key(parts["scores"]):
        acts.append((group[0], partial(_score, work, group)))
    for group in _by_key(parts["capacity"]):
        acts.append((group[0], partial(_offer, work, group)))
    if parts["budget"]:
        acts.append((parts["budget"][0], partial(_budget, work, upload.portfolio_id, parts["budget"])))
    return acts


async def _units(work: Work) -> dict[str, UUID]:
    labels = await workbooks.unit_labels(work.connection)
    return {label: unit_id for unit_id, label in labels.items()}


@dataclass(frozen=True, slots=True)
class _Projects:
    """A project is changed once, with all that its rows on several sheets say."""

    work: Work
    upload: Upload
    rows: Mapping[str, asyncpg.Record]
    units: Mapping[str, UUID]

    def acts(self, parts: Mapping[str, Sequence[Changed]]) -> list[tuple[Changed, Act]]:
        known: dict[str, list[Changed]] = defaultdict(list)
        acts: list[tuple[Changed, Act]] = []
        by_source_key = {row["source_key"]: key for key, row in self.rows.items() if self._is_ours(row)}
        for group in _by_row([*parts.get("projects", ()), *parts.get(MAPPED, ())]):
            if group[0].is_new:
                acts.append((group[0], partial(self._propose, group)))
            else:
                key = str(group[0].key)
                known[by_source_key[key] if group[0].part == MAPPED else key] += group
        for one in parts.get("needs", ()):
            known[str(one.key).partition("/")[0]].append(one)
        acts += [(group[0], partial(self._change, key, group)) for key, group in known.items()]
        return acts

    def _is_ours(self, row: asyncpg.Record) -> bool:
        return row["source"] == self.upload.source and row["source_key"] is not None

    async def _propose(self, group: Sequence[Changed]) -> None:
        said = self._said({}, group)
        said.setdefault("source", "own-idea")
        if self.upload.source is not None:
            said |= {"source": self.upload.source, "source_key": group[0].key}
        said = {name: value for name, value in said.items() if value is not None}
        await propose(self.work, Proposal(portfolio_id=self.upload.portfolio_id, **said))

    async def _change(self, key: str, group: Sequence[Changed]) -> None:
        row = self.rows[key]
        said = self._said(said_so_far(row), [one for one in group if one.part != "needs"])
        said["needs"] = _needs(row, [one for one in group if one.part == "needs"])
        if await change_project(self.work, row["id"], said, expected=row["revision"]) is None:
            raise UploadOutdated

    def _said(self, before: Mapping[str, Any], group: Sequence[Changed]) -> dict[str, Any]:
        said = dict(before)
        yearly = {(one.year, one.kind): one.amount for one in said.get("cost_by_year", ())}
        for one in group:
            if one.column.startswith(f"{COST}:"):
                _, year, kind = one.column.split(":")
                yearly[int(year), CostKind(kind)] = one.after
            elif one.column == "unit":
                said["unit_id"] = None if one.after is None else self.units[str(one.after)]
            else:
                said[one.column] = _unless_empty(one)
        said["cost_by_year"] = tuple(
            CostOfYear(year, kind, amount)
            for (year, kind), amount in sorted(yearly.items())
            if amount is not None
        )
        return said


def _unless_empty(one: Changed) -> Typed:
    if one.after is None and one.column == "is_statutory":
        return False
    return "own-idea" if one.after is None and one.column == "source" else one.after


def _needs(row: asyncpg.Record, changes: Iterable[Changed]) -> tuple[Need, ...]:
    needs: dict[UUID, dict[int, Typed]] = {
        need.resource_id: dict(enumerate(need.amounts)) for need in needs_from(row["needs"])
    }
    for one in changes:
        resource_id = UUID(str(one.key).partition("/")[2])
        needs[resource_id][int(one.column.removeprefix("q"))] = one.after
    return tuple(Need(key, amounts) for key, known in needs.items() if (amounts := _amounts(known)))


def _amounts(known: Mapping[int, Typed]) -> tuple[Decimal, ...]:
    """Quarters between two amounts need nothing; those after the last are no part of the need."""
    last = max((place for place, amount in known.items() if amount is not None), default=-1)
    return tuple(Decimal(str(known.get(place) or 0)) for place in range(last + 1))


async def _score(work: Work, group: Sequence[Changed]) -> None:
    given = []
    for one in group:
        if one.after is None:
            raise ScoreTakenOut
        given.append(SaidScore(UUID(one.column), float(str(one.after))))
    await score_project(work, UUID(str(group[0].key)), given)


async def _offer(work: Work, group: Sequence[Changed]) -> None:
    row = await resources.get_row(work.connection, UUID(str(group[0].key)))
    capacity = {Quarter.at(one["year"], one["quarter"]): one["amount"] for one in json.loads(row["capacity"])}
    for one in group:
        quarter = Quarter.read(one.column)
        if one.after is None:
            capacity.pop(quarter, None)
        else:
            capacity[quarter] = float(str(one.after))
    kind = ResourceKind(row["kind"])
    offer = Offer(row["name"], kind, row["unit_id"], row["measure"], list(capacity.items()))
    if await change_resource(work, row["id"], offer, expected=row["revision"]) is None:
        raise UploadOutdated


async def _budget(work: Work, portfolio_id: UUID, group: Sequence[Changed]) -> None:
    last = await budgets.get_last(work.connection, portfolio_id)
    years: dict[tuple[int, CostKind], Any] = dict(last.years)
    for one in group:
        years[int(one.column), CostKind(str(one.key).partition("/")[2])] = one.after
    lines = [CostOfYear(year, kind, amount) for (year, kind), amount in years.items() if amount is not None]
    frame = Frame(lines, last.roll_over, reason=None)
    if await set_budget(work, portfolio_id, frame, expected=last.version) is None:
        raise UploadOutdated


def _by_key(changes: Iterable[Changed]) -> list[list[Changed]]:
    groups: dict[str, list[Changed]] = defaultdict(list)
    for one in changes:
        groups[str(one.key)].append(one)
    return list(groups.values())


def _by_row(changes: Iterable[Changed]) -> list[list[Changed]]:
    groups: dict[tuple[str, int], list[Changed]] = defaultdict(list)
    for one in changes:
        groups[one.part, one.row].append(one)
    return list(groups.values())
