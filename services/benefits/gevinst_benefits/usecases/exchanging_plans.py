"""A plan as a workbook, and a workbook as changes of the plan: seen first, then applied all or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.measurement_files.rows import CellFault
from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.domain.plan_workbooks.columns import BENEFITS, Kind
from gevinst_benefits.domain.plan_workbooks.filling import (
    Names,
    PlanRecords,
    PlanYears,
    Record,
    codes_of,
    told_apart,
    what_of,
    workbook_words,
)
from gevinst_benefits.domain.plan_workbooks.reading import MOST_ROWS, FileRow, SheetFault, read_plan_tables
from gevinst_benefits.domain.plan_workbooks.refusals import (
    ChangedMeanwhile,
    NothingToChange,
    TooManyRows,
    WorkbookHasFaults,
    WorkbookNotAsSeen,
)
from gevinst_benefits.domain.plan_workbooks.review import Review, RowChange, column_at, review
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store import plan_workbooks
from gevinst_benefits.store.benefits import benefit_from, rows_of_project
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.writing_plan_rows import write_row
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import Table
from gevinst_shared.values.refusal import Refusal

Json = dict[str, Any]
LANGUAGES = ("en", "nb", "nn", "da", "sv")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A member of a row's body that its shape does not allow, and why."""

    where: tuple[str, ...]
    refusal: Refusal


# Gives the draft of a row of a table (and of what it is, in table F), or what does not fit in it.
Drafting = Callable[[str, str, Json], Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a workbook comes to, and the names by which its changes are told."""

    found: Review
    records: PlanRecords


async def require_planner(work: Work, project_id: UUID) -> None:
    """Refuse who may plan neither the project nor in any unit that owns a benefit of it, whatever the file.

    Each row is looked at again when it is written.
    """
    project = await get_project(work.connection, project_id)
    work.require(PLAN, project.place(*await plan_workbooks.owning_units(work.connection, project_id)))


async def plan_records(work: Work, project_id: UUID) -> PlanRecords:
    """All that the project's workbook shows."""
    project = await dated_project(work, project_id)
    parts = await plan_workbooks.list_plan(work.connection, project_id)
    for key, members in parts.items():
        if len(members) > MOST_ROWS:
            raise TooManyRows(what=key, count=len(members), most=MOST_ROWS)
    codes = codes_of(parts["A"])
    units, people = await plan_workbooks.list_names(work.connection)
    deliveries = [(str(one.id), one.name) for one in project.deliveries]
    names = Names(
        {
            Kind.UNIT: told_apart(units),
            Kind.PERSON: told_apart(people),
            Kind.DELIVERY: told_apart(deliveries),
            Kind.BENEFIT: codes,
        }
    )
    tables = {key: [_record(key, one, codes) for one in members] for key, members in parts.items()}
    years = await _years(work, project, parts)
    return PlanRecords(project_id, project.name, tables, years, names, codes)


async def preview_workbook(
    work: Work, project_id: UUID, sheets: Sequence[Table], drafting: Drafting
) -> Reviewed:
    """What the workbook would change, and every cell that cannot be taken: it is applied, and taken back."""
    reviewed = await _review(work, project_id, sheets)
    async with savepoint(work.connection, "trial", keeps=False):
        reviewed.found.faults += await _apply(work, project_id, reviewed.found.changes, drafting)
    return reviewed


async def apply_workbook(
    work: Work, project_id: UUID, sheets: Sequence[Table], drafting: Drafting, *, seen: str
) -> Reviewed:
    """Change the plan as the workbook says: all of it, and only what its preview of digest `seen` showed."""
    reviewed = await _review(work, project_id, sheets)
    found = reviewed.found
    if not found.faults and not found.changes:
        raise NothingToChange
    if not found.faults and found.digest != seen:
        raise WorkbookNotAsSeen
    found.faults += await _apply(work, project_id, found.changes, drafting)
    if found.faults:
        raise WorkbookHasFaults(count=len(found.faults))
    return reviewed


async def _review(work: Work, project_id: UUID, sheets: Sequence[Table]) -> Reviewed:
    # Two workbooks at once do not add the same rows twice.
    await plan_workbooks.hold_plan(work.connection, project_id)
    records = await plan_records(work, project_id)
    words = {language: workbook_words(language) for language in LANGUAGES}
    return Reviewed(review(read_plan_tables(sheets, records, words), records), records)


async def _apply(
    work: Work, project_id: UUID, changes: Sequence[RowChange], drafting: Drafting
) -> list[SheetFault]:
    """Write each row by itself, so that one that cannot be does not hide the others."""
    faults: list[SheetFault] = []
    made: dict[int, UUID] = {}
    for change in changes:
        of = change.of
        if isinstance(of, FileRow):
            # The fault of its benefit's row is told there.
            if of.number not in made:
                continue
            benefit_id: UUID | None = made[of.number]
        else:
            benefit_id = None if of is None else UUID(of)
        found = await _written(work, project_id, benefit_id, change, drafting)
        if isinstance(found, list):
            faults += [SheetFault(change.row.sheet, fault) for fault in found]
        elif change.row.table is BENEFITS and found is not None:
            made[change.row.number] = found
    return faults


async def _written(
    work: Work, project_id: UUID, benefit_id: UUID | None, change: RowChange, drafting: Drafting
) -> list[CellFault] | UUID | None:
    row = change.row
    what = row.record.what if row.record is not None else str(row.values.get("what") or "")
    try:
        draft = drafting(row.table.key, what, change.body)
        if isinstance(draft, list):
            return _faults(row, draft)
        async with savepoint(work.connection, "one_row"):
            return await write_row(work, project_id, benefit_id, row, draft)
    except ChangedMeanwhile as refusal:
        return [CellFault(row.cell(row.table.identity[0]), refusal)]
    except Refusal as refusal:
        where = [part for part in (refusal.pointer or "").split("/") if part not in ("", "body")]
        return [CellFault(row.cell(column_at(row.table, where)), refusal)]


def _faults(row: FileRow, misfits: Sequence[Misfit]) -> list[CellFault]:
    told: dict[str, CellFault] = {}
    for one in misfits:
        cell = row.cell(column_at(row.table, one.where))
        told.setdefault(cell, CellFault(cell, one.refusal))
    return list(told.values())


def _record(key: str, members: Json, codes: Mapping[str, str]) -> Record:
    benefit_id = str(members["id"] if key == BENEFITS.key else members["benefit_id"])
    readings = members.pop("readings", None) or []
    if readings:
        members["latest"] = readings[-1]
    return Record(members, benefit_id, codes[benefit_id], what_of(key, members))


async def _years(work: Work, project: Project, parts: Mapping[str, Sequence[Json]]) -> list[PlanYears]:
    """Our part of each benefit's years: what others took over is theirs (B11)."""
    shares = {one["benefit_id"]: Decimal(one.get("share_kept", 0)) for one in parts["D"]}
    rows = {str(row["id"]): row for row in await rows_of_project(work.connection, project.id)}
    found = []
    for members in parts["A"]:
        known = benefit_from(rows[members["id"]])
        share = shares.get(members["id"], Decimal(1))
        money = known.estimate.money_per_year
        unit = known.estimate.unit_of_measure if money is None else f"{money.currency} {money.price_year}"
        years = {year: amount * share for year, amount in planned_years(known, project).items()}
        found.append(PlanYears(members["id"], unit, known.estimate.ledger.value, years))
    return found
