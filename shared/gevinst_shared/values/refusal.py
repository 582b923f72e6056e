"""What a caller asked for and the rules do not allow."""

from collections.abc import Sequence
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """One thing that can be refused; each is a class of its own.

    `code` is stable and becomes the problem's `type`; `detail` is the English sentence for the person,
    with the keyword arguments as its placeholders. The other languages stand in the package's `texts/`.
    `pointer` names the member of the request at fault, as a JSON pointer, when there is one. `faults` are
    the refusals that this one sums up, each with a pointer of its own.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    detail: ClassVar[str]

    faults: "Sequence[Refusal]" = ()

    def __init__(self, *, pointer: str | None = None, **values: object) -> None:
        self.pointer = pointer
        self.values = values
        super().__init__(self.detail.format(**values))


class Unknown(Refusal):
    """The record does not exist, or belongs to another organisation: the caller cannot tell which."""

    code = "unknown"
    title = "Not found"
    detail = "There is no such record, or it is not yours."


class NotAllowed(Refusal):
    """The caller is known and may see the record, but holds no role that permits this."""

    code = "not-allowed"
    title = "Not allowed"
    detail = "This needs the permission {permission}. Roles that have it: {roles}."


class OddCursor(Refusal):
    code = "odd-cursor"
    title = "Not a cursor of ours"
    detail = "The cursor is not one that this list gave out. Leave it away to begin at the start."
