"""`gevinst sync`: whether two bodies agree, and what to do after a restore from backup (X2)."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gevinst_shared.cli.api import Caller, NotDone
from gevinst_shared.cli.blueprint import service_command
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.comparing import FEW, Ask, Comparison, Sides, compared
from gevinst_shared.cli.house import house_token
from gevinst_shared.cli.house_settings import house_settings
from gevinst_shared.cli.one_sentence import one_sentence
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import organisation_id

sync = typer.Typer(no_args_is_help=True, help="Look after the exchange with other bodies.")
# Those that share records.
_SERVICES = ("portfolio", "benefits")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Body:
    """One of the two: who it is, and how its installation is called for it."""

    organisation: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class _Typed:
    """A body as it was typed: who, where its installation is reached, and whose token is used."""

    organisation: str
    url: str | None
    token: str | None


_WHO = "As ORGANISATION@URL, or the organisation alone for the installation of this machine."


@sync.command()
def compare(
    one: Annotated[str, typer.Argument(help=f"A body. {_WHO}")],
    other: Annotated[str, typer.Argument(help="The other body, in the same way.")],
    token: Annotated[
        str | None, typer.Option(envvar="GEVINST_TOKEN", help="The one's auditor's; else of the own issuer.")
    ] = None,
    other_token: Annotated[
        str | None, typer.Option(envvar="GEVINST_OTHER_TOKEN", help="The same of the other body.")
    ] = None,
    token_file: Annotated[
        list[Path] | None, typer.Option(help="Instead: a file with the one's; again for the other's.")
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait until both are at the same revision.")] = 60,
) -> None:
    """Prove that two bodies agree on what each gives the other; exit code 1 when they do not.

    Only hashes are asked for, and of what differs the ids. While both change, they are compared at a
    revision that both are at.
    """
    with one_sentence():
        files = [_read(file) for file in token_file or []]
        tokens = [*files, *(token, other_token)[len(files) :]]
        found = asyncio.run(_compare(_typed(one, tokens[0]), _typed(other, tokens[1]), wait))
        _show(found, Console())
        if not found or not all(each.agrees for each in found):
            raise typer.Exit(1)


def _typed(text: str, token: str | None) -> _Typed:
    organisation, _, url = text.partition("@")
    return _Typed(organisation_id(organisation), url.rstrip("/") or None, token)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file} cannot be read: {error}.") from None


@sync.command()
def restored() -> None:
    """After a restore from backup: all feeds begin anew, and totals that include partners are held.

    Give the same environment as for `gevinst migrate`. Again it changes nothing until partners have read.
    """
    with one_sentence():
        held = [one for service in _SERVICES for one in asyncio.run(_restored(service))]
        console = Console()
        if not held:
            console.print(
                "Nobody is held: nothing was exchanged with other bodies before, or all was read anew."
            )
            return
        table = Table("Service", "Body", "Partner", "", "Since", "Until")
        for one in held:
            until = [f"{one['owner']} has read {one['organisation']} in full"] * one["has_not_read"]
            until += [f"{one['organisation']} has read it in full"] * one["is_unread"]
            who = (one["organisation"], one["owner"], one["name"])
            table.add_row(one["service"], *who, one["since"], " and ".join(until))
        console.print(table)


async def _restored(service: str) -> list[dict[str, Any]]:
    """What one service says, which does it in a process of its own."""
    command = service_command(service, "restored")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    said, wrong = await process.communicate()
    if process.returncode != 0:
        last = (wrong.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        raise CannotStart(f"The feeds of {service} did not begin anew: {last[:300]}")
    return [{"service": service, **json.loads(line)} for line in said.decode().splitlines()]


async def _compare(one: _Typed, other: _Typed, wait: float) -> list[Comparison]:
    async with AsyncExitStack() as stack:
        bodies = [
            _Body(who.organisation, await stack.enter_async_context(_caller(who))) for who in (one, other)
        ]
        return [await compared(each, seconds=wait) async for each in _every_side(*bodies)]


def _caller(who: _Typed) -> Caller:
    settings = house_settings()
    subject = f"{Role.AUDITOR}@{who.organisation}"
    access = who.token or house_token(settings.home, {Role.AUDITOR}, who.organisation, subject=subject)
    return Caller(who.url or settings.public_url, access)


async def _every_side(one: _Body, other: _Body) -> AsyncIterator[Sides]:
    """What each gives the other, in each service that shares in both installations."""
    of = {body.organisation: await _partner(body, of) for body, of in ((one, other), (other, one))}
    for service in _SERVICES:
        for giver, reader in ((one, other), (other, one)):
            given = _asking(giver, service, of[giver.organisation], "given")
            received = _asking(reader, service, of[reader.organisation], "received")
            served = [await _is_served(given), await _is_served(received)]
            if any(served) and not all(served):
                knows, misses = (giver, reader) if served[0] else (reader, giver)
                raise CannotStart(
                    f"{service}: not compared. {misses.organisation} has nothing of the exchange with "
                    f"{knows.organisation} there: has it heard of the partner yet?"
                )
            if all(served):
                yield Sides(service, giver.organisation, reader.organisation, given, received)


async def _partner(body: _Body, other: _Body) -> str:
    """The id under which `body` knows the other."""
    async for partner in body.caller.every("portfolio/sync-partners"):
        if partner["owner"] == other.organisation and partner["state"] != "stopped":
            found: str = partner["id"]
            return found
    raise CannotStart(f"{body.organisation} does not exchange with {other.organisation}.")


def _asking(body: _Body, service: str, partner_id: str, side: str) -> Ask:
    async def ask(prefix: str) -> dict[str, Any]:
        path = f"{service}/sync-partners/{partner_id}/digest"
        return await body.caller.get(path, side=side, prefix=prefix)

    return ask


async def _is_served(ask: Ask) -> bool:
    try:
        await ask("f" * 8)
    except NotDone as refused:
        if refused.status == 404:
            return False
        raise
    return True


def _show(found: Sequence[Comparison], console: Console) -> None:
    table = Table("Service", "From", "To", "Revision", "Kind", "Given", "There", "")
    for each in found:
        sides = each.sides
        head = (sides.service, sides.giver, sides.reader)
        if each.behind is not None:
            table.add_row(*head, "", "", "", "", f"not compared: {each.behind}")
            continue
        pending = f"{each.number}" + (f" (+{each.pending} not given yet)" if each.pending else "")
        for kind, (given, there) in each.counts.items() or (("nothing", (0, 0)),):
            differing = len(each.differing.get(kind, ()))
            word = f"{differing} differ" if differing else "agree"
            table.add_row(*head, pending, kind, str(given), str(there), word)
    console.print(table)
    for each in found:
        _show_differing(each, console)


def _show_differing(found: Comparison, console: Console) -> None:
    told = [(kind, one, how) for kind, ids in found.differing.items() for one, how in ids.items()]
    for kind, one, how in told[:_SHOWN]:
        console.print(f"{found.sides.giver} → {found.sides.reader}: {kind} {one} {how}", soft_wrap=True)
    if len(told) > _SHOWN:
        more = f"{FEW} or more" if len(told) >= FEW else str(len(told) - _SHOWN)
        console.print(f"and {more} others")
