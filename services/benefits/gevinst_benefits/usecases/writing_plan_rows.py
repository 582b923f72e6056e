"""One row of a plan's workbook, written as if somebody had sent its record by hand."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.plan_workbooks.columns import RISK
from gevinst_benefits.domain.plan_workbooks.reading import FileRow
from gevinst_benefits.domain.plan_workbooks.refusals import ChangedMeanwhile
from gevinst_benefits.usecases import acting, agreeing, indicating, planning, preparing, using_freed_value
from gevinst_shared.db.work import Work


async def write_row(
    work: Work,
    project_id: UUID,
    benefit_id: UUID | None,
    row: FileRow,
    draft: Any,  # noqa: ANN401 - of its table
) -> UUID | None:
    """Add or change the row's record; the id of a benefit that is new.

    Refuses with `ChangedMeanwhile` when the record is not at the row's revision any more.
    """
    if row.table.key == "A" and row.record is None:
        return (await planning.plan(work, project_id, draft))[0]
    if row.record is None:
        assert benefit_id is not None  # every other row is of a benefit
        await _add(work, benefit_id, row, draft)
        return None
    if row.table.key == "C":
        assert benefit_id is not None
        corrected = replace(draft, corrects_id=UUID(row.record.id))
        await using_freed_value.record_use(work, benefit_id, corrected)
        return None
    if await _changed(work, UUID(row.record.id), row, draft) is None:
        raise ChangedMeanwhile
    return None


async def _add(work: Work, benefit_id: UUID, row: FileRow, draft: Any) -> None:  # noqa: ANN401
    match row.table.key:
        case "C":
            await using_freed_value.record_use(work, benefit_id, draft)
        case "D":
            await agreeing.record_step(work, benefit_id, draft)
        case "E":
            await acting.add_action(work, benefit_id, draft)
        case "F" if row.values.get("what") == RISK:
            await preparing.add_risk(work, benefit_id, draft)
        case "F":
            await preparing.add_prerequisite(work, benefit_id, draft)
        case _:
            await indicating.add_indicator(work, benefit_id, draft)


async def _changed(work: Work, record_id: UUID, row: FileRow, draft: Any) -> object:  # noqa: ANN401
    expected = row.revision or 0
    match row.table.key:
        case "A":
            return await planning.change(work, record_id, draft, expected=expected)
        case "E":
            return await acting.change_action(work, record_id, draft, expected=expected)
        case "F" if row.record is not None and row.record.what == RISK:
            return await preparing.change_risk(work, record_id, draft, expected=expected)
        case "F":
            return await preparing.change_prerequisite(work, record_id, draft, expected=expected)
        case _:
            return await indicating.change_indicator(work, record_id, draft, expected=expected)
