"""Pages of a feed, written and read. What another body sends is checked before anything of it is believed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gevinst_shared.sync.sealing import LONGEST_CURSOR
from gevinst_shared.values.ids import is_id

LONGEST_PAGE = 8 * 2**20
MOST_REVISIONS = 1000
_MEMBERS = {"epoch", "cursor", "has_more", "grants_number", "revisions"}


@dataclass(frozen=True, slots=True)
class Page:
    """Some revisions of a feed, signed each; `cursor` leads on. `grants_number` is how often grants to the
    reader changed before it was made."""

    epoch: str
    cursor: str
    has_more: bool
    grants_number: int
    revisions: tuple[str, ...]


class WrongPage(ValueError):  # noqa: N818 - it says what the page is
    """The text is no page; says why in a word."""


def page_text(page: Page) -> str:
    return json.dumps(
        {
            "epoch": page.epoch,
            "cursor": page.cursor,
            "has_more": page.has_more,
            "grants_number": page.grants_number,
            "revisions": page.revisions,
        }
    )


def read_page(text: bytes) -> Page:
    """The page, or `WrongPage`: too long, too deep, no JSON, other members, or too many revisions."""
    if len(text) > LONGEST_PAGE:
        raise WrongPage("too-long")
    try:
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse)
    except RecursionError:
        raise WrongPage("too-deep") from None
    except ValueError:
        raise WrongPage("no-json") from None
    if not isinstance(found, dict) or found.keys() != _MEMBERS or not _is_sound(found):
        raise WrongPage("wrong-shape")
    if len(found["revisions"]) > MOST_REVISIONS:
        raise WrongPage("too-many")
    return Page(**found | {"revisions": tuple(found["revisions"])})


def _is_sound(found: Mapping[str, Any]) -> bool:
    number = found["grants_number"]
    cursor = found["cursor"]
    return (
        is_id(found["epoch"])
        and isinstance(cursor, str)
        and 0 < len(cursor) <= LONGEST_CURSOR
        and cursor.isascii()
        and cursor.isprintable()
        and isinstance(found["has_more"], bool)
        and type(number) is int
        and 0 <= number < 2**53
        and isinstance(found["revisions"], list)
        and all(isinstance(one, str) for one in found["revisions"])
    )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
