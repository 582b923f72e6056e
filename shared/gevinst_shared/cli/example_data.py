"""The example data: an organisation with the major projects that the United Kingdom published for 2023."""

from pathlib import Path

from rich.console import Console

from gevinst_shared.cli.api import Caller, NotDone
from gevinst_shared.cli.importing import import_file, read_file

EXAMPLE_ORGANISATION = "0192:958935420"
PRICE_YEAR = 2023
_FILE = Path("examples") / "gmpp" / "gmpp_2023.csv"
_PORTFOLIO = {"name": "Major projects 2023 (GMPP)", "currency": "GBP", "price_year": PRICE_YEAR}


def example_file() -> Path | None:
    """The published file, in the checkout or beside where we run; None when it was not installed."""
    roots = (Path(__file__).resolve().parents[3], Path.cwd())
    return next((root / _FILE for root in roots if (root / _FILE).is_file()), None)


async def load_example(administrator: Caller, office: Caller, console: Console) -> bool:
    """Load the example into an empty installation; whether it did."""
    file = example_file()
    if file is None or await administrator.find("portfolio/organisation") is not None:
        return False
    organisation = {"name": "Example municipality", "currency": "NOK", "language": "nb"}
    await administrator.put("portfolio/organisation", organisation)
    portfolio = await office.post("portfolio/portfolios", _PORTFOLIO)
    try:
        await import_file(
            office,
            file.name,
            read_file(file),
            portfolio_id=portfolio["id"],
            console=console,
            year=PRICE_YEAR,
            keep="valid",
        )
    except NotDone as refused:
        console.print(f"The example data was not loaded: {refused}")
        return False
    return True
