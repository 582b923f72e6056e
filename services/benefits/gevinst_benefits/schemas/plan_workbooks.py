"""A filled-in workbook of a plan on the wire: what it would change, and what cannot be taken."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from gevinst_benefits.domain.plan_workbooks.columns import RISK
from gevinst_benefits.domain.plan_workbooks.refusals import CellEmpty, CellNotTaken, CellOutOfPlace
from gevinst_benefits.schemas.actions import ActionIn
from gevinst_benefits.schemas.agreements import AgreementEntryIn
from gevinst_benefits.schemas.benefits import BenefitIn
from gevinst_benefits.schemas.freed_value import FreedValueUseIn
from gevinst_benefits.schemas.indicators import IndicatorIn
from gevinst_benefits.schemas.prerequisites import PrerequisiteIn, RiskIn
from gevinst_benefits.usecases.exchanging_plans import Misfit
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.shapes import Code, In, Maybe, Out

MOST_TOLD = 5000
Cell = Annotated[str, Field(max_length=20, pattern="^[A-Z]{1,2}[0-9]{1,7}$", examples=["C7"])]
SheetName = Annotated[str, Field(max_length=100, examples=["A Benefits"])]
Value = Annotated[str, Field(max_length=10_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
_SHAPES: Mapping[str, type[In]] = {
    "A": BenefitIn,
    "C": FreedValueUseIn,
    "D": AgreementEntryIn,
    "E": ActionIn,
    "G": IndicatorIn,
}


class PlanCellChangeOut(Out):
    """A cell that says something else than the plan does."""

    sheet: SheetName
    cell: Cell
    record: str = Field(max_length=300, description="What the row is of.", examples=["Less postage"])
    member: str = Field(max_length=200, description="The column's title, in the language asked for.")
    is_new: bool = Field(description="The row adds a record.")
    before: Maybe[Value] = None
    after: Maybe[Value] = Field(None, description="Absent: the cell was emptied.")


class PlanCellFaultOut(Out):
    """A cell that cannot be taken, and why, in the language asked for."""

    sheet: SheetName
    cell: Cell
    code: Code = Field(examples=["plan-cell-not-a-choice"])
    title: str = Field(max_length=200)
    detail: str = Field(max_length=2000)


class PlanUploadOut(Out):
    """What a workbook comes to. With a fault nothing of it can be applied."""

    row_count: Count = Field(description="Rows that are new or changed.")
    change_count: Count = Field(description="Cells that say something else.")
    changes: list[PlanCellChangeOut] = Field(max_length=MOST_TOLD)
    fault_count: Count
    faults: list[PlanCellFaultOut] = Field(max_length=MOST_TOLD)
    digest: str = Field(
        pattern="^[0-9a-f]{64}$",
        max_length=64,
        examples=["0" * 64],
        description="Of what would be changed: send it as `seen` to apply just that.",
    )


def drafted(table: str, what: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - of the table's use case
    """The draft of a row's record, or the misfits of its members."""
    shape = _SHAPES.get(table) or (RiskIn if what == RISK else PrerequisiteIn)
    members = {name: value for name, value in body.items() if name in shape.model_fields}
    try:
        return shape.model_validate(members).draft()  # type: ignore[attr-defined]
    except ValidationError as error:
        return [
            Misfit(tuple(str(part) for part in one["loc"]), _refusal(one["type"], one["msg"]))
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]


def _refusal(kind: str, message: str) -> Refusal:
    if kind in ("missing", "union_tag_not_found"):
        return CellEmpty()
    if kind == "extra_forbidden":
        return CellOutOfPlace()
    return CellNotTaken(reason=message[:500])
