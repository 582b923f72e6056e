"""What one cell of a Government Major Projects Portfolio (GMPP) file says.

Every reader gives the value, or the state that explains why there is none: missing is not zero (B6).
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum

MILLION = Decimal(1_000_000)


class CellState(StrEnum):
    """Why a cell gave no value, or gave one that needs a look (`DAMAGED`, `CONTRADICTORY`)."""

    MISSING = "missing"
    WITHHELD = "withheld"
    RESET = "reset"
    NOT_YET = "not-yet"
    NOT_APPLICABLE = "not-applicable"
    NOT_UNDERSTOOD = "not-understood"
    IMPLAUSIBLE = "implausible"
    CONTRADICTORY = "contradictory"
    DAMAGED = "damaged"


class Confidence(StrEnum):
    """Delivery confidence; the scale had five levels to 2021 and has the three plain colours since 2022."""

    GREEN = "green"
    AMBER_GREEN = "amber-green"
    AMBER = "amber"
    AMBER_RED = "amber-red"
    RED = "red"


def read_pounds(text: str, unit: Decimal = MILLION) -> Decimal | CellState:
    """Pounds from a figure such as `£1,139.18`, `£1.90m`, `-£7,169.20`, `(12.3)` or `£1.2bn`.

    `unit` is the number of pounds that 1 stands for where the cell names no unit of its own. A figure
    without a unit of its own that would be £1 trillion or more is `IMPLAUSIBLE`: no project is near that,
    so it was written in another unit than its column, and which one is not for us to guess.

    Check: `£1.90m` gives 1900000.00; `7.9` gives 7900000.0.
    """
    compact = re.sub(r"\s", "", _plain(text))
    figure = _FIGURE.fullmatch(compact)
    if figure is None or (figure["open"] is None) != (figure["close"] is None):
        return absence(text) or CellState.NOT_UNDERSTOOD
    if figure["open"] and figure["sign"]:
        return CellState.NOT_UNDERSTOOD
    scale = figure["scale"]
    pounds = Decimal(figure["number"].replace(",", "")) * (_SCALES[scale] if scale else unit)
    if not scale and pounds >= _IMPLAUSIBLE_POUNDS:
        return CellState.IMPLAUSIBLE
    is_negative = bool(figure["open"] or figure["sign"])
    return -pounds if is_negative and pounds else pounds


def read_date(text: str) -> date | CellState:
    """A day written as `31/12/2040` (day first), `2040-12-31` or `31 December 2040`, with any time cut off.

    A month without a day, a year of two digits and a spreadsheet's day number are not understood: the rest
    would be our invention. Years from 1900 to 2199.
    """
    plain = re.sub(r"[ t]\d{2}:\d{2}(:\d{2}(\.\d+)?)?z?$", "", _plain(text))
    for form in _DATES:
        if found := form.fullmatch(plain):
            return _date_of(found["year"], found["month"], found["day"])
    return absence(text) or CellState.NOT_UNDERSTOOD


def read_confidence(text: str) -> Confidence | CellState:
    """The colour of a rating; `Amber/ Red`, `amber-red` and `Amber/red` are one level."""
    colours = "-".join(re.findall(r"\w+", _plain(text)))
    if colours in set(Confidence):
        return Confidence(colours)
    return absence(text) or CellState.NOT_UNDERSTOOD


def read_text(text: str) -> str | CellState:
    """The cell's words without surrounding space, or why there are none."""
    return absence(text) or "\n".join(text.split("\r\n")).strip()


def absence(text: str) -> CellState | None:
    """The state of a cell that says that it holds nothing; None for a cell with content of its own."""
    plain = _plain(text).strip(" .'’")
    if len(plain) > _LONGEST_ABSENCE:
        return None
    return next((state for state, form in _ABSENCES if form.fullmatch(plain)), None)


_LONGEST_ABSENCE = 400
_IMPLAUSIBLE_POUNDS = Decimal(10) ** 12
_SCALES = {
    "k": Decimal(1_000),
    "thousand": Decimal(1_000),
    "m": MILLION,
    "mn": MILLION,
    "million": MILLION,
    "bn": 1000 * MILLION,
    "billion": 1000 * MILLION,
}
_FIGURE = re.compile(
    r"(?P<open>\()?(?:(?P<sign>-£|£-|-)|£)?"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.[0-9]{1,12})?)"
    r"(?P<scale>k|thousand|mn|million|m|bn|billion)?(?P<close>\))?"
)
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]{3,9})[ -](?P<year>[0-9]{4})"),
)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ABSENCES = (
    (
        CellState.WITHHELD,
        re.compile(
            r"(?:(?:the )?(?:data|date|information|figures?) (?:is |are )?)?(?:exempt|exemption|exempted)\b"
            r".{0,60}?(?:section|freedom|foi).*"
            r"|exempt|(?:data |information )?(?:withheld|redacted|not disclosed)\b.*"
            r"|commercial(?:ly)? (?:in confidence|confidential|sensitive).{0,40}"
        ),
    ),
    (CellState.RESET, re.compile(r"(?:project |programme )?reset")),
    (
        CellState.NOT_APPLICABLE,
        re.compile(r"n/?\.?a|not (?:applicable|required)|none|no end date"),
    ),
    (
        CellState.NOT_YET,
        re.compile(
            r"tb[acd]|to be (?:confirmed|determined|agreed|announced)|not yet (?:known|agreed|available)"
            r"|early planning gmpp project\b.*"
            r"|the project is .{0,60}not (?:yet )?in a position to provide this information"
        ),
    ),
    (
        CellState.MISSING,
        re.compile(
            r"|-+|#n/a|#(?:ref|value|num|null)!|#div/0!|#name\?|null|nan|unknown|blank"
            r"|(?:data |narrative |information )?not (?:provided|available|supplied)"
            r"(?: by (?:the )?department)?"
            r"|no (?:department(?:al)? )?(?:narrative|commentary|comment|data|dca|rating)(?: provided)?"
        ),
    ),
)


def _date_of(year: str, month: str, day: str) -> date | CellState:
    number = int(month) if month.isdigit() else _month_number(month)
    try:
        found = date(int(year), number, int(day))
    except ValueError:
        return CellState.NOT_UNDERSTOOD
    return found if 1900 <= found.year < 2200 else CellState.NOT_UNDERSTOOD


def _month_number(word: str) -> int:
    return next((number for number, name in enumerate(_MONTHS, start=1) if word in (name, name[:3])), 0)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", re.sub(r"[‐‑‒–—−]", "-", folded)).strip()
