"""Reading the multidimensional knapsacks of the OR-Library, so that public sets can be solved.

The text is numbers alone: how many problems, and then for each the number of projects n and of resources m,
the best known value (0 when unknown), n values, m rows of n needs, and m capacities.
Source: Beasley, "OR-Library: distributing test problems by electronic mail" (1990).
"""

from collections.abc import Iterator
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed

# What one number of the text may be at most, in characters.
LONGEST_NUMBER = 40


def is_knapsack_text(text: str) -> bool:
    """Whether the text begins with a number, which no JSON object does."""
    return text.lstrip()[:1].isdigit()


def knapsack(text: str, number: int = 1) -> Problem:
    """The problem of that number, counted from 1, as projects of one period.

    Raises `PlanMalformed` when the text ends early, has something that is no number, or has fewer problems.
    """
    numbers = _Numbers(text)
    count = numbers.whole("how many problems there are")
    if not 1 <= number <= count:
        raise PlanMalformed(member="--problem", found=number, wanted=f"from 1 to {count}")
    for _ in range(number - 1):
        numbers.skip_problem()
    return _problem(numbers, f"problem {number}")


def _problem(numbers: "_Numbers", name: str) -> Problem:
    projects, resources = numbers.whole("the number of projects"), numbers.whole("the number of resources")
    numbers.take(1)  # the best known value
    values = numbers.take(projects)
    needs = [numbers.take(projects) for _ in range(resources)]
    capacities = numbers.take(resources)
    return Problem(
        name=name,
        periods=1,
        projects=tuple(
            Project(
                id=f"x{j + 1}",
                name=f"x{j + 1}",
                duration=1,
                value_by_start=(values[j],),
                demand={f"r{i + 1}": (needs[i][j],) for i in range(resources) if needs[i][j]},
            )
            for j in range(projects)
        ),
        resources=tuple(
            Resource(f"r{i + 1}", f"r{i + 1}", "role", (capacity,)) for i, capacity in enumerate(capacities)
        ),
    )


class _Numbers:
    def __init__(self, text: str) -> None:
        self._words = text.split()
        self._at = 0

    def whole(self, wanted: str) -> int:
        (found,) = self.take(1)
        if found != int(found) or not 0 <= found <= len(self._words):
            raise PlanMalformed(member=f"Number {self._at}", found=found, wanted=wanted)
        return int(found)

    def take(self, count: int) -> tuple[Number, ...]:
        if self._at + count > len(self._words):
            raise PlanMalformed(
                member="The file",
                found=f"{len(self._words)} numbers long",
                wanted=f"at least {self._at + count}",
            )
        self._at += count
        return tuple(self._read(self._at - count, self._at))

    def skip_problem(self) -> None:
        projects, resources = self.whole("the number of projects"), self.whole("the number of resources")
        self.take(1)
        self._at += projects * (1 + resources) + resources

    def _read(self, begin: int, end: int) -> Iterator[Number]:
        for place in range(begin, end):
            word = self._words[place]
            try:
                exact = Fraction(word) if len(word) <= LONGEST_NUMBER and "e" not in word.lower() else None
            except ValueError:
                exact = None
            if exact is None:
                raise PlanMalformed(member=f"Number {place + 1}", found=word[:60], wanted="a number")
            yield exact.numerator if exact.denominator == 1 else exact
