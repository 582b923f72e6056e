"""What is booked, written for the economy system: an organisation's own columns, codes and marks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from gevinst_benefits.domain.money.delimited import amount_text, written
from gevinst_shared.values.refusal import Refusal

KeyT = TypeVar("KeyT")


class NothingToExport(Refusal):
    code = "nothing-to-export"
    title = "Nothing to export"
    detail = "Everything that is booked has been exported already."


class NoMapping(Refusal):
    code = "no-export-mapping"
    title = "No export mapping"
    detail = "Say first how the economy system wants its file: add an export mapping."


class CodeMissing(Refusal):
    code = "export-code-missing"
    title = "A code is missing"
    detail = "The export mapping has no code for the {kind} {name}. Add a mapping that has it."


class CodeTwice(Refusal):
    code = "export-code-twice"
    title = "Two codes for one thing"
    detail = "The {kind} {name} has more than one code. Keep one."


class NotEncodable(Refusal):
    code = "export-not-encodable"
    title = "A text does not fit the encoding"
    detail = "The encoding {encoding} cannot write {text}. Use UTF-8, or write the name otherwise."


class SameMarks(Refusal):
    code = "export-marks-equal"
    title = "Columns could not be told apart"
    detail = "The separator and the decimal mark are the same. Choose two."


class ConstantMissing(Refusal):
    code = "export-constant-missing"
    title = "The column has no content"
    detail = "The column {heading} is a constant: give its text. No other column has one."


class ExportSettled(Refusal):
    code = "export-settled"
    title = "The export is not there"
    detail = (
        "The export is {state}. One that is sent can be received or rejected; a rejected one is sent again."
    )


class Source(StrEnum):
    """What a column of the file holds."""

    ENTRY_ID = "entry-id"
    EXPORT_NUMBER = "export-number"
    BENEFIT_ID = "benefit-id"
    BENEFIT_NAME = "benefit-name"
    UNIT_ID = "unit-id"
    UNIT_NAME = "unit-name"
    UNIT_CODE = "unit-code"
    ACCOUNT = "account"
    ACCOUNT_CODE = "account-code"
    YEAR = "year"
    AMOUNT = "amount"
    OPPOSITE_AMOUNT = "opposite-amount"
    CURRENCY = "currency"
    PRICE_YEAR = "price-year"
    KIND = "kind"
    BOOKED_ON = "booked-on"
    REASON = "reason"
    CONSTANT = "constant"


class Encoding(StrEnum):
    UTF_8 = "utf-8"
    UTF_8_MARKED = "utf-8-marked"
    ISO_8859_1 = "iso-8859-1"


class DateForm(StrEnum):
    ISO = "yyyy-mm-dd"
    DOTTED = "dd.mm.yyyy"
    DASHED = "dd-mm-yyyy"
    SLASHED = "dd/mm/yyyy"
    COMPACT = "yyyymmdd"


class ExportState(StrEnum):
    """Where a file is with the economy system."""

    SENT = "sent"
    RECEIVED = "received"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    heading: str
    source: Source
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class ExportMapping:
    """How the economy system wants its file; codes by unit and by account."""

    columns: Sequence[ExportColumn]
    separator: str
    decimal_mark: str
    encoding: Encoding
    date_form: DateForm
    has_headings: bool
    unit_codes: Mapping[UUID, str] = field(default_factory=dict)
    account_codes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.separator == self.decimal_mark:
            raise SameMarks(pointer="/body/decimal_mark")
        for number, column in enumerate(self.columns):
            if (column.source is Source.CONSTANT) != (column.constant is not None):
                raise ConstantMissing(heading=column.heading, pointer=f"/body/columns/{number}/constant")


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """A booked entry as the file tells of it; `amount` in hundredths, below zero the budget shrinks."""

    id: UUID
    benefit_id: UUID
    benefit_name: str
    unit_id: UUID
    unit_name: str
    account: str
    year: int
    amount: int
    currency: str
    price_year: int
    kind: str
    booked_on: date
    reason: str


def export_file(mapping: ExportMapping, number: int, entries: Sequence[ExportedEntry]) -> bytes:
    """The file: an entry a line, in the order given. Refuses an entry that the mapping has no code for, and
    text that the encoding does not have, rather than write something else."""
    rows = [[_cell(mapping, column, number, entry) for column in mapping.columns] for entry in entries]
    if mapping.has_headings:
        rows.insert(0, [column.heading for column in mapping.columns])
    text = written(rows, separator=mapping.separator)
    codec = {Encoding.UTF_8_MARKED: "utf-8-sig"}.get(mapping.encoding, mapping.encoding.value)
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        raise NotEncodable(encoding=mapping.encoding.value, text=text[error.start : error.end]) from error


def codes(pairs: Iterable[tuple[KeyT, str]], kind: str) -> dict[KeyT, str]:
    """The codes by what they stand for, or `CodeTwice`."""
    found: dict[KeyT, str] = {}
    for key, code in pairs:
        if key in found:
            raise CodeTwice(kind=kind, name=key)
        found[key] = code
    return found


def next_state(state: ExportState, wanted: ExportState) -> ExportState:
    """Where the file is next, or `ExportSettled`: received is final; only a rejected one is sent again."""
    allowed = {
        ExportState.SENT: (ExportState.RECEIVED, ExportState.REJECTED),
        ExportState.REJECTED: (ExportState.SENT,),
        ExportState.RECEIVED: (),
    }[state]
    if wanted not in allowed:
        raise ExportSettled(state=state.value)
    return wanted


def _cell(mapping: ExportMapping, column: ExportColumn, number: int, entry: ExportedEntry) -> str:
    match column.source:
        case Source.CONSTANT:
            return column.constant or ""
        case Source.UNIT_CODE:
            return _code(mapping.unit_codes, entry.unit_id, "unit", entry.unit_name)
        case Source.ACCOUNT_CODE:
            return _code(mapping.account_codes, entry.account, "account", entry.account)
        case _:
            return _told(mapping, number, entry)[column.source]


def _told(mapping: ExportMapping, number: int, entry: ExportedEntry) -> Mapping[Source, str]:
    """What needs no code and no constant."""
    return {
        Source.ENTRY_ID: str(entry.id),
        Source.EXPORT_NUMBER: str(number),
        Source.BENEFIT_ID: str(entry.benefit_id),
        Source.BENEFIT_NAME: entry.benefit_name,
        Source.UNIT_ID: str(entry.unit_id),
        Source.UNIT_NAME: entry.unit_name,
        Source.ACCOUNT: entry.account,
        Source.YEAR: str(entry.year),
        Source.AMOUNT: amount_text(entry.amount, decimal_mark=mapping.decimal_mark),
        Source.OPPOSITE_AMOUNT: amount_text(-entry.amount, decimal_mark=mapping.decimal_mark),
        Source.CURRENCY: entry.currency,
        Source.PRICE_YEAR: str(entry.price_year),
        Source.KIND: entry.kind,
        Source.BOOKED_ON: entry.booked_on.strftime(_FORMS[mapping.date_form]),
        Source.REASON: " ".join(entry.reason.split()),
    }


def _code(codes: Mapping[KeyT, str], key: KeyT, kind: str, name: str) -> str:
    if key not in codes:
        raise CodeMissing(kind=kind, name=name)
    return codes[key]


_FORMS = {
    DateForm.ISO: "%Y-%m-%d",
    DateForm.DOTTED: "%d.%m.%Y",
    DateForm.DASHED: "%d-%m-%Y",
    DateForm.SLASHED: "%d/%m/%Y",
    DateForm.COMPACT: "%Y%m%d",
}
