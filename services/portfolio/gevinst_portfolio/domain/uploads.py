"""Files that people filled in: read, shown as changes, and then applied all or not at all."""

from dataclasses import dataclass
from enum import StrEnum

from gevinst_portfolio.domain.workbooks.review import Review
from gevinst_shared.values.refusal import Refusal


class UploadFormat(StrEnum):
    """A workbook as we wrote it, our projects as CSV, or rows under headings of their own."""

    WORKBOOK = "workbook"
    CSV = "csv"
    MAPPED = "mapped"


class CellState(StrEnum):
    """What a named cell of an upload is."""

    CHANGE = "change"
    FAULT = "fault"


class UploadHasFaults(Refusal):
    code = "upload-has-faults"
    title = "Some cells cannot be taken"
    detail = (
        "{count} cell(s) of the file cannot be taken, so nothing was. "
        "Correct them, and upload the file again."
    )


class UploadOutdated(Refusal):
    code = "upload-outdated"
    title = "Not what you saw any more"
    detail = (
        "The file would change other things now than when you saw its changes: somebody has changed the "
        "register meanwhile, or it was applied already. Upload it again, and look at its changes."
    )


class NothingToApply(Refusal):
    code = "nothing-to-apply"
    title = "The file changes nothing"
    detail = "The file says what is registered already. There is nothing to apply."


class UploadNotRead(Refusal):
    code = "upload-not-read"
    title = "The file is not read yet"
    detail = "The run that reads the file is {state}. Apply its changes when it is done."


class ScoreTakenOut(Refusal):
    code = "score-taken-out"
    title = "A score cannot be taken out"
    detail = "A score that was given stays in the history. Write another score in its place, or the old one."


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What a file comes to, in numbers."""

    rows_read: int
    change_count: int
    fault_count: int
    new_count: int
    changed_count: int

    @classmethod
    def of(cls, review: Review) -> "UploadReport":
        touched = {(one.part, one.row, one.is_new) for one in review.changes}
        new = sum(is_new for _, _, is_new in touched)
        return cls(
            rows_read=review.rows_read,
            change_count=len(review.changes),
            fault_count=len(review.faults),
            new_count=new,
            changed_count=len(touched) - new,
        )
