"""Papers speak five languages, each with every sentence and every word of a list."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from gevinst_benefits import papers
from gevinst_benefits.domain.case.business_case import MixedPriceYears
from gevinst_benefits.domain.case.case_difference import Change, MixedCurrencies
from gevinst_benefits.domain.case.rates_of_return import NoRate
from gevinst_benefits.domain.gates.checklists import AnswerValue
from gevinst_benefits.domain.gates.conditions import ConditionState
from gevinst_benefits.domain.gates.gates import Outcome
from gevinst_benefits.domain.gates.thresholds import Verdict
from gevinst_benefits.domain.plan.benefits import BenefitState, Ledger, RealisationMode
from gevinst_benefits.papers.wording import LANGUAGES, Words, read_sentences
from gevinst_shared.values.actor import Role

LISTS = {
    "outcome": [*Outcome],
    "state": [*BenefitState],
    "mode": [*RealisationMode],
    "line": [*Change],
    "answer": [*AnswerValue, "none"],
    "role": [*Role],
    "no-rate": [*NoRate],
    "condition": [*ConditionState],
    "verdict": [*Verdict],
    "why": [MixedCurrencies.code, MixedPriceYears.code],
}
TERMS = {f"{name}.{code}" for name, codes in LISTS.items() for code in codes}
MADE_UP = {f"ledger-{ledger}" for ledger in Ledger} | {"unit-1", "unit-1000", "unit-1000000"}


def source() -> str:
    folder = Path(next(iter(papers.__path__)))
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_sentence_with_the_same_placeholders(language: str) -> None:
    english, sentences = read_sentences("en"), read_sentences(language)

    assert list(sentences) == list(english)
    for code, sentence in sentences.items():
        assert sentence.strip() == sentence != "", code
        assert placeholders(sentence) == placeholders(english[code]), code


def test_every_sentence_that_is_said_is_there_and_every_one_there_is_said() -> None:
    said = set(re.findall(r'"([a-z][a-z0-9-]*)"', source()))
    literal = set(re.findall(r'say\(\s*"([\w-]+)"', source()))

    assert literal <= read_sentences("en").keys()
    assert read_sentences("en").keys() - said - MADE_UP == TERMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_list_has_a_word(language: str) -> None:
    words = Words(language)

    for name, codes in LISTS.items():
        for code in codes:
            assert words.term(name, str(code)) != ""
            assert f"{name}.{code}" in read_sentences(language)
    assert words.term("role", "gevinstvokter") == "gevinstvokter"


@pytest.mark.parametrize(
    ("language", "number", "money", "day"),
    [
        ("nb", "−1\u00a0234,5", "1\u00a0250\u00a0000\u00a0kr", "2. mars 2026"),
        ("nn", "−1\u00a0234,5", "1\u00a0250\u00a0000\u00a0kr", "2. mars 2026"),
        ("da", "−1.234,5", "1.250.000\u00a0NOK", "2. marts 2026"),
        ("sv", "−1\u00a0234,5", "1\u00a0250\u00a0000\u00a0Nkr", "2 mars 2026"),
        ("en", "−1,234.5", "NOK\u00a01,250,000", "2 March 2026"),
    ],
)
def test_numbers_money_and_days_are_written_as_the_reader_writes_them(
    language: str, number: str, money: str, day: str
) -> None:
    words = Words(language)

    assert words.number(Decimal("-1234.5")) == number
    assert words.money(Decimal(1_250_000), "NOK", places=0) == money
    assert words.day(date(2026, 3, 2)) == day


def test_a_difference_carries_its_sign_and_nothing_carries_none() -> None:
    words = Words("en")

    told = [words.change(Decimal(value), places=1) for value in ("12.34", "-12.36", "0.01", "-0.01", "0")]

    assert told == ["+12.3", "−12.4", "0.0", "0.0", "0.0"]
