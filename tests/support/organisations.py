"""Organisation numbers that pass the check; every test that wants a world of its own takes a new one."""

import itertools

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
OSLO = "0192:958935420"
BERGEN = "0192:964338531"


def _numbers() -> "itertools.chain[str]":
    return itertools.chain.from_iterable(_with_check(stem) for stem in range(81_000_000, 99_000_000))


def _with_check(stem: int) -> list[str]:
    digits = f"{stem:08}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    if rest == 10:
        return []
    return [f"0192:{digits}{rest % 11}"]


_fresh = _numbers()


def new_organisation() -> str:
    """A Norwegian organisation that no other test of this run has."""
    return next(_fresh)
