"""What a typed cell means: a number or a day, as people in five languages write them, or why it is none."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite

from gevinst_shared.values.refusal import Refusal

CellValue = str | float | int | bool | date | None
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_GROUPED_BY_SPACE = re.compile(r"[+-]?\d{1,3}(?:[\s\u00a0\u202f\u2009'’]\d{3})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_LARGEST, _DECIMALS = Decimal(10) ** 12, Decimal("0.000001")
# Day 0 of spreadsheets; serial numbers of the years 1950 to 2200.
_DAY_ZERO, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 18264, 109939


class NotANumber(Refusal):
    code = "measurement-cell-not-a-number"
    title = "Not a number"
    detail = "“{value}” is not a number. Write digits, with one decimal sign at most."


class AmbiguousNumber(Refusal):
    code = "measurement-cell-ambiguous"
    title = "Could be two numbers"
    detail = "“{value}” could mean thousands or decimals. Leave the sign out, or format the cell as a number."


class NumberOutOfReach(Refusal):
    code = "measurement-cell-out-of-reach"
    title = "Too large or too fine"
    detail = "{value} has more than 12 digits before the decimal sign, or more than 6 after it."


class NotADay(Refusal):
    code = "measurement-cell-not-a-day"
    title = "Not a day"
    detail = "“{value}” is not a day. Write it as 2027-03-31 or 31.03.2027, or format the cell as a date."


def number_of(value: CellValue, *, decimal_sign: str | None) -> Decimal:
    """The exact number of a cell; refusals of this file for what is none.

    Digits may be grouped in threes by spaces, apostrophes, points or commas, as long as one reading is left:
    with one sign and three digits behind it `decimal_sign` decides, and without that nobody can.

    Check: "1 234,5", "1.234,5", "1,234.5" and "1234.5" are all 1234.5.
    """
    if isinstance(value, bool | date) or value is None:
        raise NotANumber(value=_shown(value))
    if isinstance(value, int | float):
        if not isfinite(value):
            raise NotANumber(value=_shown(value))
        return _fitting(Decimal(repr(value)), is_binary=isinstance(value, float))
    text = value.strip().replace("\u2212", "-")
    if _SPACES.search(text):
        if not _GROUPED_BY_SPACE.fullmatch(text):
            raise NotANumber(value=_shown(value))
        text = _SPACES.sub("", text).replace(",", ".")
    else:
        text = _with_point(text, decimal_sign, value)
    if not text.isascii() or not _PLAIN.fullmatch(text):
        raise NotANumber(value=_shown(value))
    return _fitting(Decimal(text), is_binary=False)


def day_of(value: CellValue) -> date:
    """The day of a cell: a date, a spreadsheet's serial number, ISO, or day.month.year.

    Check: 46113 and "1.4.2026" are 1 April 2026.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = value.strip()
        found = _written_day(text)
        if found is not None:
            return found
        value = int(text) if re.fullmatch(r"[0-9]{5,6}", text, re.ASCII) else text
    is_serial = isinstance(value, int | float) and not isinstance(value, bool)
    if is_serial and isinstance(value, int | float) and isfinite(value) and value == int(value):
        serial = int(value)
        if _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            return _DAY_ZERO + timedelta(serial)
    raise NotADay(value=_shown(value))


def _with_point(text: str, decimal_sign: str | None, written: CellValue) -> str:
    """The text with a point as its only sign, or as it is when it is no number anyway."""
    signs = [sign for sign in text if sign in ".,"]
    if not signs:
        return text
    if len(set(signs)) == 2:
        decimal, grouping = signs[-1], signs[0]
        return _ungrouped(text, grouping, decimal)
    sign = signs[0]
    if len(signs) > 1:
        return _ungrouped(text, sign, "." if sign == "," else ",")
    if not re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}{re.escape(sign)}\d{{3}}", text):
        return text.replace(sign, ".")
    if decimal_sign is None:
        raise AmbiguousNumber(value=_shown(written))
    return text.replace(sign, "." if sign == decimal_sign else "")


def _ungrouped(text: str, grouping: str, decimal: str) -> str:
    pattern = rf"[+-]?\d{{1,3}}(?:{re.escape(grouping)}\d{{3}})+(?:{re.escape(decimal)}\d+)?"
    if not re.fullmatch(pattern, text):
        return "?"
    return text.replace(grouping, "").replace(decimal, ".")


def _fitting(number: Decimal, *, is_binary: bool) -> Decimal:
    if abs(number) >= _LARGEST:
        raise NumberOutOfReach(value=f"{number:.3e}")
    rounded = number.quantize(_DECIMALS)
    # What a binary fraction adds beyond fifteen digits is not the writer's.
    slack = abs(number) * Decimal("1e-12") if is_binary else Decimal(0)
    if abs(rounded - number) > slack:
        raise NumberOutOfReach(value=number)
    return rounded


def _written_day(text: str) -> date | None:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][0-9:.]*)?", text, re.ASCII)
    nordic = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text, re.ASCII)
    try:
        if iso:
            found = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif nordic:
            found = date(int(nordic[3]), int(nordic[2]), int(nordic[1]))
        else:
            return None
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def _shown(value: object) -> str:
    return re.sub(r"[\u0000-\u001f\u007f-\u009f]", "\ufffd", str(value))[:100]
