"""Delimited text that other programs read and spreadsheets cannot be tricked by."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for a formula, also in its wide forms, and what hides one from the eye.
_RISKY = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def harmless(text: str) -> str:
    """The text, set off by an apostrophe where a spreadsheet would take it for a formula.

    A plain number is none.   Check: =1+1 becomes '=1+1, and -12,50 stays.
    """
    return f"'{text}" if _RISKY.search(text) and not _NUMBER.match(text) else text


def written(rows: Iterable[Sequence[str]], *, separator: str) -> str:
    """The rows, quoted where it is needed; lines end as in RFC 4180."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return target.getvalue()


def amount_text(minor: int, *, decimal_mark: str) -> str:
    """Hundredths with two decimals: -125 is -1,25."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}{decimal_mark}{abs(minor) % 100:02}"
