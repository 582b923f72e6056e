"""How papers write numbers, money and days, in five languages."""

from datetime import date
from decimal import Decimal

import pytest

from gevinst_shared.papers.wording import Words


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
    words = Words(language, "gevinst_benefits")

    assert words.number(Decimal("-1234.5")) == number
    assert words.money(Decimal(1_250_000), "NOK", places=0) == money
    assert words.day(date(2026, 3, 2)) == day


def test_a_difference_carries_its_sign_and_nothing_carries_none() -> None:
    words = Words("en", "gevinst_benefits")

    told = [words.change(Decimal(value), places=1) for value in ("12.34", "-12.36", "0.01", "-0.01", "0")]

    assert told == ["+12.3", "−12.4", "0.0", "0.0", "0.0"]


def test_a_code_that_is_newer_than_our_words_is_told_raw() -> None:
    assert Words("en", "gevinst_benefits").term("role", "gevinstvokter") == "gevinstvokter"
