"""What the story is played on: the people in it, what they know, and the checks that it must pass."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.rule import Rule
from rich.table import Table

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role

Found = TypeVar("Found")
ORGANISATION = "0192:991825827"
# A mail that is refused for a moment is tried again within a minute, then within five.
_LONGEST_WAIT_SECONDS = 400.0
_AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast, with the role that the token carries; narrower ones are assigned in the story."""

    subject: str
    name: str
    language: str
    role: Role


CAST = {
    "administrator": Person("astrid", "Astrid Admin", "nb", Role.ADMINISTRATOR),
    "office": Person("olav", "Olav Office", "nb", Role.PORTFOLIO_OFFICE),
    "board": Person("birgit", "Birgit Board", "da", Role.BOARD_MEMBER),
    "owner": Person("pia", "Pia Owner", "en", Role.READER),
    "manager": Person("mats", "Mats Manager", "sv", Role.READER),
    "line": Person("liv", "Liv Line", "nn", Role.READER),
}


@dataclass(slots=True)
class Stage:
    """The house, a caller per person, and what earlier chapters found out (`known`)."""

    house: House
    console: Console
    callers: dict[str, Caller] = field(default_factory=dict)
    known: Document = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    async def __aenter__(self) -> "Stage":
        for key, person in CAST.items():
            self.callers[key] = self.caller(key, person.role)
        return self

    async def __aexit__(self, *_: object) -> None:
        for caller in self.callers.values():
            await caller.__aexit__(None, None, None)

    def __getitem__(self, person: str) -> Caller:
        return self.callers[person]

    def caller(self, person: str, role: Role) -> Caller:
        """One of the cast with a token for `role`."""
        token = self.house.token(role, ORGANISATION, subject=CAST[person].subject)
        return Caller(self.house.base_url, token)

    def chapter(self, title: str) -> None:
        self.console.print()
        self.console.print(Rule(f"[bold]{title}", align="left"))

    def say(self, text: str) -> None:
        self.console.print(text, highlight=False)

    def check(self, claim: str, is_so: object) -> None:
        """Print the claim with a tick or a cross; a cross makes the whole story fail."""
        self.console.print(f"  [green]✓[/] {claim}" if is_so else f"  [red]✗ {claim}[/]", highlight=False)
        if not is_so:
            self.failed.append(claim)

    async def refused(self, claim: str, call: Awaitable[object], *, code: str) -> None:
        """Check that a call is refused for the reason `code`, and say in which words."""
        try:
            await call
        except NotDone as refusal:
            self.check(f"{claim}: {refusal}", refusal.code == code)
        else:
            self.check(claim, is_so=False)

    def show(self, table: Table) -> None:
        self.console.print(table)

    async def together(self, title: str, steps: Sequence[Coroutine[Any, Any, object]]) -> None:
        """Take the steps, a few at a time, under a bar."""
        turns = asyncio.Semaphore(_AT_A_TIME)
        with progress_bar(self.console) as bar:
            task = bar.add_task(title, total=len(steps))

            async def take(step: Coroutine[Any, Any, object]) -> None:
                async with turns:
                    await step
                bar.advance(task)

            await asyncio.gather(*map(take, steps))

    async def until(self, what: str, look: Callable[[], Awaitable[Found | None]]) -> Found:
        """What `look` finds, as soon as the services have told each other."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + _LONGEST_WAIT_SECONDS
        while True:
            found = await look()
            if found is not None:
                return found
            if clock() > deadline:
                raise StoryBroken(f"waited {_LONGEST_WAIT_SECONDS:.0f} s for {what}")
            await asyncio.sleep(0.1)


class StoryBroken(Exception):  # noqa: N818 - ends the story
    """The story cannot go on."""


def money(document: Document) -> str:
    """12,345 m GBP"""
    millions = float(document["amount"]) / 1e6
    return f"{millions:,.0f} m {document['currency']}"


def progress_bar(console: Console) -> Progress:
    """A line that shows how far something is, and goes when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=console, transient=True)


def table(title: str, *columns: str) -> Table:
    """A table whose first column is text and whose others are figures."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", overflow="fold")
    return made
