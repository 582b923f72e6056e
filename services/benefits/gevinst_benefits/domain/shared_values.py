"""What can be taken of another body's record: words that we know, figures that we can count with (X2, B6).

What is missing stays missing. A body is checked when it arrives, so nobody who reads it later has to.
"""

import re
from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Any

from gevinst_benefits.domain.case.general_cases import FORMAT
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_shared.sync.shared_values import Check, is_word, is_year

MOST_ITEMS = 1000
MOST_YEARS = 300
MOST_HORIZON = 150
_FIGURE = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OWNER = re.compile(r"[0-9]{4}:[0-9]{8,10}")
# What a case was localised from, where that is no other body's general case.
NO_ORIGIN, OWN_ORIGIN = "none", "own"
_SERIES = ("costs", "benefits", "net", "accumulated", "tax_financing")
_CASE_FIGURES = (
    "present_cost",
    "present_benefit",
    "net_present_value",
    "present_tax_financing",
    "net_present_value_after_tax_financing",
    "benefit_cost_ratio",
)
RESULTS = ("years", *_SERIES, *_CASE_FIGURES, "payback_year")
_UNITS = {"ledger", "currency", "price_year", "unit_of_measure"}
_KEY = ("ledger", "currency", "price_year", "unit_of_measure", "year")
_GENERAL = {
    "format",
    "general_case_id",
    "publisher",
    "edition",
    "name",
    "base_year",
    "horizon_years",
    "price_year",
    "currency",
    "assumptions",
    "lines",
    "alternatives",
    "recommended",
    "financing",
    "sha256",
}


def one_of(words: type[StrEnum]) -> Check:
    known = frozenset(word.value for word in words)
    return lambda value: value in known


def is_figure(value: object) -> bool:
    """A decimal as we write it: no exponent, at most six decimals."""
    return isinstance(value, str) and _FIGURE.fullmatch(value) is not None


def is_currency(value: object) -> bool:
    return isinstance(value, str) and _CURRENCY.fullmatch(value) is not None


def is_potential(value: object) -> bool:
    """What benefits give in a full year, each ledger and unit by itself: never one sum of all (C7, C1).

    `in_transit` is there when something is (B11).
    """
    members = ("confirmed", "unconfirmed", "in_transit")
    return _is_list_of(value, dict.fromkeys(members, is_figure), optional={"in_transit"})


def is_realised(value: object) -> bool:
    """What was verified, by ledger, unit and year."""
    return _is_list_of(value, {"year": is_year, "amount": is_figure})


def is_results(value: object) -> bool:
    """What a business case comes to: years, a figure for each in every series, and single figures."""
    if not isinstance(value, dict) or not value.keys() <= set(RESULTS):
        return False
    years = value.get("years")
    if not isinstance(years, list) or not 0 < len(years) <= MOST_YEARS or not all(map(is_year, years)):
        return False
    if len(set(years)) < len(years):
        return False
    series = [value[name] for name in _SERIES if name in value]
    return (
        all(isinstance(one, list) and len(one) == len(years) and all(map(is_figure, one)) for one in series)
        and all(is_figure(value[name]) for name in _CASE_FIGURES if name in value)
        and ("payback_year" not in value or is_year(value["payback_year"]))
    )


def is_general_document(value: object) -> bool:
    """The outside of a general case; whether it can be computed is found out where it is brought in."""
    return (
        isinstance(value, dict)
        and value.keys() >= _GENERAL
        and value["format"] == FORMAT
        and type(value["edition"]) is int
        and 1 <= value["edition"] <= 1_000_000
        and is_year(value["base_year"])
        and is_year(value["price_year"])
        and type(value["horizon_years"]) is int
        and 1 <= value["horizon_years"] <= MOST_HORIZON
        and all(
            isinstance(value[name], list) and len(value[name]) <= MOST_ITEMS
            for name in ("assumptions", "lines", "alternatives", "financing")
        )
    )


def is_origin(value: object) -> bool:
    """The id of a general case, or a word that says that there is none to tell."""
    return isinstance(value, str) and (value in {NO_ORIGIN, OWN_ORIGIN} or _ID.fullmatch(value) is not None)


def is_publisher(value: object) -> bool:
    """An organisation, by country and number."""
    return isinstance(value, str) and _OWNER.fullmatch(value) is not None


def _is_list_of(value: object, checks: Mapping[str, Check], *, optional: Set[str] = frozenset()) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_ITEMS
        and all(isinstance(one, dict) and _is_of_unit(one, checks, optional) for one in value)
        # Of one unit, and in one year, there is one sum.
        and len({tuple(one.get(name) for name in _KEY) for one in value}) == len(value)
    )


def _is_of_unit(one: Mapping[str, Any], checks: Mapping[str, Check], optional: Set[str]) -> bool:
    """Money has a currency and a price year, anything else a unit of measure."""
    is_money = one.get("ledger") == Ledger.MONEY
    wanted = _UNITS - ({"unit_of_measure"} if is_money else {"currency", "price_year"})
    if one.keys() - optional != (wanted | checks.keys()) - optional or not one_of(Ledger)(one["ledger"]):
        return False
    is_unit_good = (
        is_currency(one["currency"]) and is_year(one["price_year"])
        if is_money
        else isinstance(one["unit_of_measure"], str) and is_word(one["unit_of_measure"])
    )
    return is_unit_good and all(check(one[name]) for name, check in checks.items() if name in one)
