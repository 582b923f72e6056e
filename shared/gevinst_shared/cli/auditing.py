"""`gevinst audit`: an organisation's audit trail as a file, and whether its chain holds (E1)."""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from gevinst_shared.audit.canonical import canonical, read_json
from gevinst_shared.audit.chain import Checked, Misfit, check
from gevinst_shared.cli.api import Caller
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.example_data import EXAMPLE_ORGANISATION
from gevinst_shared.cli.house import house_token
from gevinst_shared.cli.house_settings import house_settings
from gevinst_shared.cli.one_sentence import one_sentence
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import organisation_id

audit = typer.Typer(no_args_is_help=True, help="Take an organisation's audit trail home, and check it.")

# What is asked for, page by page, and how each line of the file calls it; both upwards.
_LISTS = (("seal", "audit-seals", "number"), ("row", "audit", "place"))
_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")

Query = dict[str, str | int]
Fetch = Callable[[str, Query], Awaitable[bytes]]
"""The body of one page of a service's list, by the list's path."""

Service = Annotated[str, typer.Option(help=f"One of: {', '.join(SERVICES)}.")]
Organisation = Annotated[str, typer.Option(help="Whose trail it is.")]
Access = Annotated[
    str | None, typer.Option("--token", envvar="GEVINST_TOKEN", help="Else one of the own issuer.")
]


@audit.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it: one JSON object a line.")],
    service: Service,
    organisation: Organisation = EXAMPLE_ORGANISATION,
    access: Access = None,
) -> None:
    """Write one service's trail, seals first, to a file that `verify` reads without any server."""
    with one_sentence():
        _require_service(service)
        try:
            with file.open("wb") as out:
                asyncio.run(_write(out, service, organisation, access))
        except OSError as error:
            raise CannotStart(f"{file} cannot be written: {error.strerror}.") from None


@audit.command()
def verify(
    service: Annotated[str | None, typer.Option(help="Only this service; all three when absent.")] = None,
    organisation: Organisation = EXAMPLE_ORGANISATION,
    file: Annotated[Path | None, typer.Option(help="What `export` wrote, instead of a server.")] = None,
    head: Annotated[
        list[str] | None, typer.Option(help="A seal known from elsewhere, as NUMBER:HASH; may be repeated.")
    ] = None,
    access: Access = None,
) -> None:
    """Check a trail's chain; name the first seal or row that does not fit, and end with exit code 1.

    That the newest seals are missing, or that all of them were made anew, shows only against a head that
    was kept elsewhere: give it with --head, for one service or file at a time.
    """
    with one_sentence():
        known = _known(head or [])
        if known and service is None and file is None:
            raise CannotStart("A head is that of one service: name it with --service.")
        if file is not None:
            typer.echo(_told(file.name, check_file(file, known)))
            return
        for name in SERVICES if service is None else (_require_service(service),):
            with tempfile.TemporaryDirectory(prefix="gevinst-") as directory:
                copy = Path(directory) / name
                with copy.open("wb") as out:
                    asyncio.run(_write(out, name, organisation, access))
                try:
                    typer.echo(_told(name, check_file(copy, known)))
                except Misfit as misfit:
                    raise Misfit(f"{name}: {misfit}") from None


def check_file(file: Path, known: dict[int, str]) -> Checked:
    """Check what `export` wrote; `Misfit` names what does not fit."""
    try:
        return check(_entries(file, "seal"), _entries(file, "row"), known)
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise Misfit(f"{file} has what no trail has: {error}.") from None


async def write_trail(out: BinaryIO, fetch: Fetch) -> None:
    """Write the trail of the caller's organisation, with every number as it was sent."""
    for kind, path, sort in _LISTS:
        query: Query = {"sort": sort, "limit": 100}
        while True:
            page = read_json(await fetch(path, query))
            for item in page["items"]:
                out.write(canonical({kind: item}) + b"\n")
            if "next_cursor" not in page:
                break
            query["cursor"] = page["next_cursor"]


async def _write(out: BinaryIO, service: str, organisation: str, access: str | None) -> None:
    settings = house_settings()
    whose = organisation_id(organisation)
    token = access or house_token(settings.home, {Role.AUDITOR}, whose, subject=f"{Role.AUDITOR}@{whose}")
    async with Caller(settings.public_url, token) as caller:

        async def fetch(path: str, query: Query) -> bytes:
            return (await caller.send("GET", f"{service}/{path}", params=query)).content

        await write_trail(out, fetch)


def _entries(file: Path, kind: str) -> Iterator[Any]:
    """The seals or the rows of a file; refuses a line that is neither."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                entry = read_json(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict) or len(entry) != 1 or not entry.keys() <= {"seal", "row"}:
                raise Misfit(f"Line {number} is neither a seal nor a row.")
            if kind in entry:
                yield entry[kind]


def _told(name: str, checked: Checked) -> str:
    head = "nothing is sealed" if checked.head is None else f"head {checked.seal_count}:{checked.head}"
    return (
        f"{name} of {checked.organisation or 'nobody'}: {checked.seal_count} seals over "
        f"{checked.sealed_count} rows fit, {checked.unsealed_count} rows are not sealed yet; {head}"
    )


def _known(heads: list[str]) -> dict[int, str]:
    found = {}
    for text in heads:
        match = _HEAD.fullmatch(text)
        if match is None:
            raise CannotStart(f"{text} is no head: write the seal's number, a colon and its hash.")
        found[int(match[1])] = match[2]
    return found


def _require_service(name: str) -> str:
    if name not in SERVICES:
        raise CannotStart(f"{name} is no service: name one of {', '.join(SERVICES)}.")
    return name
