"""What the portfolio reads of the keys that the benefits service signs with (X1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.gate_outcomes import OddFactError

KEYS_CHANGED = "gevinst.benefits.sync-keys-changed.v1"
STATEMENT_WANTED = "gevinst.benefits.sync-statement-wanted.v1"
_MOST_KEYS = 8
_KID = re.compile("[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class AnnouncedKeys:
    """All keys that a service signs with: of each `kid`, `public`, `made_at` and `until`, by column. Of two
    announcements the one with the higher `serial` is the later."""

    serial: int
    keys: Sequence[Mapping[str, Any]]


def announced_keys(data: Mapping[str, Any]) -> AnnouncedKeys:
    """What the service announced. Raises `OddFactError`."""
    try:
        serial = int(data["serial"])
        keys: list[dict[str, Any]] = [
            {
                "kid": str(key["kid"]),
                "public": {name: str(value) for name, value in key["public"].items()},
                "made_at": datetime.fromisoformat(key["made_at"]),
                "until": None if key.get("until") is None else datetime.fromisoformat(key["until"]),
            }
            for key in data["keys"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error
    is_odd = any("d" in key["public"] or not _KID.fullmatch(key["kid"]) for key in keys)
    if is_odd or len(keys) > _MOST_KEYS or not 0 < serial < 2**63:
        raise OddFactError("odd keys")
    return AnnouncedKeys(serial, keys)


def wanted_partner(data: Mapping[str, Any]) -> UUID:
    """Whose statement is to be fetched. Raises `OddFactError`."""
    try:
        return UUID(data["partner_id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error
