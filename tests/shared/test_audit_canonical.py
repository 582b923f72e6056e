"""E1: one value has one canonical text, whoever wrote its JSON and however."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.audit.canonical import canonical, read_json

TEXTS = st.text(st.characters(codec="utf-8"))
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)


def values(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """JSON values with these numbers."""
    scalars = st.booleans() | numbers | TEXTS
    return st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


VALUES, WHOLE = values(NUMBERS), values(st.integers())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 8785, 3.2.2 and 3.2.3, but for the number that a double cannot hold.
        ("[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]",
         "[333333333.33333329,1e+30,4.5,0.002,1e-27]"),
        (r'"\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/"', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        (r'{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7}',
         '{"\\r":2,"1":4,"\x80":6,"ö":7,"€":1,"😀":5,"\ufb33":3}'),
        ("[1e20, 1e21, 1e-6, 1e-7, -0, -0.0, 100, 1.5e300]",
         "[100000000000000000000,1e+21,0.000001,1e-7,0,0,100,1.5e+300]"),
        # What a double would make equal stays different.
        ("[9007199254740993, 0.1000000000000000055]", "[9007199254740993,0.1000000000000000055]"),
        # Here absent and null are the same; in a list null has a place.
        ('{"a": null, "b": [null, {"c": null}]}', '{"b":[null,{}]}'),
    ],
)  # fmt: skip
def test_the_published_examples_come_out_as_published(text: str, expected: str) -> None:
    assert canonical(read_json(text)) == expected.encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_is_written_with_its_own_shortest_digits(number: float) -> None:
    written = canonical(Decimal(repr(number))).decode()

    assert float(written) == number
    assert "e+" in written or "e-" in written or len(written) < 40


@given(VALUES)
def test_the_text_is_json_of_the_same_value_and_its_own_canonical_form(value: Any) -> None:
    text = canonical(value)

    assert read_json(text) == value
    assert canonical(read_json(text)) == text


@given(WHOLE)
def test_spaces_order_and_escapes_change_nothing(value: Any) -> None:
    other = json.dumps(_turned(value), indent=3, ensure_ascii=True)

    assert canonical(read_json(other)) == canonical(value)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 20))
def test_zeros_at_the_end_change_nothing(number: Decimal, zeros: int) -> None:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    longer = Decimal((sign, (*digits, *(0,) * zeros), exponent - zeros))

    assert canonical(longer) == canonical(number)


@given(VALUES, VALUES)
def test_two_values_have_one_text_only_when_they_are_equal(one: Any, other: Any) -> None:
    if canonical(one) == canonical(other):
        assert read_json(canonical(one)) == other


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[Infinity]", "[" * 100_000, "1e99999999999999999999", b"\xff"]
)
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_json(text)


def _turned(value: Any) -> Any:
    """The same value with the members of each object the other way round."""
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(one) for one in value] if isinstance(value, list) else value
