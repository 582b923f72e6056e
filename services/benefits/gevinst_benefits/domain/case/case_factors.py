"""C5: what several assumptions of a case hang on, such as wage growth or how fast people take a service up.

A factor is known by its code in the whole organisation: where cases are simulated together, those that name
the same factor rise and fall together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_benefits.domain.case.assumptions import Assumption, Loading
from gevinst_benefits.domain.simulation.simulation_factors import MOST_FACTORS, OddLoadings
from gevinst_shared.values.refusal import Refusal


class FactorTwice(Refusal):
    code = "factor-twice"
    title = "Two factors have the same code"
    detail = "{factor} is listed more than once. Give every factor a code of its own."


class UnknownFactor(Refusal):
    code = "factor-not-known"
    title = "The case has no such factor"
    detail = "{name} hangs on {factor}, which is not a factor of this case. It has: {known}."


class LoadingOutsideRange(Refusal):
    code = "loading-outside-range"
    title = "The loading is no correlation"
    detail = "{name}: a loading is from -1 to 1, and {loading} is not."


class FactorWithoutRange(Refusal):
    code = "factor-without-range"
    title = "What is certain hangs on nothing"
    detail = "{name} has no range, so no factor can move it. Give it a range, or take the factor away."


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that several assumptions hang on, here and in other cases, known by its code."""

    code: str
    name: str
    note: str | None = None


def refuse_odd_factors(factors: Sequence[Factor], assumptions: Sequence[Assumption]) -> None:
    """Raises `FactorTwice`, and for assumptions what `refuse_odd_loadings` does, with pointers."""
    codes = [one.code for one in factors]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise FactorTwice(factor=code, pointer=f"/body/factors/{place}/code")
    for place, one in enumerate(assumptions):
        if one.loadings:
            refuse_odd_loadings(one, codes, f"/body/assumptions/{place}/loadings")


def refuse_odd_loadings(one: Assumption, codes: Sequence[str], pointer: str) -> None:
    """Raises `UnknownFactor`, `LoadingOutsideRange`, `OddLoadings` and `FactorWithoutRange`."""
    for place, hangs in enumerate(one.loadings):
        if hangs.factor not in codes:
            known = ", ".join(codes) or "none"
            stands = f"{pointer}/{place}/factor"
            raise UnknownFactor(name=one.name, factor=hangs.factor, known=known, pointer=stands)
        if not -1 <= hangs.loading <= 1:
            stands = f"{pointer}/{place}/loading"
            raise LoadingOutsideRange(name=one.name, loading=hangs.loading, pointer=stands)
    named = {hangs.factor for hangs in one.loadings}
    explained = sum((hangs.loading**2 for hangs in one.loadings), Decimal(0))
    if explained > 1 or not len(named) == len(one.loadings) <= MOST_FACTORS:
        raise OddLoadings(subject=one.name, most=MOST_FACTORS, pointer=pointer)
    if one.spread is None:
        raise FactorWithoutRange(name=one.name, pointer=pointer)


def hanging_on(factor: str, assumptions: Sequence[Assumption]) -> Mapping[str, Loading]:
    """The assumptions that a change of the factor moves, by name."""
    return {
        one.name: hangs
        for one in assumptions
        for hangs in one.loadings
        if hangs.factor == factor and hangs.loading
    }
