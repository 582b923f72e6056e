"""What the cases of several projects may come to together, on the wire (C5)."""

from pydantic import Field

from gevinst_benefits.domain.simulation.joint_simulations import MOST_CASES, LeftOut
from gevinst_benefits.schemas.case_assumptions import MOST_FACTORS
from gevinst_benefits.schemas.case_sensitivities import DrawnOut, ProbabilityOut
from gevinst_benefits.schemas.quantities import Figure
from gevinst_benefits.usecases.evaluating import LARGEST_SEED
from gevinst_shared.web.shapes import Code, Currency, Id, Name, Out, Year

MOST_DRAWS = 20_000
# More than any portfolio holds; cases that are drawn are fewer.
MOST_PROJECTS = 100_000


class JointCasesOut(Out):
    """The sum of the projects whose cases are in one currency and price year (C1)."""

    currency: Currency
    price_year: Year
    project_ids: list[Id] = Field(max_length=MOST_CASES)
    computed: int = Field(ge=1, le=MOST_DRAWS, description="The draws in which every case has a value.")
    mean: DrawnOut
    standard_deviation: Figure
    standard_deviation_if_independent: Figure = Field(
        description="What it would be if no two of the projects had a factor in common."
    )
    p10: DrawnOut
    p50: DrawnOut
    p90: DrawnOut
    probability_above_zero: ProbabilityOut


class SharedFactorOut(Out):
    """A factor, and the projects whose cases have something that hangs on it."""

    factor: Code
    name: Name
    project_ids: list[Id] = Field(max_length=MOST_CASES)


class LeftOutOut(Out):
    """A project that is in no sum, and why."""

    project_id: Id
    reason: LeftOut


class JointSimulationOut(Out):
    """What the newest cases of all projects may come to together.

    A factor of the same code is the same in all of them; everything else is each project's own. Amounts of
    different currencies or price years are never added up.
    """

    seed: int = Field(ge=0, le=LARGEST_SEED)
    draws: int = Field(ge=1, le=MOST_DRAWS)
    sums: list[JointCasesOut] = Field(max_length=MOST_CASES)
    factors: list[SharedFactorOut] = Field(
        max_length=MOST_CASES * MOST_FACTORS, description="Those that most projects share first."
    )
    left_out: list[LeftOutOut] = Field(max_length=MOST_PROJECTS)
