"""Files made to harm whoever reads them, or that say less than they seem to."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from gevinst_portfolio.domain.workbooks.review import Expected, Registered, SheetTwice, review
from gevinst_portfolio.domain.workbooks.sheets import LONGEST_KEY, CellKind, Column
from gevinst_portfolio.domain.workbooks.values import (
    ControlCharacter,
    FormulaError,
    NotACode,
    TextTooLong,
    typed,
)
from gevinst_shared.sheets.reading import CellValue, Table, read_workbook
from gevinst_shared.sheets.unpacking import NotAWorkbook, WorkbookTooLarge

SHEET = "xl/worksheets/sheet1.xml"
NAME = Column("name", "Name", CellKind.TEXT, is_input=True, longest=200)
KEY = Column("id", "Id", CellKind.KEY, longest=LONGEST_KEY)
REVISION = Column("revision", "Revision", CellKind.KEY)
HEAD: list[list[CellValue]] = [["gevinst:projects:id", "revision", "name"], ["Id", "Revision", "Name"]]


def book(*, is_1904: bool = False) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": is_1904}) as made:
        sheet = made.add_worksheet("Tab")
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(0, 1, date(2027, 3, 31), made.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(0, 2, "=1+1", None, 2)
    return target.getvalue()


def repacked(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(target, "w") as packed:
        for part in parts.infolist():
            inside = parts.read(part)
            packed.writestr(part.filename, inside.replace(old, new) if part.filename == name else inside)
    return target.getvalue()


def sheet_of(*rows: list[CellValue], tab: str = "Projects") -> Table:
    return Table(tab, [*HEAD, *rows])


def expected(*, has_own_keys: bool = False, **names: str) -> Expected:
    rows = {key: Registered("1", name, {"name": name}) for key, name in names.items()}
    return Expected(
        "projects",
        (KEY, REVISION, NAME),
        rows,
        required=frozenset({"name"}),
        takes_new=True,
        has_own_keys=has_own_keys,
    )


def test_the_error_of_a_formula_is_read_as_what_it_says_and_not_as_an_empty_cell() -> None:
    assert read_workbook(book())[0].rows[0] == ["#DIV/0!", date(2027, 3, 31), 2.0]
    for kind in (CellKind.MONEY, CellKind.TEXT, CellKind.DAY):
        with pytest.raises(FormulaError):
            typed(Column("x", "X", kind, is_input=True), "#DIV/0!")


def test_days_are_the_same_in_a_workbook_that_counts_from_1904() -> None:
    assert read_workbook(book(is_1904=True))[0].rows == read_workbook(book())[0].rows


def test_one_cell_far_away_is_refused_before_there_is_room_for_all_between() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(WorkbookTooLarge):
        read_workbook(repacked(book(), SHEET, b"</sheetData>", far))


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(SHEET, b"\0" * 1_000_000)
    stated = (1_000_000).to_bytes(4, "little")
    assert target.getvalue().count(stated) == 2

    with pytest.raises(NotAWorkbook):
        read_workbook(target.getvalue().replace(stated, (10).to_bytes(4, "little")))


def test_a_part_that_is_there_twice_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("xl/a.xml", b"<a/>")
        packed.writestr("xl/b.xml", b"<a/>")
    with pytest.raises(NotAWorkbook, match="same name"):
        read_workbook(target.getvalue().replace(b"xl/b.xml", b"xl/a.xml"))


def test_a_sheet_that_is_in_the_file_twice_is_a_fault_whichever_was_changed() -> None:
    tables = [sheet_of(["p1", "1", "Post"]), sheet_of(["p1", "1", "Mail"], tab="Projects (2)")]

    found = review(tables, [expected(p1="Post")])

    (fault,) = found.faults
    assert isinstance(fault.refusal, SheetTwice)
    assert (fault.sheet, found.changes) == ("Projects (2)", [])


@pytest.mark.parametrize(
    ("key", "refusal"), [("a\0b", ControlCharacter), ("a\nb", ControlCharacter), ("k" * 301, TextTooLong)]
)
def test_a_key_of_others_that_cannot_be_kept_is_a_fault(key: str, refusal: type[Exception]) -> None:
    found = review([sheet_of([key, None, "Post"])], [expected(has_own_keys=True)])

    assert [type(one.refusal) for one in found.faults] == [refusal]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("two\nlines", ControlCharacter), ("\x85next", ControlCharacter), ("x" * 201, TextTooLong)],
)
def test_a_name_keeps_to_what_names_are_everywhere(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        typed(NAME, f"a{text}")


def test_text_is_composed_like_all_text() -> None:
    assert typed(NAME, "A\u030a") == "\u00c5"


@pytest.mark.parametrize("text", ["Own Idea", "a" * 61, "-", "legal_duty"])
def test_a_source_is_a_word_of_its_kind(text: str) -> None:
    with pytest.raises(NotACode):
        typed(Column("source", "Source", CellKind.CODE, is_input=True), text)


def test_a_text_that_is_registered_already_is_taken_as_it_is() -> None:
    long = "x" * 500

    found = review([sheet_of(["p1", "1", long])], [expected(p1=long)])

    assert (found.changes, found.faults) == ([], [])


def test_numbers_with_more_digits_than_fit_are_refused() -> None:
    money = Column("cost", "Cost", CellKind.MONEY, is_input=True)
    assert typed(money, "1" * 15) == Decimal("1" * 15)
    with pytest.raises(Exception, match="not between"):
        typed(money, "9" * 100_000)
