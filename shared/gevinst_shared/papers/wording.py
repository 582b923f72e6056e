"""The words of a paper in the reader's language: sentences, numbers, money and days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_symbol

LANGUAGES = ("en", "nb", "nn", "da", "sv")
# What a document's language is called where a country is asked for too.
TAGS = {"en": "en-GB", "nb": "nb-NO", "nn": "nn-NO", "da": "da-DK", "sv": "sv-SE"}
_LOCALES = {language: Locale.parse(tag, sep="-") for language, tag in TAGS.items()}
# CLDR's nn knows its own month names, but few currency symbols: nb has them and the same separators.
_NUMBER_LOCALES = _LOCALES | {"nn": Locale.parse("nb-NO", sep="-")}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a paper says, in one language: the sentences of one package and the kit's."""

    language: str
    package: str

    def say(self, code: str, /, **values: object) -> str:
        """The sentence of a code with its placeholders filled; what is filled in is not read again."""
        return read_sentences(self.package, self.language)[code].format(**values)

    def term(self, vocabulary: str, code: str) -> str:
        """The word for a code of a list; a code that is newer than our words is better told raw."""
        return read_sentences(self.package, self.language).get(f"{vocabulary}.{code}", code)

    def number(self, value: Decimal, *, places: int | None = None) -> str:
        """As the reader writes it, with a real minus.   Check: −1234.5 in nb is −1 234,5 (hard space)."""
        pattern = "#,##0.######" if places is None else "#,##0" + (f".{'0' * places}" if places else "")
        written = format_decimal(value, format=pattern, locale=_NUMBER_LOCALES[self.language])
        return _with_minus(written)

    def change(self, value: Decimal, *, places: int) -> str:
        """A difference with its sign."""
        written = self.number(value, places=places)
        is_nothing = not any(digit in written for digit in "123456789")
        return written.lstrip("−") if is_nothing else written if value < 0 else f"+{written}"

    def money(self, amount: Decimal, currency: str, *, places: int) -> str:
        locale = _NUMBER_LOCALES[self.language]
        pattern = locale.currency_formats["standard"].pattern
        pattern = pattern.replace(".00", f".{'0' * places}" if places else "")
        if get_currency_symbol(currency, locale=locale).isalpha():
            pattern = pattern.replace("¤#", "¤\u00a0#")  # NOK 1,000 rather than NOK1,000
        written = format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
        return _with_minus(written)

    def day(self, day: date) -> str:
        return str(format_date(day, "long", locale=_LOCALES[self.language]))

    def month(self, day: date) -> str:
        """Check: any day of October 2026 is oktober 2026 in nb."""
        return str(format_date(day, "LLLL y", locale=_LOCALES[self.language]))


@cache
def read_sentences(package: str, language: str) -> Mapping[str, str]:
    """The sentences of a package's papers in one language, by code, with those that all papers share."""
    return _read("gevinst_shared", language) | _read(package, language)


def _read(package: str, language: str) -> dict[str, str]:
    text = (files(package) / "papers" / "sentences" / f"{language}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def _with_minus(written: str) -> str:
    return written.replace("-", "−")
