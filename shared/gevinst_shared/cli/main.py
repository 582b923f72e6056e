"""The `gevinst` command."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from gevinst_shared.cli.api import Caller
from gevinst_shared.cli.auditing import audit
from gevinst_shared.cli.blueprint import service_command
from gevinst_shared.cli.demo.play import play
from gevinst_shared.cli.example_data import EXAMPLE_ORGANISATION
from gevinst_shared.cli.exchanging import sync
from gevinst_shared.cli.frozen import basis
from gevinst_shared.cli.gallery.example import municipality_alone
from gevinst_shared.cli.gateway.configuration import gateway_yaml, validate
from gevinst_shared.cli.gateway_environment import gateway_settings
from gevinst_shared.cli.house import house_token
from gevinst_shared.cli.house_settings import house_settings
from gevinst_shared.cli.importing import import_file, read_file, show_report
from gevinst_shared.cli.migrations import migrate as migrate_one
from gevinst_shared.cli.municipality.loading import ORGANISATION as MUNICIPALITY
from gevinst_shared.cli.one_sentence import one_sentence
from gevinst_shared.cli.processes import together
from gevinst_shared.cli.service_tools import become, service_tool
from gevinst_shared.cli.up import up as run_up
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import organisation_id

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Gevinst on this machine.")
app.add_typer(audit, name="audit")
app.add_typer(basis, name="basis")
app.add_typer(sync, name="sync")


# A service's own tools read their arguments themselves, also --help.
PASSED_ON: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True},
}


@app.command()
def up() -> None:
    """Start everything and stay in front; Ctrl-C stops it."""
    with one_sentence():
        run_up(house_settings())


@app.command()
def token(
    role: Annotated[Role, typer.Option("--as", help="The role to act in.")],
    organisation: Annotated[str, typer.Option(help="Scheme and number, such as 0192:958935420.")],
    subject: Annotated[str | None, typer.Option(help="Who acts; made from the role when absent.")] = None,
) -> None:
    """Print an access token of the development issuer, good for 8 hours."""
    with one_sentence():
        whose = organisation_id(organisation)
        typer.echo(house_token(house_settings().home, {role}, whose, subject=subject or f"{role}@{whose}"))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file of the Government Major Projects Portfolio.")],
    portfolio: Annotated[str, typer.Option(help="The portfolio's id.")],
    organisation: Annotated[str, typer.Option(help="Whose portfolio it is.")] = EXAMPLE_ORGANISATION,
    year: Annotated[int | None, typer.Option(help="Where the file does not say it.")] = None,
    keep: Annotated[str, typer.Option(help="all, or valid: leave out only what is not understood.")] = "all",
    access: Annotated[
        str | None, typer.Option("--token", envvar="GEVINST_TOKEN", help="Else one of the own issuer.")
    ] = None,
) -> None:
    """Import projects into a running installation, with progress and a report."""
    with one_sentence():
        settings = house_settings()
        whose = organisation_id(organisation)
        office = access or house_token(
            settings.home, {Role.PORTFOLIO_OFFICE}, whose, subject=f"{Role.PORTFOLIO_OFFICE}@{whose}"
        )
        asyncio.run(_import(settings.public_url, office, file, portfolio, year, keep))


class Example(StrEnum):
    """Made-up installations that come along."""

    MUNICIPALITY = "municipality"


@app.command()
def example(
    _which: Annotated[Example, typer.Argument(metavar="WHICH", help=f"One of: {', '.join(Example)}.")],
) -> None:
    """Load a made-up organisation into a running installation, with progress."""
    with one_sentence():
        asyncio.run(_example())


@app.command(**PASSED_ON)
def optimise(context: typer.Context) -> None:
    """Solve a portfolio problem in a file, without any server (`gevinst optimise --help`)."""
    become(service_tool("portfolio", "optimise", context.args))


@app.command(**PASSED_ON)
def check(context: typer.Context) -> None:
    """Judge a plan for a portfolio problem, independently of the optimiser (`gevinst check --help`)."""
    become(service_tool("portfolio", "check", context.args))


@app.command()
def demo() -> None:
    """Play the whole story on real projects in a temporary home; exit code 0 when every check holds."""
    with one_sentence():
        raise typer.Exit(asyncio.run(play(Console())))


@app.command()
def migrate() -> None:
    """Bring the databases that the environment names up to date (GEVINST_<SERVICE>_OWNER_DATABASE_URL)."""
    with one_sentence():
        logs = house_settings().home / "log"
        logs.mkdir(parents=True, exist_ok=True)
        asyncio.run(_migrate_all(logs))


@app.command()
def gateway_config(
    out: Annotated[Path, typer.Option(help="Where to write Envoy's configuration.")],
    openapi: Annotated[Path | None, typer.Option(help="The merged OpenAPI document to show.")] = None,
) -> None:
    """Write a self-contained configuration of the gateway from the environment, checked by Envoy."""
    with one_sentence():
        out.write_text(gateway_yaml(gateway_settings(openapi)))
        validate(out)


async def _import(
    base_url: str, access: str, file: Path, portfolio: str, year: int | None, keep: str
) -> None:
    console = Console()
    content = read_file(file)
    async with Caller(base_url, access) as caller:
        report = await import_file(
            caller, file.name, content, portfolio_id=portfolio, console=console, year=year, keep=keep
        )
    show_report(report, console)


async def _example() -> None:
    console, settings = Console(), house_settings()

    def token_of(role: Role, subject: str) -> str:
        return house_token(settings.home, {role}, MUNICIPALITY, subject=subject)

    today = datetime.now(UTC).date()
    loaded = await municipality_alone(settings.public_url, token_of, settings.home, console, today=today)
    console.print(f"Fjordvik is loaded, as organisation {MUNICIPALITY}.")
    console.print(f"portfolio {loaded.portfolio_id}")
    console.print(f"scenario  {loaded.scenario_id}")


async def _migrate_all(logs: Path) -> None:
    await together(
        *(
            migrate_one(service_command(service, "migrate"), service, {}, logs / f"{service}-migrate.log")
            for service in SERVICES
        )
    )


if __name__ == "__main__":
    app()
