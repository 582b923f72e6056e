"""The measured lines written as a business case: an assumption with a range for each, and late starts."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption, Spread
from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_model import (
    MAIN,
    CaseModel,
    ModelLine,
    Pattern,
    Ramp,
    RampShape,
    Side,
    StartDelay,
)
from gevinst_benefits.domain.case.discounting import find_regime
from gevinst_benefits.domain.formulas.parsing import parse_formula, plain_formula
from gevinst_benefits.domain.formulas.units import parse_measure
from gevinst_benefits.domain.simulation.case_draws import net_present_values
from gevinst_benefits.domain.simulation.simulation import UncertainLine
from gevinst_benefits.domain.simulation.simulation_estimates import Floats

BASE_YEAR = 2026
UNIT = UUID(int=1)


def written_case(lines: Sequence[UncertainLine]) -> CaseModel:
    """Each line is an amount of its own, in a range, that runs from its first year on after a ramp."""
    return CaseModel(
        lines=tuple(_line(number, line) for number, line in enumerate(lines)),
        assumptions=tuple(_assumption(number, line) for number, line in enumerate(lines)),
    )


def drawn_case(model: CaseModel, years: int, *, seed: int, draws: int) -> Floats:
    frame = CaseFrame(BASE_YEAR, years, BASE_YEAR, "NOK", find_regime("no-r109-2021"))
    return net_present_values(model, frame, seed=seed, draws=draws)


def _amount(line: UncertainLine) -> Decimal:
    """What the line comes to in a whole year, in hundredths."""
    return Decimal(f"{1_000_000 * max(map(abs, line.flows[0])):.2f}")


def _assumption(number: int, line: UncertainLine) -> Assumption:
    low, high = (round(_amount(line) * Decimal(end), 2) for end in (line.factor.low, line.factor.high))
    value = plain_formula(_amount(line))
    return Assumption(f"a{number}", value, parse_measure("NOK"), Spread(low, high))


def _line(number: int, line: UncertainLine) -> ModelLine:
    flows = line.flows[0]
    first = next(year for year, flow in enumerate(flows) if flow)
    ramp = (Decimal(f"{flows[first] / flows[-1]:.6f}"),)
    return ModelLine(
        id=line.id,
        name=f"Line {number}",
        side=Side.BENEFIT if flows[first] > 0 else Side.COST,
        kind="operation",
        unit_id=UNIT,
        alternative=MAIN,
        pattern=Pattern.RECURRING,
        formulas=(parse_formula(f"a{number}"),),
        first_year=BASE_YEAR + first,
        price_year=BASE_YEAR,
        ramp=Ramp(RampShape.TABLE, len(ramp), ramp),
        delays=tuple(StartDelay(years, Decimal(str(share))) for years, share in enumerate(line.shares)),
    )
