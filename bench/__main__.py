"""`python -m bench [--quick] [--only PART] [--data FOLDER] [--json FILE]`: figures, each against a limit or
against others, measured in the same run."""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.api import GOALS, Figure, measure_api, written
from bench.drawing_memory import PICTURES
from bench.measurements import BENEFITS, PER_BENEFIT, PlanFigure, measure_plan
from bench.notifications import NoticeFigure, measure_notices
from bench.notifications_live import STREAMS, LiveFigure, measure_live
from bench.optimise import CaseFigure, measure_optimiser, tables
from bench.optimise_cases import cases
from bench.overviews import GOAL, OverviewFigure, measure_overviews
from bench.pictures import EMBEDS, PictureFigures, measure_pictures, picture_goals, picture_tables
from bench.simulate import SimulationFigure, measure_simulation, simulation_table
from bench.static_file import with_a_file
from bench.sync import SyncFigure, measure_sync, sync_table
from gevinst_shared.cli.blueprint import Commands, service_command
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.ports import free_port

PARTS = ("api", "plan", "overviews", "notifications", "pictures", "optimiser", "simulation", "sync")
console = Console()


@asynccontextmanager
async def bench_house(
    command: Commands = service_command,
) -> AsyncIterator[tuple[House, Callable[[str], None]]]:
    """The whole house in a temporary home, with no limit that a measurement can reach; and a line to tell
    what is being measured."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="gevinst-bench-") as home:
        settings = HouseSettings(Path(home), port, url, url, rate_limit=60_000)
        with console.status("Starting the house …") as status:
            async with running_house(settings, command=command) as house:
                yield house, status.update


async def run(*, rounds: int, seconds: float) -> list[Figure]:
    """Start the whole house in a temporary home and measure it."""
    async with bench_house() as (house, report):
        return await measure_api(
            house, rounds=rounds, seconds=seconds, report=lambda what: report(f"Measuring {what} …")
        )


def show(figures: list[Figure]) -> None:
    table = Table(title="The API as a share of the limit (bare asyncpg and ASGI, same database, same run)")
    for column in ("operation", "connections", "way", "per second", "ratio", "goal", "p50 ms", "p99 ms"):
        table.add_column(column, justify="left" if column in {"operation", "way"} else "right")
    for figure in figures:
        goal = f"{GOALS[figure.operation]:.2f}" if figure.way == "direct" else ""
        table.add_row(
            figure.operation,
            str(figure.connections),
            figure.way,
            f"{figure.per_second:,.0f}",
            f"{figure.ratio:.2f}",
            goal,
            f"{figure.p50_ms:.1f}",
            f"{figure.p99_ms:.1f}",
        )
    console.print(table)


def run_optimiser(folder: Path | None, *, is_quick: bool, seconds: float) -> list[CaseFigure]:
    """Measure the optimiser on made-up problems, and on those of the folder."""
    with console.status("Making up portfolios …") as status:
        figures = asyncio.run(
            measure_optimiser(
                cases(folder, is_quick=is_quick),
                seconds=seconds,
                tell=lambda what: status.update(f"Optimising {what}"),
            )
        )
    for table in tables(figures, seconds):
        console.print(table)
    return figures


def run_simulation(*, is_quick: bool) -> list[SimulationFigure]:
    """Measure the drawing of business cases, and their closed forms."""
    with console.status("Making up cases …") as status:
        figures = measure_simulation(is_quick=is_quick, tell=lambda what: status.update(f"Drawing {what}"))
    console.print(simulation_table(figures))
    return figures


def run_sync(*, is_quick: bool) -> list[SyncFigure]:
    """Measure the exchange between bodies in a database of its own."""
    with console.status("Starting a database …") as status:
        figures = asyncio.run(measure_sync(is_quick=is_quick, tell=status.update))
    console.print(sync_table(figures))
    return figures


async def run_plan(*, rounds: int, seconds: float) -> list[PlanFigure]:
    """Start the whole house in a temporary home and read a benefit plan."""
    async with bench_house() as (house, report):
        return await measure_plan(house, rounds=rounds, seconds=seconds, report=report)


def show_plan(figures: list[PlanFigure]) -> None:
    table = Table(title=f"Reading a plan of {BENEFITS} benefits and {BENEFITS * PER_BENEFIT:,} measurements")
    for column in ("page of 100", "per second", "of the bare statement", "p50 ms", "p99 ms"):
        table.add_column(column, justify="left" if column == "page of 100" else "right")
    for one in figures:
        figures_shown = (
            f"{one.per_second:,.0f}",
            f"{one.ratio:.2f}",
            f"{one.p50_ms:.1f}",
            f"{one.p99_ms:.1f}",
        )
        table.add_row(one.operation, *figures_shown)
    console.print(table)


async def run_notices(*, is_quick: bool) -> tuple[list[NoticeFigure], list[LiveFigure]]:
    """Measure the notifications: rows and deliveries by themselves, streams in the whole house."""
    size = {"people": 500, "duties": 5_000} if is_quick else {}
    with console.status("Making up an organisation …") as status:
        rows = await measure_notices(**size, report=status.update)
    seconds, streams = (2.0, 50) if is_quick else (20.0, STREAMS)
    async with bench_house() as (house, report):
        return rows, await measure_live(house, seconds=seconds, streams=streams, report=report)


def show_notices(rows: list[NoticeFigure], live: list[LiveFigure]) -> None:
    table = Table(title="Notifications: seconds, and as a multiple of the bare cost in the same run")
    for column in ("what", "count", "seconds", "per second", "of the bare cost"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for row in rows:
        each = f"{row.count / row.seconds:,.0f}" if row.count else ""
        ratio = "" if row.ratio is None else f"{row.ratio:.1f} ×"
        table.add_row(row.what, f"{row.count:,}", f"{row.seconds:.3f}", each, ratio)
    console.print(table)
    table = Table(title="Notifications: from the fact to the open inbox")
    for column in ("what", "count", "p50 ms", "p99 ms", "kB per stream", "cores while idle"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for one in live:
        cost = (
            ("", "") if one.kilobytes_each is None else (f"{one.kilobytes_each:.0f}", f"{one.idle_cores:.2f}")
        )
        table.add_row(one.what, f"{one.count:,}", f"{one.p50_ms:.0f}", f"{one.p99_ms:.0f}", *cost)
    console.print(table)


async def run_overviews(*, rounds: int, seconds: float) -> list[OverviewFigure]:
    """Start the whole house in a temporary home and ask for overviews."""
    async with bench_house() as (house, report):
        return await measure_overviews(house, rounds=rounds, seconds=seconds, report=report)


async def run_pictures(*, is_quick: bool, rounds: int, seconds: float) -> PictureFigures:
    """Start the whole house in a temporary home, with a file in the place of one service."""
    embeds, drawings = (12, 40) if is_quick else (EMBEDS, PICTURES)
    async with bench_house(with_a_file) as (house, report):
        found = await measure_pictures(
            house, rounds=rounds, seconds=seconds, embeds=embeds, drawings=drawings, report=report
        )
    for part in (*picture_tables(found), *picture_goals(found)):
        console.print(part)
    return found


def show_overviews(figures: list[OverviewFigure]) -> None:
    table = Table(title=f"Overviews, as many times as long as the limit; at most {GOAL:.0f}")
    for column in ("overview", "p50 ms", "p99 ms", "limit ms", "times the limit"):
        table.add_column(column, justify="left" if column == "overview" else "right")
    for one in figures:
        shown = (f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}", f"{one.limit_ms:.1f}", f"{one.ratio:.2f}")
        table.add_row(one.overview, *shown)
    console.print(table)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="one short round: is everything in place")
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each problem of the optimiser")
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("GEVINST_BENCH_DATA"),
        help="a folder with more problems: OR-Library knapsacks and gevinst-plan/1 files",
    )
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures go")
    return parser.parse_args()


def run_without_a_house(arguments: argparse.Namespace) -> dict[str, object]:
    """Measure what needs no running services."""
    result: dict[str, object] = {}
    if arguments.only in (None, "optimiser"):
        solved = run_optimiser(
            arguments.data, is_quick=arguments.quick, seconds=2.0 if arguments.quick else arguments.seconds
        )
        result["optimiser"] = [asdict(figure) for figure in solved]
    if arguments.only in (None, "simulation"):
        result["simulation"] = [asdict(figure) for figure in run_simulation(is_quick=arguments.quick)]
    if arguments.only in (None, "sync"):
        result["sync"] = [asdict(figure) for figure in run_sync(is_quick=arguments.quick)]
    return result


def main() -> None:
    arguments = read_arguments()
    result: dict[str, object] = {
        "machine": {"python": platform.python_version(), "system": platform.platform()}
    }
    rounds, seconds = (1, 0.5) if arguments.quick else (5, 2.0)
    if arguments.only in (None, "api"):
        figures = asyncio.run(run(rounds=rounds, seconds=seconds))
        show(figures)
        result |= {"rounds": rounds, "seconds": seconds, "api": written(figures)}
    if arguments.only in (None, "plan"):
        read = asyncio.run(run_plan(rounds=rounds, seconds=seconds))
        show_plan(read)
        result["plan"] = [asdict(figure) for figure in read]
    if arguments.only in (None, "notifications"):
        rows, live = asyncio.run(run_notices(is_quick=arguments.quick))
        show_notices(rows, live)
        result["notifications"] = [asdict(one) for one in rows] + [asdict(one) for one in live]
    if arguments.only in (None, "overviews"):
        seen = asyncio.run(run_overviews(rounds=rounds, seconds=seconds))
        show_overviews(seen)
        result["overviews"] = [asdict(figure) for figure in seen]
    if arguments.only in (None, "pictures"):
        drawn = asyncio.run(run_pictures(is_quick=arguments.quick, rounds=rounds, seconds=seconds))
        result["pictures"] = asdict(drawn)
    result |= run_without_a_house(arguments)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    console.print(f"As JSON: {arguments.json}")


if __name__ == "__main__":
    main()
