"""A notice in a reader's words: language, numbers, dates and money as they write them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from gevinst_notifications.domain.members import Term, Value
from gevinst_notifications.domain.messages import Notice
from gevinst_notifications.domain.plots import COMPARED, Bar, Plot, plot_of
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_shared.values.money import Money


class Language(StrEnum):
    NB = "nb"
    NN = "nn"
    DA = "da"
    SV = "sv"
    EN = "en"


@dataclass(frozen=True, slots=True)
class KindTexts:
    """The texts of one kind; `{member}` stands for a value of the notice."""

    subject: str
    lead: str
    action: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every text of one language. `vocabularies[name][code]` are the words of a closed list."""

    language: Language
    kinds: Mapping[NoticeKind, KindTexts]
    labels: Mapping[str, str]
    reasons: Mapping[Reason, str]
    vocabularies: Mapping[str, Mapping[str, str]]
    phrases: Mapping[str, str]
    digest: Mapping[str, str]
    leaving: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WordedNotice:
    """A notice as it is read, in the inbox and in mail. `facts` are pairs of label and value, in order."""

    language: Language
    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    action: str
    why: str
    plot: Plot | None = None


LONGEST_TITLE = 160
LONGEST_LEAD = 2000
LONGEST_VALUE = 600

_LOCALES = {
    Language.NB: Locale("nb"),
    Language.NN: Locale("nn"),
    Language.DA: Locale("da"),
    Language.SV: Locale("sv"),
    Language.EN: Locale("en", "GB"),
}
# CLDR's nn knows its own month names, but few currency symbols: nb has them and the same separators.
_NUMBER_LOCALES = _LOCALES | {Language.NN: Locale("nb")}
_JOINER = "\u200d"
_MODIFIERS = frozenset(map(chr, (*range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080))))  # skins, regions
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_LETTER = 40  # a letter of more parts than this is nobody's
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def worded(notice: Notice, catalogue: Catalogue, *, reasons: Sequence[Reason]) -> WordedNotice:
    """The notice in the catalogue's language, for one who hears of it for `reasons`."""
    told = {name: formatted(value, catalogue) for name, value in notice.values.items()}
    texts = catalogue.kinds[notice.kind]
    return WordedNotice(
        language=catalogue.language,
        title=shortened(texts.subject.format(**told), LONGEST_TITLE),
        lead=shortened(texts.lead.format(**told), LONGEST_LEAD),
        facts=tuple(
            (catalogue.labels[name], _entry(value, catalogue)) for name, value in notice.values.items()
        ),
        action=texts.action,
        why=why(reasons, catalogue),
        plot=plot_of(_bars(notice, catalogue)),
    )


def why(reasons: Sequence[Reason], catalogue: Catalogue) -> str:
    """One sentence that says why the reader hears of it (N4)."""
    clauses = [catalogue.reasons[reason] for reason in reasons]
    joined = format_list(clauses, locale=_LOCALES[catalogue.language])
    return catalogue.phrases["because"].format(reasons=joined)


def formatted(value: Value, catalogue: Catalogue) -> str:
    """One value as the reader writes it, on one line.   Check: 1234.5 in nb is 1 234,5 (hard space)."""
    numbers = _NUMBER_LOCALES[catalogue.language]
    match value:
        case Money():
            amount = _money(value, numbers)
            return catalogue.phrases["price_level"].format(amount=amount, price_year=value.price_year)
        case Term():
            # A code that is newer than our texts is better told raw than not at all.
            return catalogue.vocabularies[value.vocabulary].get(value.code, one_line(value.code))
        case int() | Decimal():
            return format_decimal(value, locale=numbers)
        case date():
            return format_date(value, "long", locale=_LOCALES[catalogue.language])
        case str():
            return one_line(value)


def language_of(tag: str | None) -> Language:
    """The language for a BCP 47 tag: `nb` for plain Norwegian, English for what we do not speak."""
    primary = (tag or "").replace("_", "-").partition("-")[0].lower()
    if primary == "no":
        return Language.NB
    return Language(primary) if primary in set(Language) else Language.EN


def one_line(text: str) -> str:
    """The text without line breaks, control characters and marks that turn the reading direction."""
    if text.isprintable():  # nearly always, and quick to tell
        return re.sub(" {2,}", " ", text).strip()
    visible = ("" if c in _DIRECTION_MARKS else " " if _is_control(c) else c for c in text)
    return re.sub(" {2,}", " ", "".join(visible)).strip()


def shortened(text: str, longest: int) -> str:
    """The text on one line, at most `longest` characters, with an ellipsis where it was cut."""
    line = one_line(text)
    return line if len(line) <= longest else _cut(line, longest - 1).rstrip() + "…"


def _bars(notice: Notice, catalogue: Catalogue) -> list[Bar]:
    """The counts of the notice that are worth comparing; the first is what it is about."""
    found = [(name, notice.values.get(name)) for name in COMPARED.get(notice.kind, ())]
    counts = [(name, value) for name, value in found if isinstance(value, int)]
    return [
        Bar(catalogue.labels[name], value, formatted(value, catalogue), is_strong=name == counts[0][0])
        for name, value in counts
    ]


def _entry(value: Value, catalogue: Catalogue) -> str:
    text = shortened(formatted(value, catalogue), LONGEST_VALUE)
    return text[:1].upper() + text[1:] if isinstance(value, Term) else text


def _cut(line: str, longest: int) -> str:
    """The beginning of the line, without tearing apart what is read as one letter."""
    for at in range(longest, max(longest - _LONGEST_LETTER, 0), -1):
        if not _goes_on(line, at):
            return line[:at]
    return line[:longest]


def _goes_on(line: str, at: int) -> bool:
    """Whether what stands at `at` belongs to what stands before it: accents, families, flags."""
    here, before = line[at], line[at - 1]
    if unicodedata.category(here).startswith("M") or _JOINER in {here, before} or here in _MODIFIERS:
        return True
    if here not in _FLAG_LETTERS:
        return False
    letters = line[:at]
    return (len(letters) - len(letters.rstrip(_FLAG_LETTERS))) % 2 == 1


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"}


def _money(money: Money, locale: Locale) -> str:
    pattern = locale.currency_formats["standard"].pattern
    if money.amount == money.amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    if get_currency_symbol(money.currency, locale=locale).isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")  # NOK 1,000 rather than NOK1,000
    return format_currency(money.amount, money.currency, pattern, locale=locale, currency_digits=False)
