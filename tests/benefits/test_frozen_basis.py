"""G4: the frozen copy that a gate decides on."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.gates.frozen_basis import BasisChange, basis_changes, freeze
from tests.benefits.cases import INDEX, case, cost, frame, gain


class _Colour(StrEnum):
    RED = "red"


def test_the_copy_is_canonical_json_and_its_hash() -> None:
    """Members sorted, no spaces, text as it is: the form of RFC 8785 for what a basis holds."""
    frozen = freeze({"b": [Decimal("1250000.00"), _Colour.RED], "a": {"ø": date(2026, 1, 2)}, "none": None})

    assert frozen.canonical == '{"a":{"ø":"2026-01-02"},"b":["1250000","red"]}'
    assert frozen.sha256 == hashlib.sha256(frozen.canonical.encode()).hexdigest()
    assert frozen.is_intact
    assert not replace(frozen, canonical="{}").is_intact


def test_the_published_hash_of_an_empty_object_is_kept() -> None:
    assert freeze({}).sha256 == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_whole_case_is_frozen_with_its_rates_and_index() -> None:
    one = case(cost(1, 100, price_year=2024), gain(2, 50, ramp=("0.5",)), within=frame(index=INDEX))

    frozen = freeze({"business_case": one})

    assert '"rate_per_year":"0.04"' in frozen.canonical
    assert '"2025":"104"' in frozen.canonical
    assert frozen == freeze({"business_case": replace(one)})
    assert frozen != freeze({"business_case": replace(one, number=2)})


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    utc = datetime(2026, 7, 1, 10, tzinfo=UTC)

    assert freeze({"at": utc}) == freeze({"at": utc.astimezone(timezone(timedelta(hours=2)))})


@pytest.mark.parametrize(
    "odd",
    [1.5, Decimal("NaN"), datetime(2026, 1, 1), {1, 2}, b"bytes", object()],  # noqa: DTZ001 - the odd one
)
def test_what_has_no_one_form_cannot_be_frozen(odd: object) -> None:
    with pytest.raises(TypeError):
        freeze({"odd": odd})


def test_the_next_gate_sees_every_member_that_differs() -> None:
    lines = [{"id": UUID(int=1), "amount": Decimal(100)}, {"id": UUID(int=2), "amount": Decimal(7)}]
    before = freeze({"lines": lines, "risks": ["late"], "ends": date(2027, 1, 1)})
    moved = [lines[1], {"id": UUID(int=1), "amount": Decimal(120)}]
    after = freeze({"lines": moved, "risks": ["late", "dear"], "note": "a/b"})

    assert basis_changes(before, after) == (
        BasisChange("/ends", '"2027-01-01"', None),
        BasisChange(f"/lines/{UUID(int=1)}/amount", '"100"', '"120"'),
        BasisChange("/note", None, '"a/b"'),
        BasisChange("/risks/1", None, '"dear"'),
    )


names = st.text(alphabet="abø/~ ", max_size=3)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    names,
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9, max_value=9),
    st.dates(),
    st.uuids(),
)
members = st.dictionaries(names, leaves, max_size=3)
documents = st.dictionaries(
    names, leaves | st.lists(leaves, max_size=3) | members | st.lists(members, max_size=2)
)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(member) for member in value] if isinstance(value, list) else value


@given(document=documents)
def test_the_hash_does_not_depend_on_the_order_of_members(document: dict[str, Any]) -> None:
    assert freeze(document) == freeze(_reversed(document))


@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_the_hash_does_not_depend_on_trailing_zeros(amount: Decimal) -> None:
    assert freeze({"amount": amount}) == freeze({"amount": Decimal(f"{amount:f}000")})


@given(document=documents)
def test_a_basis_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert basis_changes(freeze(document), freeze(_reversed(document))) == ()
