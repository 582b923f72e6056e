"""`gevinst demo`: the story from import to mail, over HTTP through the gateway, with its checks."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from gevinst_shared.cli.api import NotDone
from gevinst_shared.cli.blueprint import Commands, service_command
from gevinst_shared.cli.demo import case, choice, ending, opening
from gevinst_shared.cli.demo.stage import Stage, StoryBroken
from gevinst_shared.cli.house import running_house
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.ports import free_port
from gevinst_shared.cli.postgres import EmbeddedPostgres

Chapter = Callable[[Stage], Awaitable[None]]
CHAPTERS: Sequence[Chapter] = (
    opening.people_and_rules,
    opening.projects_are_imported,
    opening.projects_are_scored,
    choice.money_and_people_do_not_suffice,
    choice.the_board_decides,
    case.benefits_are_planned,
    case.a_service_is_killed,
    case.the_gate_says_stop,
    ending.capacity_is_free_again,
    ending.a_new_scenario,
    ending.people_have_heard,
)


async def play(
    console: Console, *, chapters: Sequence[Chapter] = CHAPTERS, command: Commands = service_command
) -> int:
    """Play it in a temporary home on free ports; 0 when every check held. `command` as in `running_house`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    with TemporaryDirectory(prefix="gevinst-demo-") as home:
        settings = HouseSettings(home=Path(home), port=port, public_url=url, audience=url, rate_limit=2_000)
        async with AsyncExitStack() as started:
            # Root's temporary directories are closed to the database's account: the cluster lies elsewhere.
            started.callback(EmbeddedPostgres(settings.home).remove)
            with console.status("Starting PostgreSQL, three services, their workers and Envoy …"):
                house = await started.enter_async_context(running_house(settings, command=command))
            stage = await started.enter_async_context(Stage(house, console))
            failed = await _played(stage, chapters)
    took = time.monotonic() - began
    if failed:
        console.print(f"\n[red]{len(failed)} check(s) did not hold[/] ({took:.0f} s)")
        return 1
    console.print(f"\n[green]Every check held[/] ({took:.0f} s)")
    return 0


async def _played(stage: Stage, chapters: Sequence[Chapter]) -> list[str]:
    """The claims that did not hold; a chapter that cannot go on is the last."""
    for chapter in chapters:
        try:
            await chapter(stage)
        except (NotDone, StoryBroken) as broken:
            stage.check(f"{chapter.__name__.replace('_', ' ')}: {broken}", is_so=False)
            break
    return stage.failed
