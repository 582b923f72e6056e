"""C5: zeros are counted exactly, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.polynomial_zeros import count_positive_zeros


def product(*polynomials: list[int]) -> list[int]:
    found = [1]
    for other in polynomials:
        longer = [0] * (len(found) + len(other) - 1)
        for a, left in enumerate(found):
            for b, right in enumerate(other):
                longer[a + b] += left * right
        found = longer
    return found


@pytest.mark.parametrize(
    ("coefficients", "count"),
    [
        ([5], 0),
        ([-6, 11, -6, 1], 2),  # 1, 2 and 3
        ([1, -2, 2], 0),
        ([-1, 0, 1], 1),
        ([1, -2, 1], 1),  # 1 twice
        ([1, -4, 4], 1),  # a half twice
        ([-1, 0, 0, 0, 0, 7], 1),
        ([100, -220, 121], None),  # 10 / 11 twice: no halving ever parts them
    ],
)
def test_positive_zeros_are_counted_up_to_two(coefficients: list[int], count: int | None) -> None:
    assert count_positive_zeros(coefficients) == count


@given(
    zeros=st.sets(st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda z: z[0] / z[1]), max_size=5),
    others=st.lists(st.tuples(st.integers(1, 9), st.integers(-5, 5)), max_size=5),
)
def test_zeros_that_are_put_in_are_found_again(zeros: set[float], others: list[tuple[int, int]]) -> None:
    """Times squares plus something positive, which have no zeros of their own."""
    lines = [[-round(zero * 10**6), 10**6] for zero in zeros]
    squares = [[a * a + b * b, 2 * a * b, b * b + 1] for a, b in others]

    assert count_positive_zeros(product(*lines, *squares)) == min(len(zeros), 2)
