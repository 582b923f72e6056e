"""The table inside a GMPP file: its encoding, its delimiter and which way it lies."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from gevinst_portfolio.domain.gmpp_fields import Field, field_of
from gevinst_portfolio.domain.gmpp_refusals import (
    EncodingUnreadable,
    FieldsNotRecognised,
    FileBinary,
    FileEmpty,
    FileTooLarge,
    NotATable,
    TooManyCells,
)

MAX_BYTES = 20_000_000
MAX_CELLS = 500_000


@dataclass(frozen=True, slots=True)
class Table:
    """One label per field and one record per project, whichever way the file lies.

    `records[i][j]` stands under `labels[j]`; all records are as long as `labels`. `above` are the lines
    before the labels: titles, or nothing. `is_transposed`: the file has one column per project.
    `has_stray_bytes`: some bytes have no character in `encoding` and stand as `\\x9d` in the text.
    `stray_quotes`: the row, from 1, where the file broke the rules of quoting harmlessly.
    """

    above: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    is_transposed: bool
    encoding: str
    delimiter: str
    has_stray_bytes: bool
    stray_quotes: int | None

    def place(self, line: int, position: int) -> tuple[int, int]:
        """Row and column in the file, from 1, of a cell; a row is a record of the CSV, not a line of text.

        `line` counts from 0 at the top of the file (its left edge when it is transposed): the labels are line
        `len(above)`, the first record the one after.
        """
        return (position + 1, line + 1) if self.is_transposed else (line + 1, position + 1)


def read_table(data: bytes, *, max_bytes: int = MAX_BYTES, max_cells: int = MAX_CELLS) -> Table:
    """The table of a CSV file, or the refusal that says why there is none.

    Raises `FileTooLarge`, `FileEmpty`, `FileBinary`, `EncodingUnreadable`, `NotATable`, `TooManyCells`,
    `FieldsNotRecognised`.
    """
    _refuse_other_than_text(data, max_bytes)
    text, encoding, has_stray_bytes = _decoded(data)
    if not text.strip():
        raise FileEmpty
    delimiter = max(_DELIMITERS, key=lambda candidate: _fitness(text, candidate))
    rows, stray_quotes = _rows(text, delimiter, max_cells)
    is_transposed, header = _header(rows)
    lines = tuple(zip_longest(*rows, fillvalue=""))
    if not is_transposed:
        lines = tuple(zip(*lines, strict=True))
    return Table(
        above=lines[:header],
        labels=lines[header],
        records=lines[header + 1 :],
        is_transposed=is_transposed,
        encoding=encoding,
        delimiter=delimiter,
        has_stray_bytes=has_stray_bytes,
        stray_quotes=stray_quotes,
    )


_DELIMITERS = (",", ";", "\t", "|")
_LINES_SEARCHED = 10
_FEWEST_FIELDS = 3
_END = "\ue000end"
_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
# What English official prose has beyond ASCII, and what the bytes of another encoding rarely turn into.
_EXPECTED = frozenset("£‘’“”–—•…·\u00a0")


def _refuse_other_than_text(data: bytes, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise FileTooLarge(size=len(data), limit=max_bytes)
    if not data.strip():
        raise FileEmpty
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise FileBinary(kind=kind)
    if b"\x00" in data and not data.startswith(_UTF16_MARKS):
        raise FileBinary(kind="a binary file")


def _decoded(data: bytes) -> tuple[str, str, bool]:
    """The text, the name of its encoding, and whether bytes without a character were kept as `\\x9d`."""
    if data.startswith(_UTF16_MARKS):
        return _decoded_strictly(data, "utf-16"), "utf-16", False
    if data.startswith(_UTF8_MARK):
        return _decoded_strictly(data, "utf-8-sig"), "utf-8", False
    candidates = ("utf-8", "cp1252", "mac_roman")
    encoding = max(candidates, key=lambda candidate: _likelihood(data, candidate))
    text = data.decode(encoding, errors="backslashreplace")
    stray = data.decode(encoding, errors="replace").count("\ufffd")
    if stray > max(_STRAY_ALLOWED, sum(byte > 127 for byte in data) // 20):
        raise EncodingUnreadable(encoding=encoding)
    return text, encoding, stray > 0


_STRAY_ALLOWED = 3


def _decoded_strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingUnreadable(encoding=encoding) from error
    if "\x00" in text:
        raise FileBinary(kind="a binary file")
    return text


def _likelihood(data: bytes, encoding: str) -> int:
    text = data.decode(encoding, errors="replace")
    return sum(text.count(character) for character in _EXPECTED) - text.count("\ufffd")


def _fitness(text: str, delimiter: str) -> tuple[int, int]:
    """How many fields and how many filled cells a delimiter gives in the first rows."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 100))
    except csv.Error:
        return 0, 0
    return _best_header(rows)[0], sum(bool(cell) for row in rows for cell in row)


def _rows(text: str, delimiter: str, max_cells: int) -> tuple[list[list[str]], int | None]:
    """The rows, and the row at which quoting was broken without moving any cell."""
    strict = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    whole: list[list[str]] = []
    try:
        for row in _counted(strict, max_cells):
            whole.append(row)  # noqa: PERF402 - the rows before the broken one are wanted
    except csv.Error:
        return _leniently(text, delimiter, max_cells, broken=len(whole) + 1), len(whole) + 1
    return whole, None


def _leniently(text: str, delimiter: str, max_cells: int, *, broken: int) -> list[list[str]]:
    """Rows of a file with a stray quotation mark, if each cell surely still stands where it should.

    The mark may have swallowed the cells up to the next one. It has not when the file does not end inside a
    quotation and all rows are equally long.
    """
    stream = io.StringIO(f"{text.rstrip()}\n{_END}", newline="")
    try:
        *rows, last = _counted(csv.reader(stream, delimiter=delimiter), max_cells)
    except csv.Error as error:
        raise NotATable(row=broken) from error
    if last != [_END] or len({len(row) for row in rows if row}) != 1:
        raise NotATable(row=broken)
    return rows


def _counted(reader: Iterable[list[str]], max_cells: int) -> Iterator[list[str]]:
    """The rows, refused as soon as the rectangle that they fill passes the limit."""
    widest = 0
    for number, row in enumerate(reader, start=1):
        widest = max(widest, len(row))
        if number * widest > max_cells:
            raise TooManyCells(limit=max_cells)
        yield row


def _header(rows: Sequence[Sequence[str]]) -> tuple[bool, int]:
    """Whether the file has one column per project, and the number of the line that holds the labels."""
    if len(rows) < 2 or max(map(len, rows)) < 2:
        raise NotATable(row=1)
    found, is_transposed, line = _best_header(rows)
    if found < _FEWEST_FIELDS:
        raise FieldsNotRecognised
    return is_transposed, line


def _best_header(rows: Sequence[Sequence[str]]) -> tuple[int, bool, int]:
    """Fields recognised in the best line, whether that line is a column, and its number."""
    columns = list(islice(zip_longest(*rows, fillvalue=""), _LINES_SEARCHED))
    scored = [
        (_fields_in(line), is_column, -number)
        for lines, is_column in ((rows, False), (columns, True))
        for number, line in enumerate(lines[:_LINES_SEARCHED])
    ]
    fields, is_column, number = max(scored, default=(0, False, 0))
    return fields, is_column, -number


def _fields_in(line: Iterable[str]) -> int:
    """The number of different fields that a line names; 0 without the project's name, which none can lack."""
    fields = {field_of(cell) for cell in line} - {None}
    return len(fields) if Field.NAME in fields else 0
