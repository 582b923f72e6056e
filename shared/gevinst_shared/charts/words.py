"""What charts say in the reader's language: sentences of a package, numbers, money, days."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from gevinst_shared.charts.drawable import keeping_direction

TAGS = {"en": "en-GB", "nb": "nb-NO", "nn": "nn-NO", "da": "da-DK", "sv": "sv-SE"}
_LOCALES = {language: Locale.parse(tag, sep="-") for language, tag in TAGS.items()}
_MINUS = "−"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a row of amounts is counted in: `unit` is the reader's word for so many of the currency."""

    divisor: int
    unit: str


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a chart says, in one language; the sentences are those of one package."""

    language: str
    sentences: Mapping[str, str]

    def say(self, code: str, /, **values: object) -> str:
        """The sentence of a code with its placeholders filled; what is filled in is not read again."""
        return keeping_direction(self.sentences[code].format(**values))

    def number(self, value: Decimal | float, *, places: int = 0) -> str:
        """With at most `places` decimals.   Check: −1234.5 in nb is −1 234,5 (hard space)."""
        pattern = "#,##0" + (f".{'#' * places}" if places else "")
        written = format_decimal(value, format=pattern, locale=_LOCALES[self.language])
        return written.replace("-", _MINUS)

    def percent(self, share: Decimal | float, *, places: int = 0) -> str:
        """Check: 0.5 is 50 % (hard space), in English 50%."""
        sign = "%" if self.language == "en" else "\u00a0%"
        return f"{self.number(Decimal(str(share)) * 100, places=places)}{sign}"

    def exact(self, amount: Decimal) -> str:
        """An amount with its hundredths where it has any: what stands in a table."""
        places = 0 if amount == amount.to_integral_value() else 2
        pattern = "#,##0" + (f".{'0' * places}" if places else "")
        return format_decimal(amount, format=pattern, locale=_LOCALES[self.language]).replace("-", _MINUS)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount in few digits.   Check: 1234567 NOK in nb is 1,23 mill. kr."""
        return self.in_scale(amount, self.scale([amount], currency))

    def in_scale(self, amount: Decimal, scale: Scale) -> str:
        """The amount with its unit, for several that shall be compared."""
        return f"{self.scaled(amount, scale)}\u00a0{scale.unit}"

    def scaled(self, amount: Decimal, scale: Scale) -> str:
        """The amount in the scale's unit, in about three digits."""
        value = amount / scale.divisor
        places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        return self.number(value, places=places if scale.divisor > 1 else 0)

    def scale(self, amounts: Iterable[Decimal], currency: str) -> Scale:
        """The unit in which the largest of the amounts has few digits."""
        largest = max((abs(one) for one in amounts), default=Decimal(0))
        said = _CURRENCIES[self.language].get(currency, currency)
        if largest >= 10**9:
            return Scale(10**9, f"{_BILLION[self.language]}\u00a0{said}")
        if largest >= 10**6:
            return Scale(10**6, f"{_MILLION[self.language]}\u00a0{said}")
        return Scale(1, said)

    def day(self, day: date) -> str:
        return str(format_date(day, "medium", locale=_LOCALES[self.language]))

    def d3_locale(self) -> dict[str, Any]:
        """The reader's locale as Vega takes it: in `config.locale` of a specification."""
        return {"number": _d3_number(self.language), "time": _d3_time(self.language)}


@cache
def read_words(package: str, language: str) -> Words:
    """The words of a package's charts, from its `texts/charts/`."""
    text = (files(package) / "texts" / "charts" / f"{language}.json").read_text("utf-8")
    return Words(language, json.loads(text))


_MILLION = {"en": "million", "nb": "mill.", "nn": "mill.", "da": "mio.", "sv": "mn"}
_BILLION = {"en": "billion", "nb": "mrd.", "nn": "mrd.", "da": "mia.", "sv": "md"}
# Their own crowns are just kr to readers; those of others have their code.
_CURRENCIES = {
    "en": {},
    "nb": {"NOK": "kr"},
    "nn": {"NOK": "kr"},
    "da": {"DKK": "kr."},
    "sv": {"SEK": "kr"},
}


def _d3_number(language: str) -> dict[str, Any]:
    symbols = _LOCALES[language].number_symbols["latn"]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", "\u00a0kr"],
        "minus": _MINUS,
        "percent": "%" if language == "en" else "\u00a0%",
    }


def _d3_time(language: str) -> dict[str, Any]:
    locale = _LOCALES[language]
    months, days = locale.months["format"], locale.days["format"]
    week = (6, 0, 1, 2, 3, 4, 5)  # d3 begins on Sunday, CLDR on Monday
    return {
        "dateTime": "%A %e %B %Y %X",
        "date": "%d.%m.%Y" if language != "en" else "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [str(days["wide"][day]) for day in week],
        "shortDays": [str(days["abbreviated"][day]) for day in week],
        "months": [str(months["wide"][number]) for number in range(1, 13)],
        "shortMonths": [str(months["abbreviated"][number]) for number in range(1, 13)],
    }
