"""Openness: which decisions everybody may read, and what is said of them afterwards (P8, E3)."""

from enum import StrEnum

from gevinst_shared.values.refusal import Refusal


class NoteKind(StrEnum):
    """A correction stands beside what was published; a withdrawal in its place."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class BasisMissing(Refusal):
    code = "basis-missing"
    title = "By which law?"
    detail = "Say in `basis` what makes the project confidential, such as a paragraph of a law."


class WithdrawnAlready(Refusal):
    code = "withdrawn-already"
    title = "It was withdrawn already"
    detail = "The decision was withdrawn from the public list. Nothing more is said of it there."


def refuse_baseless(*, is_confidential: bool, basis: str | None) -> None:
    """Refuse to keep from the public what no law keeps from it."""
    if is_confidential and not basis:
        raise BasisMissing(pointer="/body/basis")
