"""The simulation of business cases beside its own random words, a matrix product and a plain loop."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import thread_time
from uuid import UUID

import numpy as np
from numpy.random import Philox
from rich.table import Table

from bench.written_cases import drawn_case, written_case
from gevinst_benefits.domain.case.discounting import discount_factors, find_regime
from gevinst_benefits.domain.simulation.simulation import CHUNK, UncertainLine, net_present_values
from gevinst_benefits.domain.simulation.simulation_estimates import Floats, pert, standard_pert
from gevinst_benefits.domain.simulation.simulation_moments import (
    cumulants,
    percentiles,
    probabilities_above_zero,
)
from gevinst_benefits.domain.simulation.simulation_runs import simulate

SEED = 20_260_101
SHARES = (0.6, 0.3, 0.1)
RAMP = (0.3, 0.7)
# Draws that the plain loop is timed on; its time is scaled from there.
LOOPED = 100
# At most this many times the raw cost, at least this many times as fast as the loop and as the simulation.
MOST_OF_RAW, LEAST_OF_LOOP, LEAST_OF_SIMULATION = 2.0, 500.0, 50.0
AT_A_TIME = 20
# What it costs at least: a random number for each line and draw, and the product. The simulation's own words
# are half as many: two draws are in each.
ONE_STREAM, PRODUCT = "a word for each line and draw, of one stream", "matrix product alone"
OWN_WORDS = "the words that it draws, alone"
# The same through assumptions and formulas, as the API draws a case.
OF_FORMULAS = "the same as assumptions and formulas"
Told = Callable[[str], None]
Cases = list[list[UncertainLine]]


@dataclass(frozen=True, slots=True)
class SimulationFigure:
    """One way to do the work: processor seconds (median of the rounds), and a ratio with its goal."""

    case: str
    way: str
    seconds: float
    ratio: float | None = None
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Sized:
    """Cases of one size, with the yearly amounts of each line for the ways that know no shortcut."""

    name: str
    cases: Cases
    years: int
    draws: int

    @property
    def words(self) -> int:
        """One random word for each line and draw."""
        return sum(len(case) for case in self.cases) * self.draws


def measure_simulation(*, is_quick: bool, tell: Told) -> list[SimulationFigure]:
    """Both sizes; within a round every way has its turn, so that all see the same machine."""
    standard_pert()
    rounds = 3 if is_quick else 9
    sizes = [
        sized("1 case x 60 lines x 40 years x 100,000 draws", (1, 60, 40, 100_000)),
        sized("1,000 cases x 20 lines x 20 years x 10,000 draws", (1_000, 20, 20, 10_000)),
    ]
    return [figure for size in sizes for figure in _measure(size, rounds, tell)]


def sized(name: str, size: tuple[int, int, int, int]) -> Sized:
    """Lines with PERT amounts that start up to two years late, discounted by the Norwegian rates."""
    cases, lines, years, draws = size
    dice = random.Random(SEED)
    factors = [float(factor) for factor in discount_factors(find_regime("no-r109-2021"), years)]
    made = [
        [_line(number * lines + n, years, factors, dice) for n in range(lines)] for number in range(cases)
    ]
    return Sized(name, made, years, draws)


def _line(number: int, years: int, factors: list[float], dice: random.Random) -> UncertainLine:
    amount = dice.uniform(1, 20) * dice.choice((-1, 1))
    first = dice.randrange(years // 2)
    flows = tuple(_flows(amount, first + delay, years) for delay in range(len(SHARES)))
    return UncertainLine(
        id=UUID(int=number),
        factor=pert(dice.uniform(0.6, 0.95), 1, dice.uniform(1.1, 2)),
        values=tuple(sum(f * d for f, d in zip(row, factors, strict=True)) for row in flows),
        shares=SHARES,
        flows=flows,
    )


def _flows(amount: float, first: int, years: int) -> tuple[float, ...]:
    running = [*(amount * share for share in RAMP), *[amount] * years]
    return tuple([*[0.0] * first, *running][:years])


def _measure(size: Sized, rounds: int, tell: Told) -> list[SimulationFigure]:
    factors = np.ones((size.draws, len(size.cases[0])))
    ways: dict[str, Callable[[Cases], object]] = {
        OWN_WORDS: lambda cases: _own_words(cases, size.draws),
        ONE_STREAM: lambda cases: _one_stream(cases, size.draws),
        "simulation": lambda cases: _simulated(cases, size.draws),
    }
    if len(size.cases) == 1:
        written = written_case(size.cases[0])
        ways[OF_FORMULAS] = lambda _: drawn_case(written, size.years, seed=SEED, draws=size.draws)
        ways["simulation with percentiles"] = lambda cases: simulate(cases[0], seed=SEED, draws=size.draws)
    ways[PRODUCT] = lambda cases: _product(cases, factors)
    times: dict[str, list[float]] = {way: [0.0] * rounds for way in ways}
    closed = []
    for number in range(rounds):
        tell(f"{size.name}, round {number + 1} of {rounds}")
        # A few cases at a time, each way in its turn: a neighbour's load falls on all of them alike.
        for start in range(0, len(size.cases), AT_A_TIME):
            for way, run in ways.items():
                times[way][number] += _seconds(run, size.cases[start : start + AT_A_TIME])
        closed.append(_seconds(_closed, size.cases))
    if len(size.cases) > 1:
        times["closed form, P10 to P90 and P > 0"] = closed
    tell(f"{size.name}: plain loop")
    loop = _seconds(lambda _: _loop(size), []) * size.words / (LOOPED * len(size.cases[0]))
    return _figures(size, times, loop)


def _figures(size: Sized, times: dict[str, list[float]], loop: float) -> list[SimulationFigure]:
    simulation = times["simulation"]
    raw = [words + product for words, product in zip(times[ONE_STREAM], times[PRODUCT], strict=True)]
    found = []
    for way, seconds in times.items():
        ratio, goal = None, ""
        if way.startswith("simulation"):
            ratio, goal = _ratio(seconds, raw), f"<= {MOST_OF_RAW:g} x one stream and the product"
        elif way in {ONE_STREAM, OWN_WORDS}:
            ratio, goal = _ratio(simulation, seconds), "so many times this is the simulation"
        elif way == OF_FORMULAS:
            ratio, goal = _ratio(seconds, raw), "so many times one stream and the product"
        elif way.startswith("closed"):
            ratio, goal = _ratio(simulation, seconds), f">= {LEAST_OF_SIMULATION:g} x as fast as simulation"
        found.append(SimulationFigure(size.name, way, median(seconds), ratio, goal))
    ratio = loop / median(simulation)
    slow = "plain loop, scaled"
    found.append(SimulationFigure(size.name, slow, loop, ratio, f">= {LEAST_OF_LOOP:g} x simulation"))
    return found


def _ratio(above: list[float], below: list[float]) -> float:
    """The median over the rounds of the ratio within a round."""
    return median(a / b for a, b in zip(above, below, strict=True))


def _seconds(run: Callable[[Cases], object], cases: Cases) -> float:
    started = thread_time()
    run(cases)
    return thread_time() - started


def _own_words(cases: Cases, draws: int) -> None:
    """The words of the simulation: a generator of numpy's own for each line, in pieces as long as ours."""
    for case in cases:
        for line in case:
            stream = Philox(key=line.id.int)
            for start in range(0, draws, CHUNK):
                stream.random_raw(min(CHUNK, draws - start) // 2)


def _one_stream(cases: Cases, draws: int) -> None:
    """A 64-bit word for each line and draw of a single generator."""
    stream, words = Philox(key=SEED), draws * sum(len(case) for case in cases)
    for _ in range(words // CHUNK):
        stream.random_raw(CHUNK)
    stream.random_raw(words % CHUNK)


def _product(cases: Cases, factors: Floats) -> None:
    """Factors times present values, as if both were there: what is left when drawing costs nothing."""
    for case in cases:
        factors @ np.array([line.values[0] for line in case])


def _simulated(cases: Cases, draws: int) -> None:
    for case in cases:
        net_present_values(case, seed=SEED, draws=draws)


def _closed(cases: Cases) -> None:
    found = cumulants(cases)
    for share in (0.1, 0.5, 0.9):
        percentiles(found, share)
    probabilities_above_zero(found)


def _loop(size: Sized) -> list[float]:
    """The same model as it is first written: a draw at a time, a line at a time, a year at a time."""
    dice = random.Random(SEED)
    factors = [float(factor) for factor in discount_factors(find_regime("no-r109-2021"), size.years)]
    found = []
    for _ in range(LOOPED):
        total = 0.0
        for line in size.cases[0]:
            low, likely, high = line.factor.low, line.factor.likely, line.factor.high
            mode = 4 * (likely - low) / (high - low)
            factor = low + (high - low) * dice.betavariate(1 + mode, 5 - mode)
            (flows,) = dice.choices(line.flows, line.shares)
            for year in range(size.years):
                total += factor * flows[year] * factors[year]
        found.append(total)
    return found


def simulation_table(figures: list[SimulationFigure]) -> Table:
    table = Table(title="The simulation of business cases (processor time): figures of one run")
    for column in ("case", "way", "ms", "ratio", "goal"):
        table.add_column(column, justify="right" if column in {"ms", "ratio"} else "left")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:,.2f}"
        table.add_row(figure.case, figure.way, f"{1_000 * figure.seconds:,.1f}", ratio, figure.goal)
    return table
