"""Workbooks, cell by cell: what is written is read again, and what cannot be read says why."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.workbooks.review import (
    ColumnMissing,
    Expected,
    NoNewRows,
    Registered,
    RowChangedMeanwhile,
    RowTwice,
    RowUnknown,
    SheetMissing,
    ValueMissing,
    review,
)
from gevinst_portfolio.domain.workbooks.sheets import CellKind, Column, Formula, Sheet, Workbook, cell_name
from gevinst_portfolio.domain.workbooks.values import (
    ControlCharacter,
    NotAChoice,
    NotADay,
    NotANumber,
    NotYesOrNo,
    OutOfReach,
    TextTooLong,
    TooFine,
    typed,
)
from gevinst_portfolio.domain.workbooks.xlsx import write_xlsx
from gevinst_shared.sheets.reading import CellValue, NotText, Table, read_csv, read_workbook
from gevinst_shared.sheets.unpacking import NotAWorkbook, WorkbookTooLarge

COLUMNS = (
    Column("id", "Id", CellKind.KEY),
    Column("revision", "Revision", CellKind.KEY),
    Column("name", "Name", CellKind.TEXT, is_input=True),
    Column("cost", "Cost", CellKind.MONEY, is_input=True),
    Column("start", "Start", CellKind.DAY, is_input=True),
    Column("double", "Twice the cost", CellKind.NUMBER),
)
ROWS = {
    "p1": Registered("3", "Post", {"name": "Post", "cost": Decimal("1250000.10"), "start": date(2027, 1, 1)}),
    "p2": Registered("1", "Archive", {"name": "Archive", "cost": None, "start": None}),
}
EXPECTED = Expected("projects", COLUMNS, ROWS, required=frozenset({"name"}), takes_new=True)


def filled() -> Sheet:
    rows = [
        [key, row.revision, *map(_cell, row.values.values()), Formula(f"D{at}*2", 0.0)]
        for at, (key, row) in enumerate(ROWS.items(), start=3)
    ]
    return Sheet("projects", "Prosjekter", COLUMNS, rows)


def _cell(value: object) -> str | float | date | None:
    return float(value) if isinstance(value, Decimal) else value  # type: ignore[return-value]


def changed(row: int, column: int, value: CellValue) -> list[Table]:
    """The downloaded sheet with one cell changed, counted from 0."""
    table = read_workbook(write_xlsx(Workbook("Plan", (filled(),))))[0]
    rows = [list(cells) for cells in table.rows]
    rows[row][column] = value
    return [Table(table.name, rows)]


def test_an_untouched_download_changes_nothing() -> None:
    found = review(read_workbook(write_xlsx(Workbook("Plan", (filled(),)))), [EXPECTED])

    assert (found.changes, found.faults, found.rows_read) == ([], [], 2)


def test_the_same_content_gives_the_same_file() -> None:
    book = Workbook("Plan", (filled(),))

    assert write_xlsx(book) == write_xlsx(book)


def test_text_never_becomes_a_formula() -> None:
    sheet = Sheet("s", "S", COLUMNS[:3], [["1", "1", "=HYPERLINK(1)"], ["2", "1", "@SUM(A1)"]])

    content = write_xlsx(Workbook("Plan", (sheet,)))

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
    assert [row[2] for row in read_workbook(content)[0].rows[2:]] == ["=HYPERLINK(1)", "@SUM(A1)"]


def test_a_formula_comes_with_its_figure() -> None:
    sheet = Sheet("s", "S", COLUMNS[:3], [["1", "1", Formula("1+1", 2.0)]])

    assert read_workbook(write_xlsx(Workbook("Plan", (sheet,))))[0].rows[2][2] == 2.0


def test_a_changed_cell_is_named_with_what_it_was_and_is() -> None:
    found = review(changed(2, 3, 1_300_000.0), [EXPECTED])

    (one,) = found.changes
    assert (one.sheet, one.cell, one.key, one.name) == ("Prosjekter", "D3", "p1", "Post")
    assert (one.before, one.after) == (Decimal("1250000.10"), Decimal("1300000.00"))


def test_columns_may_be_moved() -> None:
    (table,) = changed(3, 2, "Archives")
    moved = [Table(table.name, [list(reversed(row)) for row in table.rows])]

    (one,) = review(moved, [EXPECTED]).changes

    assert (one.key, one.column, one.after) == ("p2", "name", "Archives")


def test_a_new_row_is_a_new_record() -> None:
    (table,) = changed(2, 2, "Post")
    rows = [*table.rows, [None, None, "Bridge", 5.0, None, None]]

    found = review([Table(table.name, rows)], [EXPECTED])

    assert [(one.key, one.column, one.after) for one in found.changes] == [
        (None, "name", "Bridge"),
        (None, "cost", Decimal("5.00")),
    ]


def test_a_row_that_is_left_away_is_left_alone() -> None:
    (table,) = changed(2, 2, "Post")

    found = review([Table(table.name, table.rows[:3])], [EXPECTED])

    assert (found.changes, found.faults) == ([], [])


def test_a_row_that_somebody_changed_meanwhile_is_a_fault_only_when_it_differs() -> None:
    later = {**ROWS, "p1": Registered("4", "Post", {**ROWS["p1"].values, "name": "Digital post"})}
    now = Expected("projects", COLUMNS, later, takes_new=True)

    found = review(changed(3, 2, "Archives"), [now])

    assert [type(fault.refusal) for fault in found.faults] == [RowChangedMeanwhile]
    assert [one.key for one in found.changes] == ["p2"]


@pytest.mark.parametrize(
    ("row", "column", "value", "refusal"),
    [
        (2, 0, "p9", RowUnknown),
        (3, 0, "p1", RowTwice),
        (2, 2, None, ValueMissing),
        (2, 3, "much", NotANumber),
        (2, 3, float("nan"), NotANumber),
        (2, 3, float("inf"), NotANumber),
        (2, 3, "NaN", NotANumber),
        (2, 3, True, NotANumber),
        (2, 3, 0.001, TooFine),
        (2, 3, 1e300, OutOfReach),
        (2, 4, "31.02.2027", NotADay),
        (2, 4, 7.0, NotADay),
        (2, 2, "a\x07b", ControlCharacter),
        (2, 2, "x" * 10_001, TextTooLong),
        (0, 3, "other", None),
    ],
)
def test_what_cannot_be_taken_is_a_fault_of_its_cell(
    row: int, column: int, value: CellValue, refusal: type[Exception] | None
) -> None:
    faults = review(changed(row, column, value), [EXPECTED]).faults

    if refusal is None:
        assert faults == []
    else:
        assert [type(fault.refusal) for fault in faults] == [refusal]
        assert faults[0].cell == cell_name(row, column)


def test_a_required_column_that_was_taken_out_is_a_fault() -> None:
    faults = review(changed(0, 2, "other"), [EXPECTED]).faults

    assert [type(fault.refusal) for fault in faults] == [ColumnMissing]


def test_new_rows_are_refused_where_nothing_can_be_made() -> None:
    (table,) = changed(2, 2, "Post")
    rows = [*table.rows, [None, None, "Bridge", None, None, None]]

    faults = review([Table(table.name, rows)], [Expected("projects", COLUMNS, ROWS)]).faults

    assert [type(fault.refusal) for fault in faults] == [NoNewRows]


def test_a_file_with_none_of_our_sheets_is_refused() -> None:
    sheet = Sheet("other", "Other", COLUMNS, [])
    with pytest.raises(SheetMissing):
        review(read_workbook(write_xlsx(Workbook("x", (sheet,)))), [EXPECTED])
    with pytest.raises(SheetMissing):
        review([Table("empty", [])], [EXPECTED])


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("1 250 000,50", ",", "1250000.50"),
        ("1.250.000,50", ",", "1250000.50"),
        ("1,250,000.50", ".", "1250000.50"),
        ("\u2212\u00a07", ".", "-7.00"),
        ("12'500", ".", "12500.00"),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, sign: str, number: str) -> None:
    column = Column("cost", "Cost", CellKind.MONEY, is_input=True)

    assert typed(column, text, decimal_sign=sign) == Decimal(number)


@pytest.mark.parametrize("text", ["1.25.000", "1,2", "1.2.3", "0x10", "١٢", "1e5", "--1", "", " "])
def test_a_number_that_could_be_two_is_none(text: str) -> None:
    column = Column("cost", "Cost", CellKind.MONEY, is_input=True)
    if not text.strip():
        assert typed(column, text) is None
        return
    with pytest.raises(NotANumber):
        typed(column, text)


def test_choices_and_answers_are_read_in_any_letter_case() -> None:
    unit = Column("unit", "Unit", CellKind.CHOICE, is_input=True, choices=("Health", "Schools"))
    law = Column("law", "By law", CellKind.FLAG, is_input=True)

    assert typed(unit, "health") == "Health"
    assert [typed(law, word) for word in ("Ja", "nei", True, 0.0)] == [True, False, True, False]
    with pytest.raises(NotAChoice):
        typed(unit, "Roads")
    with pytest.raises(NotYesOrNo):
        typed(law, "maybe")


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=2))
def test_money_survives_the_way_through_a_workbook(amount: Decimal) -> None:
    column = Column("cost", "Cost", CellKind.MONEY, is_input=True)
    if len(str(abs(amount)).replace(".", "").lstrip("0")) > 15:
        return
    assert typed(column, float(amount)) == amount


def test_csv_is_read_with_the_delimiter_that_it_has() -> None:
    table = read_csv("\ufeffNavn;Kostnad\nPost;1 250,5\nArkiv\n".encode())

    assert table.rows == [["Navn", "Kostnad"], ["Post", "1 250,5"], ["Arkiv", None]]


def test_csv_in_an_older_encoding_is_read() -> None:
    assert read_csv("Bygg på øya,1\n".encode("cp1252")).rows == [["Bygg på øya", "1"]]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"Name,Cost\n", b"\xd0\xcf\x11\xe0" * 200])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(NotAWorkbook):
        read_workbook(content)


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(NotAWorkbook):
        read_workbook(target.getvalue())


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_read() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(21):
            packed.writestr(f"xl/{number}", b"\0" * 10_000_000)
    with pytest.raises(WorkbookTooLarge):
        read_workbook(target.getvalue())


def test_binary_content_is_no_csv() -> None:
    with pytest.raises(NotText):
        read_csv(b"a\0b")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for read, refusals in ((read_workbook, (NotAWorkbook,)), (read_csv, (NotText, NotAWorkbook))):
        with suppress(*refusals):
            read(content)
