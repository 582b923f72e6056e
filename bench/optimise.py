"""The optimiser beside plain calls of HiGHS, CBC and CP-SAT on the same model, and beside plain ranking."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from bench.optimise_cases import Case
from bench.optimise_others import SOLVERS
from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.model import build_model
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

# The usual municipality: there a what-if and a frontier are measured too.
USUAL = "100 x 12 x 5"
# Seconds that a process may take beyond what it was given, to read and to end.
SLACK = 60.0
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plain:
    """What a plain call of another solver, or plain ranking, came to; `behind` is against our value."""

    value: float | None
    gap: float | None
    behind: float | None


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """One case: our own figures as `bench.optimise_one` measured them, and the others' in the same time."""

    name: str
    own: dict[str, Any]
    others: dict[str, Plain]
    best_known: float | None

    @property
    def short_of_best(self) -> float | None:
        """The share by which our value falls short of the best known one."""
        if self.best_known is None or self.own["value"] is None:
            return None
        return 1 - float(self.own["value"]) / self.best_known


async def measure_optimiser(cases: list[Case], *, seconds: float, tell: Told) -> list[CaseFigure]:
    """One case after the other, each solver alone on the machine and for the same time."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="gevinst-bench-") as folder:
        for number, case in enumerate(cases, start=1):

            def told(what: str, at: str = f"{case.name} ({number} of {len(cases)})") -> None:
                tell(f"{at}: {what}")

            figures.append(await _measure(case, Path(folder), seconds, told))
    return figures


async def _measure(case: Case, folder: Path, seconds: float, tell: Told) -> CaseFigure:
    file, arrays = folder / "case.json", folder / "case.npz"
    file.write_text(json.dumps(case.document), encoding="utf-8")
    save_arrays(file, arrays)
    extra = ("--what-if", "--frontier") if case.name == USUAL else ()
    own = await _run(("bench.optimise_one", str(file), str(seconds), *extra), seconds * 3 + SLACK * 2, tell)
    own = own["measured"]
    others = {"ranking": _plain(own["greedy"], None, own["value"])}
    for name in SOLVERS:
        tell(f"plain {name}")
        answer = await _run(
            ("bench.optimise_others", name, str(arrays), str(seconds)), seconds * 2 + SLACK, lambda _: None
        )
        others[name] = _plain(answer.get("value"), answer.get("bound"), own["value"])
    return CaseFigure(case.name, own, others, case.best_known)


async def _run(arguments: tuple[str, ...], longest: float, tell: Told) -> dict[str, Any]:
    """The last line of a process, as JSON; empty when it failed or took far too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    last: dict[str, Any] = {}
    try:
        async with asyncio.timeout(longest):
            assert process.stdout is not None
            async for line in process.stdout:
                if line.startswith(b"{"):
                    last = json.loads(line)
                    tell(_live(last))
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    return last


def save_arrays(file: Path, arrays: Path) -> None:
    """The model of a problem file as arrays for the other solvers."""
    problem = problem_from_text(file.read_text(encoding="utf-8"))
    model = build_model(problem, narrow_windows(problem))
    linear = model.linear
    np.savez(
        arrays,
        gain=linear.gain,
        lower=linear.lower,
        upper=linear.upper,
        is_whole=linear.is_whole,
        row_lower=linear.row_lower,
        row_upper=linear.row_upper,
        begin=linear.begin,
        rows=linear.rows,
        amounts=linear.amounts,
        row_scale=model.row_scale,
        value_unit=model.value_unit,
    )


def tables(figures: list[CaseFigure], seconds: float) -> list[Table]:
    """Time to the proven gaps; and the values beside those of the others."""
    speed = Table(title=f"The optimiser, {seconds:g} s each: seconds to a proven gap")
    for column in (
        "case",
        "build",
        "MB",
        "first plan",
        "3 %",
        "1 %",
        "0.1 %",
        "value",
        "gap",
        "to best known",
    ):
        speed.add_column(column, justify="left" if column == "case" else "right")
    beside = Table(title="Behind our value in the same time (and proven gap)")
    for column in ("case", "value", *SOLVERS, "ranking"):
        beside.add_column(column, justify="left" if column == "case" else "right")
    for figure in figures:
        own = figure.own
        speed.add_row(
            figure.name,
            f"{own['build_seconds']:.2f}",
            f"{own['memory_mb']:.0f}",
            _seconds(own["first_plan_seconds"]),
            *(_seconds(at) for at in own["to_gap"]),
            _number(own["value"]),
            _share(own["gap"]),
            _share(figure.short_of_best),
        )
        plain = [figure.others[name] for name in (*SOLVERS, "ranking")]
        beside.add_row(
            figure.name,
            _number(own["value"]),
            *(_share(p.behind) + ("" if p.gap is None else f" ({_share(p.gap)})") for p in plain),
        )
    return [speed, beside, *_usual(figures)]


def _usual(figures: list[CaseFigure]) -> list[Table]:
    own = next((figure.own for figure in figures if figure.name == USUAL), None)
    if own is None:
        return []
    table = Table(title=f"{USUAL}: a what-if, and the frontier of 20 points")
    for column in ("what-if gap after 2 s", "frontier seconds", "frontier worst gap"):
        table.add_column(column, justify="right")
    worst = _share(own["frontier_worst_gap"])
    table.add_row(_share(own["what_if_gap"]), _seconds(own["frontier_seconds"]), worst)
    return [table]


def _plain(value: float | None, bound: float | None, ours: float | None) -> Plain:
    gap = None if value is None or not bound else max(0.0, (bound - value) / abs(bound))
    behind = None if value is None or not ours else 1 - value / ours
    return Plain(value, gap, behind)


def _live(line: dict[str, Any]) -> str:
    value, gap = line.get("value"), line.get("gap")
    return "" if value is None else f"value {_number(value)}, gap {_share(gap)}"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:,.0f}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"
