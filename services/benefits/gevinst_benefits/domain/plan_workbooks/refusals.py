"""What a cell of a plan's workbook, or a workbook as a whole, can be refused for."""

from gevinst_shared.values.refusal import Refusal


class NotThisWorkbook(Refusal):
    code = "plan-workbook-not-known"
    title = "Not a workbook of a plan"
    detail = "None of its sheets is a table of a benefit plan. Download the plan's workbook and fill in that."


class WorkbookOfAnother(Refusal):
    code = "plan-workbook-of-another"
    title = "The workbook is of another project"
    detail = "It was downloaded from the project {project}. Download the workbook of this one."


class TooManyRows(Refusal):
    code = "plan-workbook-too-large"
    title = "Too much for one workbook"
    detail = "{what} is {count}; {most} is the most. Send it in parts."


class WorkbookHasFaults(Refusal):
    code = "plan-workbook-has-faults"
    title = "Some cells cannot be taken"
    detail = "{count} cell(s) of the workbook cannot be taken, so nothing was. Correct those of its preview."


class WorkbookNotAsSeen(Refusal):
    code = "plan-workbook-not-as-seen"
    title = "Not what you saw any more"
    detail = "The workbook would change other things than its preview showed. Look at its preview again."


class NothingToChange(Refusal):
    code = "plan-workbook-changes-nothing"
    title = "The workbook changes nothing"
    detail = "What the workbook says is on record already."


class NotAChoice(Refusal):
    code = "plan-cell-not-a-choice"
    title = "Not one of the choices"
    detail = "“{value}” is none of: {choices}."


class NameNotKnown(Refusal):
    code = "plan-cell-name-unknown"
    title = "The name is not known"
    detail = "“{value}” is not known here. Write it as it is registered, or write its id."


class NumberTaken(Refusal):
    code = "plan-cell-number-taken"
    title = "The number is taken"
    detail = "The number {value} is another benefit's. Give each benefit a number of its own."


class ThereTwice(Refusal):
    code = "plan-row-there-twice"
    title = "There twice"
    detail = "“{name}” is there twice: in two rows, or in the plan already. Change the row that it has."


class RecordNotKnown(Refusal):
    code = "plan-row-not-known"
    title = "The row is not known"
    detail = "The record of this row is not, or no longer, in the plan. Download the workbook again."


class ChangedMeanwhile(Refusal):
    code = "plan-row-changed-meanwhile"
    title = "Changed since it was downloaded"
    detail = "Somebody changed this row after you downloaded it. Download the workbook again."


class RowIsHistory(Refusal):
    code = "plan-row-is-history"
    title = "What was agreed stays"
    detail = "A step of an agreement is not changed. Write the next step in a new row."


class RowMoved(Refusal):
    code = "plan-row-moved"
    title = "A row stays with its benefit"
    detail = "Leave the row with its benefit, and write a new row for the other one."


class CellNotTaken(Refusal):
    code = "plan-cell-not-taken"
    title = "The cell cannot be taken"
    detail = "It does not fit: {reason}."


class CellEmpty(Refusal):
    code = "plan-cell-empty"
    title = "The cell is empty"
    detail = "The row cannot be kept without it. Fill it in."


class CellOutOfPlace(Refusal):
    """C7: money belongs to the money ledger, amounts to those of time and quality."""

    code = "plan-cell-out-of-place"
    title = "The cell does not belong in this row"
    detail = (
        "What the row says elsewhere leaves no room for it: money goes with the money ledger, amounts with "
        "time and quality, and an owner is either a person or a role. Empty it."
    )
