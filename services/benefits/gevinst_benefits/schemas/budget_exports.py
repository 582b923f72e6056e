"""Files for the economy system, on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_benefits.domain.money.budget_exports import DateForm, Encoding, ExportState, Source
from gevinst_benefits.schemas.budget_adjustments import Count, Person, Reason, Revision
from gevinst_benefits.schemas.quantities import Sha256
from gevinst_benefits.usecases.exporting import Answer
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose

Separator = Literal["semicolon", "comma", "tab", "bar"]
DecimalMark = Literal["comma", "point"]
_MOST_CODES = 20_000


class ColumnShape(In):
    """One column of the file, in its place."""

    heading: Name = Field(examples=["Konto"])
    source: Source = Field(examples=["account"])
    constant: Maybe[Name] = Field(None, description="The text of a `constant` column; no other has one.")


class UnitCodeShape(In):
    """What the economy system calls a unit."""

    unit_id: Id
    code: Name = Field(examples=["4711"])


class AccountCodeShape(In):
    """What the economy system calls an account."""

    account: Name = Field(examples=["Postage"])
    code: Name = Field(examples=["68100"])


class ExportMappingIn(In):
    """How the economy system wants its file."""

    columns: list[ColumnShape] = Field(min_length=1, max_length=50)
    separator: Separator = "semicolon"
    decimal_mark: DecimalMark = "comma"
    encoding: Encoding = Field(Encoding.UTF_8, description="`utf-8-marked` begins with a byte order mark.")
    date_form: DateForm = DateForm.ISO
    has_headings: bool = True
    units: list[UnitCodeShape] = Field(default=[], max_length=_MOST_CODES)
    accounts: list[AccountCodeShape] = Field(default=[], max_length=_MOST_CODES)


class ExportColumnOut(Out):
    """One column of the file."""

    heading: Name
    source: Source
    constant: Maybe[Name] = None


class UnitCodeOut(Out):
    """What the economy system calls a unit."""

    unit_id: Id
    code: Name


class AccountCodeOut(Out):
    """What the economy system calls an account."""

    account: Name
    code: Name


class MappingMembersOut(Out):
    """How the economy system wants its file."""

    columns: list[ExportColumnOut] = Field(max_length=50)
    separator: Separator
    decimal_mark: DecimalMark
    encoding: Encoding
    date_form: DateForm
    has_headings: bool
    units: list[UnitCodeOut] = Field(max_length=_MOST_CODES)
    accounts: list[AccountCodeOut] = Field(max_length=_MOST_CODES)


class ExportMappingOut(Out):
    """A version of the mapping; the newest is in force."""

    id: Id
    organisation: Organisation
    number: Count
    mapping: MappingMembersOut
    created_by: Person
    revision: Revision
    created_at: Moment


class ExportMappingPageOut(Out):
    """Mappings, a page at a time."""

    items: list[ExportMappingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ReceiptIn(In):
    """What the economy system says of a file."""

    outcome: Literal["received", "rejected"] = Field(examples=["received"])
    reference: Name = Field(description="The economy system's own.", examples=["Voucher 2027-118"])
    reason: Maybe[Reason] = None

    def answer(self) -> Answer:
        return Answer(ExportState(self.outcome), self.reference, self.reason)


class ExportStepOut(Out):
    """What became of a file, and when."""

    state: ExportState
    reference: Maybe[Name] = None
    reason: Maybe[Prose] = None
    told_by: Person
    told_at: Moment


class BudgetExportOut(Out):
    """A file; its content never changes."""

    id: Id
    organisation: Organisation
    number: Count
    mapping_id: Id
    entry_count: Count
    sha256: Sha256
    state: ExportState
    steps: list[ExportStepOut] = Field(max_length=10_000)
    created_by: Person
    revision: Revision
    created_at: Moment


class BudgetExportPageOut(Out):
    """Files, a page at a time."""

    items: list[BudgetExportOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
