"""What every service can take of another body's record: words, names and amounts to be shown and added (X2).

A body is checked when it arrives, so nobody who reads it later has to.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
LONGEST_NAME = 500
LONGEST_WORD = 100
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{2}")
_WORD = re.compile(r"[^\x00-\x1f\x7f]+")


def is_name(value: str) -> bool:
    """What people called something: not empty, and no longer than anybody here could have called it."""
    return len(value) <= LONGEST_NAME and bool(value.strip())


def is_word(value: str) -> bool:
    """A code or a unit of measure, on one line."""
    return len(value) <= LONGEST_WORD and _WORD.fullmatch(value) is not None


def is_amount(value: Mapping[str, Any]) -> bool:
    """Money with hundredths, in the prices of a year that there can be."""
    return _AMOUNT.fullmatch(value["amount"]) is not None and is_year(value["price_year"])


def is_year(value: object) -> bool:
    return type(value) is int and 1900 <= value <= 2300


def from_to(least: int, most: int) -> Check:
    """Whether a value is a whole number of these."""
    return lambda value: type(value) is int and least <= value <= most
