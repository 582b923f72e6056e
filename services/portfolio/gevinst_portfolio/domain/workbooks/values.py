"""What a typed cell means: a value of its column's kind, or why it is none."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite

from gevinst_portfolio.domain.workbooks.sheets import LONGEST_PROSE, CellKind, Column
from gevinst_shared.sheets.reading import CellValue
from gevinst_shared.values.refusal import Refusal

Typed = str | Decimal | int | bool | date | None
_LARGEST = Decimal(10) ** 15
_TRUE = frozenset({"true", "sann", "sant", "ja", "sand", "yes", "x", "1", "jo"})
_FALSE = frozenset({"false", "usann", "usant", "nei", "falsk", "falskt", "nej", "no", "0"})
# An apostrophe before what would be taken for a formula is no part of the text.
_SET_OFF = ("'=", "'+", "'-", "'@")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_CODE = 60
_LINE_END = re.compile(r"[\t\n\r]")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


class NotANumber(Refusal):
    code = "cell-not-a-number"
    title = "Not a number"
    detail = "“{value}” is not a number. Write digits, with one decimal sign at most."


class NotADay(Refusal):
    code = "cell-not-a-day"
    title = "Not a day"
    detail = "“{value}” is not a day. Write it as 2027-03-31, or format the cell as a date."


class NotAChoice(Refusal):
    code = "cell-not-a-choice"
    title = "Not one of the choices"
    detail = "“{value}” is not known here. Write one of: {choices}."


class NotACode(Refusal):
    code = "cell-not-a-code"
    title = "Not a word of this kind"
    detail = (
        "“{value}” is not written as such words are. Use small letters a to z, digits and hyphens: own-idea."
    )


class NotYesOrNo(Refusal):
    code = "cell-not-yes-or-no"
    title = "Neither yes nor no"
    detail = "“{value}” is neither yes nor no. Write TRUE or FALSE."


class TooFine(Refusal):
    code = "cell-too-fine"
    title = "Too many decimals"
    detail = (
        "{value} has more decimals than the {most} that fit here. Round it yourself, so that you know how."
    )


class OutOfReach(Refusal):
    code = "cell-out-of-reach"
    title = "Too large or too small"
    detail = "{value} is not between {least} and {most}."


class TextTooLong(Refusal):
    code = "cell-too-long"
    title = "The text is too long"
    detail = "The text has {length} characters; {most} is the most that fits here."


class ControlCharacter(Refusal):
    code = "cell-control-character"
    title = "A character that cannot be kept"
    detail = "The text holds a control character. Write it anew, or paste it as plain text."


class FormulaError(Refusal):
    code = "cell-formula-error"
    title = "The formula has no value"
    detail = "The formula of the cell comes to {value}. Correct it, or write the value that is meant."


def typed(column: Column, value: CellValue, *, decimal_sign: str = ".") -> Typed:
    """The cell's value, None when it is empty; else one of the refusals of this file.

    Money has at most two decimals and numbers at most six; both are exact. `decimal_sign` is how numbers are
    written where they come as text: the other sign and spaces then group digits.

    Check: "1 250 000,50" with a decimal comma is 1250000.50.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if value in _ERRORS:
        raise FormulaError(value=value)
    read = _READERS[column.kind](column, value, decimal_sign)
    if column.least is not None and isinstance(read, Decimal) and read < column.least:
        raise OutOfReach(value=read.normalize(), least=column.least, most=_LARGEST)
    return read


def _text(column: Column, value: CellValue, _sign: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value)).strip()
    if text.startswith(_SET_OFF):
        text = text[1:]
    if len(text) > column.longest:
        raise TextTooLong(length=len(text), most=column.longest)
    if _CONTROL.search(text) or (column.longest < LONGEST_PROSE and _LINE_END.search(text)):
        raise ControlCharacter
    return text


def _choice(column: Column, value: CellValue, sign: str) -> Typed:
    text = _text(column, value, sign)
    by_fold = {choice.casefold(): choice for choice in column.choices}
    found = by_fold.get(str(text).casefold())
    if column.choices and found is None:
        some = ", ".join(column.choices[:20]) + (" …" if len(column.choices) > 20 else "")
        raise NotAChoice(value=str(text)[:100], choices=some)
    return found or text


def _code(column: Column, value: CellValue, sign: str) -> Typed:
    text = _text(column, value, sign)
    if len(text) > _LONGEST_CODE or not _CODE.fullmatch(text):
        raise NotACode(value=text[:100])
    return text


def _number(_column: Column, value: CellValue, sign: str) -> Typed:
    return _fine(_decimal(value, sign), 6)


def _money(_column: Column, value: CellValue, sign: str) -> Typed:
    return _fine(_decimal(value, sign), 2)


def _whole(_column: Column, value: CellValue, sign: str) -> Typed:
    return int(_fine(_decimal(value, sign), 0))


def _fine(number: Decimal, most: int) -> Decimal:
    if abs(number) > _LARGEST:
        raise OutOfReach(value=f"{number:.3e}", least=-_LARGEST, most=_LARGEST)
    rounded = number.quantize(Decimal(1).scaleb(-most))
    # What a binary fraction adds beyond fifteen digits is not the writer's.
    if abs(rounded - number) > abs(number) * Decimal("1e-12"):
        raise TooFine(value=number, most=most)
    return rounded


def _decimal(value: CellValue, sign: str) -> Decimal:
    if isinstance(value, bool | date):
        raise NotANumber(value=str(value))
    if isinstance(value, int | float):
        if not isfinite(value):
            raise NotANumber(value=str(value))
        return Decimal(repr(value))
    text = re.sub(r"[\s\u00a0\u202f'’]", "", str(value)).replace("\u2212", "-")
    other = "," if sign == "." else "."
    grouped = re.fullmatch(rf"-?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+(?:{re.escape(sign)}\d+)?", text)
    if grouped:
        text = text.replace(other, "")
    if not re.fullmatch(rf"[+-]?\d+(?:{re.escape(sign)}\d+)?", text) or not text.isascii():
        raise NotANumber(value=str(value)[:100])
    try:
        return Decimal(text.replace(sign, "."))
    except InvalidOperation:
        raise NotANumber(value=str(value)[:100]) from None


def _day(_column: Column, value: CellValue, _sign: str) -> Typed:
    found = value if isinstance(value, date) else _written_day(str(value).strip())
    if found is None:
        raise NotADay(value=str(value)[:100])
    if not 1950 <= found.year <= 2200:
        raise OutOfReach(value=found, least=date(1950, 1, 1), most=date(2200, 12, 31))
    return found


def _written_day(text: str) -> date | None:
    """ISO, or day.month.year as the Nordic countries write it."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text)
    nordic = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if nordic:
            return date(int(nordic[3]), int(nordic[2]), int(nordic[1]))
    except ValueError:
        return None
    return None


def _flag(_column: Column, value: CellValue, _sign: str) -> Typed:
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().casefold()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise NotYesOrNo(value=str(value)[:100])


_READERS: Mapping[CellKind, Callable[[Column, CellValue, str], Typed]] = {
    CellKind.KEY: _text,
    CellKind.TEXT: _text,
    CellKind.CHOICE: _choice,
    CellKind.CODE: _code,
    CellKind.MONEY: _money,
    CellKind.NUMBER: _number,
    CellKind.WHOLE: _whole,
    CellKind.DAY: _day,
    CellKind.FLAG: _flag,
}
