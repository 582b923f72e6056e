"""`gevinst basis`: whether what a gate was decided on still is what it was, without any server (G4)."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from gevinst_shared.audit.chain import Misfit
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.one_sentence import one_sentence

basis = typer.Typer(no_args_is_help=True, help="Check what a gate was decided on.")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Basis:
    """A frozen basis as it was exported: canonical JSON, and the SHA-256 of its bytes."""

    gate_id: str
    canonical: str
    sha256: str


@basis.callback()
def _verbs() -> None:
    """Room for further verbs: without it the only one would be the command itself."""


@basis.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What GET /benefits/v1/gates/{gate_id}/basis answered.")],
    sha256: Annotated[
        str | None, typer.Option(help="The hash known from elsewhere: the minutes, the audit trail.")
    ] = None,
) -> None:
    """Check that the copy is what was hashed; end with exit code 1 when it is not.

    A copy and its hash that were both made anew show only against a hash that was kept elsewhere: give it
    with --sha256. The gate's own record and the sealed audit trail of its proposal have it.
    """
    with one_sentence():
        found = read_basis(file)
        typer.echo(check_basis(found, sha256))


def read_basis(file: Path) -> Basis:
    """The basis of an export, or `Misfit` when the file has another form."""
    try:
        members = json.loads(file.read_bytes())
    except OSError as error:
        raise CannotStart(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise Misfit(f"{file} is no JSON document: {error}.") from None
    names = ("gate_id", "canonical", "sha256")
    if not isinstance(members, dict) or not all(isinstance(members.get(name), str) for name in names):
        raise Misfit(f"{file} is not what a gate stands on: it has no {', '.join(names)}.")
    return Basis(*(members[name] for name in names))


def check_basis(found: Basis, known: str | None = None) -> str:
    """What the basis is of, in a sentence; `Misfit` says what does not fit."""
    if known is not None and not _HASH.fullmatch(known):
        raise CannotStart(f"{known} is no SHA-256: write its 64 hexadecimal digits.")
    try:
        computed = hashlib.sha256(found.canonical.encode()).hexdigest()
        papers: Any = json.loads(found.canonical)
    except (ValueError, RecursionError) as error:
        raise Misfit(f"The copy is no JSON document: {error}.") from None
    if computed != found.sha256:
        raise Misfit(f"The copy has the hash {computed}, and not {found.sha256}: it was changed.")
    if known is not None and computed != known:
        raise Misfit(f"The copy has the hash {computed}, and not {known} as is known from elsewhere.")
    if not isinstance(papers, dict) or not {"gate", "project_id", "phase"} <= papers.keys():
        raise Misfit("The copy is whole, but it is not what a gate stands on.")
    return (
        f"gate {papers['gate']} of project {papers['project_id']} in the phase {papers['phase']}: "
        f"the copy is what was hashed, {computed}"
    )
