"""The edge to HiGHS: linear and mixed-integer maximisation over column-wise arrays.

The only file that imports highspy. One thread and a fixed seed: the same model gives the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
INFINITY = float(highspy.kHighsInf)
# The aggregator of the presolve (HiGHS 1.15) takes some feasible models of ours for infeasible.
_RULES_OFF = 1 << 12
# A model without columns has the solution without columns.
_SOLVED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty)
# Our models are bounded, so that the second says the same.
_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)

# How often HiGHS asks whether to go on depends on the model alone, so that this measure of work is the same
# on every machine.
ITERATIONS_PER_POLL = 12


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Maximise `gain · x` with `row_lower <= A x <= row_upper` and `lower <= x <= upper`.

    A is column-wise: column c has the entries `begin[c]` … `begin[c + 1] - 1` of `rows` and `amounts`.
    """

    gain: Floats
    lower: Floats
    upper: Floats
    is_whole: Flags
    row_lower: Floats
    row_upper: Floats
    begin: Ints
    rows: Ints
    amounts: Floats


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """The optimum of the linear relaxation.

    `prices` and `reduced` are gains per unit of a row or column; prices are >= 0 for `<=`.
    """

    value: float
    x: Floats
    prices: Floats
    reduced: Floats


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """The end of a mixed-integer search: `x` is `None` when no solution was found."""

    x: Floats | None
    bound: float
    is_proved: bool
    is_infeasible: bool
    iterations: int

    @property
    def is_ended(self) -> bool:
        """The search looked everywhere."""
        return self.is_proved or self.is_infeasible


class LinearSolver:
    """The linear relaxation of one model, re-solved from its last basis after a change of bounds."""

    def __init__(self, model: LinearModel, seed: int) -> None:
        self._highs = _loaded(model, seed, whole=False)
        self.iterations = 0
        self.is_infeasible = False

    def change_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        self._highs.changeColsBounds(len(columns), columns, lower, upper)

    def solve(self, *, seconds: float) -> LinearAnswer | None:
        """The optimum, or `None` when there is no solution or the time is up."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + min(seconds, 1e9))
        self._highs.run()
        info = self._highs.getInfo()
        self.iterations += max(0, int(info.simplex_iteration_count))
        status = self._highs.getModelStatus()
        self.is_infeasible = status in _INFEASIBLE
        if status not in _SOLVED:
            return None
        found = self._highs.getSolution()
        return LinearAnswer(
            value=-float(info.objective_function_value),
            x=np.array(found.col_value),
            prices=-np.array(found.row_dual),
            reduced=-np.array(found.col_dual),
        )


@dataclass(frozen=True, slots=True)
class WholeLimits:
    """Where a mixed-integer search ends; `gap` is absolute.

    Solutions worth less than `least` are not looked for: without a better one the answer is infeasible.
    `is_over(iterations)` is asked on the way (an estimate: HiGHS tells the number at the end), where
    `lowered(bound)` is told too, and `found(x)` hears of every better solution. `is_quick` saves what small
    models do not pay back; `has_heuristics` looks for solutions beside the tree also where one is known.
    """

    nodes: int
    seconds: float
    gap: float
    least: float | None = None
    is_over: Callable[[int], bool] | None = None
    lowered: Callable[[float], object] | None = None
    found: Callable[[Floats], object] | None = None
    is_quick: bool = False
    has_heuristics: bool = False
    has_presolve: bool = True


def solve_whole(
    model: LinearModel, limits: WholeLimits, *, seed: int, start: Floats | None = None
) -> WholeAnswer:
    """Branch and cut, from the solution `start` when there is one."""
    highs = _loaded(model, seed, whole=True)
    highs.setOptionValue("presolve_rule_off", _RULES_OFF)
    highs.setOptionValue("mip_max_nodes", limits.nodes)
    highs.setOptionValue("time_limit", min(limits.seconds, 1e9))
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", limits.gap)
    if limits.least is not None:
        highs.setOptionValue("objective_bound", -limits.least)
        if not limits.has_heuristics:
            highs.setOptionValue("mip_heuristic_effort", 0.0)
        highs.setOptionValue("mip_heuristic_run_feasibility_jump", "off")
    if limits.is_quick:
        highs.setOptionValue("mip_allow_restart", "off")
        highs.setOptionValue("mip_pscost_minreliable", 4)
        highs.setOptionValue("mip_detect_symmetry", "off")
    if not limits.has_presolve:
        highs.setOptionValue("presolve", "off")
    if start is not None:
        # The whole columns alone: HiGHS finds the continuous ones that belong to them.
        whole = np.flatnonzero(model.is_whole).astype(np.int32)
        highs.setSolution(len(whole), whole, start[whole])
    _listen(highs, limits)
    highs.run()
    info, status = highs.getInfo(), highs.getModelStatus()
    if status == highspy.HighsModelStatus.kModelEmpty:
        return WholeAnswer(np.zeros(0), 0.0, is_proved=True, is_infeasible=False, iterations=0)
    is_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return WholeAnswer(
        x=np.array(highs.getSolution().col_value) if is_solution else None,
        bound=_bound(-float(info.mip_dual_bound), limits.least),
        is_proved=status in _SOLVED,
        is_infeasible=status in _INFEASIBLE,
        iterations=max(0, int(info.simplex_iteration_count)),
    )


def _bound(bound: float, least: float | None) -> float:
    """What was left out because it is worth less than `least` counts in the bound."""
    return bound if least is None else max(bound, least)


def _listen(highs: Any, limits: WholeLimits) -> None:  # noqa: ANN401 - highspy has no types
    polls = 0

    def interrupt(event: Any) -> None:  # noqa: ANN401
        nonlocal polls
        polls += 1
        if limits.lowered is not None:
            limits.lowered(_bound(-float(event.data_out.mip_dual_bound), limits.least))
        if limits.is_over is not None and limits.is_over(polls * ITERATIONS_PER_POLL):
            event.data_in.user_interrupt = True

    def improve(event: Any) -> None:  # noqa: ANN401
        if limits.found is not None:
            limits.found(np.array(event.data_out.mip_solution))

    if limits.is_over is not None:
        highs.cbMipInterrupt += interrupt
    if limits.found is not None:
        highs.cbMipImprovingSolution += improve


def _loaded(model: LinearModel, seed: int, *, whole: bool) -> Any:  # noqa: ANN401
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", seed)):
        highs.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.gain), len(model.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model.gain, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.begin, model.rows, model.amounts
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(is_whole)] for is_whole in model.is_whole]
    highs.passModel(lp)
    return highs
