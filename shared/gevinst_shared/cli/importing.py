"""`gevinst import`: a published file into a portfolio, with progress and the report."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from gevinst_shared.cli.api import Caller, Document
from gevinst_shared.cli.cannot_start import CannotStart

GMPP = "gmpp"


def read_file(file: Path) -> bytes:
    """The file's bytes, or `CannotStart`."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from None


async def import_file(  # noqa: PLR0913 - what an import is
    caller: Caller,
    name: str,
    content: bytes,
    *,
    portfolio_id: str,
    console: Console,
    year: int | None = None,
    keep: str = "all",
) -> Document:
    """Import the content of a GMPP file and return the report; `CannotStart` says why a file was not kept."""
    query: dict[str, str | int] = {"source": GMPP, "keep": keep} | ({} if year is None else {"year": year})
    accepted = await caller.send(
        "POST",
        f"portfolio/portfolios/{portfolio_id}/imports",
        params=query,
        content=content,
        headers={"Content-Type": "text/csv"},
    )
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"Importing {name}", total=1.0)

        def watch(run: Document) -> None:
            text = f"Importing {name}: {run['progress']['text']}"
            progress.update(task, completed=run["progress"]["share"], description=text)

        run = await caller.follow(accepted.json(), watch)
    if run["state"] != "done":
        reason = run.get("error", {"detail": f"the run was {run['state']}"})["detail"]
        raise CannotStart(f"{name} was not imported: {reason}")
    report: Document = run["import_report"]
    return report


def show_report(report: Document, console: Console) -> None:
    """The report as a table."""
    table = Table(title=report["source_name"], show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, member in (
        ("projects in the file", "project_count"),
        ("created", "created_count"),
        ("updated", "updated_count"),
        ("unchanged", "unchanged_count"),
        ("places to look at", "problem_count"),
    ):
        table.add_row(label, f"{report[member]:,}")
    for state, count in sorted(report["cell_counts"].items()):
        table.add_row(f"cells: {state}", f"{count:,}")
    cost = report["disclosed_cost"]
    label = f"disclosed whole-life cost, {cost['currency']}, of {report['disclosed_cost_count']} projects"
    table.add_row(label, f"{float(cost['amount']):,.0f}")
    console.print(table)
