"""What a plan's workbook comes to, in the reader's words."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from fastapi import Request

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan_workbooks.columns import Column
from gevinst_benefits.domain.plan_workbooks.filling import Names, Shown, Words, shown_value, workbook_words
from gevinst_benefits.domain.plan_workbooks.reading import SheetFault
from gevinst_benefits.domain.plan_workbooks.review import RowChange
from gevinst_benefits.schemas.plan_workbooks import (
    MOST_TOLD,
    PlanCellChangeOut,
    PlanCellFaultOut,
    PlanUploadOut,
)
from gevinst_benefits.usecases.exchanging_plans import Reviewed
from gevinst_shared.web.languages import language_of, read_texts


def told(request: Request, reviewed: Reviewed) -> str:
    """`PlanUploadOut` in the language that the request asks for."""
    language = language_of(request.headers.get("accept-language"))
    texts, words = read_texts("gevinst_benefits", language), workbook_words(language)
    found, names = reviewed.found, reviewed.records.names
    changes = (one for row in found.changes for one in _changes(row, names, words))
    return PlanUploadOut(
        row_count=len(found.changes),
        change_count=found.cell_count,
        changes=list(islice(changes, MOST_TOLD)),
        fault_count=len(found.faults),
        faults=[_fault(one, texts.get(one.fault.refusal.code, {})) for one in found.faults[:MOST_TOLD]],
        digest=found.digest,
    ).model_dump_json(exclude_none=True)


def _changes(change: RowChange, names: Names, words: Words) -> Iterator[PlanCellChangeOut]:
    columns = {column.key: column for column in change.row.table.columns}
    for cell in change.cells:
        sides: dict[str, Any] = {
            side: _said(columns[cell.key], value, names, words)
            for side, value in (("before", cell.before), ("after", cell.after))
            if value is not None
        }
        yield PlanCellChangeOut(
            sheet=change.row.sheet[:100],
            cell=change.row.cell(cell.key),
            record=change.name[:300],
            member=words["columns"][cell.key],
            is_new=change.is_new,
            **sides,
        )


def _said(column: Column, value: Shown, names: Names, words: Words) -> str:
    shown = shown_value(column, value, names, words)
    match shown:
        case Decimal():
            return decimal_text(shown)
        case date():
            return shown.isoformat()
        case _:
            return str(shown)[:10_000]


def _fault(found: SheetFault, text: Mapping[str, str]) -> PlanCellFaultOut:
    refusal = found.fault.refusal
    return PlanCellFaultOut(
        sheet=found.sheet[:100],
        cell=found.fault.cell,
        code=refusal.code,
        title=text.get("title", refusal.title),
        detail=text.get("detail", refusal.detail).format(**refusal.values)[:2000],
    )
