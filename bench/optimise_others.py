"""`python -m bench.optimise_others SOLVER ARRAYS SECONDS`: a plain call of another solver, same model.

SOLVER is `highs`, `cbc` or `cp-sat`; ARRAYS is an .npz file that `save_arrays` wrote. Writes one JSON object
with value and bound. A process of its own, because the libraries of HiGHS and OR-Tools carry the same names.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

# This build of CBC has one thread; the others get both cores.
SOLVERS = ("highs", "cbc", "cp-sat")
CORES = 2
Arrays = dict[str, Any]
# Amounts are made whole for CP-SAT by this factor; its variables end here.
DECIMALS = 1000
FAR = 10**12


def plain_highs(model: Arrays, seconds: float) -> tuple[float | None, float | None]:
    import highspy  # noqa: PLC0415 - never beside OR-Tools

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    highs.setOptionValue("output_flag", "off")
    highs.setOptionValue("time_limit", seconds)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model["gain"]), len(model["row_lower"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model["gain"], model["lower"], model["upper"]
    lp.row_lower_, lp.row_upper_ = model["row_lower"], model["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model["begin"], model["rows"]
    lp.a_matrix_.value_ = model["amounts"]
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in model["is_whole"]]
    highs.passModel(lp)
    highs.run()
    info = highs.getInfo()
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return (-info.objective_function_value if has_plan else None), -info.mip_dual_bound


def plain_cbc(model: Arrays, seconds: float) -> tuple[float | None, float | None]:
    from ortools.linear_solver import pywraplp  # noqa: PLC0415 - never beside HiGHS

    solver: Any = pywraplp.Solver.CreateSolver("CBC")
    solver.SetTimeLimit(round(seconds * 1000))
    columns = [
        solver.Var(lower, upper, bool(whole), "")
        for lower, upper, whole in zip(
            model["lower"].tolist(), model["upper"].tolist(), model["is_whole"], strict=True
        )
    ]
    for row, (places, amounts) in enumerate(_by_row(model)):
        constraint = solver.Constraint(float(model["row_lower"][row]), float(model["row_upper"][row]))
        for column, amount in zip(places.tolist(), amounts.tolist(), strict=True):
            constraint.SetCoefficient(columns[column], amount)
    objective = solver.Objective()
    for column, gain in zip(columns, model["gain"].tolist(), strict=True):
        objective.SetCoefficient(column, gain)
    objective.SetMaximization()
    status = solver.Solve()
    has_plan = status in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}
    return (objective.Value(), objective.BestBound()) if has_plan else (None, None)


def plain_cp_sat(model: Arrays, seconds: float) -> tuple[float | None, float | None]:
    from ortools.sat.python import cp_model  # noqa: PLC0415 - never beside HiGHS

    cp: Any = cp_model.CpModel()
    columns = [
        cp.new_int_var(_whole(lower), _whole(upper), "")
        for lower, upper in zip(model["lower"], model["upper"], strict=True)
    ]
    for row, (places, amounts) in enumerate(_by_row(model)):
        scale = DECIMALS / model["row_scale"][row]
        sum_ = cp_model.LinearExpr.weighted_sum(
            [columns[c] for c in places], [round(amount * scale) for amount in amounts.tolist()]
        )
        low, high = (_whole(model[side][row] * scale) for side in ("row_lower", "row_upper"))
        cp.add_linear_constraint(sum_, low, high)
    unit = float(model["value_unit"])
    gains = [round(gain * unit * DECIMALS) for gain in model["gain"].tolist()]
    cp.maximize(cp_model.LinearExpr.weighted_sum(columns, gains))
    solver: Any = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = CORES
    status = solver.solve(cp)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, None
    return solver.objective_value / DECIMALS / unit, solver.best_objective_bound / DECIMALS / unit


def _whole(amount: float) -> int:
    return round(max(-FAR, min(FAR, amount)))


def _by_row(model: Arrays) -> list[tuple[Any, Any]]:
    """The columns and amounts of every row."""
    columns = np.repeat(np.arange(len(model["gain"])), np.diff(model["begin"]))
    order = np.argsort(model["rows"], kind="stable")
    ends = np.searchsorted(model["rows"][order], np.arange(1, len(model["row_lower"])))
    return list(zip(np.split(columns[order], ends), np.split(model["amounts"][order], ends), strict=True))


def main() -> None:
    name, file, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    with np.load(file) as arrays:
        model = dict(arrays)
    solvers = dict(zip(SOLVERS, (plain_highs, plain_cbc, plain_cp_sat), strict=True))
    value, bound = solvers[name](model, seconds)
    unit = float(model["value_unit"])
    print(json.dumps({"value": None if value is None else value * unit, "bound": bound and bound * unit}))


if __name__ == "__main__":
    main()
