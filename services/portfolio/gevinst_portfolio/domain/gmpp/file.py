"""The table inside a GMPP file: its encoding, its delimiter and which way it lies."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from gevinst_portfolio.domain.gmpp.fields import Field, field_of
from gevinst_portfolio.domain.gmpp.refusals import (
    EncodingUnreadable,
    FieldsNotRecognised,
    FileBinary,
    FileEmpty,
    FileTooLarge,
    NotATable,
    TooManyCells,
)

MAX_BYTES = 20_000_000
MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class Table:
    """One label per field and one record per project, whichever way the file lies.

    `records[i][j]` stands under `labels[j]`; all records are as long as `labels`. `above` are the lines
    before the labels: titles, or nothing. `is_transposed`: the file has one column per project.
    `has_damage`: some bytes have no character in `encoding` and stand as `\\x9d` in the text, or were lost
    before and stand as U+FFFD.
    `stray_quotes`: the rows, from 1, that break the rules of quoting without moving a cell.
    `uneven`: the rows, from 1, that are shorter or longer than most.
    `set_aside`: rows and their text that are too long: a delimiter too many moved cells to other projects.
    """

    above: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    is_transposed: bool
    encoding: str
    delimiter: str
    has_damage: bool
    stray_quotes: tuple[int, ...]
    uneven: tuple[int, ...]
    set_aside: tuple[tuple[int, str], ...]

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
    text, encoding, has_damage = _decoded(data)
    if not text.strip():
        raise FileEmpty
    delimiter = max(_DELIMITERS, key=lambda candidate: _fitness(text, candidate))
    rows, stray_quotes = _rows(text, delimiter, max_cells)
    is_transposed, header = _header(rows)
    usual = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    uneven = tuple(number for number, row in enumerate(rows, start=1) if _is_uneven(row, usual))
    reference = _reference(rows, header, is_transposed=is_transposed)
    set_aside = _set_aside(rows, longest=max(usual, len(reference)))
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
        has_damage=has_damage,
        stray_quotes=stray_quotes,
        uneven=uneven,
        set_aside=set_aside,
    )


_DELIMITERS = (",", ";", "\t", "|")
_LINES_SEARCHED = 10
_LABELS_SEARCHED = 1000
_FEWEST_FIELDS = 3
_END = "\ue000end"
_STRAY_ALLOWED = 3
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
    """The text, the name of its encoding, and whether some of it is damaged."""
    encoding = _encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        stray = data.decode(encoding, errors="replace").count("\ufffd")
        if encoding == "utf-16" or stray > max(_STRAY_ALLOWED, sum(byte > 127 for byte in data) // 20):
            raise EncodingUnreadable(encoding=encoding) from error
        return data.decode(encoding, errors="backslashreplace").removeprefix("\ufeff"), encoding, True
    if "\x00" in text:
        raise FileBinary(kind="a binary file")
    return text.removeprefix("\ufeff"), encoding, "\ufffd" in text


def _encoding_of(data: bytes) -> str:
    """The encoding that the file names by its first bytes, else the likeliest one."""
    if data.startswith(_UTF16_MARKS):
        return "utf-16"
    if data.startswith(_UTF8_MARK) or _is_utf8(data):
        return "utf-8"
    likelihoods = {encoding: _likelihood(data, encoding) for encoding in ("utf-8", "cp1252", "mac_roman")}
    if likelihoods["mac_roman"] <= 0:  # it has a character for every byte, so that it fits proves nothing
        del likelihoods["mac_roman"]
    return max(likelihoods, key=lambda encoding: likelihoods[encoding])


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


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


def _rows(text: str, delimiter: str, max_cells: int) -> tuple[list[list[str]], tuple[int, ...]]:
    """The rows, and the numbers of those that break the rules of quoting on one line of text.

    Such a row is read leniently if it ends on its own line and is as long as the first. A quotation mark that
    may have swallowed a line end may have swallowed cells of other projects too: that is refused.
    """
    lines = list(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    broken: list[int] = []
    start = widest = 0
    stream = iter(lines)
    while start < len(lines):
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        read = 0
        try:
            for row in reader:
                rows.append(row)
                read = reader.line_num
                widest = max(widest, len(row))
                if len(rows) * widest > max_cells:
                    raise TooManyCells(limit=max_cells)
        except csv.Error:
            broken.append(len(rows) + 1)
            rows.append(_leniently(lines[start + read], delimiter, rows))
            read += 1
        start += read
    return rows, tuple(broken)


def _leniently(line: str, delimiter: str, before: Sequence[Sequence[str]]) -> list[str]:
    try:
        row, *rest = csv.reader([line, _END], delimiter=delimiter)
    except csv.Error as error:
        raise NotATable(row=len(before) + 1) from error
    if rest != [[_END]] or not before or len(row) != len(before[0]):
        raise NotATable(row=len(before) + 1)
    return row


def _reference(rows: Sequence[list[str]], header: int, *, is_transposed: bool) -> list[str]:
    """The row that has a cell for every project, or for every field."""
    if not is_transposed:
        return rows[header]
    return next(row for row in rows if header < len(row) and field_of(row[header]) is Field.NAME)


def _is_uneven(row: Sequence[str], usual: int) -> bool:
    """A title or remark alone on its row is not."""
    return len(row) != usual and sum(bool(cell) for cell in row) > 1


def _set_aside(rows: list[list[str]], *, longest: int) -> tuple[tuple[int, str], ...]:
    """Empty the rows that are too long; their numbers and texts."""
    taken = []
    for number, row in enumerate(rows, start=1):
        if len(row) > longest:
            taken.append((number, "\n".join(cell for cell in row if cell.strip())))
            rows[number - 1] = []
    return tuple(taken)


def _header(rows: Sequence[Sequence[str]]) -> tuple[bool, int]:
    """Whether the file has one column per project, and the number of the line that holds the labels."""
    if max(map(len, rows)) < 2:
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
    fields = {field_of(cell) for cell in islice(line, _LABELS_SEARCHED)} - {None}
    return len(fields) if Field.NAME in fields else 0
