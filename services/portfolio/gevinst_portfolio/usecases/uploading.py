"""Files that people filled in: read and shown as changes, then applied all or not at all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import UPLOAD
from gevinst_portfolio.domain.runs import Ended, Run, RunKind, RunState, error_of
from gevinst_portfolio.domain.uploads import (
    CellState,
    NothingToApply,
    UploadFormat,
    UploadHasFaults,
    UploadNotRead,
    UploadOutdated,
    UploadReport,
)
from gevinst_portfolio.domain.workbooks.mapping import csv_table, expected_mapped, mapped_table
from gevinst_portfolio.domain.workbooks.portfolio_book import expected_sheets
from gevinst_portfolio.domain.workbooks.review import Changed, Fault, Review, review
from gevinst_portfolio.domain.workbooks.titles import workbook_titles
from gevinst_portfolio.domain.workbooks.values import Typed
from gevinst_portfolio.store import mappings, portfolios, runs, uploads
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.applying import Upload, apply_changes
from gevinst_portfolio.usecases.filling import workbook_figures
from gevinst_portfolio.usecases.running import ask_for_run, reader_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import Table
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """What was sent, and the language of the words that the reader hears back."""

    content: bytes
    is_csv: bool
    language: str
    mapping_id: UUID | None = None

    @property
    def form(self) -> UploadFormat:
        if self.mapping_id is not None:
            return UploadFormat.MAPPED
        return UploadFormat.CSV if self.is_csv else UploadFormat.WORKBOOK


async def ask_for_reading(work: Work, portfolio_id: UUID, file: UploadedFile) -> tuple[UUID, Stored]:
    """Keep the file and queue its reading; the run's id and record. Nothing is changed by it."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(UPLOAD, await place_of(work.connection, portfolio_id=portfolio_id))
    if file.mapping_id is not None:
        mapping = await mappings.get_mapping(work.connection, file.mapping_id)
        if mapping.portfolio_id != portfolio_id:
            raise Unknown
    given = {
        "format": file.form,
        "is_csv": file.is_csv,
        "language": file.language,
        "mapping": None if file.mapping_id is None else str(file.mapping_id),
        **_reach(work),
    }
    run_id, stored = await ask_for_run(work, RunKind.READ_UPLOAD, portfolio_id=portfolio_id, given=given)
    await runs.add_file(work.connection, work.organisation, run_id, file.content)
    return run_id, stored


async def ask_for_application(work: Work, run_id: UUID) -> tuple[UUID, Stored]:
    """Queue the application of what a reading has shown; the new run's id and record."""
    upload = await uploads.get_upload(work.connection, run_id, reader_of(work))
    work.require(UPLOAD, await place_of(work.connection, portfolio_id=upload.portfolio_id))
    if upload.state is not RunState.DONE:
        raise UploadNotRead(state=upload.state)
    if upload.report["fault_count"]:
        raise UploadHasFaults(count=upload.report["fault_count"])
    if not upload.report["change_count"]:
        raise NothingToApply
    given = {**upload.input, "upload": str(run_id), **_reach(work)}
    return await ask_for_run(work, RunKind.APPLY_UPLOAD, portfolio_id=upload.portfolio_id, given=given)


async def keep_reading(work: Work, run: Run, tables: Sequence[Table]) -> Ended:
    """Write every change and every fault of the file; applies it, and takes that back."""
    found, upload = await _review(work, run, tables)
    async with savepoint(work.connection, "trial", keeps=False):
        found.faults += await apply_changes(work_as_office(work, run), upload, found.changes)
    await uploads.add_cells(work.connection, work.organisation, run.id, _cells(found))
    return Ended(RunState.DONE, asdict(UploadReport.of(found)))


async def keep_application(work: Work, run: Run, tables: Sequence[Table]) -> Ended:
    """Apply what was seen, or nothing."""
    await portfolios.hold(work.connection, run.portfolio_id)
    found, upload = await _review(work, run, tables)
    seen = await uploads.list_seen(work.connection, UUID(run.input["upload"]))
    if [cell for cell in _cells(found) if cell["state"] == CellState.CHANGE] != seen:
        raise UploadOutdated
    faults = found.faults + await apply_changes(work_as_office(work, run), upload, found.changes)
    if faults:
        raise UploadHasFaults(count=len(faults))
    return Ended(RunState.DONE, asdict(UploadReport.of(found)))


def work_as_office(work: Work, run: Run) -> Work:
    """Whoever may upload may do there what the office does; it stays on record who did."""
    if run.input["is_everywhere"]:
        actor = replace(work.actor, roles=frozenset({Role.PORTFOLIO_OFFICE}))
    else:
        here = Grant(Role.PORTFOLIO_OFFICE, ScopeKind.PORTFOLIO, run.portfolio_id)
        actor = replace(work.actor, grants=(here,))
    return Work(work.connection, actor, work.now, work.request_id)


def _reach(work: Work) -> dict[str, bool]:
    """Whether who asks may upload in the whole organisation: shared capacity is nobody's portfolio's own."""
    return {"is_everywhere": work.actor.holds(UPLOAD.roles, place=Place(), today=work.today)}


async def _review(work: Work, run: Run, tables: Sequence[Table]) -> tuple[Review, Upload]:
    figures = await workbook_figures(work, run.portfolio_id)
    titles = workbook_titles(run.input["language"])
    match UploadFormat(run.input["format"]):
        case UploadFormat.WORKBOOK:
            return review(tables, expected_sheets(figures, titles)), Upload(run.portfolio_id)
        case UploadFormat.CSV:
            csv = [csv_table(table) for table in tables]
            return review(csv, expected_sheets(figures, titles)), Upload(run.portfolio_id)
        case UploadFormat.MAPPED:
            kept = await mappings.get_mapping(work.connection, UUID(run.input["mapping"]))
            expected = expected_mapped(figures, titles, kept.mapping)
            found = review([mapped_table(tables, kept.mapping)], [expected])
            return found, Upload(run.portfolio_id, kept.mapping.source)


def _cells(found: Review) -> list[dict[str, Any]]:
    return [*map(_change, found.changes), *map(_fault, found.faults)]


def _change(one: Changed) -> dict[str, Any]:
    return {
        "state": CellState.CHANGE.value,
        "sheet": one.sheet,
        "cell": one.cell,
        "record_key": one.key,
        "record_name": one.name,
        "member": one.column,
        "before": _told(one.before),
        "after": _told(one.after),
        "error": None,
    }


def _fault(one: Fault) -> dict[str, Any]:
    return {
        "state": CellState.FAULT.value,
        "sheet": one.sheet,
        "cell": one.cell,
        "record_key": None,
        "record_name": None,
        "member": None,
        "before": None,
        "after": one.value or None,
        "error": error_of(one.refusal),
    }


def _told(value: Typed) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)
