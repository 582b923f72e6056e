"""How likely two pieces of intake are the same (P1)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.likeness import LIKELY, Described, likely_duplicates, likeness, words_of

text = st.text(alphabet="abc æøå-1", max_size=20)


def described(number: int, name: str, need: str | None = None) -> Described:
    return Described(UUID(int=number), name, need)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Digital post to citizens", "Digital post for all citizens"),
        ("Elektronisk søknadsskjema barnehage", "Søknadsskjemaer for barnehager, elektronisk"),
        ("E-arkiv", "e-arkiv i skyen"),
    ],
)
def test_p1_other_endings_and_order_are_likely_the_same(one: str, other: str) -> None:
    assert likeness(described(1, one), described(2, other)).share >= LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Digital post to citizens", "New payroll system"),
        ("Digitalt prosjekt", "Digitalt system for parkering"),
    ],
)
def test_p1_words_that_say_nothing_make_nothing_alike(one: str, other: str) -> None:
    assert likeness(described(1, one), described(2, other)).share < LIKELY


def test_p1_the_same_need_under_another_name_counts() -> None:
    need = "Parents fill in five forms for a place in kindergarten."
    without = likeness(described(1, "One form"), described(2, "Kindergarten portal"))

    found = likeness(described(1, "One form", need), described(2, "Kindergarten portal", need))

    assert found.share > without.share + 0.25
    assert "kindergarten" in found.words


@given(text, text)
def test_likeness_is_mutual_and_between_nothing_and_all(one: str, other: str) -> None:
    there = likeness(described(1, one, other), described(2, other, one)).share
    back = likeness(described(2, other, one), described(1, one, other)).share

    assert there == back
    assert 0 <= there <= 1
    assert likeness(described(1, f"x{one}"), described(2, f"x{one}")).share == 1


@given(st.text(max_size=50))
def test_words_have_nothing_that_a_search_could_not_read(text: str) -> None:
    assert all(word.isalnum() and len(word) <= 60 for word in words_of(text))


def test_the_likeliest_comes_first_and_none_is_its_own_duplicate() -> None:
    one = described(1, "Electronic archive")
    others = [described(2, "Archive, electronic, in the cloud"), described(3, "Electronic archive"), one]

    assert [each.id.int for each in likely_duplicates(one, others, at_most=2)] == [3, 2]
