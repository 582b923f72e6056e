"""What people type into cells, in five languages, and what damaged files give."""

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measurement_files.cells import (
    AmbiguousNumber,
    CellValue,
    NotADay,
    NotANumber,
    NumberOutOfReach,
    day_of,
    number_of,
)
from gevinst_benefits.domain.measurement_files.reading import FileTooLarge, NotAFile, Sheet, read_sheet
from gevinst_benefits.domain.measurement_files.rows import ColumnsMissing, ColumnTwice, cell_name, rows_of
from gevinst_shared.values.refusal import Refusal

ID = "0198b6a4-7c1e-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("value", "sign", "number"),
    [
        ("1234.5", None, "1234.5"),
        ("1234,5", None, "1234.5"),
        ("1 234,5", ",", "1234.5"),  # nb, nn, sv
        ("1\u00a0234,5", ",", "1234.5"),
        ("1\u202f234.5", ".", "1234.5"),
        ("1.234,5", ",", "1234.5"),  # da
        ("1,234.5", ".", "1234.5"),  # en
        ("1'234.5", None, "1234.5"),
        ("1.234.567", None, "1234567"),
        ("1,234,567.25", None, "1234567.25"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("0,123", None, "0.123"),
        ("1234,567", None, "1234.567"),
        ("\u22125,5", None, "-5.5"),
        (" 7 ", None, "7"),
        (0.1 + 0.2, None, "0.3"),
        (42, None, "42"),
    ],
)
def test_a_number_is_read_as_it_was_meant(value: CellValue, sign: str | None, number: str) -> None:
    assert number_of(value, decimal_sign=sign) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ("NaN", NotANumber),
        ("Infinity", NotANumber),
        (float("nan"), NotANumber),
        (float("inf"), NotANumber),
        (True, NotANumber),
        (date(2026, 1, 1), NotANumber),
        (None, NotANumber),
        ("", NotANumber),
        ("1e5", NotANumber),
        ("12 34", NotANumber),
        ("1,23,4", NotANumber),
        ("1.2.3,4,5", NotANumber),
        ("٣", NotANumber),
        ("#DIV/0!", NotANumber),
        ("1\u00002", NotANumber),
        ("1.234", AmbiguousNumber),
        ("1,234", AmbiguousNumber),
        ("1234567890123", NumberOutOfReach),
        (1e300, NumberOutOfReach),
        ("0.1234567", NumberOutOfReach),
    ],
)
def test_what_is_no_number_is_refused(value: CellValue, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        number_of(value, decimal_sign=None)


@pytest.mark.parametrize(
    "value",
    [
        "2026-04-01",
        "1.4.2026",
        "01/04/2026",
        "2026-04-01T00:00:00",
        46113,
        46113.0,
        "46113",
        date(2026, 4, 1),
    ],
)
def test_a_day_is_a_date_a_serial_number_or_text(value: CellValue) -> None:
    assert day_of(value) == date(2026, 4, 1)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "soon",
        "2026-02-30",
        "31.02.2026",
        "04-01-2026",
        7,
        46113.5,
        1e9,
        True,
        "9999-99-99",
        "99999999",
    ],
)
def test_what_is_no_day_is_refused(value: CellValue) -> None:
    with pytest.raises(NotADay):
        day_of(value)


@given(text=st.text(max_size=30))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    for sign in (None, ",", "."):
        with suppress(Refusal):
            assert number_of(text, decimal_sign=sign).is_finite()


@given(content=st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    for is_csv in (True, False):
        with suppress(Refusal):
            rows_of(read_sheet(content, is_csv=is_csv))


@given(
    number=st.decimals(-(10**11), 10**11, places=3, allow_nan=False),
    style=st.sampled_from([(" ", ","), (".", ","), (",", "."), ("\u00a0", ","), ("", "."), ("", ",")]),
)
def test_a_number_comes_back_from_each_way_of_writing_it(number: Decimal, style: tuple[str, str]) -> None:
    grouping, sign = style
    text = f"{number:,.3f}".replace(",", "g").replace(".", sign).replace("g", grouping)

    assert number_of(text, decimal_sign=sign) == number


def sheet(*rows: list[CellValue], sign: str | None = None) -> Sheet:
    width = max(map(len, rows))
    return Sheet([row + [None] * (width - len(row)) for row in rows], sign)


@pytest.mark.parametrize(
    "headings",
    [
        ["indicator", "day", "value"],
        ["Indikator", "Dato", "Verdi"],
        ["Indikator", "Dag", "Værdi"],
        ["Indikator", "Datum", "Värde"],
    ],
)
def test_columns_are_known_by_their_words_in_each_language(headings: list[CellValue]) -> None:
    read = rows_of(sheet(headings, [ID, "2026-01-31", "5"]))

    assert [(str(row.indicator_id), row.reading.value) for row in read.rows] == [(ID, Decimal(5))]


def test_each_cell_that_cannot_be_taken_is_named() -> None:
    read = rows_of(
        sheet(
            ["Name", "Indicator", "Day", "Value", "Weight", "Unit", "Source"],
            ["a", "x", "31.02.2026", "NaN", "0", "y", "line\nbreak"],
            [None, None, " "],
            ["b", ID, 46113, 5.5, 3, None, "Case system"],
        )
    )

    assert [(fault.cell, fault.refusal.code.removeprefix("measurement-cell-")) for fault in read.faults] == [
        ("B2", "not-an-id"),
        ("C2", "not-a-day"),
        ("D2", "not-a-number"),
        ("F2", "not-an-id"),
        ("E2", "weight"),
        ("G2", "odd-text"),
    ]
    assert (read.rows_read, read.rows[0].number, read.rows[0].reading.source) == (2, 4, "Case system")


def test_a_file_without_its_columns_says_which_are_missing() -> None:
    for headings in (["day", "value"], list[CellValue]()):
        with pytest.raises(ColumnsMissing, match="indicator"):
            rows_of(sheet(list[CellValue](headings)))
    with pytest.raises(ColumnTwice):
        rows_of(sheet(["indicator", "day", "dato", "value"]))


def workbook(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            page.write(number, place, value)
    book.close()
    return target.getvalue()


def test_a_workbook_is_read_with_its_dates_and_its_errors_are_seen() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    page.write_row(0, 0, ["indicator", "day", "value"])
    page.write(1, 0, ID)
    page.write_datetime(1, 1, date(2026, 4, 1))
    page.write_formula(1, 2, "=1/0", value="#DIV/0!")
    book.close()

    read = rows_of(read_sheet(target.getvalue(), is_csv=False))

    assert [(fault.cell, fault.refusal.code) for fault in read.faults] == [
        ("C2", "measurement-cell-not-a-number")
    ]


def test_files_that_are_damaged_or_far_too_large_are_refused() -> None:
    whole = workbook(["indicator", "day", "value"])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 61_000_000)

    for content in (b"", b"PK\x03\x04", whole[:200], whole.replace(b"sheet1", b"sheet2")):
        with pytest.raises(NotAFile):
            read_sheet(content, is_csv=False)
    with pytest.raises(NotAFile):
        read_sheet(b"\0\0\0", is_csv=True)
    with pytest.raises(FileTooLarge):
        read_sheet(bomb.getvalue(), is_csv=False)
    with pytest.raises(FileTooLarge):
        read_sheet(workbook(["a"], *[["b"]] * 10_001), is_csv=False)
    with pytest.raises(FileTooLarge):
        read_sheet(b"a\n" * 10_002, is_csv=True)
    with pytest.raises(FileTooLarge):
        read_sheet(b";" * 60, is_csv=True)


def test_cells_are_named_as_spreadsheets_do() -> None:
    assert [cell_name(0, 1), cell_name(25, 2), cell_name(26, 3), cell_name(49, 4)] == [
        "A1",
        "Z2",
        "AA3",
        "AX4",
    ]
