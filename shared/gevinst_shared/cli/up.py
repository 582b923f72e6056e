"""`gevinst up`: the whole house in the foreground."""

import asyncio
import signal
import time
from datetime import UTC, datetime

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from gevinst_shared.cli.api import Caller
from gevinst_shared.cli.blueprint import Commands, service_command
from gevinst_shared.cli.example_data import EXAMPLE_ORGANISATION, load_example
from gevinst_shared.cli.gallery.example import make_example, only_one, renew_tickets
from gevinst_shared.cli.gateway.gallery import MUNICIPALITY
from gevinst_shared.cli.house import House, running_house
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role


def up(settings: HouseSettings, *, command: Commands = service_command) -> None:
    """Run until SIGINT or SIGTERM; `CannotStart` when it does not get that far."""
    asyncio.run(_until_stopped(settings, Console(), command))


async def _until_stopped(settings: HouseSettings, console: Console, command: Commands) -> None:
    running = asyncio.ensure_future(_run(settings, console, command))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        console.print("Stopped.")


async def _run(settings: HouseSettings, console: Console, command: Commands) -> None:
    began = time.monotonic()
    with console.status("Starting …") as status:
        async with running_house(settings, command=command) as house:
            status.stop()
            await _fill(house, console)
            _welcome(house, console, seconds=time.monotonic() - began)
            await _keep_example(house, console)
            await asyncio.Event().wait()


async def _fill(house: House, console: Console) -> None:
    """Load the example data when the house is empty."""
    tokens = (house.token(role, EXAMPLE_ORGANISATION) for role in (Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE))
    administrator, office = (Caller(house.base_url, token) for token in tokens)
    async with administrator, office:
        if await load_example(administrator, office, console):
            console.print(
                "The example data is loaded: the major projects that the United Kingdom published for 2023."
            )


async def _keep_example(house: House, console: Console) -> None:
    """The made-up municipality for the gallery, while everything answers already."""

    def token_of(role: Role, subject: str) -> str:
        return house.token(role, MUNICIPALITY, subject=subject)

    settings, today = house.blueprint.gateway_settings(), datetime.now(UTC).date()
    try:
        with only_one(house.settings.home):
            await make_example(house.base_url, token_of, settings, console, today=today)
        console.print(f"Every chart with examples: {house.settings.public_url}/gallery", highlight=False)
        await renew_tickets(house.base_url, token_of, settings)
    except Exception as reason:  # whatever it is, the house goes on without its examples
        console.print(f"The examples of the gallery are not complete: {reason}", highlight=False)


def _welcome(house: House, console: Console, *, seconds: float) -> None:
    addresses = Table.grid(padding=(0, 2))
    url = house.settings.public_url
    addresses.add_row("API", "  ".join(f"{url}/{service}/v1" for service in SERVICES))
    addresses.add_row("Documentation", f"{url}/docs")
    addresses.add_row("Gallery", f"{url}/gallery")
    addresses.add_row("OpenAPI", f"{url}/openapi.json")
    addresses.add_row("Mail", house.settings.smtp_url or str(house.mail))
    addresses.add_row("Logs", str(house.supervisor.log))
    console.print(Panel(addresses, title=f"Gevinst, ready in {seconds:.1f} s", expand=False))
    role = Role.PORTFOLIO_OFFICE
    console.print(f"A token for the {role} of {EXAMPLE_ORGANISATION}, good for 8 hours:", highlight=False)
    # as it is, on one line: it is copied into a header
    console.print(house.token(role, EXAMPLE_ORGANISATION), soft_wrap=True, highlight=False, markup=False)
    console.print("Ctrl-C stops everything.")
