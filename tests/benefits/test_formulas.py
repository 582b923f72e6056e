"""C2: the formula language: what it means, in which unit, and what it refuses."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.formulas.meaning import unit_of, value_of
from gevinst_benefits.domain.formulas.ordering import computed_order, find_circle
from gevinst_benefits.domain.formulas.parsing import LONGEST_FORMULA, parse_formula, plain_formula
from gevinst_benefits.domain.formulas.refusals import (
    DividedByZero,
    FormulaEndsEarly,
    FormulaNotUnderstood,
    FormulaTooDeep,
    FormulaTooLong,
    NumberTooLarge,
    OddArguments,
    OddCall,
    OddComparison,
    OddExponent,
    OddRounding,
    UnitsDoNotFit,
    UnknownName,
    UnknownUnit,
)
from gevinst_benefits.domain.formulas.units import parse_measure
from gevinst_benefits.domain.formulas.vectors import values_of
from gevinst_shared.values.refusal import Refusal

NUMBERS = {"cases": Decimal(12), "none": Decimal(0), "lønn": Decimal("350.5")}


def value(text: str) -> Decimal:
    return value_of(parse_formula(text), NUMBERS)


def unit(text: str, **units: str) -> str:
    found = unit_of(parse_formula(text), {name: parse_measure(one).unit for name, one in units.items()})
    return str(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("100 / 10 / 2", "5"),
        ("-2 ^ 2", "-4"),
        ("2 ^ -1", "0.5"),
        ("1.05 ^ 3", "1.157625"),
        ("cases * lønn", "4206.0"),
        ("min(3, 1, 2)", "1"),
        ("max(cases, 20)", "20"),
        ("round(2.5) + round(3.456, 2)", "5.46"),
        ("if(cases > 10, 1, 2)", "1"),
        ("if(cases != 12, 1, 2)", "2"),
        ("if(none > 0, cases / none, 0)", "0"),
        ("\t 1\n+ 1 ", "2"),
    ],
)
def test_a_formula_means_what_it_does_on_paper(text: str, expected: str) -> None:
    assert value(text) == Decimal(expected)


def test_a_third_is_exact_to_fifty_digits() -> None:
    assert value("1 / 3 * 3") == Decimal("0." + "9" * 50)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 4),
        ("", 1),
        ("1 2", 3),
        ("2 + * 3", 5),
        ("a..b", 2),
        ("cases < 3", 7),
        ("__import__('os')", 1),
        ("1e5", 1),
        ("1,5", 2),
        ("--1", 2),
        ("2 ^ 3 ^ 4", 7),
        ("(1", 3),
        ("1)", 2),
        ("0x10", 1),
        ("cases[0]", 6),
        ("1" * 16, 1),
        ("x" * 61, 1),
    ],
)
def test_what_is_not_understood_says_where(text: str, position: int) -> None:
    with pytest.raises((FormulaNotUnderstood, FormulaEndsEarly)) as refused:
        parse_formula(text, pointer="/body/x")

    assert refused.value.values["position"] == position
    assert refused.value.pointer == "/body/x"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("exec(1)", OddCall),
        ("min()", FormulaNotUnderstood),
        ("if(1, 2, 3)", OddComparison),
        ("if(1 < 2, 3)", OddArguments),
        ("max(1 < 2)", OddComparison),
        ("round(1, 9)", OddRounding),
        ("round(1, cases)", OddRounding),
    ],
)
def test_functions_are_used_as_they_work(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        parse_formula(text)


def test_a_formula_of_a_megabyte_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormulaTooLong, match="1000001"):
        parse_formula("(" * 1_000_001)


@pytest.mark.parametrize("text", ["(" * 900 + "1" + ")" * 900, "(" * 1999, "round(" * 300])
def test_depth_is_bounded(text: str) -> None:
    with pytest.raises(FormulaTooDeep):
        parse_formula(text)


def test_the_longest_and_the_deepest_that_are_taken_are_computed() -> None:
    longest = parse_formula("1" + "+1" * ((LONGEST_FORMULA - 1) // 2))
    deepest = parse_formula("(" * 30 + "cases" + ")" * 30)

    assert value_of(longest, {}) == 1000
    assert value_of(deepest, NUMBERS) == 12


@pytest.mark.parametrize(
    ("text", "position"), [("cases / none", 7), ("1 / (cases - 12)", 3), ("none ^ -1", 8)]
)
def test_a_division_by_zero_says_where(text: str, position: int) -> None:
    with pytest.raises(DividedByZero) as refused:
        value(text)

    assert refused.value.values["position"] == position


@pytest.mark.parametrize("text", ["10 ^ 99", "999999999999999 ^ 3", "(0.000000001 ^ 5) ^ -100", "-10 ^ 31"])
def test_what_grows_beyond_any_case_is_refused(text: str) -> None:
    with pytest.raises(NumberTooLarge):
        value(text)


@pytest.mark.parametrize("text", ["2 ^ 0.5", "2 ^ 101", "2 ^ cases ", "2 ^ (1 / 3)"])
def test_exponents_are_whole_and_bounded(text: str) -> None:
    if "cases" in text:
        assert value(text) == 4096
    else:
        with pytest.raises(OddExponent):
            value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("letters * postage", "DKK/years"),
        ("letters * handling * wage", "DKK/years"),
        ("letters * handling / full_time", "FTE"),
        ("if(letters > 0, postage, 0)", "DKK/letters"),
        ("max(0, letters)", "letters/years"),
        ("postage ^ 2 / postage", "DKK/letters"),
        ("2 * 3", "1"),
        ("-share * postage", "DKK/letters"),
        ("0", "None"),
    ],
)
def test_units_are_computed_with(text: str, expected: str) -> None:
    units = {
        "letters": "letters/year",
        "postage": "DKK/letter",
        "handling": "minutes/letter",
        "wage": "DKK/hour",
        "full_time": "hours/FTE/year",
        "share": "percent",
    }

    assert unit(text, **units) == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("hours + money", 7),
        ("money - 1", 7),
        ("min(hours, money)", 1),
        ("if(hours > money, 1, 2)", 10),
        ("if(hours > 0, hours, money)", 1),
        ("2 * (hours + money) / hours", 12),
    ],
)
def test_hours_and_money_are_not_added(text: str, position: int) -> None:
    """C7."""
    with pytest.raises(UnitsDoNotFit) as refused:
        unit(text, hours="hours", money="NOK")

    assert refused.value.values["position"] == position


def test_a_name_that_is_not_assumed_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownName, match=r"postge \(position 5\). Known ones: postage"):
        unit("2 * postge", postage="NOK")


def test_a_unit_is_raised_by_a_number_only() -> None:
    with pytest.raises(OddExponent):
        unit("hours ^ n", hours="hours", n="1")


@pytest.mark.parametrize(
    ("text", "expected", "scale"),
    [
        ("minutes/case", "hours/cases", Fraction(1, 60)),
        ("percent", "1", Fraction(1, 100)),
        ("NOK/month", "NOK/years", Fraction(12)),
        ("NOK/FTE/year", "NOK/FTE/years", Fraction(1)),
        ("hour^2", "hours^2", Fraction(1)),
        ("1", "1", Fraction(1)),
    ],
)
def test_units_are_products_of_a_few(text: str, expected: str, scale: Fraction) -> None:
    measure = parse_measure(text)

    assert (str(measure.unit), measure.scale) == (expected, scale)


@pytest.mark.parametrize(
    "text", ["", "bananas", "NOK case", "/year", "NOK//case", "NOK^0", "NOK*", "*" * 99, "x" * 61]
)
def test_unknown_units_are_refused(text: str) -> None:
    with pytest.raises(UnknownUnit):
        parse_measure(text)


def test_a_circle_is_named_and_the_rest_is_ordered() -> None:
    reads = {
        name: frozenset(read) for name, read in {"a": "b", "b": "c", "c": "a", "d": "a", "e": ""}.items()
    }

    assert find_circle(reads) == ("a", "b", "c", "a")
    assert computed_order(reads) == ("e",)
    assert find_circle({"a": frozenset({"b"}), "b": frozenset({"not there"})}) == ()
    assert find_circle({"a": frozenset({"a"})}) == ("a", "a")


def test_a_chain_of_a_hundred_thousand_is_ordered_without_recursion() -> None:
    reads = {f"n{i}": frozenset({f"n{i + 1}"}) for i in range(100_000)}

    assert len(computed_order(reads)) == 100_000


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_is_refused(text: str) -> None:
    assert _outcome(text) == "value" or _outcome(text).startswith("formula-")


def _outcome(text: str) -> str:
    try:
        formula = parse_formula(text)
        value_of(formula, dict.fromkeys(formula.names, Decimal(3)))
    except Refusal as refusal:
        return refusal.code
    return "value"


_leaves = st.one_of(
    st.integers(0, 999).map(str), st.decimals(0, 99, places=3).map(str), st.sampled_from(["a", "b", "c"])
)
expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda one: f"({one} / 8)"),
        st.tuples(inner, inner, inner).map(lambda t: f"if({t[0]} <= {t[1]}, {t[2]}, {t[0]})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, -{t[1]})"),
        inner.map(lambda one: f"(({one}) ^ 2)"),
    ),
    max_leaves=8,
)


@given(text=expressions, a=st.integers(1, 9), b=st.integers(1, 9), c=st.integers(1, 9))
def test_exact_and_vectorised_values_agree_with_python(text: str, a: int, b: int, c: int) -> None:
    """An oracle: the same expression in Python's own words, in exact fractions."""
    names = {"a": a, "b": b, "c": c}
    formula = parse_formula(text)
    try:
        exact = value_of(formula, {name: Decimal(one) for name, one in names.items()})
    except NumberTooLarge:
        return

    python = _in_python(text, {name: Fraction(one) for name, one in names.items()})
    drawn = values_of(formula, {name: np.full(3, float(one)) for name, one in names.items()})

    assert abs(Fraction(exact) - python) <= abs(python) * Fraction(1, 10**15) + Fraction(1, 10**15)
    assert np.allclose(drawn, float(python), rtol=1e-9, atol=1e-9)


def test_a_plain_amount_is_a_formula() -> None:
    assert value_of(plain_formula(Decimal("-12.50")), {}) == Decimal("-12.50")
    assert plain_formula(Decimal("-12.50")).text == "-12.50"
    assert parse_formula("-12.50").is_plain


def _in_python(text: str, names: dict[str, Fraction]) -> Fraction:

    source = re.sub(r"\d+(\.\d+)?", lambda found: f"Fraction('{found[0]}')", text)
    source = source.replace("^ Fraction('2')", "** 2").replace("if(", "choose(")

    def choose(is_true: bool, then: Fraction, otherwise: Fraction) -> Fraction:
        return then if is_true else otherwise

    return Fraction(eval(source, {"Fraction": Fraction, "choose": choose, "max": max, **names}))
