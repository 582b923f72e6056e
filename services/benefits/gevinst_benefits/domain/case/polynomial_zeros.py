"""How many positive zeros a polynomial has, counted exactly in whole numbers by halving intervals."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

# Halvings after which two zeros, or a double one, are given up as too near to each other.
_MOST_HALVINGS = 24
# Enough to know that there is not exactly one.
_SEVERAL = 2


def count_positive_zeros(coefficients: Sequence[int]) -> int | None:
    """0, 1, or 2 for two or more; nothing when zeros lie too near to each other to be told apart.

    `coefficients[k]` belongs to the power `k`; the first and the last are not zero.

    Source: Descartes' rule of signs on halved intervals (Vincent; Collins and Akritas, 1976).
    Check: -6 + 11 x - 6 x**2 + x**3 has three, 1 - 2 x + 2 x**2 none, -1 + x**2 one.
    """
    at_one = int(not sum(coefficients))
    below = _count_in_unit(_without_zero_at_one(coefficients), _MOST_HALVINGS)
    if below is None:
        return None
    above = _count_in_unit(_without_zero_at_one(coefficients[::-1]), _MOST_HALVINGS)
    return None if above is None else min(at_one + below + above, _SEVERAL)


def _count_in_unit(coefficients: Sequence[int], halvings: int) -> int | None:
    """The zeros above 0 and below 1; neither of the two is one."""
    changes = _sign_changes(_shifted(coefficients[::-1]))
    if changes <= 1:
        return changes
    if not halvings:
        return None
    degree = len(coefficients) - 1
    left = [factor << (degree - power) for power, factor in enumerate(coefficients)]
    right = _shifted(left)
    in_middle = int(not right[0])
    left = list(_without_zero_at_one(left))
    while not right[0]:
        right = right[1:]
    first = _count_in_unit(left, halvings - 1)
    if first is None or first + in_middle >= _SEVERAL:
        return first if first is None else _SEVERAL
    second = _count_in_unit(right, halvings - 1)
    return None if second is None else min(first + in_middle + second, _SEVERAL)


def _without_zero_at_one(coefficients: Sequence[int]) -> Sequence[int]:
    """Divided by `1 - x` as often as that goes: the sums of the coefficients so far."""
    while not sum(coefficients):
        coefficients = list(accumulate(coefficients))[:-1]
    return coefficients


def _shifted(coefficients: Sequence[int]) -> list[int]:
    """The coefficients of the polynomial in `x - 1`: the zeros move one to the left."""
    rows = list(reversed(coefficients))
    found = []
    for length in range(len(rows), 0, -1):
        rows = list(accumulate(rows[:length]))
        found.append(rows[-1])
    return found


def _sign_changes(coefficients: Sequence[int]) -> int:
    known = [factor > 0 for factor in coefficients if factor]
    return sum(a != b for a, b in pairwise(known))
