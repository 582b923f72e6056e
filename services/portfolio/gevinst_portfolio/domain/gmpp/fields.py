"""Which field a label of a GMPP file names.

The labels are worded anew every year, so a field is known by the words that its label must have and must
not have, never by the exact text: `Total budgeted whole life costs (£million)` and `Whole Life Cost TOTAL
Baseline £m` are one field.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gevinst_portfolio.domain.gmpp.cells import MILLION


class Field(StrEnum):
    """The fields that every year has under some label, and the total benefits of later years."""

    IDENTIFIER = "identifier"
    NAME = "name"
    DEPARTMENT = "department"
    CATEGORY = "category"
    DESCRIPTION = "description"
    RATING = "rating"
    RATING_COMMENTARY = "rating-commentary"
    START_DATE = "start-date"
    END_DATE = "end-date"
    SCHEDULE_NARRATIVE = "schedule-narrative"
    YEAR_BASELINE = "year-baseline"
    YEAR_FORECAST = "year-forecast"
    YEAR_VARIANCE = "year-variance"
    VARIANCE_NARRATIVE = "variance-narrative"
    WHOLE_LIFE_COST = "whole-life-cost"
    WHOLE_LIFE_COST_NARRATIVE = "whole-life-cost-narrative"
    TOTAL_BENEFITS = "total-benefits"
    BENEFITS_NARRATIVE = "benefits-narrative"


class Authority(StrEnum):
    """Who gave a rating: the central authority under its name of the time, or the project's own SRO."""

    MPA = "mpa"
    IPA = "ipa"
    NISTA = "nista"
    SRO = "sro"
    NOT_STATED = "not-stated"


def field_of(label: str) -> Field | None:
    """The field that a label names; None for a label that is not known, and for a note of many words."""
    if len(label) > _LONGEST_LABEL:
        return None
    words = _words(label)
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    known = _with_short_forms(frozenset(words), label)
    return next((rule.field for rule in _RULES if rule.fits(known)), None)


def authority_of(label: str) -> Authority:
    """Whose rating a label announces."""
    named = set(_words(label)) & {"mpa", "ipa", "nista", "sro"}
    return Authority(named.pop()) if len(named) == 1 else Authority.NOT_STATED


def unit_of(label: str) -> Decimal:
    """The pounds that 1 stands for in a column of money; a million, as in every year so far, unless said."""
    unit = re.search(r"£\s*(millions?|m|billions?|bn|thousands?|k|000s?)\b", label.casefold())
    return _UNITS[unit[1][0]] if unit else MILLION


def scale_of(label: str) -> int | None:
    """5 or 3 where the label says how many levels its rating has."""
    said = re.search(r"\b(three|five|3|5)[ -](?:point|level|tier)", label.casefold())
    return {"three": 3, "3": 3, "five": 5, "5": 5}[said[1]] if said else None


def years_of(label: str) -> tuple[int, ...]:
    """The financial years that a label or file name mentions, each by the calendar year in which it ends."""
    spans = [(int(first), second) for first, second in _SPAN.findall(label)]
    spans += [(2000 + int(first), second) for first, second in _SHORT_SPAN.findall(label)]
    return tuple(first + 1 for first, second in spans if int(second[-2:]) == (first + 1) % 100)


@dataclass(frozen=True, slots=True)
class _Rule:
    field: Field
    one_of_each: tuple[frozenset[str], ...]
    none_of: frozenset[str]

    def fits(self, words: frozenset[str]) -> bool:
        return all(words & wanted for wanted in self.one_of_each) and not words & self.none_of


_LONGEST_LABEL = 1000
_MOST_WORDS = 25
_SPAN = re.compile(r"(?<!\d)(20\d\d)\s?[-_/–]\s?((?:20)?\d\d)(?![-_/]?\d)")
_SHORT_SPAN = re.compile(r"(?<![\d/_.-])(\d\d)/(\d\d)(?![\d/])")
_UNITS = {"m": MILLION, "b": 1000 * MILLION, "t": Decimal(1000), "k": Decimal(1000), "0": Decimal(1000)}
_PROSE = "narrative commentary comment explanation"


def _rule(field: Field, *one_of_each: str, none_of: str = _PROSE) -> _Rule:
    return _Rule(field, tuple(frozenset(words.split()) for words in one_of_each), frozenset(none_of.split()))


# The first rule that fits decides, so prose about a field stands before the field.
_RULES = (
    _rule(Field.BENEFITS_NARRATIVE, _PROSE, "benefit", none_of=""),
    _rule(Field.WHOLE_LIFE_COST_NARRATIVE, _PROSE, "wlc", none_of=""),
    _rule(Field.VARIANCE_NARRATIVE, _PROSE, "variance budget forecast", none_of=""),
    _rule(Field.SCHEDULE_NARRATIVE, _PROSE, "schedule timescale milestone date", none_of=""),
    _rule(Field.RATING_COMMENTARY, _PROSE, "rag dca rating confidence action", none_of=""),
    _rule(Field.IDENTIFIER, "id identifier reference ref", "gmpp project programme number"),
    _rule(
        Field.NAME,
        "name title",
        "project programme",
        none_of=f"{_PROSE} sro manager owner director leader officer previous former",
    ),
    _rule(Field.RATING, "rag dca", none_of=f"{_PROSE} previous last prior change date"),
    _rule(Field.START_DATE, "start commencement", "date"),
    _rule(Field.END_DATE, "end finish completion closure", "date"),
    _rule(Field.TOTAL_BENEFITS, "benefit", "total baseline monetised", none_of=f"{_PROSE} forecast variance"),
    _rule(Field.WHOLE_LIFE_COST, "wlc", none_of=f"{_PROSE} benefit forecast variance"),
    _rule(Field.YEAR_VARIANCE, "variance", none_of=f"{_PROSE} wlc benefit"),
    _rule(Field.YEAR_BASELINE, "baseline budget", "year", none_of=f"{_PROSE} wlc benefit forecast"),
    _rule(Field.YEAR_FORECAST, "forecast", "year", none_of=f"{_PROSE} wlc benefit baseline budget"),
    _rule(Field.CATEGORY, "category"),
    _rule(Field.DEPARTMENT, "department dept"),
    _rule(Field.DESCRIPTION, "description aim objective"),
)


def _words(label: str) -> list[str]:
    """The label's words in lower case and singular, without what stands in brackets."""
    plain = unicodedata.normalize("NFKC", label).casefold()
    found: list[str] = re.findall(r"[a-z]+|\d+", re.sub(r"\([^)]*\)?", " ", plain))
    return [word[:-1] if word.endswith("s") and not word.endswith(("us", "ss")) else word for word in found]


def _with_short_forms(words: frozenset[str], label: str) -> frozenset[str]:
    short_forms = {
        "wlc": {"whole", "life"} <= words,
        "dca": {"delivery", "confidence"} <= words,
        "year": bool(years_of(label)),
        "project": words == {"name"},
    }
    return words | {short for short, holds in short_forms.items() if holds}
